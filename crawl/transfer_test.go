package crawl_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
	"github.com/nianbao/nianbao/crawl/portal"
)

// served crawls the made-up portal 示例市 from a server of the test's own, in a clock
// that the caller can turn.
func served(t *testing.T, handler http.Handler) crawl.Options {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	portals, err := portal.Load(fstest.MapFS{"shili.yaml": {Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: static
entry_points: [http://www.shili.gov.cn/nb/index.html]
politeness: {delay: 0s, max_bytes: 100000}
`)}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	return crawl.Options{
		Archive: open(t), Portals: portals,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		},
		Clock: func() time.Time { return now },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

// handledBy answers with the list at /nb/index.html, nothing at /robots.txt, and document
// everywhere else.
func handledBy(list string, document http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", http.NotFound)
	mux.HandleFunc("/nb/index.html", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, list)
	})
	mux.HandleFunc("/", document)
	return mux
}

func gbk(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// R15: whatever a server says or does not say of the encoding, the bytes stay as they
// are. The texts are made up.
func TestBytesStayWhateverTheHeaderSays(t *testing.T) {
	text := "<html><body>示例市政府信息公开工作年度报告，编造的内容</body></html>"
	binary := make([]byte, 4096) // every byte value, as in a PDF's streams
	for i := range binary {
		binary[i] = byte(i * 7)
	}
	documents := map[string]struct {
		header map[string]string
		body   string
	}{
		"gbk-without-header.html": {map[string]string{"Content-Type": "text/html"}, gbk(t, text+"gbk-without-header")},
		"gbk-as-latin1.html":      {map[string]string{"Content-Type": "text/html; charset=iso-8859-1"}, gbk(t, text+"gbk-as-latin1")},
		"gbk-as-utf8.html":        {map[string]string{"Content-Type": "text/html; charset=utf-8"}, gbk(t, text+"gbk-as-utf8")},
		"bom.html":                {map[string]string{"Content-Type": "text/html; charset=gbk"}, "\ufeff" + text},
		"disposition.doc":         {map[string]string{"Content-Type": "application/msword", "Content-Disposition": `attachment; filename="` + gbk(t, "年度报告.doc") + `"`}, string(binary)},
		"octets.pdf":              {map[string]string{"Content-Type": "application/octet-stream;charset=GBK"}, "%PDF-1.4\n" + string(binary)},
		"no-type.pdf":             {map[string]string{"Content-Type": ""}, "%PDF-1.4\n" + string(binary)},
	}
	list := ""
	for name := range documents {
		list += fmt.Sprintf(`<li><a href="/nb/%s">示例市2023年政府信息公开工作年度报告</a><span>2024-01-20</span></li>`, name)
	}
	o := served(t, handledBy(list, func(w http.ResponseWriter, r *http.Request) {
		d := documents[strings.TrimPrefix(r.URL.Path, "/nb/")]
		for name, value := range d.header {
			w.Header()[name] = []string{value}
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(d.body))) // else it is sent in chunks
		io.WriteString(w, d.body)
	}))
	run(t, o)
	e := export(t, o.Archive)
	byURL := map[string]string{}
	for _, l := range e.Locations {
		byURL[l.URL] = l.SHA256
	}
	recorded := map[string]warc.Record{}
	for _, r := range records(t, finishWARC(t, o.Archive)) {
		if r.Type == warc.TypeResponse {
			recorded[r.URL] = r
		}
	}
	for name, d := range documents {
		url := shili + "/nb/" + name
		sum := sha256.Sum256([]byte(d.body))
		if byURL[url] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the stored bytes are not those that were sent", name)
		}
		raw := recorded[url].Block
		if !bytes.HasSuffix(raw, []byte("\r\n\r\n"+d.body)) {
			t.Errorf("%s: the WARC record does not end in the bytes that were sent", name)
		}
		for _, value := range d.header {
			if !bytes.Contains(raw, []byte(value+"\r\n")) {
				t.Errorf("%s: the WARC record lacks the header %q as sent", name, value)
			}
		}
	}
}

// A coded answer is kept as transferred in the WARC file, and decoded as an object.
func TestContentCodingIsUndoneOnlyInTheObject(t *testing.T) {
	const text = "示例市年度报告，编造的内容，编造的内容，编造的内容"
	coded := func(coding string) string {
		var buf bytes.Buffer
		switch coding {
		case "gzip":
			w := gzip.NewWriter(&buf)
			io.WriteString(w, text)
			w.Close()
		case "deflate":
			w := zlib.NewWriter(&buf)
			io.WriteString(w, text)
			w.Close()
		}
		return buf.String()
	}
	for name, c := range map[string]struct{ coding, body, want, reason string }{
		"gzip":            {"gzip", coded("gzip"), text, ""},
		"deflate":         {"deflate", coded("deflate"), text, ""},
		"wrongly named":   {"gzip", text, text, ""},
		"cut in the code": {"gzip", coded("gzip")[:30], "", "corrupt"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := ""
			o := served(t, handledBy(row, func(w http.ResponseWriter, r *http.Request) {
				asked = r.Header.Get("Accept-Encoding")
				w.Header().Set("Content-Encoding", c.coding)
				io.WriteString(w, c.body)
			}))
			run(t, o)
			if asked != "gzip" {
				t.Errorf("Accept-Encoding: %q", asked)
			}
			l := export(t, o.Archive).entry(t, shili+"/nb/a.html")
			if l.Reason != c.reason {
				t.Fatalf("%+v, want reason %q", l, c.reason)
			}
			if c.reason == "" {
				if body, err := o.Archive.Object(l.SHA256); err != nil || string(body) != c.want {
					t.Errorf("object = %q, %v", body, err)
				}
			}
			for _, r := range records(t, finishWARC(t, o.Archive)) {
				if r.URL == l.URL && r.Type == warc.TypeResponse && !bytes.HasSuffix(r.Block, []byte("\r\n\r\n"+c.body)) {
					t.Errorf("record = %q, want the bytes as transferred", r.Block)
				}
			}
		})
	}
}

// What is not the plain case of an answer is kept too: chunks, redirects, challenges,
// errors, what was too large or cut off, and cookies.
func TestEveryAnswerIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		document http.HandlerFunc
		lines    []string // status lines of the records of /nb/a.html and /nb/b.html
		contains string   // in the first of them
		cut      string
	}{
		"chunks": {func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "报告")
			w.(http.Flusher).Flush()
			io.WriteString(w, "甲")
		}, []string{"HTTP/1.1 200 OK"}, "\r\n6\r\n报告\r\n3\r\n甲\r\n0\r\n\r\n", ""},
		"redirect with cookie": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/nb/a.html" {
				http.SetCookie(w, &http.Cookie{Name: "kex", Value: "made-up"})
				http.Redirect(w, r, "/nb/b.html", http.StatusFound)
				return
			}
			io.WriteString(w, "报告甲")
		}, []string{"HTTP/1.1 302 Found", "HTTP/1.1 200 OK"}, "Set-Cookie: kex=made-up", ""},
		"challenge": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(412)
			io.WriteString(w, "<script>$_ts=window['$_ts']</script>")
		}, []string{"HTTP/1.1 412 Precondition Failed"}, "$_ts=window", ""},
		"not found": {http.NotFound, []string{"HTTP/1.1 404 Not Found"}, "404 page", ""},
		"error, three times": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
			[]string{"HTTP/1.1 503 Service Unavailable", "HTTP/1.1 503 Service Unavailable", "HTTP/1.1 503 Service Unavailable"}, "Content-Length: 0", ""},
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			for range 20 {
				w.Write(make([]byte, 10_000))
			}
		}, []string{"HTTP/1.1 200 OK"}, "Transfer-Encoding: chunked", "length"},
		"said to be too large": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100001")
			w.Write(make([]byte, 100_001))
		}, []string{"HTTP/1.1 200 OK"}, "Content-Length: 100001", "length"},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "报告")
		}, []string{"HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK"}, "报告", "disconnect"},
		"early hints": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			io.WriteString(w, "报告甲")
		}, []string{"HTTP/1.1 200 OK"}, "报告甲", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := served(t, handledBy(row, c.document))
			run(t, o)
			entry := export(t, o.Archive).entry(t, shili+"/nb/a.html")
			files := finishWARC(t, o.Archive)
			var lines []string
			var first warc.Record
			for _, r := range records(t, files) {
				if r.Type == warc.TypeResponse && strings.HasPrefix(r.URL, shili+"/nb/") && !strings.HasSuffix(r.URL, "index.html") {
					if lines = append(lines, statusLine(r)); len(lines) == 1 {
						first = r
					}
				}
			}
			if strings.Join(lines, "|") != strings.Join(c.lines, "|") {
				t.Errorf("records %q, want %q", lines, c.lines)
			}
			if !bytes.Contains(first.Block, []byte(c.contains)) || first.Truncated != c.cut {
				t.Errorf("record %.300q, truncated %q, want it to contain %q, truncated %q", first.Block, first.Truncated, c.contains, c.cut)
			}
			// A replay ends in the same row.
			replay, err := crawl.OpenReplay(files[0])
			if err != nil {
				t.Fatal(err)
			}
			again := crawl.Options{Archive: open(t), Portals: o.Portals, Replay: replay}
			run(t, again)
			if got := export(t, again.Archive).entry(t, entry.URL); !reflect.DeepEqual(got, entry) {
				t.Errorf("replayed: %+v, want %+v", got, entry)
			}
		})
	}
}

// R22: 304 by ETag, 304 by Last-Modified alone, and a new ETag over the same bytes.
func TestUnchangedPayloadsAreRevisits(t *testing.T) {
	const modified = "Thu, 01 Jan 2026 00:00:00 GMT"
	for name, c := range map[string]struct {
		document    http.HandlerFunc
		notModified bool
		etag        string // known afterwards
	}{
		"304 by ETag": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(304)
				return
			}
			io.WriteString(w, "报告甲")
		}, true, `"1"`},
		"304 by Last-Modified": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Last-Modified", modified)
			if r.Header.Get("If-Modified-Since") == modified && r.Header.Get("If-None-Match") == "" {
				w.WriteHeader(304)
				return
			}
			io.WriteString(w, "报告甲")
		}, true, ""},
		"another ETag, the same bytes": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") != "" {
				w.Header().Set("ETag", `"2"`)
			}
			io.WriteString(w, "报告甲")
		}, false, `"2"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := served(t, handledBy(row, c.document))
			run(t, o)
			before := export(t, o.Archive)
			o.Archive.EndCycle(t.Context(), o.Clock())
			if summary := run(t, o); summary.Unchanged != 1 || summary.Fetched != 0 {
				t.Errorf("summary = %+v, want one unchanged document", summary)
			}
			if after := export(t, o.Archive); !reflect.DeepEqual(after, before) {
				t.Errorf("the second night changed the export:\n%+v\n%+v", after, before)
			}
			addr, err := o.Archive.Lookup(t.Context(), 2, shili+"/nb/a.html")
			if err != nil || addr.ETag != c.etag {
				t.Errorf("Lookup = %+v, %v, want the ETag %s", addr, err, c.etag)
			}
			var full, revisit warc.Record
			for _, r := range records(t, finishWARC(t, o.Archive)) {
				if r.URL != shili+"/nb/a.html" {
					continue
				}
				switch r.Type {
				case warc.TypeResponse:
					full = r
				case warc.TypeRevisit:
					revisit = r
				}
			}
			if full.ID == "" || revisit.RefersTo != full.ID || revisit.RefersToURL != full.URL || revisit.NotModified != c.notModified {
				t.Errorf("revisit %+v does not refer to %+v", revisit, full)
			}
			if bytes.Contains(revisit.Block, []byte("报告甲")) || !bytes.HasSuffix(revisit.Block, []byte("\r\n\r\n")) {
				t.Errorf("revisit holds %q, want a header alone", revisit.Block)
			}
		})
	}
}

// The ledger names the record of the latest exchange, and of the one that brought the
// bytes.
func TestLedgerNamesTheRecords(t *testing.T) {
	o := served(t, handledBy(row, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "报告甲") }))
	run(t, o)
	o.Archive.EndCycle(t.Context(), o.Clock())
	run(t, o)
	latest, brought, err := o.Archive.Exchanges(t.Context(), shili+"/nb/a.html")
	if err != nil || len(brought) != 1 {
		t.Fatalf("Exchanges = %v, %v, %v", latest, brought, err)
	}
	finishWARC(t, o.Archive)
	for want, place := range map[string]archive.Place{warc.TypeRevisit: latest, warc.TypeResponse: brought[0]} {
		r, err := warc.ReadAt(o.Archive.WARC()+"/"+place.File, place.Offset)
		if err != nil || r.Type != want || r.URL != shili+"/nb/a.html" {
			t.Errorf("%+v holds %s of %s, %v, want a %s", place, r.Type, r.URL, err, want)
		}
	}
}
