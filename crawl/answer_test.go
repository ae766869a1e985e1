package crawl_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
	"github.com/nianbao/nianbao/crawl/replica"
)

// made builds a replica of one made-up portal, 示例市, from files.
func made(t *testing.T, files map[string]string) (*replica.Server, fstest.MapFS) {
	t.Helper()
	fsys := fstest.MapFS{"portals/shili.yaml": {Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: static
entry_points: [http://www.shili.gov.cn/nb/index.html]
politeness: {delay: 0s, max_bytes: 100000}
`)}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s, err := replica.StartFS(t.Context(), fsys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, fsys
}

const (
	shili = "http://www.shili.gov.cn"
	row   = `<li><a href="/nb/a.html">示例市2023年政府信息公开工作年度报告</a><span>2024-01-20</span></li>`
	row2  = `<li><a href="/nb/b.html">示例市2022年政府信息公开工作年度报告</a><span>2023-01-20</span></li>`
)

// An answer that deviates leaves the reason in the ledger; the others go on.
func TestDeviantAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		behaviour, state, reason string
		requests                 int
	}{
		"server error":    {"{status: 500}", archive.Failed, "http_error", 3},
		"passing error":   {"{status: 503, times: 2}", archive.Fetched, "", 3},
		"not found":       {"{status: 404}", archive.Failed, "http_error", 1},
		"gone":            {"{status: 410}", archive.Failed, "http_error", 1},
		"cut off":         {"{truncate: true}", archive.Failed, "corrupt", 3},
		"empty":           {"{status: 200}", archive.Failed, "empty", 1},
		"off-site move":   {"{status: 302, header: {Location: 'http://www.elsewhere.gov.cn/'}}", archive.Rejected, "off_site", 1},
		"move within":     {"{status: 301, header: {Location: /nb/moved.html}}", archive.Fetched, "", 1},
		"move for ever":   {"{status: 302, header: {Location: /nb/a.html}}", archive.Failed, "http_error", 6},
		"move disallowed": {"{status: 302, header: {Location: /login/a.html}}", archive.Rejected, "robots_disallowed", 1},
		"odd charset":     {"{content_type: 'text/html; charset=klingon'}", archive.Fetched, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := strings.Replace(c.behaviour, "{", "- {host: www.shili.gov.cn, path: /nb/a.html, ", 1)
			s, _ := made(t, map[string]string{
				"behaviour.yaml":                 b,
				"www.shili.gov.cn/robots.txt":    "User-agent: nianbao\nDisallow: /login/\n",
				"www.shili.gov.cn/nb/index.html": row + row2, "www.shili.gov.cn/nb/a.html": "报告甲", "www.shili.gov.cn/nb/b.html": "报告乙",
				"www.shili.gov.cn/nb/moved.html": "报告甲", "www.shili.gov.cn/login/a.html": "登录",
			})
			a := open(t)
			run(t, options(s, a))
			e := export(t, a)
			if l := e.entry(t, shili+"/nb/a.html"); l.State != c.state || l.Reason != c.reason {
				t.Errorf("%+v, want %s %s", l, c.state, c.reason)
			}
			if l := e.entry(t, shili+"/nb/b.html"); l.State != archive.Fetched {
				t.Errorf("the other document was not fetched: %+v", l)
			}
			if n := strings.Count(strings.Join(pages(s.Requests()), " "), "/nb/a.html"); n != c.requests {
				t.Errorf("asked %d times, want %d", n, c.requests)
			}
		})
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": strings.Repeat("x", 100_001)})
	a := open(t)
	run(t, options(s, a))
	if l := export(t, a).entry(t, shili+"/nb/a.html"); l.State != archive.Failed || l.Reason != "too_large" {
		t.Errorf("%+v, want failed because of too_large", l)
	}
}

func TestChallengeStopsTheHost(t *testing.T) {
	for name, b := range map[string]string{
		"status 412": "status: 412",
		"status 521": "status: 521",
		"cookie":     `status: 200, body: '<script>document.cookie="C3VK=abc; path=/";location.reload()</script>'`,
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := made(t, map[string]string{
				"behaviour.yaml":                 "- {host: www.shili.gov.cn, path: /nb/a.html, " + b + "}",
				"www.shili.gov.cn/nb/index.html": row + row2, "www.shili.gov.cn/nb/a.html": "报告甲", "www.shili.gov.cn/nb/b.html": "报告乙",
			})
			a := open(t)
			run(t, options(s, a))
			if got := pages(s.Requests()); len(got) != 2 {
				t.Errorf("asked for %v, want the list and one document", got)
			}
			for _, path := range []string{"/nb/a.html", "/nb/b.html"} {
				if l := export(t, a).entry(t, shili+path); l.State != archive.Failed || l.Reason != "challenge_page" {
					t.Errorf("%+v, want failed because of challenge_page", l)
				}
			}
		})
	}
}

func TestRobotsForbidsTheList(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/robots.txt": "User-agent: *\nDisallow: /\n", "www.shili.gov.cn/nb/index.html": row})
	a := open(t)
	run(t, options(s, a))
	if got := pages(s.Requests()); len(got) != 0 {
		t.Errorf("asked for %v", got)
	}
	if l := export(t, a).entry(t, shili+"/nb/index.html"); l.State != archive.Rejected || l.Reason != "robots_disallowed" {
		t.Errorf("%+v, want rejected because of robots_disallowed", l)
	}
}

// What robots.txt forbade is judged again in the next cycle, not in a resumed one.
func TestForbiddenDocumentIsJudgedAgainNextCycle(t *testing.T) {
	s, files := made(t, map[string]string{
		"www.shili.gov.cn/robots.txt":    "User-agent: *\nDisallow: /nb/a\n",
		"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲",
	})
	a := open(t)
	run(t, options(s, a))
	delete(files, "www.shili.gov.cn/robots.txt")
	run(t, options(s, a))
	if l := export(t, a).entry(t, shili+"/nb/a.html"); l.State != archive.Rejected || l.Reason != "robots_disallowed" {
		t.Errorf("resumed: %+v, want rejected because of robots_disallowed", l)
	}
	a.EndCycle(t.Context(), s.Now())
	run(t, options(s, a))
	if l := export(t, a).entry(t, shili+"/nb/a.html"); l.State != archive.Fetched {
		t.Errorf("next cycle: %+v, want fetched", l)
	}
}

// A list that fails in a cycle is not read from what an earlier cycle left of it.
func TestFailedListIsNotReadFromTheArchive(t *testing.T) {
	s, files := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a := open(t)
	run(t, options(s, a))
	a.EndCycle(t.Context(), s.Now())
	delete(files, "www.shili.gov.cn/nb/index.html")
	for _, want := range []bool{false, true} {
		summary := run(t, options(s, a))
		if summary.Found != 0 || summary.Resumed != want || len(summary.Failures) != 1 {
			t.Errorf("summary = %+v, want no rows and the failed list", summary)
		}
	}
}

func TestListWithoutRowsIsReported(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": "<p>系统维护</p>"})
	a := open(t)
	summary := run(t, options(s, a))
	if len(summary.Failures) != 1 || summary.Failures[0].Reason != "soft_404" || summary.Failures[0].Address != shili+"/nb/index.html" {
		t.Errorf("failures = %+v, want the list as soft_404", summary.Failures)
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	s, _ := made(t, map[string]string{
		"behaviour.yaml":                 "- {host: www.shili.gov.cn, path: /nb/a.html, status: 429, times: 2, header: {Retry-After: '40'}}",
		"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲",
	})
	a := open(t)
	o := options(s, a)
	var waits []time.Duration
	o.Sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	run(t, o)
	if want := []time.Duration{40 * time.Second, 40 * time.Second}; !reflect.DeepEqual(waits, want) {
		t.Errorf("waited %v, want %v", waits, want)
	}
}

func TestMarkupIsNoRobotsFile(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/robots.txt": "<html>\nUser-agent: *\nDisallow: /\n", "www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a := open(t)
	if summary := run(t, options(s, a)); summary.Fetched != 1 {
		t.Errorf("summary = %+v, want one document", summary)
	}
}

func TestUnreachablePortalDoesNotStopTheOthers(t *testing.T) {
	s, a := sample(t), open(t)
	gone, _ := made(t, nil) // its host is not one of the sample's
	o := options(s, a)
	o.Portals = append(gone.Portals(), o.Portals...)
	summary := run(t, o)
	if summary.Fetched != 9 || len(summary.Failures) != 1 {
		t.Errorf("summary = %+v, want nine documents and one failure", summary)
	}
	if l := export(t, a).entry(t, shili+"/nb/index.html"); l.Reason != "unreachable" || l.Detail == "" || l.HTTPStatus != nil {
		t.Errorf("%+v, want unreachable with the error in words", l)
	}
}

func TestChangedBytesAreANewVersion(t *testing.T) {
	s, files := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a, o := open(t), crawl.Options{}
	o = options(s, a)
	run(t, o)
	a.EndCycle(t.Context(), s.Now())
	files["www.shili.gov.cn/nb/a.html"] = &fstest.MapFile{Data: []byte("报告甲（更正）")}
	o.Clock = func() time.Time { return s.Now().Add(time.Hour) }
	if summary := run(t, o); summary.Fetched != 1 {
		t.Errorf("summary = %+v, want one changed document", summary)
	}
	e := export(t, a)
	if len(e.Locations) != 2 || len(e.Documents) != 2 {
		t.Fatalf("%d locations, %d documents, want both versions", len(e.Locations), len(e.Documents))
	}
	for i, want := range []string{"报告甲", "报告甲（更正）"} {
		body, err := a.Object(e.Locations[i].SHA256)
		if err != nil || string(body) != want {
			t.Errorf("version %d is %q, %v, want %q", i, body, err, want)
		}
	}
}

// A document that is gone later, or forbidden, keeps what was stored, and comes back.
func TestLaterFailureKeepsTheBytes(t *testing.T) {
	s, files := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	a := open(t)
	run(t, options(s, a))
	before := export(t, a)
	cycles := func() {
		a.EndCycle(t.Context(), s.Now())
		run(t, options(s, a))
	}
	page := files["www.shili.gov.cn/nb/a.html"]
	delete(files, "www.shili.gov.cn/nb/a.html")
	cycles()
	if l := export(t, a).entry(t, shili+"/nb/a.html"); l.State != archive.Failed || l.SHA256 != before.Documents[0] || l.FetchedAt == "" {
		t.Errorf("%+v, want failed with the bytes of the first cycle", l)
	}
	files["www.shili.gov.cn/nb/a.html"] = page
	files["www.shili.gov.cn/robots.txt"] = &fstest.MapFile{Data: []byte("User-agent: *\nDisallow: /nb/a\n")}
	cycles()
	if l := export(t, a).entry(t, shili+"/nb/a.html"); l.State != archive.Rejected || l.SHA256 != before.Documents[0] {
		t.Errorf("%+v, want rejected with the bytes of the first cycle", l)
	}
	delete(files, "www.shili.gov.cn/robots.txt")
	cycles()
	if after := export(t, a); !reflect.DeepEqual(after, before) {
		t.Errorf("after recovery the export is %+v, want %+v", after, before)
	}
}

func TestDamagedObjectIsFetchedAgain(t *testing.T) {
	s, _ := made(t, map[string]string{"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲"})
	dir := t.TempDir()
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	run(t, options(s, a))
	files, _ := warc.Files(a.WARC())
	for _, file := range files {
		os.Remove(file) // else the object would be restored
	}
	sha := export(t, a).Documents[0]
	path := filepath.Join(dir, "objects", sha[:2], sha)
	os.Chmod(path, 0o644)
	if err := os.WriteFile(path, []byte("损坏"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Object(sha); !errors.Is(err, archive.ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("Object = %v, want ErrDamaged that names %s", err, path)
	}
	a.EndCycle(t.Context(), s.Now())
	run(t, options(s, a))
	if body, err := a.Object(sha); err != nil || string(body) != "报告甲" {
		t.Errorf("after the next crawl Object = %q, %v", body, err)
	}
}
