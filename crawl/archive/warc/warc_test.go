package warc_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive/warc"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// exchange is a made-up one; the figures differ by n.
func exchange(n int) warc.Exchange {
	return warc.Exchange{
		URL: fmt.Sprintf("http://www.shili.gov.cn/%d.html", n), At: noon, IP: "127.0.0.1",
		Request:  []byte("GET / HTTP/1.1\r\nHost: www.shili.gov.cn\r\n\r\n"),
		Response: fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nX-Case: kept\r\n\r\n报告 %d %s", n, strings.Repeat("x", n)),
	}
}

func write(t *testing.T, w *warc.Writer, numbers ...int) (places []warc.Written) {
	t.Helper()
	for _, n := range numbers {
		p, err := w.Write(exchange(n))
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, p)
	}
	return places
}

// read returns the types and addresses of a file's records, and its damage.
func read(t *testing.T, path string) (records []string, damage []int64) {
	t.Helper()
	r, err := warc.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		record, err := r.Next()
		var d *warc.Damage
		switch {
		case errors.Is(err, io.EOF):
			return records, damage
		case errors.As(err, &d):
			damage = append(damage, d.Offset)
		case err != nil:
			t.Fatal(err)
		default:
			records = append(records, record.Type+" "+strings.TrimPrefix(record.URL, "http://www.shili.gov.cn/"))
		}
	}
}

func TestWrittenRecordsAreReadAgain(t *testing.T) {
	w := &warc.Writer{Dir: t.TempDir(), Part: "cycle 7"}
	places := write(t, w, 1, 2)
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(w.Dir, "nianbao-20260102120000-00001.warc.gz")
	records, damage := read(t, path)
	want := []string{"warcinfo ", "response 1.html", "request 1.html", "response 2.html", "request 2.html"}
	if !reflect.DeepEqual(records, want) || damage != nil {
		t.Errorf("records %q, damage %v, want %q", records, damage, want)
	}
	r, err := warc.ReadAt(path, places[1].Offset)
	x := exchange(2)
	if err != nil || string(r.Block) != string(x.Response) || r.URL != x.URL || !r.At.Equal(noon) || r.IP != x.IP || r.ID != places[1].ID {
		t.Errorf("ReadAt = %+v, %v", r, err)
	}
	// sha256sum of "报告 2 xx"
	if places[1].PayloadDigest != warc.Digest([]byte("报告 2 xx")) || len(places[1].PayloadDigest) != len("sha256:")+64 {
		t.Errorf("payload digest %s", places[1].PayloadDigest)
	}
	if info, err := warc.ReadAt(path, 0); err != nil || info.Part() != "cycle 7" {
		t.Errorf("warcinfo %q, %v", info.Block, err)
	}
}

func TestFilesRotateBySize(t *testing.T) {
	w := &warc.Writer{Dir: t.TempDir(), MaxBytes: 1500}
	write(t, w, 1, 2, 3, 4, 5)
	if open, _ := filepath.Glob(filepath.Join(w.Dir, "*.open")); len(open) != 1 {
		t.Errorf("open files %v, want one", open)
	}
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	files, err := warc.Files(w.Dir)
	if err != nil || len(files) < 2 {
		t.Fatalf("Files = %v, %v, want several", files, err)
	}
	n := 0
	for i, f := range files {
		if want := fmt.Sprintf("nianbao-20260102120000-%05d.warc.gz", i+1); filepath.Base(f) != want {
			t.Errorf("file %s, want %s", f, want)
		}
		records, damage := read(t, f)
		if records[0] != "warcinfo " || damage != nil {
			t.Errorf("%s: records %q, damage %v", f, records, damage)
		}
		n += len(records) - 1
	}
	if n != 10 {
		t.Errorf("%d records, want five exchanges", n)
	}
}

// A crash can leave any part of what was being written. Whatever of the last exchange
// is missing, those before it stay, and the file is as if the last one were not begun.
func TestTornTailIsCut(t *testing.T) {
	w := &warc.Writer{Dir: t.TempDir()}
	places := write(t, w, 1, 2)
	open, _ := filepath.Glob(filepath.Join(w.Dir, "*.open"))
	whole, err := os.ReadFile(open[0])
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(open[0]), ".open")
	for size := 0; size <= len(whole); size += 7 {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name+".open"), whole[:size], 0o644); err != nil {
			t.Fatal(err)
		}
		if err := warc.Recover(dir); err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*.open")); len(left) != 0 {
			t.Errorf("%d bytes: %v is still open", size, left)
		}
		files, _ := warc.Files(dir)
		if len(files) == 0 {
			if int64(size) >= places[0].Offset {
				t.Errorf("%d bytes: nothing is left", size)
			}
			continue
		}
		records, damage := read(t, files[0])
		if damage != nil || (int64(size) >= places[1].Offset && len(records) < 3) {
			t.Errorf("%d bytes: records %q, damage %v", size, records, damage)
		}
		// and the next file does not take its name
		next := &warc.Writer{Dir: dir}
		if p := write(t, next, 3); p[0].File == name {
			t.Errorf("%d bytes: the next file has the same name", size)
		}
		next.Finish()
	}
}

// Damage in the middle of a file that a crash left open is not taken for its end.
func TestDamageInTheMiddleIsNotCut(t *testing.T) {
	w := &warc.Writer{Dir: t.TempDir()}
	places := write(t, w, 1, 2, 3)
	open, _ := filepath.Glob(filepath.Join(w.Dir, "*.open"))
	whole, err := os.ReadFile(open[0])
	if err != nil {
		t.Fatal(err)
	}
	whole[places[1].Offset+40] ^= 4
	if err := os.WriteFile(open[0], whole, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := warc.Recover(w.Dir); err != nil {
		t.Fatal(err)
	}
	records, damage := read(t, strings.TrimSuffix(open[0], ".open"))
	want := []string{"warcinfo ", "response 1.html", "request 1.html", "request 2.html", "response 3.html", "request 3.html"}
	if !reflect.DeepEqual(records, want) || !reflect.DeepEqual(damage, []int64{places[1].Offset}) {
		t.Errorf("records %q, damage %v, want %q and damage at %d", records, damage, want, places[1].Offset)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	w := &warc.Writer{Dir: filepath.Join(t.TempDir(), "gone")}
	if _, err := w.Write(exchange(1)); err == nil || !strings.Contains(err.Error(), w.Dir) || !strings.Contains(err.Error(), "check the space") {
		t.Errorf("Write = %v", err)
	}
}
