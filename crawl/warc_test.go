package crawl_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
)

// warcio is where scripts/setup installs the WARC tool of another project.
const warcio = "../.cache/warcio/bin/"

// finishWARC ends the WARC files of an archive that stays open otherwise, and returns all.
func finishWARC(t *testing.T, a *archive.Archive) (files []string) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := warc.Files(a.WARC())
	if err != nil || len(files) == 0 {
		t.Fatalf("Files = %v, %v", files, err)
	}
	return files
}

// records reads files as archive verify does.
func records(t *testing.T, files []string) (out []warc.Record) {
	t.Helper()
	for _, file := range files {
		r, err := warc.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		for {
			record, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, record)
		}
		r.Close()
	}
	return out
}

func statusLine(r warc.Record) string {
	line, _, _ := strings.Cut(string(r.Block), "\r\n")
	return line
}

// Python's warcio reads every record of two nights, finds every digest right, and counts
// as many exchanges as the replica answered requests.
func TestAnotherToolReadsTheFiles(t *testing.T) {
	if _, err := os.Stat(warcio + "warcio"); err != nil {
		t.Fatalf("%v; run scripts/setup, which installs warcio", err)
	}
	s, a := sample(t), open(t)
	run(t, options(s, a))
	a.EndCycle(t.Context(), s.Now())
	run(t, options(s, a))
	files := finishWARC(t, a)
	if len(files) != 2*len(s.Portals()) {
		t.Errorf("files = %v, want one a night of each portal", files)
	}
	check := exec.Command(warcio+"warcio", append([]string{"check", "-v"}, files...)...)
	out, err := check.CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("failed")) || bytes.Count(out, []byte("digest pass")) < 2*len(sampleReports) {
		t.Errorf("warcio check: %v\n%s", err, out)
	}
	count := exec.Command(warcio+"python", append([]string{"-c", `
import sys
from collections import Counter
from warcio.archiveiterator import ArchiveIterator
n = Counter()
for name in sys.argv[1:]:
    with open(name, "rb") as f:
        for r in ArchiveIterator(f):
            r.content_stream().read()
            status = r.http_headers.get_statuscode() if r.rec_type in ("response", "revisit") else ""
            n[r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), status] += 1
for (kind, url, status), k in sorted(n.items(), key=str):
    print(kind, url, status, k, sep="\t")
`}, files...)...)
	out, err = count.Output()
	if err != nil {
		t.Fatal(err)
	}
	requests, answers := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		var n int
		fmt.Sscan(f[len(f)-1], &n)
		_, path, _ := strings.Cut(f[1], "://")
		switch f[0] {
		case "request":
			requests[path] += n
		case "response", "revisit":
			answers[path+" "+f[2]] += n
		}
	}
	wantRequests, wantAnswers := map[string]int{}, map[string]int{}
	for _, r := range s.Requests() {
		wantRequests[r.Host+r.Path]++
		wantAnswers[fmt.Sprint(r.Host, r.Path, " ", r.Status)]++
	}
	if !reflect.DeepEqual(requests, wantRequests) || len(requests) == 0 {
		t.Errorf("request records %v\nthe replica answered %v", requests, wantRequests)
	}
	if !reflect.DeepEqual(answers, wantAnswers) {
		t.Errorf("answer records %v\nthe replica answered %v", answers, wantAnswers)
	}
}

// The same crawl gives the same files.
func TestFilesAreDeterministic(t *testing.T) {
	var seen [2]map[string]string
	for i := range seen {
		s, a := sample(t), open(t)
		run(t, options(s, a))
		seen[i] = contents(t, finishWARC(t, a))
	}
	if !reflect.DeepEqual(seen[0], seen[1]) || seen[0]["nianbao-20261123000000-00001-cn-310000-shanghai.warc.gz"] == "" {
		t.Errorf("two crawls of the sample gave different WARC files, or none of the expected name")
	}
}

func contents(t *testing.T, files []string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(f)] = string(b)
	}
	return out
}

// Files as another program writes them are replayed too.
func TestReplayOfAnotherToolsFile(t *testing.T) {
	s, a := sample(t), open(t)
	run(t, options(s, a))
	want := export(t, a)
	others := t.TempDir()
	for _, file := range finishWARC(t, a) {
		other := filepath.Join(others, filepath.Base(file))
		if out, err := exec.Command(warcio+"warcio", "recompress", file, other).CombinedOutput(); err != nil {
			t.Fatalf("%v; run scripts/setup, which installs warcio\n%s", err, out)
		}
		if reflect.DeepEqual(contents(t, []string{file}), contents(t, []string{other})) {
			t.Error("the other file is the same")
		}
	}
	replay, err := crawl.OpenReplay(others)
	if err != nil {
		t.Fatal(err)
	}
	b := open(t)
	run(t, crawl.Options{Archive: b, Portals: s.Portals(), Replay: replay})
	if got := export(t, b); !reflect.DeepEqual(got, want) {
		t.Errorf("rows differ:\n%+v\n%+v", got, want)
	}
}

func TestReplayNamesDamage(t *testing.T) {
	s, a := sample(t), open(t)
	run(t, options(s, a))
	file := finishWARC(t, a)[0]
	all := records(t, []string{file})
	raw := []byte(contents(t, []string{file})[filepath.Base(file)])
	raw[all[5].Offset+30] ^= 1
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s: damaged record at offset %d", file, all[5].Offset)
	if _, err := crawl.OpenReplay(file); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("OpenReplay = %v, want %q", err, want)
	}
}

// A host is not asked for what cannot be kept.
func TestCrawlStopsWhereNothingCanBeKept(t *testing.T) {
	s, a := sample(t), open(t)
	o := options(s, a)
	o.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if err := os.RemoveAll(a.WARC()); err != nil {
			t.Error(err)
		}
		return s.DialContext(ctx, network, address)
	}
	if _, err := crawl.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), a.WARC()) {
		t.Errorf("Run = %v, want an error that names the folder", err)
	}
	if n := len(s.Requests()); n != 1 {
		t.Errorf("%d requests, want one", n)
	}
}
