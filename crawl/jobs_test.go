package crawl_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/crawl/replica"
)

// small are replicas with few documents, of several families.
var small = []string{"www.shili-ucap-json.gov.cn", "www.shili-openness.gov.cn", "www.shili-teshu.gov.cn", "www.shili-annual.gov.cn",
	"www.shili-trs-cq.gov.cn", "www.shili-jpage-d.gov.cn", "www.shili-nw.gov.cn", "www.shili-pdf.gov.cn"}

// smallReplicas are the options to crawl them.
func smallReplicas(t *testing.T, s *replica.Server, a *archive.Archive) crawl.Options {
	t.Helper()
	o := options(s, a)
	o.Portals = slices.DeleteFunc(o.Portals, func(p portal.Portal) bool { return !slices.Contains(small, p.Hosts.Allow[0]) })
	if len(o.Portals) != len(small) {
		t.Fatalf("%d portals, want %d", len(o.Portals), len(small))
	}
	return o
}

// Portals that share nothing are crawled at the same time: each host is answered only when
// all have been asked.
func TestPortalsAreCrawledSideBySide(t *testing.T) {
	const n = 5
	asked, all := make(chan bool, n), make(chan bool)
	go func() {
		for range n {
			<-asked
		}
		close(all)
	}()
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			asked <- true
			select {
			case <-all:
			case <-r.Context().Done(): // the crawler has waited in vain
			}
			http.NotFound(w, r)
		case "/nb/index.html":
			fmt.Fprint(w, row)
		default:
			fmt.Fprint(w, "报告 "+r.Host)
		}
	})
	var portals []portal.Portal
	for i := range n {
		host := fmt.Sprintf("www.shi%d.gov.cn", i)
		p := profile(t, fmt.Sprintf("hosts: {allow: [%s]}\nentry_points: ['http://%s/nb/index.html']\npoliteness: {delay: 0s, timeout: 20s}", host, host))
		p.ID = fmt.Sprint("shi", i)
		portals = append(portals, p)
	}
	o := visiting(s, open(t), &clock{at: noon}, portals...)
	o.Jobs = n
	var told []crawl.Progress // unguarded, for the race detector
	o.Progress = func(p crawl.Progress) { told = append(told, p) }
	if summary := run(t, o); summary.Fetched != n || len(summary.Failures) > 0 || s.most != n {
		t.Errorf("%+v over %d connections, want %d documents over as many", summary, s.most, n)
	}
	for i, p := range told {
		if i > 0 && p.Fetched < told[i-1].Fetched {
			t.Errorf("progress %+v after %+v", p, told[i-1])
		}
	}
	if len(told) < 2*n || told[len(told)-1].Fetched != n {
		t.Errorf("told %d times, last %+v", len(told), told[len(told)-1])
	}
}

// However many portals are crawled at a time, a rate group has one request at a time, and
// its delay after each, by the clock of the server.
func TestRateGroupsAreSerial(t *testing.T) {
	const delay = 10 * time.Millisecond
	s := replicas(t)
	o := smallReplicas(t, s, open(t))
	o.Jobs, o.Sleep = 8, nil // it really waits
	group := map[string]string{}
	for i := range o.Portals {
		p := &o.Portals[i]
		p.Politeness.Delay, p.Politeness.Jitter = delay, 0
		if i%2 == 0 {
			p.RateGroup = fmt.Sprint("platform", i%4)
		}
		for _, host := range p.Hosts.Allow {
			group[host] = p.GroupOf(host)
		}
	}
	run(t, o)
	requests := s.Requests()
	slices.SortFunc(requests, func(a, b replica.Request) int { return a.Came.Compare(b.Came) })
	latest := map[string]replica.Request{}
	for _, r := range requests {
		before, asked := latest[group[r.Host]]
		if group[r.Host] == "" {
			t.Errorf("asked %s for %s", r.Host, r.Path)
		}
		if asked && r.Came.Before(before.Answered) {
			t.Errorf("%s: %s%s came before %s%s was answered", group[r.Host], r.Host, r.Path, before.Host, before.Path)
		}
		if wait := r.Came.Sub(before.Came); asked && wait < delay {
			t.Errorf("%s: %s%s came %s after %s%s, want %s", group[r.Host], r.Host, r.Path, wait, before.Host, before.Path, delay)
		}
		latest[group[r.Host]] = r
	}
	if len(latest) != 6 || len(requests) < 200 {
		t.Errorf("%d requests to %d rate groups, want hundreds to six", len(requests), len(latest))
	}
}

// How many portals are crawled at a time shows in no byte: not of the exports, the objects
// or the WARC files.
func TestJobsDoNotShow(t *testing.T) {
	type outcome struct {
		summary crawl.Summary
		rows    exported
		files   map[string]string
	}
	crawled := func(jobs int) (out outcome) {
		s, dir := replicas(t), t.TempDir()
		a, err := archive.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		o := smallReplicas(t, s, a)
		o.Jobs = jobs
		for range 2 { // nights
			out.summary = night(t, o)
		}
		out.summary.Address = "" // the latest one
		out.rows = export(t, a)
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		out.files = files(t, filepath.Join(dir, "objects"), filepath.Join(dir, "warc"))
		return out
	}
	want, got := crawled(1), crawled(8)
	if !reflect.DeepEqual(got.summary, want.summary) || want.summary.Unchanged < 100 {
		t.Errorf("summary %+v, want %+v", got.summary, want.summary)
	}
	if !reflect.DeepEqual(got.rows, want.rows) {
		t.Errorf("the exports differ")
	}
	if len(want.files) < 200 {
		t.Errorf("%d files", len(want.files))
	}
	for name, sum := range want.files {
		if got.files[name] != sum {
			t.Errorf("%s differs", name)
		}
	}
	if len(got.files) != len(want.files) {
		t.Errorf("%d files, want %d", len(got.files), len(want.files))
	}
}

// files are the sha256 of the files in folders, by name.
func files(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := os.ReadFile(path)
			out[filepath.Base(path)] = fmt.Sprintf("%x", sha256.Sum256(body))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// Where one portal cannot go on, because nothing can be kept, all end, with its error.
func TestJobsEndTogether(t *testing.T) {
	s, a := replicas(t), open(t)
	o := smallReplicas(t, s, a)
	o.Jobs = 4
	n := 0
	o.Progress = func(crawl.Progress) {
		if n++; n == 20 {
			os.RemoveAll(a.WARC())
			os.WriteFile(a.WARC(), nil, 0o444)
		}
	}
	_, err := crawl.Run(t.Context(), o)
	if err == nil || errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), a.WARC()) {
		t.Errorf("Run = %v, want the error of the folder", err)
	}
}

// A replay asks the portals one after the other, each at the times at which it was asked.
func TestReplayKeepsTheTimesOfEachPortal(t *testing.T) {
	s := serve(t, nil, pagesOf(map[string]string{
		"www.shili.gov.cn/nb/index.html": row, "www.shili.gov.cn/nb/a.html": "报告甲",
		"www.xianqu.gov.cn/nb/index.html": row, "www.xianqu.gov.cn/nb/a.html": "报告乙",
	}))
	a := open(t)
	day := profile(t, "politeness: {delay: 60s}")
	evening := profile(t, "hosts: {allow: [www.xianqu.gov.cn]}\nentry_points: ['http://www.xianqu.gov.cn/nb/index.html']\npoliteness: {delay: 0s, window: '20:00-20:02'}")
	evening.ID = "cn-990001-xianqu"
	// As if side by side: both begin at 20:00, and the first ends after 20:02.
	for _, p := range []portal.Portal{day, evening} {
		if summary := run(t, visiting(s, a, &clock{at: noon}, p)); summary.Fetched != 1 {
			t.Fatalf("%s: %+v", p.ID, summary)
		}
	}
	want := export(t, a)
	finishWARC(t, a)
	replay, err := crawl.OpenReplay(a.WARC())
	if err != nil {
		t.Fatal(err)
	}
	b := open(t)
	run(t, crawl.Options{Archive: b, Portals: []portal.Portal{day, evening}, Replay: replay, Jobs: 8})
	got := export(t, b)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("rows differ:\n%+v\n%+v", got, want)
	}
}
