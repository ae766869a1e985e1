package crawl_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/replica"
)

// childArchive names the archive that a test process started as a child is to fill.
const childArchive = "NIANBAO_TEST_CHILD_ARCHIVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childArchive); dir != "" {
		if err := crawlSample(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// crawlSample crawls the sample into dir and prints a line after each address.
func crawlSample(dir string) error {
	ctx := context.Background()
	s, err := replica.Start(ctx)
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
	return err
}

// A crawl killed at any address resumes to the rows of an undisturbed one.
func TestKilledCrawlResumes(t *testing.T) {
	s, a := sample(t), open(t)
	run(t, options(s, a))
	want := export(t, a)
	for _, k := range []int{1, 4, 9, 15} {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "archive")
			killAfter(t, dir, k)
			a, err := archive.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if summary := run(t, options(sample(t), a)); !summary.Resumed {
				t.Error("the cycle was not taken up again")
			}
			if got := export(t, a); !reflect.DeepEqual(got, want) {
				t.Errorf("rows differ from those of an undisturbed crawl:\n%+v\n%+v", got, want)
			}
		})
	}
}

// killAfter crawls in a child process and kills it with SIGKILL after k addresses.
func killAfter(t *testing.T, dir string, k int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childArchive+"="+dir)
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
	child.Process.Kill()
	child.Wait()
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
