package crawl_test

import (
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/crawl/replica"
)

func replicas(t *testing.T) *replica.Server {
	t.Helper()
	s, err := replica.StartEdition(t.Context(), replica.Replicas)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// only are the options to crawl the portal of one host of the replicas.
func only(t *testing.T, s *replica.Server, a *archive.Archive, host string) crawl.Options {
	t.Helper()
	o := options(s, a)
	o.Portals = slices.DeleteFunc(o.Portals, func(p portal.Portal) bool { return p.Hosts.Allow[0] != host })
	if len(o.Portals) != 1 {
		t.Fatalf("%d portals on %s, want one", len(o.Portals), host)
	}
	return o
}

// requested counts how often each path with its query was asked for, and fails the test
// if any host but the given ones was.
func requested(t *testing.T, s *replica.Server, hosts ...string) map[string]int {
	t.Helper()
	asked := map[string]int{}
	for _, r := range s.Requests() {
		if !slices.Contains(hosts, r.Host) {
			t.Errorf("asked %s for %s", r.Host, r.Path)
		}
		key := r.Path
		if r.Query != "" {
			key += "?" + r.Query
		}
		asked[key]++
	}
	return asked
}

// everyReportOnce fails the test unless exactly the reports of the host were fetched,
// each once and under its title; extra are further addresses that may be.
func everyReportOnce(t *testing.T, s *replica.Server, a *archive.Archive, host string, extra ...string) {
	t.Helper()
	want, err := s.Reports(host)
	if err != nil {
		t.Fatal(err)
	}
	asked := requested(t, s, host)
	got := map[string]string{}
	for _, l := range export(t, a).Locations {
		u, err := url.Parse(l.URL)
		if err != nil || u.Host != host {
			t.Errorf("%s was fetched", l.URL)
			continue
		}
		if !slices.Contains(extra, u.RequestURI()) {
			got[u.RequestURI()] = l.Title
		}
	}
	shown := 0 // of mismatches

	for path, title := range want {
		if shown++; shown > 5 && t.Failed() {
			break
		}
		if got[path] != title {
			t.Errorf("%s has the title %q, want %q", path, got[path], title)
		}
		if asked[path] != 1 {
			t.Errorf("%s was asked for %d times", path, asked[path])
		}
	}
	for path, title := range got {
		if want[path] == "" {
			t.Errorf("%s (%s) was taken for a report", path, title)
		}
	}
	if len(want) == 0 || t.Failed() {
		t.Logf("%d reports wanted, %d got", len(want), len(got))
	}
}

// everyDay fails the test unless each report has the day that its list gives it, and as
// the list prints it.
func everyDay(t *testing.T, s *replica.Server, a *archive.Archive, host string) {
	t.Helper()
	days, err := s.Days(host)
	if err != nil {
		t.Fatal(err)
	}
	none := host == "www.shili-haiyun.gov.cn" || host == "www.shili-single.gov.cn"
	for _, l := range export(t, a).Locations {
		u, err := url.Parse(l.URL)
		if err != nil {
			t.Fatal(err)
		}
		want := days[u.RequestURI()]
		if none {
			want = ""
		}
		if l.PublishedOn != want || (l.PublishedAs == "") != none {
			t.Fatalf("%s is published on %q, printed %q; want %q", l.URL, l.PublishedOn, l.PublishedAs, want)
		}
	}
}

// clean are portals whose lists are read in full and whose failures are none.
var clean = map[string]struct {
	lists int // requests that are neither for a report nor for robots.txt
	quirk string
}{
	"www.shili-trs.gov.cn":        {3, "R1: pages from 0, another section, a comment, an external row"},
	"www.shili-trs-script.gov.cn": {2, "R2: rows written by a script"},
	"www.shili-trs-cq.gov.cn":     {3, "R2: rows of a table and anchors that hold a list"},
	"www.shili-jpage-a.gov.cn":    {8, "R3: the server honours only page"},
	"www.shili-jpage-b.gov.cn":    {6, "R3: the server honours only startrecord and cuts perpage"},
	"www.shili-jpage-e.gov.cn":    {2, "R3: a relative nextgroup, poor in parameters"},
	"www.shili-xxgk.gov.cn":       {4, "R4: rows answer a POST"},
	"www.shili-jpaas.gov.cn":      {4, "R5: paging inside paramJson"},
	"www.shili-jpaas-b.gov.cn":    {4, "R5: data is a text"},
	"www.shili-ucap.gov.cn":       {6, "R6: a jump shell, pages from 1, website reports"},
	"www.shili-ucap-b.gov.cn":     {6, "R6: page 2 is _1"},
	"www.shili-ucap-json.gov.cn":  {4, "R6: JSON rows"},
	"www.shili-gkmlpt.gov.cn":     {3, "R7: the category in the fragment, mobile addresses"},
	"www.shili-gkmlpt-b.gov.cn":   {4, "R7: the first page is 0"},
	"www.shili-nfcms.gov.cn":      {4, "R7: no counter"},
	"www.shili-lonsun.gov.cn":     {5, "R8: fragments, and a text where there is nothing"},
	"www.shili-openness.gov.cn":   {4, "R8: page_N"},
	"www.shili-truecms.gov.cn":    {6, "R9: Referer, JSONP, as few rows as the server allows"},
	"www.shili-epoint.gov.cn":     {5, "R10: JSON by POST, the first page is 0"},
	"www.shili-epoint-b.gov.cn":   {6, "R10: JSON by POST, the first page is 1"},
	"www.shili-eportal.gov.cn":    {4, "R10: the module of the list, the last page repeats"},
	"www.shili-haiyun.gov.cn":     {1, "R10: ids of 24 digits"},
	"www.shili-haiyun-b.gov.cn":   {5, "R10: rows that a script asks for, by the profile's own request"},
	"www.shili-vsb.gov.cn":        {6, "R10: pages count down"},
	"www.shili-aspnet.gov.cn":     {3, "R10: a pager in base64"},
	"www.shili-static.gov.cn":     {5, "a guess that leaks into the news"},
	"www.shili-single.gov.cn":     {1, "R11: 618 links, half of them to other hosts"},
	"www.shili-loaddata.gov.cn":   {3, "R6: a channel by POST"},
	"www.shili-nw.gov.cn":         {3, "totalPage in a script, a list in a comment"},
	"www.shili-tpl.gov.cn":        {4, "R8: one view for each year"},
	"www.shili-pdf.gov.cn":        {1, "R12: rows that link to files"},
}

func TestReplicasAreReadInFull(t *testing.T) {
	for host, c := range clean {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			s, a := replicas(t), open(t)
			summary := run(t, only(t, s, a, host))
			if len(summary.Failures) > 0 {
				t.Errorf("%s: failures %+v", c.quirk, summary.Failures)
			}
			everyReportOnce(t, s, a, host)
			everyDay(t, s, a, host)
			reports, _ := s.Reports(host)
			lists := 0
			for path, n := range requested(t, s, host) {
				if reports[path] == "" && !strings.HasPrefix(path, "/robots.txt") {
					lists += n
				}
			}
			takenUpAgain(t, s, only(t, s, a, host))
			if lists != c.lists {
				t.Errorf("%s: %d requests for lists, want %d", c.quirk, lists, c.lists)
				for path := range requested(t, s, host) {
					if reports[path] == "" {
						t.Log(path)
					}
				}
			}
		})
	}
}

// takenUpAgain fails the test unless a run that had come to its end, and is taken up all the
// same, asks for no page and changes nothing.
func takenUpAgain(t *testing.T, s *replica.Server, o crawl.Options) {
	t.Helper()
	before, asked := export(t, o.Archive), len(s.Requests())
	run(t, o)
	if after := export(t, o.Archive); !reflect.DeepEqual(before, after) {
		t.Errorf("a run that was complete changed when it was taken up:\n%+v\n%+v", before, after)
	}
	if again := pages(s.Requests()[asked:]); len(again) > 0 {
		t.Errorf("asked again for %v", again)
	}
}

// Lists that cannot be read in full fail, name what is missing, and end.
func TestShortListsFailLoudly(t *testing.T) {
	for host, c := range map[string]struct {
		detail   string
		requests int // at most, for lists
	}{
		"www.shili-jpage-d.gov.cn": {"it says that it has 76 rows; 45 were found", 3},
		"www.shili-jpaas-c.gov.cn": {"it says that it has 40 rows; 15 were found", 4},
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			s, a := replicas(t), open(t)
			o := only(t, s, a, host)
			summary := run(t, o)
			if len(summary.Failures) != 1 || summary.Failures[0].Reason != "list_short" || !strings.Contains(summary.Failures[0].Detail, c.detail) ||
				summary.Failures[0].Address != o.Portals[0].EntryPoints[0].URL {
				t.Errorf("failures = %+v, want the entry point as list_short: %s", summary.Failures, c.detail)
			}
			takenUpAgain(t, s, o)
			reports, _ := s.Reports(host)
			lists := 0
			for path, n := range requested(t, s, host) {
				if reports[path] == "" && path != "/robots.txt" {
					lists += n
				}
			}
			if lists > c.requests {
				t.Errorf("%d requests for lists, want at most %d", lists, c.requests)
			}
		})
	}
}

// R4: fbtime is part of the identity, and a year that says 暂无数据 is no report.
func TestAnnualReportsByYear(t *testing.T) {
	const host = "www.shili-annual.gov.cn"
	s, a := replicas(t), open(t)
	summary := run(t, only(t, s, a, host))
	everyReportOnce(t, s, a, host)
	if len(summary.Failures) != 1 || summary.Failures[0].Reason != "soft_404" || !strings.Contains(summary.Failures[0].Address, "fbtime=2022") {
		t.Errorf("failures = %+v, want the year without data", summary.Failures)
	}
}

// R11: links to other hosts stay in the ledger.
func TestSinglePageKeepsOtherHostsInTheLedger(t *testing.T) {
	const host = "www.shili-single.gov.cn"
	s, a := replicas(t), open(t)
	summary := run(t, only(t, s, a, host))
	requested(t, s, host)
	off := 0
	for _, l := range export(t, a).Ledger {
		if l.Reason == "off_site" {
			off++
		}
	}
	if off != 309 || summary.Found != 309 {
		t.Errorf("%d addresses off site and %d found, want 309 of each", off, summary.Found)
	}
}

// In the next cycle every list is asked for again, those by POST without validators, and
// nothing is found anew or lost.
func TestReplicasAreReadAgain(t *testing.T) {
	for _, host := range []string{"www.shili-xxgk.gov.cn", "www.shili-epoint-b.gov.cn", "www.shili-jpage-e.gov.cn", "www.shili-ucap-b.gov.cn", "www.shili-static.gov.cn", "www.shili-vsb.gov.cn"} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			s, a := replicas(t), open(t)
			o := only(t, s, a, host)
			run(t, o)
			before, asked := export(t, a), len(s.Requests())
			if err := a.EndCycle(t.Context(), s.Now()); err != nil {
				t.Fatal(err)
			}
			if summary := run(t, o); summary.Fetched != 0 || summary.Failed != 0 || len(summary.Failures) > 0 {
				t.Errorf("summary = %+v, want nothing new", summary)
			}
			if after := export(t, a); !reflect.DeepEqual(before, after) {
				t.Errorf("the second cycle changed the export:\n%+v\n%+v", before, after)
			}
			for _, r := range s.Requests()[asked:] {
				if r.Method == "POST" && (r.Conditional || r.Status != 200) {
					t.Errorf("%+v, want a POST without validators", r)
				}
			}
			if got := len(s.Requests()) - asked; got > asked {
				t.Errorf("%d requests, %d in the first cycle", got, asked)
			}
		})
	}
}

// R19: reports whose tables are in a frame, behind a viewer or on a second page.
func TestSpecialReports(t *testing.T) {
	const host = "www.shili-teshu.gov.cn"
	s, a := replicas(t), open(t)
	if summary := run(t, only(t, s, a, host)); len(summary.Failures) > 0 || summary.Found != 8 || summary.Fetched != 14 {
		t.Errorf("summary = %+v, want eight reports and six parts", summary)
	}
	parts := []string{"/files/100001.txt", "/files/100005.txt", "/nb/frame/100002.html", "/nb/frame/100006.html", "/nb/2026/100003_1.html", "/nb/2025/100007_1.html"}
	everyReportOnce(t, s, a, host, parts...)
	e := export(t, a)
	for _, part := range parts {
		if l := e.entry(t, "http://"+host+part); l.State != archive.Fetched || !strings.Contains(l.FoundOn, "/10000") {
			t.Errorf("%+v, want a part of a report", l)
		}
	}
	if l := e.entry(t, "http://oss.shili-elsewhere.gov.cn/100004.pdf"); l.Reason != "off_site" {
		t.Errorf("%+v, want the attachment off site", l)
	}
}
