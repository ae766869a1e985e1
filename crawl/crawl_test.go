package crawl_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/replica"
	"github.com/nianbao/nianbao/record"
)

// exported is what the next stages see of an archive.
type exported struct {
	Documents []string
	Locations []record.Location
	Ledger    []record.LedgerEntry
}

func export(t *testing.T, a *archive.Archive) (e exported) {
	t.Helper()
	var err [3]error
	e.Documents, err[0] = a.Documents(t.Context())
	e.Locations, err[1] = a.Locations(t.Context())
	e.Ledger, err[2] = a.Ledger(t.Context())
	if err := errors.Join(err[:]...); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e exported) entry(t *testing.T, url string) record.LedgerEntry {
	t.Helper()
	for _, l := range e.Ledger {
		if l.URL == url {
			return l
		}
	}
	t.Fatalf("the ledger says nothing of %s", url)
	return record.LedgerEntry{}
}

func open(t *testing.T) *archive.Archive {
	t.Helper()
	a, err := archive.Open(filepath.Join(t.TempDir(), "archive"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func sample(t *testing.T) *replica.Server {
	t.Helper()
	s, err := replica.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func options(s *replica.Server, a *archive.Archive) crawl.Options {
	return crawl.Options{
		Archive: a, Portals: s.Portals(), DialContext: s.DialContext, RootCAs: s.RootCAs(), Clock: s.Now,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func run(t *testing.T, o crawl.Options) crawl.Summary {
	t.Helper()
	summary, err := crawl.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return summary
}

// pages are the requests that are not for robots.txt, as host and path.
func pages(requests []replica.Request) (out []string) {
	for _, r := range requests {
		if r.Path != "/robots.txt" {
			out = append(out, r.Host+r.Path)
		}
	}
	return out
}

const pingtan = "https://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/"

// The sample holds nine reports; their files are the truth.
var sampleReports = map[string]string{
	pingtan + "201901/t20190110_80529.htm":                                                  "平潭综合实验区2018年度政府信息公开工作年度报告",
	pingtan + "202103/t20210305_80595.htm":                                                  "平潭综合实验区2020年度政府信息公开工作年度报告",
	pingtan + "202202/t20220208_80613.htm":                                                  "平潭综合实验区2021年度政府信息公开工作年度报告",
	pingtan + "202302/t20230220_80629.htm":                                                  "平潭综合实验区2022年度政府信息公开工作年度报告",
	"http://www.shuyang.gov.cn/shuyang/fgjnb/202401/6d1e3f0b9a5c4c1d8f27a40e53b9c214.shtml": "沭阳县发展和改革局2023年政府信息公开年度报告",
	"https://www.shanghai.gov.cn/nw12344/20200131/5c1f0d7e2b9a4e63a8d4f19027be6c35.html":    "2019年上海市人民政府办公厅政府信息公开工作年度报告",
	"https://www.huaian.gov.cn/wzxxgknb/2025/szf.pdf":                                       "淮安市人民政府2024年政府信息公开工作年度报告",
	"https://www.huaian.gov.cn/wzxxgknb/2024/hz.docx":                                       "洪泽区人民政府2023年政府信息公开工作年度报告",
	"https://public.zhengzhou.gov.cn/gknb/2022/zhengzhou_2022.txt":                          "郑州市人民政府2022年政府信息公开工作年度报告",
}

func TestSampleYieldsNineReports(t *testing.T) {
	s, a := sample(t), open(t)
	summary := run(t, options(s, a))
	e := export(t, a)
	if len(e.Locations) != len(sampleReports) || len(e.Documents) != len(sampleReports) {
		t.Fatalf("%d locations and %d documents, want %d of each", len(e.Locations), len(e.Documents), len(sampleReports))
	}
	for _, l := range e.Locations {
		if sampleReports[l.URL] == "" || sampleReports[l.URL] != l.Title {
			t.Errorf("%s has the title %q, want %q", l.URL, l.Title, sampleReports[l.URL])
		}
		_, path, _ := strings.Cut(l.URL, "://")
		file, err := os.ReadFile(filepath.Join("replica", "sample", filepath.FromSlash(path)))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(file)
		if l.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: the stored bytes are not those of the file", l.URL)
		}
		if l.Provenance == "" || l.RegionCode == "" || l.FoundOn == "" || l.FetchedAt != s.Now().Format(time.RFC3339) || l.HTTPStatus != 200 {
			t.Errorf("incomplete location %+v", l)
		}
	}
	if want := (crawl.Progress{Found: 9, Fetched: 9, Rejected: 4, Address: summary.Address}); summary.Progress != want {
		t.Errorf("progress = %+v, want %+v", summary.Progress, want)
	}
}

func TestRejectedAddresses(t *testing.T) {
	s, a := sample(t), open(t)
	run(t, options(s, a))
	e := export(t, a)
	for url, reason := range map[string]string{
		pingtan + "202301/t20230118_80001.htm":                                                  "title_excluded",
		"https://www.fujian.gov.cn/zwgk/zfxxgk/zfxxgknb/":                                       "off_site",
		"http://www.shuyang.gov.cn/shuyang/fgjnb/202401/a7c35e90d2f14f6b8b1e6d4097c85a23.shtml": "title_excluded",
	} {
		l := e.entry(t, url)
		if l.State != archive.Rejected || l.Reason != reason || l.Detail == "" || l.HTTPStatus != nil || l.SHA256 != "" {
			t.Errorf("%s: %+v, want rejected because of %s", url, l, reason)
		}
	}
	for _, p := range pages(s.Requests()) {
		if strings.Contains(p, "80001") || strings.Contains(p, "80630") || strings.Contains(p, "a7c35e90") {
			t.Errorf("%s was asked for although it was rejected or stands in a comment", p)
		}
	}
}

func TestEachAddressIsAskedOnceAndRobotsFirst(t *testing.T) {
	s, a := sample(t), open(t)
	run(t, options(s, a))
	seen, robots := map[string]int{}, map[string]bool{}
	for _, r := range s.Requests() {
		seen[r.Host+r.Path]++
		if r.Path == "/robots.txt" {
			robots[r.Host] = true
		}
		if !robots[r.Host] {
			t.Errorf("%s%s was asked for before robots.txt", r.Host, r.Path)
		}
		if r.UserAgent != crawl.UserAgent || r.Conditional {
			t.Errorf("unexpected request %+v", r)
		}
	}
	for address, n := range seen {
		if n != 1 {
			t.Errorf("%s was asked for %d times", address, n)
		}
	}
}

func TestSecondCycleAsksConditionallyAndChangesNothing(t *testing.T) {
	s, a := sample(t), open(t)
	o := options(s, a)
	run(t, o)
	before, asked := export(t, a), len(s.Requests())
	if err := a.EndCycle(t.Context(), s.Now()); err != nil {
		t.Fatal(err)
	}
	o.Clock = func() time.Time { return s.Now().Add(24 * time.Hour) }
	summary := run(t, o)
	if summary.Fetched != 0 || summary.Unchanged != 9 || summary.Resumed {
		t.Errorf("summary = %+v, want nine unchanged documents in a new cycle", summary)
	}
	if after := export(t, a); !reflect.DeepEqual(before, after) {
		t.Errorf("the second cycle changed the export:\n%+v\n%+v", before, after)
	}
	second := s.Requests()[asked:]
	if len(pages(second)) != 16 {
		t.Errorf("%d pages asked for, want 7 lists and 9 documents: %v", len(pages(second)), pages(second))
	}
	for _, r := range second {
		if r.Path != "/robots.txt" && r.Status != 304 && r.Status != 404 {
			t.Errorf("%s%s was fetched again with status %d", r.Host, r.Path, r.Status)
		}
	}
}

func TestInterruptedCrawlResumesToTheSameRows(t *testing.T) {
	s, a := sample(t), open(t)
	run(t, options(s, a))
	want, total := export(t, a), len(pages(s.Requests()))
	for k := 1; k < total; k++ {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			t.Parallel()
			s, a := sample(t), open(t)
			interrupt(t, s, a, k)
			done := export(t, a)
			asked := len(s.Requests())
			summary := run(t, options(s, a))
			if !summary.Resumed {
				t.Error("the cycle was not taken up again")
			}
			if got := export(t, a); !reflect.DeepEqual(got, want) {
				t.Errorf("rows differ from those of an undisturbed crawl:\n%+v\n%+v", got, want)
			}
			settled := map[string]bool{}
			for _, l := range done.Ledger {
				_, path, _ := strings.Cut(l.URL, "://")
				settled[path] = true
			}
			for _, p := range pages(s.Requests()[asked:]) {
				if settled[p] {
					t.Errorf("%s was asked for again in the same cycle", p)
				}
			}
		})
	}
}

// interrupt ends a crawl while its kth page is under way.
func interrupt(t *testing.T, s *replica.Server, a *archive.Archive, k int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := options(s, a)
	o.Progress = func(crawl.Progress) {
		if len(pages(s.Requests())) >= k {
			cancel()
		}
	}
	if _, err := crawl.Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("Run = %v, want context.Canceled", err)
	}
}
