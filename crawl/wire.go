package crawl

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// wire asks hosts and keeps every exchange, byte for byte, in the archive's WARC files.
// An exchange is kept when the body of its answer is closed, with as much of it as was
// read. Bodies come with their content coding.
type wire struct {
	*http.Transport
	archive *archive.Archive
	series  string // of WARC files
	clock   func() time.Time
	replay  *Replay // nil: the network answers
}

// newWire makes a wire of a transport that is not used otherwise and dials by its
// DialContext and DialTLSContext.
func newWire(c *conduct, t *http.Transport) *wire {
	t.DialContext, t.DialTLSContext = tapped(t.DialContext), tapped(t.DialTLSContext)
	return &wire{Transport: t, archive: c.Archive, series: c.series, clock: c.Clock, replay: c.Replay}
}

type dial func(ctx context.Context, network, address string) (net.Conn, error)

// tapped lets the connections that dial makes be recorded.
func tapped(dial dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &tap{Conn: conn}, nil
	}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := w.archive.Broken(); err != nil {
		return nil, err // nobody is asked in vain
	}
	req = req.Clone(req.Context())
	if req.Header.Get("Accept-Encoding") == "" {
		// As the transport asks by itself; but then it would undo the coding.
		req.Header.Set("Accept-Encoding", "gzip")
	}
	if w.replay != nil {
		return w.replayed(req)
	}
	at := w.clock()
	var t *tap
	var err error
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			t, _ = info.Conn.(*tap)
			t.start()
		},
		Got1xxResponse: func(int, textproto.MIMEHeader) error { t.interim(); return nil },
	})
	resp, err := w.Transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	if secure, ok := t.Conn.(*tls.Conn); ok {
		state := secure.ConnectionState()
		resp.TLS = &state
	}
	x := archive.Exchange{URL: req.URL.String(), At: at}
	x.IP, _, _ = net.SplitHostPort(t.RemoteAddr().String())
	return w.keep(req, resp, func() archive.Exchange {
		x.Request, x.Response = t.stop()
		return x
	}), nil
}

func (w *wire) replayed(req *http.Request) (*http.Response, error) {
	x, resp, err := w.replay.answer(req)
	if err != nil {
		return nil, err
	}
	return w.keep(req, resp, func() archive.Exchange { return x }), nil
}

// keep makes the body of an answer one that keeps the exchange when it is closed.
func (w *wire) keep(req *http.Request, resp *http.Response, exchange func() archive.Exchange) *http.Response {
	b := &keptBody{body: resp.Body, whole: resp.Body == http.NoBody}
	b.keep = func(truncated string) error {
		x := exchange()
		x.Truncated = truncated
		var err error
		// also what ended because the request was given up
		b.place, err = w.archive.PutExchange(context.WithoutCancel(req.Context()), w.series, resp.StatusCode, x)
		return err
	}
	resp.Body = b
	return resp
}

// keptBody is the body of an answer.
type keptBody struct {
	body  io.ReadCloser
	whole bool  // it was read to its end
	cut   error // why it ended early
	keep  func(truncated string) error
	once  sync.Once
	place archive.Place // after Close
}

func (b *keptBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		b.whole = true
	case err != nil:
		b.cut = err
	}
	return n, err
}

// Close keeps the exchange; an error says that it could not.
func (b *keptBody) Close() (err error) {
	b.once.Do(func() {
		truncated := "" // as WARC-Truncated says it
		if b.cut != nil {
			truncated = "disconnect"
		} else if !b.whole {
			truncated = "length"
		}
		err = b.keep(truncated)
		b.body.Close()
	})
	return err
}

// tap is a connection that remembers what went over it since start.
type tap struct {
	net.Conn
	mu             sync.Mutex
	on             bool
	sent, received bytes.Buffer
}

func (t *tap) start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.on = true
	t.sent.Reset()
	if t.received.Reset(); t.received.Cap() > maxTrusted {
		t.received = bytes.Buffer{}
	}
}

// stop ends remembering and returns what was; it is good until the next start.
func (t *tap) stop() (sent, received []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.on = false
	return t.sent.Bytes(), t.received.Bytes()
}

// interim forgets an answer of the kind that the real one follows.
func (t *tap) interim() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if end := bytes.Index(t.received.Bytes(), []byte("\r\n\r\n")); end >= 0 {
		t.received.Next(end + 4)
	}
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on {
		t.received.Write(p[:n])
	}
	return n, err
}

func (t *tap) Write(p []byte) (int, error) {
	t.mu.Lock()
	if t.on {
		t.sent.Write(p)
	}
	t.mu.Unlock()
	return t.Conn.Write(p)
}
