package crawl

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/portal"
)

// Portals are of one lane if they share a host, a domain or a rate group, also by way of
// others; lanes and their portals keep their order.
func TestLanes(t *testing.T) {
	for _, c := range []struct{ portals, want string }{
		{"", ""},
		{"a:www.a.gov.cn b:www.b.gov.cn", "a|b"},
		{"a:www.a.gov.cn b:www.b.gov.cn c:zwgk.a.gov.cn", "a c|b"},                                         // one domain
		{"a:www.a.gov.cn,oss.gov.example b:www.b.gov.cn c:www.c.gov.cn,oss.gov.example", "a c|b"},          // one host
		{"a/p:www.a.gov.cn b:www.b.gov.cn c/p:www.c.gov.cn", "a c|b"},                                      // one rate group
		{"a/p:www.a.gov.cn b:www.a.gov.cn", "a b"},                                                         // the group of one alone
		{"a:www.a.gov.cn b:www.b.gov.cn c:www.c.gov.cn d:x.c.gov.cn,x.a.gov.cn e:y.b.gov.cn", "a c d|b e"}, // joined by the fourth
		{"a:www.a.gov.cn b:www.b.gov.cn c:www.c.gov.cn d:www.d.gov.cn e:x.d.gov.cn,x.b.gov.cn f:y.c.gov.cn,y.d.gov.cn", "a|b c d e f"},
	} {
		var portals []portal.Portal
		for _, text := range strings.Fields(c.portals) {
			id, hosts, _ := strings.Cut(text, ":")
			p := portal.Portal{Hosts: portal.Hosts{Allow: strings.Split(hosts, ",")}}
			p.ID, p.RateGroup, _ = strings.Cut(id, "/")
			portals = append(portals, p)
		}
		var got []string
		for _, l := range lanes(portals) {
			var ids []string
			for _, p := range l {
				ids = append(ids, p.ID)
			}
			got = append(got, strings.Join(ids, " "))
		}
		if fmt.Sprint(got) != fmt.Sprint(strings.Split(c.want, "|")) && len(got)+len(c.want) > 0 {
			t.Errorf("%s: %q, want %q", c.portals, got, c.want)
		}
	}
}

// No host and no rate group of the shipped profiles is in two lanes.
func TestLanesOfShippedProfiles(t *testing.T) {
	portals, err := portal.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	n, of := 0, map[string]int{}
	for i, l := range lanes(portals) {
		for _, p := range l {
			n++
			for _, host := range p.Hosts.Allow {
				for _, key := range []string{host, p.GroupOf(host)} {
					if other, known := of[key]; known && other != i {
						t.Errorf("%s of %s is in two lanes", key, p.ID)
					}
					of[key] = i
				}
			}
		}
	}
	if n != len(portals) {
		t.Errorf("%d portals in lanes, want %d", n, len(portals))
	}
}
