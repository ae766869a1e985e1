package archive_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// fill makes a ledger of n made-up documents of one portal in an open cycle 2; the first
// done of them have their outcome in it, the others had theirs in cycle 1.
func fill(t testing.TB, dir string, n, done int) {
	t.Helper()
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "ledger.sqlite")+"?_synchronous=OFF")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	const count = `WITH RECURSIVE c (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < ?1) `
	const url = `'http://www.shili.gov.cn/zwgk/zfxxgk/gknb/t' || i || '.html'`
	const sha = `printf('%064x', i)`
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{`BEGIN`, nil},
		{`INSERT INTO cycle (id, opened_at, closed_at) VALUES (1, '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z'), (2, '2026-01-02T00:00:00Z', NULL)`, nil},
		{`INSERT INTO portal VALUES ('shili', '示例市', '990000', '')`, nil},
		{`INSERT INTO address (url, portal, kind, title, found_on, state, reason, detail, http_status, sha256, checked_at, tries, cycle, code_version, warc, warc_offset) ` + count +
			`SELECT ` + url + `, 'shili', 'document', '示例局' || i || '2023年政府信息公开工作年度报告', 'http://www.shili.gov.cn/zwgk/', 'fetched', '', '', 200, ` + sha + `,
			'2026-01-01T00:00:00Z', 1, 1 + (i < ?2), '1', 'nianbao-20260101000000-00001.warc.gz', i * 2000 FROM c`, []any{n, done}},
		{`INSERT INTO version (url, sha256, final_url, http_status, content_type, etag, last_modified, fetched_at, warc, warc_offset) ` + count +
			`SELECT ` + url + `, ` + sha + `, ` + url + `, 200, 'text/html', '"' || i || '"', '', '2026-01-01T00:00:00Z', 'nianbao-20260101000000-00001.warc.gz', i * 2000 FROM c`, []any{n}},
		{`INSERT INTO payload (url, digest, warc, warc_offset, record, made_at, latest) ` + count +
			`SELECT ` + url + `, 'sha256:' || ` + sha + `, 'nianbao-20260101000000-00001.warc.gz', i * 2000, 'urn:uuid:' || i, '2026-01-01T00:00:00Z', 1 FROM c`, []any{n}},
		{`COMMIT`, nil},
	} {
		if _, err := db.Exec(q.sql, q.args...); err != nil {
			t.Fatalf("%s: %v", q.sql, err)
		}
	}
}

// heap is what the program holds, in MB.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// resume opens a ledger in the middle of a cycle and goes through its work; it returns
// how long it took to the first address, how many there were, and by how much the heap
// was larger in between, in MB.
func resume(t testing.TB, dir string) (first time.Duration, n int, grown float64) {
	t.Helper()
	before, began := heap(), time.Now()
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	cycle, resumed, err := a.BeginCycle(t.Context(), noon)
	if err != nil || !resumed {
		t.Fatalf("BeginCycle = %d, %v, %v", cycle, resumed, err)
	}
	for addr, err := range a.Work(t.Context(), cycle, "shili") {
		if err != nil || addr.ETag == "" {
			t.Fatalf("Work: %+v, %v", addr, err)
		}
		if n == 0 {
			first = time.Since(began)
		}
		if n%100_000 == 50_000 {
			grown = max(grown, heap()-before)
		}
		n++
	}
	return first, n, grown
}

// A resumed crawl of a large ledger begins at once and holds a page of it at a time.
func TestWorkIsReadInPages(t *testing.T) {
	const n, done = 100_000, 30_000
	dir := t.TempDir()
	fill(t, dir, n, done)
	first, got, grown := resume(t, dir)
	if got != n-done {
		t.Errorf("%d addresses, want %d", got, n-done)
	}
	if first > 10*time.Second || grown > 10 {
		t.Errorf("first address after %v, heap %.1f MB larger, want less than 10 s and 10 MB", first, grown)
	}
}

// go test ./crawl/archive -run '^$' -bench Million -benchtime 1x
func BenchmarkMillionAddresses(b *testing.B) {
	for range b.N {
		dir := b.TempDir()
		b.StopTimer()
		fill(b, dir, 1_000_000, 600_000)
		b.StartTimer()
		first, n, grown := resume(b, dir)
		b.ReportMetric(first.Seconds(), "s-to-first")
		b.ReportMetric(float64(n), "addresses")
		b.ReportMetric(grown, "MB-heap")
	}
}

// Every address is given once, also while outcomes are recorded.
func TestWorkWhileOutcomesAreRecorded(t *testing.T) {
	const n = 1700
	dir := t.TempDir()
	fill(t, dir, n, 0)
	a := open(t, dir)
	seen := map[string]bool{}
	for addr, err := range a.Work(t.Context(), 2, "shili") {
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("http://www.shili.gov.cn/zwgk/zfxxgk/gknb/t%d.html", len(seen)); addr.URL != want || seen[addr.URL] {
			t.Fatalf("address %s, want %s", addr.URL, want)
		}
		seen[addr.URL] = true
		if len(seen)%3 == 0 {
			continue // as one that is left for the next run
		}
		if err := a.Settle(t.Context(), archive.Stamp{Cycle: 2, At: noon}, archive.Outcome{URL: addr.URL, State: archive.Failed, Reason: "http_error"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != n {
		t.Errorf("%d addresses, want %d", len(seen), n)
	}
}
