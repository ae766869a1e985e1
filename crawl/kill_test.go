package crawl_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/archive/warc"
	"github.com/nianbao/nianbao/crawl/replica"
)

// childArchive names the archive that a test process started as a child is to fill,
// childReplica what it is to crawl.
const (
	childArchive = "NIANBAO_TEST_CHILD_ARCHIVE"
	childReplica = "NIANBAO_TEST_CHILD_REPLICA"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childArchive); dir != "" {
		if err := crawlAsChild(dir, os.Getenv(childReplica)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// killed is what the killed crawls are of.
var killed = map[string]func(context.Context) (*replica.Server, error){
	"sample":    replica.Start,
	"generated": func(ctx context.Context) (*replica.Server, error) { return replica.StartFS(ctx, generated(40)) },
}

// generated is a replica of the made-up portal 示例市 with n documents, a thousand a list.
func generated(n int) fstest.MapFS {
	files := fstest.MapFS{}
	entries := ""
	for first := 0; first < n; first += 1000 {
		var list strings.Builder
		for i := first; i < min(n, first+1000); i++ {
			fmt.Fprintf(&list, "<li><a href=\"/nb/%d.html\">示例局%d2023年政府信息公开工作年度报告</a><span>2024-01-20</span></li>\n", i, i)
			files[fmt.Sprintf("www.shili.gov.cn/nb/%d.html", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "<p>编造的报告 %d</p>", i)}
		}
		files[fmt.Sprintf("www.shili.gov.cn/nb/index%d.html", first)] = &fstest.MapFile{Data: []byte(list.String())}
		entries += fmt.Sprintf("  - http://www.shili.gov.cn/nb/index%d.html\n", first)
	}
	files["portals/shili.yaml"] = &fstest.MapFile{Data: []byte(`id: cn-990000-shili
name: 示例市人民政府
region_code: "990000"
hosts: {allow: [www.shili.gov.cn]}
family: static
politeness: {delay: 0s, max_requests_per_day: 100000}
entry_points:
` + entries)}
	return files
}

// crawlAsChild crawls a replica into dir and prints a line after each address.
func crawlAsChild(dir, name string) error {
	ctx := context.Background()
	s, err := killed[name](ctx)
	if err != nil {
		return err
	}
	a, err := archive.Open(dir)
	if err != nil {
		return err
	}
	o := options(s, a)
	o.Progress = func(p crawl.Progress) { fmt.Println(p.Address) }
	_, err = crawl.Run(ctx, o)
	return errors.Join(err, a.Close())
}

// A crawl killed at any moment resumes to the rows of an undisturbed one, and nothing
// that its ledger speaks of is lost or damaged.
func TestKilledCrawlResumes(t *testing.T) {
	for name, start := range killed {
		s, err := start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		a := open(t)
		run(t, options(s, a))
		want := export(t, a)
		for range 10 {
			after := rand.IntN(len(want.Ledger) - 5)
			pause := time.Duration(rand.IntN(4000)) * time.Microsecond
			t.Run(fmt.Sprintf("%s after %d addresses and %v", name, after, pause), func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "archive")
				killAfter(t, dir, name, after, pause)
				resume(t, dir, s, want)
			})
		}
	}
}

// killAfter crawls in a child process and kills it with SIGKILL a while after it has
// done k addresses.
func killAfter(t *testing.T, dir, replica string, k int, pause time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childArchive+"="+dir, childReplica+"="+replica)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; i < k && lines.Scan(); i++ {
	}
	time.Sleep(pause)
	child.Process.Kill()
	child.Wait()
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// resume goes on with a killed crawl and checks that nothing is missing.
func resume(t *testing.T, dir string, s *replica.Server, want exported) {
	t.Helper()
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	kept := export(t, a)
	run(t, options(s, a))
	got := export(t, a)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("rows differ from those of an undisturbed crawl:\n%+v\n%+v", got, want)
	}
	for _, l := range kept.Ledger {
		if again := got.entry(t, l.URL); again.SHA256 != l.SHA256 || again.FetchedAt != l.FetchedAt {
			t.Errorf("%+v was stored before the kill and is now %+v", l, again)
		}
		latest, _, err := a.Exchanges(t.Context(), l.URL)
		if l.State == archive.Rejected {
			continue
		}
		if err != nil || latest.File == "" {
			t.Errorf("the exchange of %s is lost: %v", l.URL, err)
		}
	}
	if _, err := a.Verify(t.Context(), func(archive.Verified) {}, func(d archive.Damage) { t.Errorf("damaged: %+v", d) }); err != nil {
		t.Error(err)
	}
	for _, pattern := range []string{"objects/tmp-*", "objects/*/tmp-*", "warc/*" + warc.OpenSuffix} {
		if left, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern))); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
