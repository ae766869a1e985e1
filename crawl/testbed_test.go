package crawl_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// testbed is a small server for made-up hosts that misbehaves as its handler says. Its log
// is the judge of what was asked.
type testbed struct {
	plain, secure net.Listener
	handle        http.HandlerFunc
	networks      []string // that were dialled

	mu         sync.Mutex
	log        []string // host and path
	open, most int      // connections that the crawler has, and had at once
}

// counted is a connection of the crawler; it tells when it is closed.
type counted struct {
	net.Conn
	once   sync.Once
	closed func()
}

func (c *counted) Close() error {
	c.once.Do(c.closed)
	return c.Conn.Close()
}

// serve starts a testbed; config is for its port 443, nil: there is none.
func serve(t *testing.T, config *tls.Config, handle http.HandlerFunc) *testbed {
	t.Helper()
	s := &testbed{handle: handle}
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	server := &http.Server{Handler: s, ErrorLog: log.New(io.Discard, "", 0)}
	s.plain = listen()
	go server.Serve(s.plain)
	if config != nil {
		s.secure = listen()
		go server.Serve(tls.NewListener(s.secure, config))
	}
	t.Cleanup(func() { server.Close() })
	return s
}

func (s *testbed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.log = append(s.log, r.Host+r.URL.Path)
	s.mu.Unlock()
	s.handle(w, r)
}

func (s *testbed) dial(ctx context.Context, network, address string) (net.Conn, error) {
	s.mu.Lock()
	s.networks = append(s.networks, network)
	s.mu.Unlock()
	l := s.plain
	if strings.HasSuffix(address, ":443") {
		l = s.secure
	}
	if l == nil {
		return nil, fmt.Errorf("nothing listens at %s", address)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.Addr().String())
	if err != nil {
		return nil, err
	}
	s.count(1)
	return &counted{Conn: conn, closed: func() { s.count(-1) }}, nil
}

func (s *testbed) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += n
	s.most = max(s.most, s.open)
}

// asked is how often an address was asked for since the log was cleared.
func (s *testbed) asked(address string) (n int) {
	for _, l := range s.requests() {
		if l == address {
			n++
		}
	}
	return n
}

func (s *testbed) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

func (s *testbed) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

// clock is a clock that only sleeping moves.
type clock struct {
	at    time.Time
	waits []time.Duration
}

func (c *clock) now() time.Time { return c.at }

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.waits, c.at = append(c.waits, d), c.at.Add(d)
	return ctx.Err()
}

// noon is 20:00 in China.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// profile loads the profile of the made-up portal 示例市 with more lines.
func profile(t *testing.T, lines string) portal.Portal {
	t.Helper()
	return familyProfile(t, "static", lines)
}

func familyProfile(t *testing.T, family, lines string) portal.Portal {
	t.Helper()
	text := "id: cn-990000-shili\nname: 示例市人民政府\nregion_code: \"990000\"\nfamily: " + family + "\n"
	for key, fallback := range map[string]string{
		"hosts:": "{allow: [www.shili.gov.cn, zwgk.shili.gov.cn]}", "entry_points:": "[http://www.shili.gov.cn/nb/index.html]", "politeness:": "{delay: 0s}",
	} {
		if !strings.Contains(lines, key) {
			text += key + " " + fallback + "\n"
		}
	}
	portals, err := portal.Load(fstest.MapFS{"shili.yaml": {Data: []byte(text + lines + "\n")}})
	if err != nil {
		t.Fatal(err)
	}
	return portals[0]
}

// visiting crawls profiles on a testbed.
func visiting(s *testbed, a *archive.Archive, c *clock, portals ...portal.Portal) crawl.Options {
	return crawl.Options{Archive: a, Portals: portals, DialContext: s.dial, Clock: c.now, Sleep: c.sleep}
}

// night is one whole run with its cycle.
func night(t *testing.T, o crawl.Options) crawl.Summary {
	t.Helper()
	summary := run(t, o)
	if err := o.Archive.EndCycle(t.Context(), o.Clock()); err != nil {
		t.Fatal(err)
	}
	return summary
}

// pagesOf answers with the texts, a path without one with 404.
func pagesOf(texts map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, ok := texts[r.Host+r.URL.Path]
		if !ok {
			text, ok = texts[r.URL.Path]
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasSuffix(r.URL.Path, ".txt") {
			w.Header().Set("Content-Type", "text/plain")
		}
		io.WriteString(w, text)
	}
}

// with answers one path by a handler of its own.
func with(path string, own http.HandlerFunc, others http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			own(w, r)
			return
		}
		others(w, r)
	}
}

// two is a list of two documents and these.
var two = map[string]string{"/nb/index.html": row + row2, "/nb/a.html": "报告甲", "/nb/b.html": "报告乙"}

// and adds texts to those of a map.
func and(texts map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for k, v := range texts {
		out[k] = v
	}
	for i := 0; i+1 < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

// says fails unless the ledger gives the address the state and reason and its detail the
// words.
func says(t *testing.T, a *archive.Archive, address, state, reason, words string) {
	t.Helper()
	if l := export(t, a).entry(t, address); l.State != state || l.Reason != reason || !strings.Contains(l.Detail, words) {
		t.Errorf("%+v, want %s %s with %q", l, state, reason, words)
	}
}

func pool(certificates ...*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certificates {
		p.AddCert(c)
	}
	return p
}
