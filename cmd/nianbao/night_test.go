package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/replica"
)

// large is a replica of the made-up portal 示例市 with n reports, 500 a list.
func large(t testing.TB, n int) *replica.Server {
	t.Helper()
	files := fstest.MapFS{
		"portals/shili.yaml": {Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: trs_wcm
entry_points: [http://www.shili.gov.cn/nb/index.html]
pagination: {max_pages: 100}
politeness: {delay: 0s, max_requests_per_day: 1000000}
provenance: made-up portal of a test; nothing in it is real
`)},
		"sites/shili.yaml": {Data: fmt.Appendf(nil, `host: www.shili.gov.cn
authority: 示例市
reports: %d
of: 1000
path: "/nb/{{.Published}}01/t{{.Published}}0120_{{.ID}}.html"
routes:
  - path: /nb/(?:index(?:_(?P<n>\d+))?\.html)?
    page: path.n
    rows: 500
    body: |
      <html><body><ul>
      {{range .Rows}}<li><a href=".{{from 3 .Path}}" title="{{.Title}}">{{.Title}}</a><span>{{.Date}}</span></li>
      {{end}}</ul>
      <script>createPageHTML({{.Pages}}, {{add .Page -1}}, "index", "html");</script>
      </body></html>
`, n)},
	}
	for _, name := range []string{"sites/report.html", "sites/tables.html"} {
		text, err := os.ReadFile("../../crawl/replica/replicas/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	s, err := replica.StartFS(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// nightly runs all stages and returns what they say.
func nightly(t testing.TB, dir out, s *replica.Server) (took time.Duration, said string) {
	t.Helper()
	began := time.Now()
	said, err := night(t, dir, s)
	if err != nil {
		t.Fatal(err)
	}
	return time.Since(began), said
}

// night runs all stages, as nianbao run does.
func night(t testing.TB, dir out, s *replica.Server) (said string, err error) {
	t.Helper()
	a, err := archive.Open(dir.archive())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	e := &edition{clock: s.Now, options: crawl.Options{
		Portals: s.Portals(), DialContext: s.DialContext, RootCAs: s.RootCAs(), Clock: s.Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}}
	var stdout bytes.Buffer
	session := &session{out: dir, archive: a, book: book, stderr: io.Discard}
	if testing.Verbose() {
		session.stderr = os.Stderr
	}
	err = session.runAll(t.Context(), e, "large", buildOptions{}, &stdout)
	return stdout.String(), err
}

// Where nothing has changed since yesterday, every request but that for robots.txt asks only
// for changes, no document is extracted, nothing is written anew, and the summary says so.
func TestNightWithoutNews(t *testing.T) {
	const n = 60
	s, dir := large(t, n), out(t.TempDir())
	if _, said := nightly(t, dir, s); !strings.Contains(said, "62 requests, 0 of them") || strings.Contains(said, "nothing new") {
		t.Errorf("the first night says:\n%s", said)
	}
	asked, before := len(s.Requests()), published(t, string(dir))
	_, said := nightly(t, dir, s)
	for _, want := range []string{"nothing new since the run before, and nothing extracted", "62 requests, 61 of them only whether", "0 new, 60 unchanged, 0 failed", "extracted   0 new, 60 as before"} {
		if !strings.Contains(said, want) {
			t.Errorf("the second night does not say %q:\n%s", want, said)
		}
	}
	for _, r := range s.Requests()[asked:] {
		if r.Path != "/robots.txt" && (!r.Conditional || r.Status != http.StatusNotModified) {
			t.Errorf("%+v, want a conditional request and 304", r)
		}
	}
	if after := published(t, string(dir)); !reflect.DeepEqual(after, before) {
		t.Error("the second night changed the warehouse or the site")
	}
}

// After a rollback the nights go on crawling, but publish nothing before someone accepts.
func TestNightsAfterARollback(t *testing.T) {
	dir := out(t.TempDir())
	nightly(t, dir, large(t, 20))
	first := published(t, string(dir))
	nightly(t, dir, large(t, 21))
	if code, _, talk := nianbao(t, "build", "--rollback", "--out", string(dir)); code != 0 || !strings.Contains(talk, "20 documents") {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	if code, _, talk := nianbao(t, "site", "--out", string(dir)); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	said, err := night(t, dir, large(t, 22))
	var coded *codedError
	if !errors.As(err, &coded) || coded.code != exitRefused || !strings.Contains(err.Error(), "nianbao build --accept") {
		t.Errorf("the night after the rollback: %v", err)
	}
	if !strings.Contains(said, "1 new, 21 unchanged") {
		t.Errorf("it says\n%s", said)
	}
	now := published(t, string(dir))
	for name, hash := range first {
		if now[name] != hash {
			t.Errorf("%s is not that of the first night", name)
		}
	}
	code, table, _ := nianbao(t, "build", "--list", "--out", string(dir))
	for _, want := range []string{"held", "serves"} {
		if code != 0 || !strings.Contains(table, want) {
			t.Errorf("--list gives %d and no %q:\n%s", code, want, table)
		}
	}
	if code, _, talk := nianbao(t, "build", "--accept", "--out", string(dir)); code != 0 || !strings.Contains(talk, "22 documents") {
		t.Errorf("exit code %d\n%s", code, talk)
	}
	if code, _, _ := nianbao(t, "build", "000001", "--out", string(dir)); code != exitUsage {
		t.Errorf("a build without what to do with it: exit code %d", code)
	}
	nightly(t, dir, large(t, 22))
}

// go test ./cmd/nianbao -run '^$' -bench Night -benchtime 1x
func BenchmarkNightOfTenThousand(b *testing.B) {
	for range b.N {
		s, dir := large(b, 10_000), out(b.TempDir())
		first, _ := nightly(b, dir, s)
		second, said := nightly(b, dir, s)
		b.ReportMetric(first.Seconds(), "s-first-night")
		b.ReportMetric(second.Seconds(), "s-second-night")
		b.Log(said)
	}
}
