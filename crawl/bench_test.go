package crawl

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// benchPages are n made-up reports of 100 kB, each of other bytes, written as word
// processors write them: gzip makes a tenth of them, as of the real.
func benchPages(n int) []string {
	random := rand.New(rand.NewPCG(2023, 12))
	pages := make([]string, n)
	for i := range pages {
		var b strings.Builder
		fmt.Fprintf(&b, "<!DOCTYPE html><html><head><title>示例局%d2023年政府信息公开工作年度报告</title></head><body><table>", i)
		for b.Len() < 100_000 {
			fmt.Fprintf(&b, "<tr><td style=\"border:solid windowtext 1.0pt;padding:0cm 5.4pt\"><p class=\"MsoNormal\"><span style=\"font-family:宋体\">第%c%c项</span></p></td>",
				'一'+random.Int32N(20000), '一'+random.Int32N(20000))
			fmt.Fprintf(&b, "<td style=\"border-left:none;padding:0cm 5.4pt\"><p class=\"MsoNormal\"><span lang=\"EN-US\">%d</span></p></td></tr>\n", random.IntN(100000))
		}
		b.WriteString("</table></body></html>")
		pages[i] = b.String()
	}
	return pages
}

// benchProfile is the profile of the portal 示例市, which is asked without waiting.
const benchProfile = `id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: static
entry_points: [http://www.shili.gov.cn/nb/index.html]
politeness: {delay: 0s, max_requests_per_day: 100000000}
`

// benchVisit is a visit of a server whose documents are known to the archive.
func benchVisit(b *testing.B, a *archive.Archive, dial dial, addresses []archive.Address) *visit {
	b.Helper()
	portals, err := portal.Load(fstest.MapFS{"p.yaml": {Data: []byte(benchProfile)}})
	if err != nil {
		b.Fatal(err)
	}
	o := withDefaults(Options{Archive: a, DialContext: dial, UserAgent: UserAgent})
	c := &crawler{Options: o}
	if c.cycle, _, err = a.BeginCycle(b.Context(), time.Now()); err != nil {
		b.Fatal(err)
	}
	var links []archive.Link
	for _, addr := range addresses {
		links = append(links, archive.Link{URL: addr.URL, Portal: portals[0].ID, Kind: addr.Kind, Title: addr.Title})
	}
	if err := a.Discover(b.Context(), c.stamp(), links); err != nil {
		b.Fatal(err)
	}
	v := c.newVisit(b.Context(), portals[0], newConduct(o, portals[0].ID))
	b.Cleanup(v.fetcher.close)
	return v
}

// A meter measures the same step of many rounds.
type meter struct {
	took []time.Duration
	cpu  time.Duration // of the process, in all
}

func (m *meter) measure(f func()) {
	began, cpu := time.Now(), cpuTime()
	f()
	m.took = append(m.took, time.Since(began))
	m.cpu += cpuTime() - cpu
}

// median is in milliseconds: other processes of the machine disturb the mean.
func (m *meter) median() float64 {
	sorted := slices.Sorted(slices.Values(m.took))
	return float64(sorted[len(sorted)/2].Microseconds()) / 1000
}

// computed is the mean of the computing, in milliseconds.
func (m *meter) computed() float64 {
	return float64(m.cpu.Microseconds()) / 1000 / float64(len(m.took))
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFetch measures what our code adds to the transfer of a new page of 100 kB (made
// up). Each round asks the same server on this machine by plain net/http, and then by the
// crawler with all that it owes the host, without waiting for its turn. Times are medians:
//
//	plain-ms  by plain net/http
//	over-ms   what the crawler adds until WARC record, object and ledger stand; ratio is to plain
//	cpu-ms    the computing in that (a mean); the rest is waiting, for the disk above all
//	sync-ms   for comparison: to append 10 kB to a file and sync it, once
//	parts-ms  to look in the page for parts of the document, besides
func BenchmarkFetch(b *testing.B) {
	const distinct = 64
	pages := benchPages(distinct)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/nb/%d.html", &n); err != nil {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "%s<!-- %d -->", pages[n%distinct], n)
	}))
	defer server.Close()
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
	dir := b.TempDir()
	a, err := archive.Open(filepath.Join(dir, "archive"))
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	yardstick, err := os.Create(filepath.Join(dir, "yardstick"))
	if err != nil {
		b.Fatal(err)
	}
	defer yardstick.Close()
	addresses := make([]archive.Address, b.N)
	for n := range addresses {
		addresses[n] = archive.Address{URL: fmt.Sprintf("http://www.shili.gov.cn/nb/%d.html", n), Kind: archive.Document,
			Title: fmt.Sprintf("示例局%d2023年政府信息公开工作年度报告", n%distinct)}
	}
	v := benchVisit(b, a, dial, addresses)
	plain := &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: time.Minute}
	var alone, ours, parts, sync meter
	must := func(ok bool, err error) {
		if err != nil || !ok {
			b.Fatal(ok, err)
		}
	}
	b.ResetTimer()
	for _, addr := range addresses {
		alone.measure(func() {
			resp, err := plain.Get(addr.URL)
			must(true, err)
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			must(len(body) > 100_000, err)
		})
		var got result
		ours.measure(func() {
			got, _, err = v.ask(b.Context(), get(addr.URL), addr)
			must(got.outcome.state == "" && len(got.body) > 100_000, err)
			_, err = v.store(b.Context(), addr, got, 1)
			must(true, err)
		})
		parts.measure(func() {
			pg := page{base: got.address, body: got.body, contentType: got.header.Get("Content-Type")}
			must(true, v.recordParts(b.Context(), addr, pg))
		})
		sync.measure(func() {
			_, err := yardstick.Write(got.body[:10_000])
			must(true, err)
			must(true, yardstick.Sync())
		})
	}
	b.ReportMetric(alone.median(), "plain-ms")
	b.ReportMetric(ours.median()-alone.median(), "over-ms")
	b.ReportMetric(ours.median()/alone.median(), "ratio")
	b.ReportMetric(ours.computed()-alone.computed(), "cpu-ms")
	b.ReportMetric(sync.median(), "sync-ms")
	b.ReportMetric(parts.median(), "parts-ms")
}
