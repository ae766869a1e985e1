package crawl

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"context"
	"net"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// BenchmarkFetch measures what our code adds to a page of 100 kB (made up): each round
// asks the same server on this machine by plain net/http, and by the fetcher with all
// that it owes the host, without waiting. over-ms/page is the difference, ratio the
// quotient; kept-ms/page adds what recording costs in the archive, which syncs to disk.
func BenchmarkFetch(b *testing.B) {
	page := "<!DOCTYPE html><html><body>" + strings.Repeat(`<p>示例市2023年政府信息公开工作年度报告</p><a href="/x">链接</a>`, 1000) + "</body></html>"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			io.WriteString(w, "User-agent: *\nDisallow: /login/\n")
			return
		}
		io.WriteString(w, page)
	}))
	defer server.Close()
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	a, err := archive.Open(filepath.Join(b.TempDir(), "archive"))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	portals, err := portal.Load(fstest.MapFS{"p.yaml": {Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: static
entry_points: [http://www.shili.gov.cn/nb/index.html]
politeness: {delay: 0s, max_requests_per_day: 100000000}
`)}})
	if err != nil {
		b.Fatal(err)
	}
	o := withDefaults(Options{Archive: a, DialContext: dial, UserAgent: UserAgent})
	cycle, _, err := a.BeginCycle(b.Context(), time.Now())
	if err != nil {
		b.Fatal(err)
	}
	c := &crawler{Options: o, cycle: cycle}
	v := c.newVisit(b.Context(), portals[0], newConduct(o, portals[0].ID))
	defer v.fetcher.close()
	addr := archive.Address{URL: "http://www.shili.gov.cn/nb/a.html", Kind: archive.Document, Title: "示例市2023年政府信息公开工作年度报告"}
	link := archive.Link{URL: addr.URL, Portal: "cn-990000-shili", Kind: addr.Kind, Title: addr.Title}
	if err := a.Discover(b.Context(), c.stamp(), []archive.Link{link}); err != nil {
		b.Fatal(err)
	}
	plain := &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: time.Minute}
	address, _ := url.Parse(addr.URL)
	var alone, ours, kept time.Duration
	for b.Loop() {
		began := time.Now()
		resp, err := plain.Do(&http.Request{Method: http.MethodGet, URL: address, Header: http.Header{}})
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || len(body) != len(page) {
			b.Fatal(len(body), err)
		}
		alone += time.Since(began)
		began = time.Now()
		got, _, err := v.ask(b.Context(), get(addr.URL), addr)
		if err != nil || got.outcome.state != "" || len(got.body) != len(page) {
			b.Fatal(got.outcome, err)
		}
		ours += time.Since(began)
		if _, err := v.store(b.Context(), addr, got, 1); err != nil {
			b.Fatal(err)
		}
		kept += time.Since(began)
	}
	per := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(per(alone), "plain-ms/page")
	b.ReportMetric(per(ours-alone), "over-ms/page")
	b.ReportMetric(per(ours)/per(alone), "ratio")
	b.ReportMetric(per(kept-alone), "kept-ms/page")
}
