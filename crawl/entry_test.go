package crawl_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// From a landing page the column is found by the name that the law's column has, on the
// portal's hosts; its own rows, and columns of like names, are not read.
func TestLandingLeadsToTheColumn(t *testing.T) {
	link := func(href, text string) string {
		return fmt.Sprintf(`<li><a href="%s">%s</a><span>2024-01-20</span></li>`, href, text)
	}
	list := li("/nb/a.html", annual("", 2024))
	for name, c := range map[string]struct {
		pages map[string]string
		read  []string // pages asked for besides the landing page and the report
		words string   // of the failure; "": none
	}{
		"by name":            {map[string]string{"/": link("/zfxxgknb/", "政府信息公开年报") + link("/zn/", "政府信息公开指南") + li("/nb/a.html", annual("", 2019)), "/zfxxgknb/": list}, []string{"/zfxxgknb/"}, ""},
		"the exact name":     {map[string]string{"/": link("/x/", "年度报告") + link("/zfxxgknb/", " 政府信息公开年报 "), "/zfxxgknb/": list}, []string{"/zfxxgknb/"}, ""},
		"another name":       {map[string]string{"/": link("/x/", "政府信息公开工作年度报告"), "/x/": list}, []string{"/x/"}, ""},
		"twice":              {map[string]string{"/": link("/x/", "政府信息公开年报") + link("/x/", "政府信息公开年报"), "/x/": list}, []string{"/x/"}, ""},
		"website reports":    {map[string]string{"/": link("/wznb/", "政府网站年报") + link("/bb/", "政府网站工作年度报表"), "/wznb/": list}, nil, "no link on it is called 政府信息公开年报"},
		"on another host":    {map[string]string{"/": link("http://www.elsewhere.gov.cn/", "政府信息公开年报")}, nil, "no link on it"},
		"behind a frame":     {map[string]string{"/": `<iframe src="/menu/"></iframe>`, "/menu/": link("/zfxxgknb/", "政府信息公开年报"), "/zfxxgknb/": list}, []string{"/menu/", "/zfxxgknb/"}, ""},
		"behind a script":    {map[string]string{"/": `<script>location.href='/zw/'</script>`, "/zw/": link("/zfxxgknb/", "政府信息公开年报"), "/zfxxgknb/": list}, []string{"/zw/", "/zfxxgknb/"}, ""},
		"frames for ever":    {map[string]string{"/": `<iframe src="/b/"></iframe>`, "/b/": `<iframe src="/c/"></iframe>`, "/c/": `<iframe src="/d/"></iframe>`, "/d/": link("/x/", "政府信息公开年报")}, []string{"/b/", "/c/"}, "no link on it"},
		"with years below":   {map[string]string{"/": link("/nbzt/", "政府信息公开年报"), "/nbzt/": `<a href="/2024nb/">2024年</a>`, "/2024nb/": list}, []string{"/nbzt/", "/2024nb/"}, ""},
		"column cannot come": {map[string]string{"/": link("/gone/", "政府信息公开年报")}, []string{"/gone/"}, "status 404"},
	} {
		t.Run(name, func(t *testing.T) {
			c.pages["/nb/a.html"] = "报告甲"
			s := serve(t, nil, pagesOf(c.pages))
			a := open(t)
			summary := night(t, visiting(s, a, &clock{at: noon}, profile(t, "entry_points: [{url: 'http://www.shili.gov.cn/', role: landing}]")))
			var read []string
			for _, r := range s.requests() {
				path := strings.TrimPrefix(r, "www.shili.gov.cn")
				if path != "/robots.txt" && path != "/" && path != "/nb/a.html" {
					read = append(read, path)
				}
			}
			if !slices.Equal(read, c.read) {
				t.Errorf("asked for %v, want %v", read, c.read)
			}
			if c.words == "" && (len(summary.Failures) > 0 || summary.Fetched != 1) {
				t.Errorf("%+v, want one report", summary)
			}
			if c.words != "" && (len(summary.Failures) != 1 || !strings.Contains(summary.Failures[0].Detail, c.words) || summary.Fetched != 0) {
				t.Errorf("%+v, want a failure: %s", summary, c.words)
			}
		})
	}
}

// R21: a column whose address changes is found again from the landing page; the report
// that moved with it is not lost, and the new one is found.
func TestColumnIsFoundAgain(t *testing.T) {
	texts := map[string]string{
		"/":                        `<a href="/col/col84308/index.html">政府信息公开年报</a>`,
		"/col/col84308/index.html": li("/art/1.html", annual("", 2024)), "/art/1.html": "报告一",
	}
	s := serve(t, nil, pagesOf(texts))
	a, k := open(t), &clock{at: noon}
	o := visiting(s, a, k, profile(t, "entry_points: [{url: 'http://www.shili.gov.cn/', role: landing}]"))
	if summary := night(t, o); summary.Fetched != 1 || len(summary.Failures) > 0 {
		t.Fatalf("%+v, want one report", summary)
	}
	texts["/"] = `<a href="/col/col93261/index.html">政府信息公开年报</a>`
	texts["/col/col93261/index.html"] = li("/art/2.html", annual("", 2025)) + li("/art/1b.html", annual("", 2024))
	texts["/art/2.html"], texts["/art/1b.html"] = "报告二", "报告一"
	delete(texts, "/col/col84308/index.html")
	if summary := night(t, o); summary.Fetched != 2 || len(summary.Failures) > 0 {
		t.Errorf("%+v, want the new report and the one that moved", summary)
	}
	if l := export(t, a).entry(t, "http://www.shili.gov.cn/col/col84308/index.html"); !l.Stale || l.State != archive.Fetched {
		t.Errorf("%+v, want the old column marked as left", l)
	}
}

// R4: a report that has its year in its address is asked for, for each year that is due.
func TestReportOfEachYear(t *testing.T) {
	handle := func(w http.ResponseWriter, r *http.Request) {
		switch year := r.URL.Query().Get("fbtime"); {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case year == "2020":
			io.WriteString(w, html("示例市", "暂无数据"))
		default:
			io.WriteString(w, html(annual("", 2000), "一、总体情况 "+year))
		}
	}
	s, a, k := serve(t, nil, handle), open(t), &clock{at: time.Date(2022, 3, 31, 12, 0, 0, 0, time.UTC)}
	o := visiting(s, a, k, profile(t, "admin_level: city\nentry_points: [{url: 'http://www.shili.gov.cn/r.jsp?area=1&fbtime={year}', role: annual_jsp, report_year: 2018}]"))
	at := func(year int) string { return fmt.Sprintf("http://www.shili.gov.cn/r.jsp?area=1&fbtime=%d", year) }
	summary := night(t, o) // the report of 2021 is due at the end of the day
	if summary.Found != 3 || summary.Fetched != 2 || len(summary.Failures) != 1 || summary.Failures[0].Address != at(2020) {
		t.Errorf("%+v, want 2018 and 2019, and 2020 as without data", summary)
	}
	k.at = k.at.AddDate(0, 0, 2)
	if summary := night(t, o); summary.Found != 4 || summary.Fetched != 1 {
		t.Errorf("%+v, want 2021, too", summary)
	}
	for _, year := range []int{2018, 2019, 2021} {
		if l := export(t, a).entry(t, at(year)); l.State != archive.Fetched || l.Authority != "示例市人民政府" || l.FoundOn != "" {
			t.Errorf("%+v, want the report of the portal's own authority", l)
		}
	}
	if n := s.asked("www.shili.gov.cn/r.jsp"); n != 3+4 {
		t.Errorf("asked %d times, want each year once a night", n)
	}
}

// A list that has its year in its address is read for each year that is due.
func TestListOfEachYear(t *testing.T) {
	texts := map[string]string{}
	for year := 2019; year <= 2026; year++ {
		texts[fmt.Sprintf("/nb/%dn/", year)] = li(fmt.Sprintf("/nb/%d.html", year), annual("", year))
		texts[fmt.Sprintf("/nb/%d.html", year)] = fmt.Sprint("报告", year)
	}
	s, a := serve(t, nil, pagesOf(texts)), open(t)
	summary := night(t, visiting(s, a, &clock{at: noon}, profile(t, "admin_level: city\nentry_points: [{url: 'http://www.shili.gov.cn/nb/{year}n/', role: year_index}]")))
	if summary.Fetched != 7 || len(summary.Failures) > 0 || s.asked("www.shili.gov.cn/nb/2026n/") > 0 {
		t.Errorf("%+v, want 2019 to 2025", summary)
	}
}

// A catalogue names the category of its column; one that does not says what it lacks.
func TestCatalogueNamesItsColumn(t *testing.T) {
	tree := func(name string) string {
		return `<html><script>window._CONFIG = {SID: '1', TREE: [{"id":11,"name":"政府信息公开指南","jump_url":""},{"id":2629,"name":"` + name + `","post_count":1,"jump_url":"","children":[]}]}</script></html>`
	}
	rows := `{"total":1,"articles":[{"title":"` + annual("", 2024) + `","url":"http://www.shili.gov.cn/gkmlpt/content/0/1/post_1.html","date":1738166400}]}`
	texts := map[string]string{"/gkmlpt/index": tree("政府信息公开年报"), "/gkmlpt/api/all/2629": rows, "/gkmlpt/content/0/1/post_1.html": "报告"}
	s, a := serve(t, nil, pagesOf(texts)), open(t)
	p := familyProfile(t, "gkmlpt", "entry_points: ['http://www.shili.gov.cn/gkmlpt/index']")
	if summary := night(t, visiting(s, a, &clock{at: noon}, p)); summary.Fetched != 1 || len(summary.Failures) > 0 {
		t.Errorf("%+v, want one report", summary)
	}
	texts["/gkmlpt/index"] = tree("政策文件")
	s, a = serve(t, nil, pagesOf(texts)), open(t)
	night(t, visiting(s, a, &clock{at: noon}, p))
	says(t, a, "http://www.shili.gov.cn/gkmlpt/index", archive.Failed, "soft_404", "says {cat}")
}
