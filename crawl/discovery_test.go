package crawl_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/replica"
)

// li is a row of a made-up list.
func li(href, title string) string {
	return fmt.Sprintf(`<li><a href="%s">%s</a><span>2024-01-20</span></li>`, href, title)
}

// annual is the title of a made-up report.
func annual(office string, year int) string {
	return fmt.Sprintf("示例市%s%d年政府信息公开工作年度报告", office, year)
}

// site starts a replica of 示例市 with the given pages below www.shili.gov.cn.
func site(t *testing.T, family string, pages map[string]string) *replica.Server {
	t.Helper()
	fsys := fstest.MapFS{"portals/shili.yaml": {Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: ` + family + `
entry_points: [http://www.shili.gov.cn/nb/index.html]
politeness: {delay: 0s}
`)}}
	for path, text := range pages {
		if path == "behaviour.yaml" || path == "portals/shili.yaml" {
			fsys[path] = &fstest.MapFile{Data: []byte(text)}
			continue
		}
		fsys["www.shili.gov.cn"+path] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := replica.StartFS(t.Context(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// again closes the cycle and crawls another state of the portal into the same archive.
func again(t *testing.T, s *replica.Server, a *archive.Archive) crawl.Summary {
	t.Helper()
	if err := a.EndCycle(t.Context(), s.Now()); err != nil {
		t.Fatal(err)
	}
	return run(t, options(s, a))
}

// The archives of years stand below the column, one of them a level deeper; links that
// only look like years lead nowhere.
func TestYearArchivesAreRead(t *testing.T) {
	s := site(t, "static", map[string]string{
		"/nb/index.html": li("/nb/a.html", annual("", 2025)) + `<a href="/col/col93261/">2024年</a> <a href="older.html"> 2023 年度 </a>
			<a href="http://www.elsewhere.gov.cn/2022/">2022</a> <a href="/news/2021.html">2021年工作要点</a> <a href="/nb/index.html">2025年</a>`,
		"/col/col93261/index.html": li("/nb/b.html", annual("", 2024)) + li("/nb/w.html", "示例市2024年政府网站工作年度报表"),
		"/nb/older.html":           `<a href="/nb/2020.html">2020年</a>` + li("/nb/c.html", annual("", 2023)),
		"/nb/2020.html":            li("/nb/d.html", annual("", 2020)) + `<a href="/nb/2019.html">2019年</a>`,
		"/nb/2019.html":            li("/nb/e.html", annual("", 2019)), // a level too deep
		"/nb/a.html":               "报告甲", "/nb/b.html": "报告乙", "/nb/c.html": "报告丙", "/nb/d.html": "报告丁", "/nb/e.html": "报告戊",
	})
	a := open(t)
	if summary := run(t, options(s, a)); summary.Fetched != 4 || len(summary.Failures) > 0 {
		t.Errorf("summary = %+v, want four reports", summary)
	}
	asked := requested(t, s, "www.shili.gov.cn")
	for path, n := range asked {
		if n != 1 || path == "/news/2021.html" || path == "/nb/w.html" || path == "/nb/2019.html" {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if l := export(t, a).entry(t, shili+"/nb/w.html"); l.State != archive.Rejected || l.Reason != "title_excluded" {
		t.Errorf("%+v, want the website report rejected", l)
	}
}

// R21: a portal that is set up anew has new ids; the archives of years are found again.
// One that has lost a year fails, and so does one whose column is empty.
func TestDriftFails(t *testing.T) {
	before := map[string]string{
		"/nb/index.html":       `<a href="/tpl/7931/">2024年</a><a href="/tpl/7811/">2023年</a>`,
		"/tpl/7931/index.html": li("/p/1.html", annual("", 2024)) + li("/p/2.html", annual("财政局", 2024)),
		"/tpl/7811/index.html": li("/p/3.html", annual("", 2023)) + li("/p/4.html", annual("财政局", 2023)),
		"/p/1.html":            "报告一", "/p/2.html": "报告二", "/p/3.html": "报告三", "/p/4.html": "报告四",
	}
	for name, c := range map[string]struct {
		pages   map[string]string
		fetched int
		detail  string
	}{
		"new ids, nothing lost": {map[string]string{
			"/nb/index.html":       `<a href="/tpl/8100/">2025年</a><a href="/tpl/8101/">2024年</a><a href="/tpl/8102/">2023年</a>`,
			"/tpl/8100/index.html": li("/q/5.html", annual("", 2025)),
			"/tpl/8101/index.html": li("/q/1.html", annual("", 2024)) + li("/q/2.html", annual("财政局", 2024)),
			"/tpl/8102/index.html": li("/q/3.html", annual("", 2023)) + li("/q/4.html", annual("财政局", 2023)),
			"/q/1.html":            "报告一", "/q/2.html": "报告二", "/q/3.html": "报告三", "/q/4.html": "报告四", "/q/5.html": "报告五",
			"/p/1.html": "报告一", "/p/2.html": "报告二", "/p/3.html": "报告三", "/p/4.html": "报告四",
		}, 5, ""},
		"a year lost": {map[string]string{
			"/nb/index.html":       `<a href="/tpl/8101/">2024年</a>`,
			"/tpl/8101/index.html": li("/p/1.html", annual("", 2024)) + li("/p/2.html", annual("财政局", 2024)),
			"/p/1.html":            "报告一", "/p/2.html": "报告二", "/p/3.html": "报告三", "/p/4.html": "报告四",
		}, 0, "2 reports that the lists led to before are on none of them now"},
		"a report lost": {map[string]string{
			"/nb/index.html": li("/p/1.html", annual("", 2024)) + li("/p/2.html", annual("财政局", 2024)) + li("/p/3.html", annual("", 2023)),
			"/p/1.html":      "报告一", "/p/2.html": "报告二", "/p/3.html": "报告三", "/p/4.html": "报告四",
		}, 0, "1 reports"},
		"no rows": {map[string]string{
			"/nb/index.html": `<p>栏目建设中</p>`,
			"/p/1.html":      "报告一", "/p/2.html": "报告二", "/p/3.html": "报告三", "/p/4.html": "报告四",
		}, 0, "no rows are found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := open(t)
			if summary := run(t, options(site(t, "static", before), a)); summary.Fetched != 4 || len(summary.Failures) > 0 {
				t.Fatalf("summary = %+v, want four reports", summary)
			}
			summary := again(t, site(t, "static", c.pages), a)
			if summary.Fetched != c.fetched {
				t.Errorf("%d reports fetched, want %d", summary.Fetched, c.fetched)
			}
			if c.detail == "" && len(summary.Failures) > 0 {
				t.Errorf("failures = %+v, want none", summary.Failures)
			}
			if c.detail != "" && (len(summary.Failures) != 1 || summary.Failures[0].Address != shili+"/nb/index.html" || !strings.Contains(summary.Failures[0].Detail, c.detail)) {
				t.Errorf("failures = %+v, want the entry point: %s", summary.Failures, c.detail)
			}
		})
	}
}

// R18: the office's report and the government's are two, even with one 索引号; the same
// report under two addresses of one document is one; a clone is not asked for anything;
// a silent correction is a new version.
func TestIdentity(t *testing.T) {
	pages := map[string]string{
		"/nb/index.html": li("/nb/office.html", "示例市人民政府办公室2024年政府信息公开工作年度报告") + li("/nb/all.html", annual("", 2024)) +
			li("/nb/art_1_77.html?xxgkhide=1", annual("财政局", 2024)) + li("/nb/art_1_77.html", annual("财政局", 2024)) +
			li("/nb/content/mpost_9.html", annual("教育局", 2024)) + li("/nb/content/post_9.html", annual("教育局", 2024)) +
			li("http://www.shili.gov.cn.clone.example/nb/all.html", annual("", 2024)),
		"/nb/office.html": "索引号 made-up/1 办公室", "/nb/all.html": "索引号 made-up/1 全市",
		"/nb/art_1_77.html": "报告", "/nb/content/post_9.html": "报告",
	}
	a := open(t)
	s := site(t, "static", pages)
	if summary := run(t, options(s, a)); summary.Fetched != 4 || len(summary.Failures) > 0 {
		t.Errorf("summary = %+v, want four reports", summary)
	}
	requested(t, s, "www.shili.gov.cn")
	pages["/nb/all.html"] = "索引号 made-up/1 全市 更正"
	if summary := again(t, site(t, "static", pages), a); summary.Fetched != 1 || summary.Unchanged != 3 {
		t.Errorf("summary = %+v, want one new version", summary)
	}
	versions := 0
	for _, l := range export(t, a).Locations {
		if l.URL == shili+"/nb/all.html" {
			versions++
		}
	}
	if versions != 2 {
		t.Errorf("%d versions of the corrected report, want both", versions)
	}
}

const reportTable = "<table><tr><td>一、本年新收政府信息公开申请数量</td><td>3</td></tr></table>"

// R19: what belongs to a document is fetched with it and names it; what does not, is not.
func TestPartsOfDocuments(t *testing.T) {
	body := func(s string) string {
		return "<html><body><a href='/guide.pdf'>政府信息公开指南</a><img src='/logo.png'><div class='TRS_Editor'>" + s +
			"</div><iframe src='/visitcount?id=1'></iframe></body></html>"
	}
	for name, c := range map[string]struct {
		text  string
		parts []string
	}{
		"tables in the page":   {reportTable + "<img src='W1.png'><iframe src='/share.html'></iframe><iframe src='f.html'></iframe>", nil},
		"attachment":           {"<a href='./P020230131.doc'>下载全文</a><a href='https://mp.weixin.qq.com/s/x'>图解</a>", []string{"/nb/P020230131.doc"}},
		"attachment by jsp":    {"<a href='/module/download/downfile.jsp?classid=0&filename=ab.pdf'>年报.pdf</a>", []string{"/module/download/downfile.jsp?classid=0&filename=ab.pdf"}},
		"attachment elsewhere": {reportTable + "<a href='http://oss.elsewhere.gov.cn/a.pdf'>附件</a>", nil},
		"pdf.js":               {"<iframe src='/pdfjs/web/viewer.html?file=%2Ffiles%2F2024%20nb.pdf'></iframe>", []string{"/files/2024%20nb.pdf"}},
		"pdf.js, relative":     {"<iframe src='/pdfjs/web/viewer.html?file=x.pdf#page=2'></iframe>", []string{"/nb/x.pdf"}},
		"VSB":                  {`<script>showVsbpdfIframe("/__local/A/B7/30/ab_cd_12.pdf","100%","600","1","","");</script>`, []string{"/__local/A/B7/30/ab_cd_12.pdf"}},
		"in a comment":         {reportTable + `<!-- <script>showVsbpdfIframe("/__local/old.pdf")</script> -->`, nil},
		"frame, one hop":       {"<iframe src='frame.html'></iframe>", []string{"/nb/frame.html"}},
		"images of tables":     {"<p><img src='./W0202301.png'><img src='./W0202302.png'><img src='/icons/doc.gif'></p>", []string{"/nb/W0202301.png", "/nb/W0202302.png"}},
		"divided":              {reportTable + "<a href='a_1.html'>下一页</a>", []string{"/nb/a_1.html", "/nb/a_2.html"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"/nb/index.html": li("/nb/a.html", annual("", 2024)), "/nb/a.html": body(c.text), "/nb/P020230131.doc": "\xd0\xcf\x11\xe0 doc",
				"/module/download/downfile.jsp": "%PDF-1.4", "/files/2024 nb.pdf": "%PDF-1.4", "/nb/x.pdf": "%PDF-1.4", "/__local/A/B7/30/ab_cd_12.pdf": "%PDF-1.4",
				"/nb/frame.html": body("<iframe src='deeper.html'></iframe>"), "/nb/deeper.html": "x", "/nb/f.html": "x",
				"/nb/W0202301.png": "\x89PNG 1", "/nb/W0202302.png": "\x89PNG 2", "/nb/W1.png": "\x89PNG 3",
				"/nb/a_1.html": body(reportTable + "<a href='a_2.html'>下一页</a>"), "/nb/a_2.html": body(reportTable + "<a href='a.html'>下一页</a>"),
			}
			s, a := site(t, "static", files), open(t)
			for cycle := range 2 { // nothing more is found when all is asked for again
				summary := again(t, s, a)
				if len(summary.Failures) > 0 {
					t.Errorf("failures = %+v", summary.Failures)
				}
				e := export(t, a)
				if len(e.Locations) != len(c.parts)+1 {
					t.Errorf("cycle %d: %d locations, want the page and %v", cycle, len(e.Locations), c.parts)
				}
				for _, part := range c.parts {
					if l := e.entry(t, shili+part); l.State != archive.Fetched || l.FoundOn != shili+"/nb/a.html" || l.Title != annual("", 2024) {
						t.Errorf("%+v, want a part of the report", l)
					}
				}
			}
			requested(t, s, "www.shili.gov.cn")
		})
	}
}

// A document whose next page has a next page, for ever, ends.
func TestDividedReportEnds(t *testing.T) {
	files := map[string]string{"/nb/index.html": li("/nb/0.html", annual("", 2024))}
	for i := range 60 {
		files[fmt.Sprintf("/nb/%d.html", i)] = fmt.Sprintf("<html><body>%s<a href='%d.html'>下一页</a></body></html>", reportTable, i+1)
	}
	s, a := site(t, "static", files), open(t)
	for range 3 {
		again(t, s, a)
		if n := len(export(t, a).Locations); n != 21 {
			t.Errorf("%d pages were fetched, want the report and the 20 that max_parts allows", n)
		}
	}
}

// A column that leads on by script, meta element or frame is followed twice, within the
// portal; one that is kept on another system fails and says where.
func TestColumnsThatLeadOn(t *testing.T) {
	list := li("/nb/a.html", annual("", 2024))
	for name, c := range map[string]struct {
		pages  map[string]string
		found  int
		reason string
	}{
		"script":       {map[string]string{"/nb/index.html": `<script>window.location.href = "/l/index.html";</script>`, "/l/index.html": list}, 1, ""},
		"replace":      {map[string]string{"/nb/index.html": `<script>location.replace('/l/')</script>`, "/l/index.html": list}, 1, ""},
		"meta":         {map[string]string{"/nb/index.html": `<meta http-equiv="refresh" content="0; url=../l/index.html">`, "/l/index.html": list}, 1, ""},
		"two hops":     {map[string]string{"/nb/index.html": `<script>location='/k/'</script>`, "/k/index.html": `<script>location='/l/'</script>`, "/l/index.html": list}, 1, ""},
		"for ever":     {map[string]string{"/nb/index.html": `<script>location='/k/'</script>`, "/k/index.html": `<script>location='/nb/index.html'</script>`}, 0, "soft_404"},
		"frame":        {map[string]string{"/nb/index.html": `<iframe src="/visitcount?x=1"></iframe><iframe src="/l/index.html"></iframe>`, "/l/index.html": list}, 1, ""},
		"another host": {map[string]string{"/nb/index.html": `<script>location.href='http://www.elsewhere.gov.cn/'</script>`}, 0, "soft_404"},
		"not small":    {map[string]string{"/nb/index.html": `<script>location.href='/l/'</script>` + strings.Repeat("<p></p>", 1000), "/l/index.html": list}, 0, "soft_404"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.pages["/nb/a.html"] = "报告"
			s, a := site(t, "static", c.pages), open(t)
			summary := run(t, options(s, a))
			if summary.Fetched != c.found || (c.reason == "") != (len(summary.Failures) == 0) || c.reason != "" && summary.Failures[0].Reason != c.reason {
				t.Errorf("summary = %+v, want %d found and the reason %q", summary, c.found, c.reason)
			}
			requested(t, s, "www.shili.gov.cn")
		})
	}
}

func TestColumnKeptElsewhereFails(t *testing.T) {
	profile := `id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: gkmlpt
entry_points: ["http://www.shili.gov.cn/gkmlpt/annualreport#2629"]
politeness: {delay: 0s}
`
	s := site(t, "", map[string]string{"portals/shili.yaml": profile,
		"/gkmlpt/annualreport": `<script>window._CONFIG = {SID: '1', TREE: [{"id":11,"name":"政策","jump_url":"http://a.gov.cn/"},{"id":2629,"name":"年报","post_count":3,"jump_url":"http://www.elsewhere.gov.cn/nb/","children":[]}]}</script>`})
	a := open(t)
	summary := run(t, options(s, a))
	if len(summary.Failures) != 1 || summary.Failures[0].Reason != "list_short" || !strings.Contains(summary.Failures[0].Detail, "http://www.elsewhere.gov.cn/nb/") {
		t.Errorf("failures = %+v, want the address of the other system", summary.Failures)
	}
	if asked := requested(t, s, "www.shili.gov.cn"); len(asked) != 2 {
		t.Errorf("asked for %v, want the column and robots.txt", asked)
	}
}

// A page that is counted among the list's and has no rows is no quiet end.
func TestStubWithinTheCountFails(t *testing.T) {
	pager := `<script>createPageHTML(3, 0, "index", "html");</script>`
	s := paged(t, map[string]string{"index.html": row + pager, "index_1.html": row2 + pager, "index_2.html": "<html>栏目建设中</html>", "a.html": "报告甲", "b.html": "报告乙"})
	a := open(t)
	summary := run(t, options(s, a))
	if summary.Fetched != 2 || len(summary.Failures) != 1 || !strings.HasSuffix(summary.Failures[0].Address, "index_2.html") {
		t.Errorf("summary = %+v, want two reports and the page as failed", summary)
	}
}

// A crawl that is interrupted anywhere, and taken up again, ends with the same rows: those
// of archives of years, of a list that falls short, and of parts.
func TestInterruptedDiscoveryResumesToTheSameRows(t *testing.T) {
	files := map[string]string{
		"/nb/index.html": li("/nb/a.html", annual("", 2024)) + `<a href="/y/2023.html">2023年</a>
			<script>createPageHTML('page_div', 2, 1, 'index', 'html', 9);</script>`,
		"/nb/index_2.html": li("/nb/b.html", annual("财政局", 2024)), "/y/2023.html": li("/nb/c.html", annual("", 2023)),
		"/nb/a.html": "<html><body><a href='a.pdf'>下载</a><a href='b.doc'>下载</a></body></html>", "/nb/b.html": "报告乙",
		"/nb/c.html": "<html><body>" + reportTable + "<a href='c_1.html'>下一页</a></body></html>", "/nb/c_1.html": "<html><body>" + reportTable + "</body></html>",
		"/nb/a.pdf": "%PDF-1.4", "/nb/b.doc": "doc",
		"portals/shili.yaml": `id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: ucap_static
entry_points: [http://www.shili.gov.cn/nb/index.html]
list: {item: "li:has(span)"}
politeness: {delay: 0s}
`,
	}
	s, a := site(t, "", files), open(t)
	if summary := run(t, options(s, a)); summary.Fetched != 6 || len(summary.Failures) == 0 {
		t.Fatalf("summary = %+v, want six documents and a list that falls short", summary)
	}
	want, total := export(t, a), len(pages(s.Requests()))
	for k := 1; k < total; k++ {
		s, a := site(t, "", files), open(t)
		interrupt(t, s, a, k)
		run(t, options(s, a))
		if got := export(t, a); !reflect.DeepEqual(got, want) {
			t.Errorf("interrupted at page %d, rows differ from those of an undisturbed crawl:\n%+v\n%+v", k, got, want)
		}
	}
}

// The cap on pages is no quiet end either.
func TestCapOnPagesFails(t *testing.T) {
	pages := map[string]string{}
	for i := range 6 {
		name := fmt.Sprintf("index_%d.html", i)
		if i == 0 {
			name = "index.html"
		}
		pages[name] = li(fmt.Sprintf("/nb/%d.txt", i), annual("", 2024-i)) + `<script>createPageHTML(6, 0, "index", "html");</script>`
		pages[fmt.Sprintf("%d.txt", i)] = "报告"
	}
	s, a := paged(t, pages), open(t)
	o := options(s, a)
	o.Portals[0].Pagination.MaxPages = 4
	summary := run(t, o)
	if summary.Fetched != 4 || len(summary.Failures) != 1 || !strings.Contains(summary.Failures[0].Detail, "pagination.max_pages") {
		t.Errorf("summary = %+v, want four reports and the cap told", summary)
	}
}

// A report whose title was changed, or whose address was, is not lost.
func TestRenamedReportIsNoDrift(t *testing.T) {
	a := open(t)
	run(t, options(site(t, "static", map[string]string{
		"/nb/index.html": li("/nb/a.html", annual("", 2024)) + li("/nb/b.html", annual("", 2023)), "/nb/a.html": "报告甲", "/nb/b.html": "报告乙"}), a))
	summary := again(t, site(t, "static", map[string]string{
		"/nb/index.html": li("/nb/a.html", annual("", 2024)+"（更新）") + li("/nb/c.html", annual("", 2023)), "/nb/a.html": "报告甲", "/nb/b.html": "报告乙", "/nb/c.html": "报告乙"}), a)
	if len(summary.Failures) > 0 {
		t.Errorf("failures = %+v, want none", summary.Failures)
	}
}

// A column with a frame of another thing still leads to its years.
func TestYearsBeforeFrames(t *testing.T) {
	s := site(t, "static", map[string]string{
		"/nb/index.html": `<iframe src="/weather.html"></iframe><a href="2023.html">2023年</a>`,
		"/nb/2023.html":  li("/nb/a.html", annual("", 2023)), "/weather.html": "晴", "/nb/a.html": "报告甲"})
	a := open(t)
	if summary := run(t, options(s, a)); summary.Fetched != 1 || len(summary.Failures) > 0 {
		t.Errorf("summary = %+v, want one report", summary)
	}
}
