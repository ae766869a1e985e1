package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets the test binary stand in for nianbao, so that tests can kill it.
func TestMain(m *testing.M) {
	if os.Getenv("NIANBAO_AS_COMMAND") != "" {
		main()
	}
	os.Exit(m.Run())
}

// nianbao runs one command line in this process.
func nianbao(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, talk bytes.Buffer
	code = run(t.Context(), args, &out, &talk)
	return code, out.String(), talk.String()
}

// sampleRun is an undisturbed run of the sample edition, made once for all tests.
func sampleRun(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	if code, _, talk := nianbao(t, "run", "--portals", "sample", "--out", dir); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	return dir
}

// published are the hashes of the warehouse and of every file of the site.
func published(t *testing.T, dir string) map[string]string {
	t.Helper()
	hashes := map[string]string{}
	for _, part := range []string{"warehouse", "site"} {
		err := filepath.WalkDir(filepath.Join(dir, part), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			sum := sha256.Sum256(raw)
			rel, _ := filepath.Rel(dir, path)
			hashes[rel] = hex.EncodeToString(sum[:])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hashes
}

func TestRunTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	code, out, talk := nianbao(t, "run", "--portals", "sample", "--out", dir)
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	// 15+176+200+200+198+186+200+200+200 cells: the cells of the nine reports' truth.csv.
	for _, want := range []string{"9 new, 0 unchanged, 0 failed", "extracted   9 new", "1575 in 9 reports", "4 failed", "site        open file://"} {
		if !strings.Contains(out, want) {
			t.Errorf("the summary lacks %q:\n%s", want, out)
		}
	}
	before := published(t, dir)
	started := time.Now()
	code, out, talk = nianbao(t, "run", "--portals", "sample", "--out", dir)
	if code != 0 {
		t.Fatalf("second run: exit code %d\n%s", code, talk)
	}
	t.Logf("second run took %v", time.Since(started))
	for _, want := range []string{"0 new, 9 unchanged", "extracted   0 new, 9 as before"} {
		if !strings.Contains(out, want) {
			t.Errorf("the second summary lacks %q:\n%s", want, out)
		}
	}
	if after := published(t, dir); !reflect.DeepEqual(after, before) {
		t.Error("the second run changed the warehouse or the site")
	}
}

func TestKilledRunsEndInTheSameBytes(t *testing.T) {
	want := published(t, sampleRun(t))
	dir := filepath.Join(t.TempDir(), "out")
	command := func() *exec.Cmd {
		c := exec.Command(os.Args[0], "run", "--portals", "sample", "--out", dir)
		c.Env = append(os.Environ(), "NIANBAO_AS_COMMAND=1")
		return c
	}
	// Each run is killed a little later than the one before; together they pass
	// through every stage.
	killed := 0
	for delay := 30 * time.Millisecond; delay < 2*time.Second; delay += 60 * time.Millisecond {
		c := command()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(delay, func() { c.Process.Kill() })
		err := c.Wait()
		timer.Stop()
		if err == nil {
			break // it was done before it could be killed
		}
		killed++
	}
	if killed < 3 {
		t.Fatalf("only %d runs could be killed", killed)
	}
	t.Logf("%d runs killed", killed)
	if out, err := command().CombinedOutput(); err != nil {
		t.Fatalf("the run after the kills: %v\n%s", err, out)
	}
	if got := published(t, dir); !reflect.DeepEqual(got, want) {
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s differs from that of an undisturbed run", name)
			}
		}
		for name := range got {
			if want[name] == "" {
				t.Errorf("%s is left over", name)
			}
		}
	}
}

// The bytes of the warehouse must not depend on what memory held before: glibc fills
// it with the given byte.
func TestWarehouseDoesNotDependOnMemory(t *testing.T) {
	dir := sampleRun(t)
	want := published(t, dir)
	for _, fill := range []string{"1", "85", "170", "255"} {
		if err := os.RemoveAll(out(dir).warehouse()); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0], "build", "--out", dir)
		c.Env = append(os.Environ(), "NIANBAO_AS_COMMAND=1", "MALLOC_PERTURB_="+fill)
		if talk, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, talk)
		}
		if got := published(t, dir); !reflect.DeepEqual(got, want) {
			t.Errorf("memory filled with %s gives other bytes", fill)
		}
	}
}

func TestInterruptIsResumable(t *testing.T) {
	dir := out(filepath.Join(t.TempDir(), "out"))
	c := exec.Command(os.Args[0], "run", "--portals", "sample", "--out", string(dir))
	c.Env = append(os.Environ(), "NIANBAO_AS_COMMAND=1")
	var talk bytes.Buffer
	c.Stderr = &talk
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for range 5000 { // until it is at work
		if _, err := os.Stat(dir.archive()); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	c.Process.Signal(syscall.SIGINT)
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("after SIGINT: %v, want exit code %d\n%s", err, exitInterrupted, &talk)
	}
	if !strings.Contains(talk.String(), "run the same command again") {
		t.Errorf("the message names no next step:\n%s", &talk)
	}
}

func TestExtractPrintsTheContract(t *testing.T) {
	source := "../../../shared/reports/practice/zhengzhou-2022/source.txt"
	if _, err := os.Stat(source); err != nil {
		t.Skipf("skipped: the practice reports are not beside this clone: %v", err)
	}
	code, out, talk := nianbao(t, "extract", source)
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ","); got != "document,authority,adcode,report_year,scope,era,table,metric,applicant,value,status,raw,locator" {
		t.Errorf("columns %s", got)
	}
	if len(rows) != 201 {
		t.Errorf("%d rows, want a heading and 200 cells", len(rows))
	}
	want := []string{source, "郑州市人民政府", "410100", "2022", "city_aggregate", "D", "t3", "app_new", "total", "3325", "number", "3325", "line 98"}
	for _, r := range rows {
		if r[7] == "app_new" && r[8] == "total" && !reflect.DeepEqual(r, want) {
			t.Errorf("row %q, want %q", r, want)
		}
	}
}

// A folder may hold what never ends.
func TestExtractGoesOnPastWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "a")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b"), []byte("<p>示例"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, _, talk := nianbao(t, "extract", dir)
	for _, want := range []string{"a: no regular file", "b: not_a_report", "2 of 2 files"} {
		if !strings.Contains(talk, want) {
			t.Errorf("no %q in\n%s", want, talk)
		}
	}
	if code != exitItemsFailed {
		t.Errorf("exit code %d, want %d", code, exitItemsFailed)
	}
}

func TestExplainWalksFromNumberToAddress(t *testing.T) {
	dir := sampleRun(t)
	code, out, talk := nianbao(t, "explain", "--out", dir, "410100", "2022", "app_new")
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	for _, want := range []string{
		"3325", "郑州市人民政府", `row "一、本年新收政府信息公开申请数量"`, `column "总计"`, `printed "3325"`, "line ",
		"sha256 ", "objects/", "https://public.zhengzhou.gov.cn/", "re-typed copy",
		"app_new 3325 + app_carried_in 98 = 3423 | app_closed_total 3366 + app_carried_out 57 = 3423  held",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestExplainMarksTheCell(t *testing.T) {
	dir := sampleRun(t)
	html := filepath.Join(t.TempDir(), "cell.html")
	if code, _, talk := nianbao(t, "explain", "--out", dir, "410100", "2022", "app_new", "--mark", html); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	page, err := os.ReadFile(html)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(page), `class="marked"`); n != 1 || !strings.Contains(string(page), `class="marked" id="cell">3325<`) {
		t.Errorf("%d cells are marked, want the one that prints 3325", n)
	}
	drawn := filepath.Join(t.TempDir(), "page.png")
	if code, _, talk := nianbao(t, "explain", "--out", dir, "320800", "2024", "rev_total", "--mark", drawn); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	f, err := os.Open(drawn)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	frame := image.Rectangle{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if r, g, b, _ := picture.At(x, y).RGBA(); r > 0xA000 && g < 0x4000 && b < 0x4000 {
				frame = frame.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	// The cell of 351 on the sample's page, measured in the picture by eye: about 55 by
	// 28 pixels at (366, 792).
	if at := image.Rect(355, 780, 445, 835); frame.Empty() || !frame.In(at) {
		t.Errorf("the frame is at %v, want it in %v", frame, at)
	}
}

func TestBadInput(t *testing.T) {
	dir := sampleRun(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("%PDF-1.4 cut"), 0o644); err != nil {
		t.Fatal(err)
	}
	profiles := t.TempDir()
	if err := os.WriteFile(filepath.Join(profiles, "p.yaml"), []byte("id: x\nfamily: no_such\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(file, "out") // a folder below a file cannot be made
	for _, c := range []struct {
		name string
		code int
		says []string
		args []string
	}{
		{"no such verb", 1, []string{"unknown command"}, []string{"frobnicate"}},
		{"no such flag", 2, []string{"--nope", "--help"}, []string{"run", "--nope"}},
		{"no portals", 1, []string{"portals"}, []string{"run", "--out", dir}},
		{"argument missing", 2, []string{"--help"}, []string{"explain", "410100"}},
		{"year is no number", 2, []string{`"abc"`}, []string{"explain", "410100", "abc", "app_new"}},
		{"output folder cannot be made", 1, []string{file, "choose another --out"}, []string{"run", "--portals", "sample", "--out", below}},
		{"bad profile", 1, []string{"p.yaml", "no_such"}, []string{"run", "--portals", profiles, "--contact", "mailto:a@example.org", "--out", dir}},
		{"real portals without contact", 2, []string{"--contact"}, []string{"crawl", "--portals", profiles, "--out", dir}},
		{"no warehouse yet", 1, []string{"nianbao run"}, []string{"query", "--out", t.TempDir(), "SELECT 1"}},
		{"bad SQL", 1, []string{"no_such_table"}, []string{"query", "--out", dir, "FROM no_such_table"}},
		{"writing SQL", 1, []string{"read-only"}, []string{"query", "--out", dir, "DELETE FROM cell"}},
		{"SQL twice", 2, []string{"-f"}, []string{"query", "--out", dir, "-f", file, "SELECT 1"}},
		{"unknown format", 2, []string{"parquet"}, []string{"query", "--format", "xml", "SELECT 1"}},
		{"unknown region", 1, []string{"999999"}, []string{"explain", "--out", dir, "999999", "2022", "app_new"}},
		{"year without a report", 1, []string{"2023", "2022"}, []string{"explain", "--out", dir, "410100", "2023", "app_new"}},
		{"misspelt metric", 1, []string{"app_new"}, []string{"explain", "--out", dir, "410100", "2022", "app_nwe"}},
		{"mark a sum", 2, []string{"sum of other cells"}, []string{"explain", "--out", dir, "410100", "2022", "out_denied", "--mark", file}},
		{"broken PDF", 3, []string{file, "corrupt", "next:"}, []string{"extract", file}},
		{"missing file", 3, []string{"no/such.pdf"}, []string{"extract", "no/such.pdf"}},
		{"findings", 4, []string{"4 findings"}, []string{"check", "--out", dir, "--fail-on", "error"}},
		{"no such severity", 2, []string{"error or warn"}, []string{"check", "--out", dir, "--fail-on", "bad"}},
	} {
		code, _, talk := nianbao(t, c.args...)
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d\n%s", c.name, code, c.code, talk)
		}
		for _, want := range c.says {
			if !strings.Contains(talk, want) {
				t.Errorf("%s: the message lacks %q:\n%s", c.name, want, talk)
			}
		}
	}
}

func TestDamagedObjectLeavesTheRestDone(t *testing.T) {
	dir := sampleRun(t)
	var damaged string
	objects, _ := filepath.Glob(filepath.Join(dir, "archive", "objects", "c4", "*"))
	for _, o := range objects {
		damaged = o
		raw, err := os.ReadFile(o)
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)/2] ^= 1
		os.Chmod(o, 0o644)
		if err := os.WriteFile(o, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "archive", "warc")); err != nil { // from which it would be restored
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "parts")); err != nil { // so that all is extracted anew
		t.Fatal(err)
	}
	// The rest is extracted and built; a build that lost a report does not take the place of the old one.
	code, _, talk := nianbao(t, "build", "--out", dir)
	if code != exitRefused || !strings.Contains(talk, filepath.Base(damaged)) || !strings.Contains(talk, "8 extracted") || !strings.Contains(talk, "documents_gone: 1 of 9") {
		t.Errorf("exit code %d, want %d, with the damaged object named, 8 documents extracted and 1 gone\n%s", code, exitRefused, talk)
	}
	// The next crawl sees that the object is damaged and fetches it again.
	if code, out, talk := nianbao(t, "run", "--portals", "sample", "--out", dir); code != 0 || !strings.Contains(out, "1575 in 9 reports") {
		t.Errorf("the run after: exit code %d\n%s%s", code, out, talk)
	}
}

func TestOneWriterAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	lock, err := out(dir).lockRun()
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Unlock()
	if code, _, talk := nianbao(t, "run", "--portals", "sample", "--out", dir); code != 1 || !strings.Contains(talk, "another nianbao") {
		t.Errorf("exit code %d, want 1 and a message about the other one\n%s", code, talk)
	}
}

func TestCancelledContextIsNoFailureOfItems(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var talk bytes.Buffer
	if code := run(ctx, []string{"run", "--portals", "sample", "--out", filepath.Join(t.TempDir(), "out")}, &talk, &talk); code != exitInterrupted {
		t.Errorf("exit code %d, want %d\n%s", code, exitInterrupted, &talk)
	}
}

func TestDoctorSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	code, out, _ := nianbao(t, "doctor")
	if code != exitItemsFailed || !strings.Contains(out, "apt-get install tesseract-ocr") || !strings.Contains(out, "libreoffice-writer-nogui") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}
