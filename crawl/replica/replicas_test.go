package replica_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/replica"
)

// Every portal of the replicas edition bears a made-up name, says so in each report, has
// the reports that Reports names, and gives the same bytes at each start.
func TestReplicasAreMadeUpAndStable(t *testing.T) {
	servers := [2]*replica.Server{}
	for i := range servers {
		s, err := replica.StartEdition(t.Context(), replica.Replicas)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		servers[i] = s
	}
	families := map[string]bool{}
	for _, p := range servers[0].Portals() {
		host := p.Hosts.Allow[0]
		families[p.Family] = true
		if !strings.HasPrefix(host, "www.shili-") || !strings.Contains(p.Name, "示例") || !strings.HasPrefix(p.RegionCode, "99") || !strings.Contains(p.Provenance, "made-up") {
			t.Errorf("%s (%s) could be taken for a real portal", p.ID, host)
		}
		reports, err := servers[0].Reports(host)
		if err != nil {
			t.Error(err)
			continue
		}
		for path, title := range reports {
			first, second := fetch(t, servers[0], host+path), fetch(t, servers[1], host+path)
			named := strings.Contains(first, title) || host == "www.shili-code.gov.cn" // whose file names alone do
			if !named || !strings.Contains(first, "虚构") && !strings.Contains(first, "made up") {
				t.Errorf("%s%s does not bear its title, or not that it is made up", host, path)
			}
			if first != second {
				t.Errorf("%s%s differs from one start to the next", host, path)
			}
			break
		}
	}
	if len(families) < 20 {
		t.Errorf("%d families have a replica: %v", len(families), families)
	}
}

func fetch(t *testing.T, s *replica.Server, address string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: s.DialContext, DisableKeepAlives: true}}
	resp, err := client.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v, %v", address, resp.Status, err)
	}
	return string(body)
}
