package crawl_test

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// An address that one portal links to and may not ask for is taken from the portal whose
// host it is, in the same cycle and whichever of them comes first.
func TestAddressOfAnotherPortal(t *testing.T) {
	const shared = "http://www.xianqu.gov.cn/nb/x.html"
	handle := pagesOf(map[string]string{
		"www.shili.gov.cn/nb/index.html":  li(shared, "示例县2024年政府信息公开工作年度报告") + row,
		"www.shili.gov.cn/nb/a.html":      "报告甲",
		"www.xianqu.gov.cn/nb/index.html": li("/nb/x.html", "示例县2024年政府信息公开工作年度报告"),
		"www.xianqu.gov.cn/nb/x.html":     "示例县的报告",
	})
	province := profile(t, "")
	county := profile(t, "hosts: {allow: [www.xianqu.gov.cn]}\nentry_points: ['http://www.xianqu.gov.cn/nb/index.html']")
	county.ID = "cn-990001-xianqu"
	for _, portals := range [][]portal.Portal{{province, county}, {county, province}} {
		s, a := serve(t, nil, handle), open(t)
		for cycle := range 2 {
			summary := night(t, visiting(s, a, &clock{at: noon}, portals...))
			if len(summary.Failures) > 0 {
				t.Errorf("cycle %d: failures %+v", cycle, summary.Failures)
			}
			l := export(t, a).entry(t, shared)
			if l.State != archive.Fetched || l.Portal != county.ID || l.FoundOn != "http://www.xianqu.gov.cn/nb/index.html" {
				t.Errorf("%s first, cycle %d: %+v, want it fetched from its own portal", portals[0].ID, cycle, l)
			}
			if n := s.asked("www.xianqu.gov.cn/nb/x.html"); n != cycle+1 {
				t.Errorf("%s first, cycle %d: asked for %d times", portals[0].ID, cycle, n)
			}
		}
	}
}

// An address that was asked for and led out of its portal stays so within the cycle, also
// where another portal links to it.
func TestAddressThatLedAwayStays(t *testing.T) {
	texts := map[string]string{"/nb/index.html": row, "/nc/index.html": row}
	s := serve(t, nil, with("/nb/a.html", shell(302, "", "Location", "http://www.elsewhere.gov.cn/"), pagesOf(texts)))
	a, first := open(t), profile(t, "")
	second := profile(t, "entry_points: ['http://www.shili.gov.cn/nc/index.html']")
	second.ID = "cn-990000-second"
	run(t, visiting(s, a, &clock{at: noon}, first, second))
	says(t, a, docA, archive.Rejected, "off_site", "www.elsewhere.gov.cn")
	if n := s.asked("www.shili.gov.cn/nb/a.html"); n != 1 || slices.Contains(s.requests(), "www.elsewhere.gov.cn/") {
		t.Errorf("%v, want the address asked for once", s.requests())
	}
}

// Which of several portals a rejected address is noted of does not depend on their order.
func TestRejectedByTwoPortals(t *testing.T) {
	const other = "http://www.elsewhere.gov.cn/x.html"
	texts := map[string]string{"/nb/index.html": li(other, annual("", 2024)) + row, "/nc/index.html": li(other, annual("", 2024)) + row2, "/nb/a.html": "甲", "/nb/b.html": "乙"}
	first, second := profile(t, ""), profile(t, "entry_points: ['http://www.shili.gov.cn/nc/index.html']")
	second.ID = "cn-990000-second"
	for _, portals := range [][]portal.Portal{{first, second}, {second, first}} {
		s, a := serve(t, nil, pagesOf(texts)), open(t)
		run(t, visiting(s, a, &clock{at: noon}, portals...))
		if l := export(t, a).entry(t, other); l.Portal != second.ID || l.Reason != "off_site" || l.FoundOn != "http://www.shili.gov.cn/nc/index.html" {
			t.Errorf("%s first: %+v, want it noted of %s", portals[0].ID, l, second.ID)
		}
	}
}
