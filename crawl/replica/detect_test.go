package replica_test

import (
	"net/url"
	"testing"

	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/crawl/replica"
)

// A saved page of each replica's list tells its family; what a page cannot show is told
// as static.
func TestFamiliesOfReplicasAreDetected(t *testing.T) {
	s, err := replica.StartEdition(t.Context(), replica.Replicas)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	plain := map[string]bool{"single_page": true, "static_probe": true} // how they are paged, or that they are not, shows in no page
	leads := map[string]string{"www.shili-ucap.gov.cn": "/slx/zfxxgknb/newxxgk_list.shtml"}
	for _, p := range s.Portals() {
		u, err := url.Parse(p.EntryPoints[0].URL)
		if err != nil {
			t.Fatal(err)
		}
		path := u.RequestURI()
		if leads[u.Host] != "" {
			path = leads[u.Host] // the entry point is a shell
		}
		want := p.Family
		if plain[want] {
			want = "static"
		}
		if found, ok := portal.Detect([]byte(fetch(t, s, u.Host+path))); !ok || found.Signature.Family != want {
			t.Errorf("%s: told as %q by %q, want %s", p.ID, found.Signature.Family, found.Text, want)
		}
	}
}
