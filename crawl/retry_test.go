package crawl_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// R16: 500 twice and then 200 is fetched; the pauses grow.
func TestServerErrorTwice(t *testing.T) {
	n := 0
	s := serve(t, nil, with("/nb/a.html", func(w http.ResponseWriter, r *http.Request) {
		if n++; n <= 2 {
			w.WriteHeader(500)
			return
		}
		pagesOf(two)(w, r)
	}, pagesOf(two)))
	a, k := open(t), &clock{at: noon}
	run(t, visiting(s, a, k, profile(t, "")))
	says(t, a, docA, archive.Fetched, "", "")
	if want := []time.Duration{4 * time.Second, 16 * time.Second}; !reflect.DeepEqual(k.waits, want) || s.asked("www.shili.gov.cn/nb/a.html") != 3 {
		t.Errorf("waited %v over %v, want %v", k.waits, s.requests(), want)
	}
}

// Retry-After is obeyed in both forms; one beyond a minute is for a later run.
func TestRetryAfter(t *testing.T) {
	for name, c := range map[string]struct {
		after    func(now time.Time) string
		waits    []time.Duration
		requests int
	}{
		"seconds":      {func(time.Time) string { return "40" }, []time.Duration{40 * time.Second}, 2},
		"a date":       {func(now time.Time) string { return now.Add(30 * time.Second).Format(http.TimeFormat) }, []time.Duration{30 * time.Second}, 2},
		"a date past":  {func(now time.Time) string { return now.Add(-time.Hour).Format(http.TimeFormat) }, []time.Duration{4 * time.Second}, 2},
		"negative":     {func(time.Time) string { return "-5" }, []time.Duration{4 * time.Second}, 2},
		"nonsense":     {func(time.Time) string { return "later" }, []time.Duration{4 * time.Second}, 2},
		"two hours":    {func(time.Time) string { return "7200" }, nil, 1},
		"a date far":   {func(now time.Time) string { return now.Add(3 * time.Hour).Format(http.TimeFormat) }, nil, 1},
		"beyond count": {func(time.Time) string { return "99999999999999" }, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			k, n := &clock{at: noon}, 0
			s := serve(t, nil, with("/nb/a.html", func(w http.ResponseWriter, r *http.Request) {
				if n++; n == 1 {
					w.Header().Set("Retry-After", c.after(k.at))
					w.WriteHeader(502)
					return
				}
				pagesOf(two)(w, r)
			}, pagesOf(two)))
			run(t, visiting(s, open(t), k, profile(t, "")))
			if got := s.asked("www.shili.gov.cn/nb/a.html"); !reflect.DeepEqual(k.waits, c.waits) || got != c.requests {
				t.Errorf("waited %v over %d requests, want %v over %d", k.waits, got, c.waits, c.requests)
			}
		})
	}
}

// The time of the next attempt is stored, and a run before it does not ask.
func TestNextAttempt(t *testing.T) {
	s := serve(t, nil, with("/nb/a.html", shell(502, "", "Retry-After", "7200"), pagesOf(two)))
	a, k := open(t), &clock{at: noon}
	o := visiting(s, a, k, profile(t, ""))
	nights := func(after time.Duration) int {
		k.at = noon.Add(after)
		s.clear()
		night(t, o)
		return s.asked("www.shili.gov.cn/nb/a.html")
	}
	for _, c := range []struct {
		after    time.Duration
		requests int
	}{{0, 1}, {time.Hour, 0}, {2*time.Hour - time.Second, 0}, {2 * time.Hour, 1}, {3 * time.Hour, 0}} {
		if got := nights(c.after); got != c.requests {
			t.Errorf("after %s asked %d times, want %d", c.after, got, c.requests)
		}
	}
	says(t, a, docA, archive.Failed, "http_error", "due at 2026-11-23T16:00:00Z")
}

// What fails run after run is asked ever later, but not later than 12 hours.
func TestBackOffOverRuns(t *testing.T) {
	s := serve(t, nil, with("/nb/a.html", shell(500, ""), pagesOf(two)))
	a, k := open(t), &clock{at: noon}
	o := visiting(s, a, k, profile(t, ""))
	for i, want := range []time.Duration{10, 20, 40, 80, 160, 320, 640, 720, 720} {
		night(t, o)
		at, err := a.NextAttempt(t.Context(), docA)
		if got := at.Due.Sub(k.at); err != nil || got != want*time.Minute || at.Fails != i+1 {
			t.Fatalf("after %d runs: %+v (in %s), %v, want in %d minutes", i+1, at, got, err, want)
		}
		k.at = at.Due
	}
	s.handle = pagesOf(two)
	night(t, o)
	if at, err := a.NextAttempt(t.Context(), docA); at != (archive.Attempt{}) || err != nil {
		t.Errorf("after success: %+v, %v, want nothing", at, err)
	}
}

// R16: nothing is stored that is not whole, and nothing is cut in silence.
func TestSizesAndBrokenAnswers(t *testing.T) {
	pdf := append([]byte("%PDF-1.4 made up\n"), bytes.Repeat([]byte{0, 1, 2, 3, 0xff, '\n'}, 2<<20)...) // 12 MB
	cut := func(send int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(pdf)))
			w.Write(pdf[:send])
		}
	}
	for name, c := range map[string]struct {
		answer                 http.HandlerFunc
		politeness             string
		requests               int
		state, reason, details string
	}{
		"12 MB":           {func(w http.ResponseWriter, _ *http.Request) { w.Write(pdf) }, "{delay: 0s}", 1, archive.Fetched, "", ""},
		"12 MB of 12 MB":  {func(w http.ResponseWriter, _ *http.Request) { w.Write(pdf) }, fmt.Sprintf("{delay: 0s, max_bytes: %d}", len(pdf)), 1, archive.Fetched, "", ""},
		"a byte too long": {func(w http.ResponseWriter, _ *http.Request) { w.Write(pdf) }, fmt.Sprintf("{delay: 0s, max_bytes: %d}", len(pdf)-1), 1, archive.Failed, "too_large", "more than"},
		"announced":       {cut(0), "{delay: 0s, max_bytes: 1000}", 1, archive.Failed, "too_large", "more than 1000"},
		"cut off":         {cut(len(pdf) / 2), "{delay: 0s}", 3, archive.Failed, "corrupt", "unexpected EOF"},
		"slow drip": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, ".")
				w.(http.Flusher).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}, "{delay: 0s, timeout: 150ms}", 3, archive.Failed, "corrupt", "cut off"},
		"silence": {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "{delay: 0s, timeout: 150ms}", 3, archive.Failed, "unreachable", ""},
		"reset": {func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.(*net.TCPConn).SetLinger(0)
				conn.Close()
			}
			// net/http asks once more by itself where a kept connection breaks before an answer
		}, "{delay: 0s}", 4, archive.Failed, "unreachable", "reset"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil, with("/nb/a.html", c.answer, pagesOf(two)))
			a := open(t)
			run(t, visiting(s, a, &clock{at: noon}, profile(t, "politeness: "+c.politeness)))
			says(t, a, docA, c.state, c.reason, c.details)
			if got := s.asked("www.shili.gov.cn/nb/a.html"); got != c.requests {
				t.Errorf("asked %d times, want %d", got, c.requests)
			}
			l := export(t, a).entry(t, docA)
			if want := fmt.Sprintf("%x", sha256.Sum256(pdf)); c.state == archive.Fetched && l.SHA256 != want || c.state != archive.Fetched && l.SHA256 != "" {
				t.Errorf("stored %q", l.SHA256)
			}
			says(t, a, docB, archive.Fetched, "", "")
		})
	}
}

// A host that is down is not tried for each of its documents.
func TestDeadHostIsLeft(t *testing.T) {
	rows, want := "", 0
	for i := range 9 {
		rows += fmt.Sprintf(`<li><a href="http://zwgk.shili.gov.cn/%d.html">示例市%d年政府信息公开工作年度报告</a><i>1</i></li>`, i, 2010+i)
	}
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "zwgk.shili.gov.cn" {
			want++
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
			return
		}
		pagesOf(map[string]string{"/nb/index.html": rows})(w, r)
	})
	a := open(t)
	run(t, visiting(s, a, &clock{at: noon}, profile(t, "")))
	says(t, a, "http://zwgk.shili.gov.cn/8.html", archive.Failed, "unreachable", "3 addresses in a row")
	if got := s.asked("zwgk.shili.gov.cn/robots.txt"); got != 9 || len(s.requests()) != got+2 {
		t.Errorf("%v, want three addresses three times", s.requests())
	}
}
