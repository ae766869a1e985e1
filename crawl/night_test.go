package crawl_test

import (
	"context"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/replica"
)

// nights crawls n generated documents twice, and checks that the second night asks only
// whether they have changed. It returns how long each night took.
func nights(t testing.TB, n int) (took [2]time.Duration) {
	t.Helper()
	ctx := context.Background()
	s, err := replica.StartFS(ctx, generated(n))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a, err := archive.Open(filepath.Join(t.TempDir(), "archive"))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	asked := 0
	for night := range took {
		began := time.Now()
		asked = len(s.Requests())
		summary, err := crawl.Run(ctx, options(s, a))
		if err != nil {
			t.Fatal(err)
		}
		took[night] = time.Since(began)
		fetched, unchanged := n, 0
		if night == 1 {
			fetched, unchanged = 0, n
		}
		if summary.Found != n || summary.Fetched != fetched || summary.Unchanged != unchanged || summary.Failed != 0 {
			t.Errorf("night %d: %+v, want %d fetched, %d unchanged", night, summary, fetched, unchanged)
		}
		if err := a.EndCycle(ctx, s.Now()); err != nil {
			t.Fatal(err)
		}
	}
	lists := (n + 999) / 1000
	second := s.Requests()[asked:]
	if got := len(pages(second)); got != n+lists {
		t.Errorf("%d pages asked for in the second night, want %d", got, n+lists)
	}
	for _, r := range second {
		if r.Path != "/robots.txt" && (!r.Conditional || r.Status != 304) {
			t.Errorf("%s was asked for unconditionally, or sent again: %+v", r.Path, r)
		}
	}
	return took
}

// Where nothing has changed since yesterday, a night is conditional requests alone.
func TestNightWithoutNews(t *testing.T) { nights(t, 300) }

// go test ./crawl -run '^$' -bench Night -benchtime 1x
func BenchmarkNightOfTenThousand(b *testing.B) {
	const n = 10_000
	for range b.N {
		took := nights(b, n)
		b.ReportMetric(took[0].Seconds(), "s-first-night")
		b.ReportMetric(took[1].Seconds(), "s-second-night")
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
	}
}
