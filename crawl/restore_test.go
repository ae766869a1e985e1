package crawl_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl/archive"
)

// Objects that are lost or damaged, as those that a failing machine had not written yet, are
// restored from their WARC records, however they came, and nobody is asked again.
func TestObjectsAreRestoredFromTheirRecords(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	io.WriteString(w, "压缩的报告")
	w.Close()
	list := li("/nb/z.html", annual("", 2025)) + li("/nb/gzip.html", annual("", 2024)) + li("/nb/chunks.html", annual("", 2023)) +
		li("/nb/plain.html", annual("", 2022)) + li("/nb/a.html", annual("", 2021))
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/nb/index.html":
			io.WriteString(w, list)
		case "/nb/gzip.html":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed.Bytes())
		case "/nb/chunks.html":
			for range 3 {
				io.WriteString(w, strings.Repeat("一段", 2000))
				w.(http.Flusher).Flush()
			}
		case "/nb/plain.html":
			io.WriteString(w, "报告")
		case "/nb/a.html", "/nb/z.html": // the second one is a revisit of the first
			http.Redirect(w, r, "/nb/same.html", http.StatusFound)
		case "/nb/same.html":
			io.WriteString(w, "同一份报告")
		default:
			http.NotFound(w, r)
		}
	})
	want := map[string]string{"/nb/gzip.html": "压缩的报告", "/nb/chunks.html": strings.Repeat("一段", 6000), "/nb/plain.html": "报告",
		"/nb/a.html": "同一份报告", "/nb/z.html": "同一份报告"}
	dir := t.TempDir()
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	o := visiting(s, a, &clock{at: noon}, profile(t, ""))
	if summary := run(t, o); summary.Fetched != len(want) {
		t.Fatalf("%+v, want %d documents", summary, len(want))
	}
	s.clear()
	damage := map[string]func(path string) error{
		"lost":    os.Remove,
		"emptied": func(path string) error { return os.Truncate(path, 0) },
		"halved":  func(path string) error { return os.Truncate(path, 3) },
	}
	for how, damage := range damage {
		objects, _ := filepath.Glob(filepath.Join(dir, "objects", "??", "*"))
		for _, path := range objects {
			os.Chmod(path, 0o644)
			if err := damage(path); err != nil {
				t.Fatal(err)
			}
		}
		for path, text := range want {
			sha := export(t, a).entry(t, shili+path).SHA256
			if body, err := a.Object(sha); err != nil || string(body) != text {
				t.Errorf("%s, %s: Object = %.30q, %v, want %.30q", path, how, body, err, text)
			}
			if body, err := os.ReadFile(filepath.Join(dir, "objects", sha[:2], sha)); err != nil || string(body) != text {
				t.Errorf("%s, %s: the file holds %.30q, %v", path, how, body, err)
			}
		}
	}
	if _, err := a.Verify(t.Context(), func(archive.Verified) {}, func(d archive.Damage) {
		if !strings.Contains(d.Address, "index.html") { // nobody has read the list
			t.Errorf("damaged: %+v", d)
		}
	}); err != nil {
		t.Error(err)
	}
	if n := len(s.requests()); n > 0 {
		t.Errorf("%d requests, want none", n)
	}
}
