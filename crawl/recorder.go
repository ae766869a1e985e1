package crawl

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
	"github.com/nianbao/nianbao/crawl/portal"
)

// maxRobotsBytes is what RFC 9309 asks a crawler to read at least.
const maxRobotsBytes = 500 << 10

// maxTrusted bounds the memory that is set aside because a header says so, or kept for
// the next answer.
const maxTrusted = 1 << 20

// newTransport asks the hosts of a portal, guarded and recorded, by no proxy.
func newTransport(p portal.Portal, c *conduct) *wire {
	t := &http.Transport{
		ResponseHeaderTimeout:  p.Politeness.Timeout,
		IdleConnTimeout:        p.Politeness.Timeout,
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConnsPerHost:    1,
	}
	guarded(t, p, c.Options)
	return newWire(c, t)
}

// answer is what a server sent, byte for byte (content coding undone).
type answer struct {
	status   int
	header   http.Header
	body     []byte
	tooLarge int64         // the limit that the body exceeds; 0: it does not
	cut      error         // why the body ended early; nil: it is whole
	exchange archive.Place // in the WARC files
}

// recorder takes answers to pages off the wire and hands colly an empty body: there is
// nothing for it to transcode, cut or parse. Answers to robots.txt, which colly reads
// itself, pass through. It serves one request at a time.
type recorder struct {
	next     http.RoundTripper
	maxBytes int64
	last     *answer
}

// recorderKey marks, in the context of a request, that it asks for a page.
type recorderKey struct{}

func recorderOf(req *http.Request) (*recorder, bool) {
	r, ok := req.Context().Value(recorderKey{}).(*recorder)
	return r, ok
}

func (r *recorder) reset() { r.last = nil }

// answer returns the answer that came since reset, if one came.
func (r *recorder) answer() (answer, bool) {
	if r.last == nil {
		return answer{}, false
	}
	return *r.last, true
}

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if _, page := recorderOf(req); !page {
		return robots(resp), nil
	}
	a := r.receive(resp)
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	if kept, ok := resp.Body.(*keptBody); ok {
		a.exchange = kept.place
	}
	r.last = a
	return &http.Response{
		Status: resp.Status, StatusCode: resp.StatusCode, Proto: resp.Proto, ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
		Header: resp.Header, Body: http.NoBody, Uncompressed: true, Request: req,
	}, nil
}

func (r *recorder) receive(resp *http.Response) *answer {
	a := &answer{status: resp.StatusCode, header: resp.Header}
	if resp.ContentLength > r.maxBytes {
		a.tooLarge = r.maxBytes
		return a
	}
	var body bytes.Buffer
	body.Grow(int(max(0, min(resp.ContentLength, maxTrusted))) + bytes.MinRead)
	_, a.cut = body.ReadFrom(io.LimitReader(resp.Body, r.maxBytes+1))
	a.body = body.Bytes()
	if int64(len(a.body)) <= r.maxBytes && a.cut == nil {
		a.body, a.cut = warc.Decode(a.body, resp.Header, r.maxBytes+1)
	}
	if int64(len(a.body)) > r.maxBytes {
		a.body, a.tooLarge = nil, r.maxBytes
	}
	return a
}

// robots bounds robots.txt, and turns a page of markup that poses as one, as portals
// send for a missing file, into a missing file.
func robots(resp *http.Response) *http.Response {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRobotsBytes))
	if err == nil {
		body, err = warc.Decode(body, resp.Header, maxRobotsBytes)
	}
	if err != nil {
		body, resp.StatusCode = nil, http.StatusBadGateway // a file cut short forbids all
	}
	resp.Uncompressed = true
	resp.Header.Del("Content-Encoding")
	markup := bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) || strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html")
	if resp.StatusCode == http.StatusOK && markup {
		resp.StatusCode = http.StatusNotFound
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}
