package crawl_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/replica"
)

// paged replaces the made-up portal's family by one with numbered pages.
func paged(t *testing.T, pages map[string]string) *replica.Server {
	t.Helper()
	_, files := made(t, nil)
	profile := files["portals/shili.yaml"]
	profile.Data = []byte(strings.Replace(string(profile.Data), "family: static", "family: trs_wcm", 1))
	for name, text := range pages {
		files["www.shili.gov.cn/nb/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := replica.StartFS(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// The count on a page is a promise, not a fact: a page that repeats is the last.
func TestPaginationEndsWhereNothingIsNew(t *testing.T) {
	pager := `<script>createPageHTML(999999999999999999999, 0, "index", "html");</script>`
	s := paged(t, map[string]string{
		"index.html": row + pager, "index_1.html": row2 + pager, "index_2.html": row + row2 + pager,
		"a.html": "报告甲", "b.html": "报告乙",
	})
	a := open(t)
	if summary := run(t, options(s, a)); summary.Found != 2 || summary.Fetched != 2 || summary.Failed != 0 {
		t.Errorf("summary = %+v, want two documents", summary)
	}
	want := []string{"index.html", "index_1.html", "index_2.html", "a.html", "b.html"}
	for i, p := range pages(s.Requests()) {
		if i >= len(want) || p != "www.shili.gov.cn/nb/"+want[i] {
			t.Fatalf("asked for %v, want %v", pages(s.Requests()), want)
		}
	}
}

// Rows are hostile: only http addresses on the portal's hosts are asked for.
func TestHostileRows(t *testing.T) {
	const title = "示例市2023年政府信息公开工作年度报告"
	rows := ""
	for _, href := range []string{
		"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://www.shili.gov.cn/a", "mailto:a@shili.gov.cn", "",
		"http://user:secret@www.shili.gov.cn/nb/a.html", "http://[::1", "//www.elsewhere.gov.cn/nb/a.html", "http://www.shili.gov.cn.evil.example/",
		"http://127.0.0.1/", strings.Repeat("a", 3000), "../../../nb/a.html#one", "/nb/a.html#two", "HTTP://WWW.SHILI.GOV.CN/nb/a.html",
	} {
		rows += `<li><a href="` + href + `">` + title + `</a><span>2024</span></li>`
	}
	s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": rows, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a := open(t)
	summary := run(t, options(s, a))
	if summary.Found != 1 || summary.Fetched != 1 || summary.Rejected != 3 {
		t.Errorf("summary = %+v, want one document and three off-site addresses", summary)
	}
	if got := pages(s.Requests()); len(got) != 2 {
		t.Errorf("asked for %v, want the list and the document", got)
	}
}

// A list that only its header says how to read is read so from the archive, too.
func TestHeaderCharsetSurvivesTheArchive(t *testing.T) {
	s, _ := made(t, map[string]string{
		"behaviour.yaml":                 "- {host: www.shili.gov.cn, path: /nb/index.html, content_type: 'text/html; charset=big5'}",
		"www.shili.gov.cn/nb/index.html": "<li><a href=a.html>2023\xa6~\xab\xd7\xb3\xf8\xa7i</a><span>2024</span></li>",
	})
	a, o := open(t), crawl.Options{}
	o = options(s, a)
	run(t, o)
	want := export(t, a).entry(t, shili+"/nb/a.html")
	if want.Title != "2023年度報告" {
		t.Fatalf("title = %q, want it read as Big5", want.Title)
	}
	a.EndCycle(t.Context(), s.Now())
	run(t, o)
	if got := export(t, a).entry(t, shili+"/nb/a.html"); !reflect.DeepEqual(got, want) {
		t.Errorf("from the archive %+v, want %+v", got, want)
	}
}

func TestGB18030ListIsRead(t *testing.T) {
	title := "\xca\xbe\xc0\xfd\xca\xd02023\xc4\xea\xd5\xfe\xb8\xae\xd0\xc5\xcf\xa2\xb9\xab\xbf\xaa\xb9\xa4\xd7\xf7\xc4\xea\xb6\xc8\xb1\xa8\xb8\xe6"
	list := `<li><a href="a.html">` + title + `</a><span>2024</span></li>`
	for name, c := range map[string]struct{ head, contentType string }{
		"undeclared":    {"", "text/html"},
		"meta":          {`<meta charset="gb2312">`, "text/html"},
		"lying header":  {"", "text/html; charset=ISO-8859-1"},
		"lying header2": {`<meta http-equiv="Content-Type" content="text/html; charset=gbk">`, "text/html; charset=utf-8"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := made(t, map[string]string{
				"behaviour.yaml":                 "- {host: www.shili.gov.cn, path: /nb/index.html, content_type: '" + c.contentType + "'}",
				"www.shili.gov.cn/nb/index.html": c.head + list, "www.shili.gov.cn/nb/a.html": "报告甲",
			})
			a := open(t)
			run(t, options(s, a))
			if e := export(t, a); len(e.Locations) != 1 || e.Locations[0].Title != "示例市2023年政府信息公开工作年度报告" {
				t.Errorf("locations = %+v", e.Locations)
			}
		})
	}
}

// Markup that would exhaust a reader is reported, and the crawl goes on.
func TestHostileMarkup(t *testing.T) {
	for name, c := range map[string]struct{ text, reason string }{
		"deep": {strings.Repeat("<div>", 20_000) + row, "soft_404"},
		"wide": {strings.Repeat("<p>", 3<<20) + row, "too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": c.text})
			a := open(t)
			o := options(s, a)
			o.Portals[0].Politeness.MaxBytes = 20 << 20
			summary := run(t, o)
			if len(summary.Failures) != 1 || summary.Failures[0].Reason != c.reason {
				t.Errorf("failures = %+v, want the list as %s", summary.Failures, c.reason)
			}
		})
	}
}
