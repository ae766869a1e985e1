package main

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

const seeingAll = `SELECT build_id, documents, reports, cells, (SELECT count(*) FROM document), (SELECT count(*) FROM report),
	(SELECT count(*) FROM cell), (SELECT count(*) FROM indicators) FROM run`

// seen is what a reader that opens the warehouse now sees of it.
func seen(dir out) (string, error) {
	db, err := warehouse.Open(context.Background(), dir.database())
	if err != nil {
		return "", err
	}
	defer db.Close()
	var b bytes.Buffer
	err = db.Query(context.Background(), &b, rows.CSV, seeingAll)
	_, row, _ := strings.Cut(b.String(), "\n")
	return row, err
}

// lax is a file of thresholds that let everything pass.
func lax(t *testing.T) string {
	t.Helper()
	all, err := warehouse.Thresholds("")
	if err != nil {
		t.Fatal(err)
	}
	text := "measure,max_share,max_count,reason\n"
	for _, threshold := range all {
		text += threshold.Measure + ",1,0,made up\n"
	}
	path := filepath.Join(t.TempDir(), "gate.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// twoNights is a folder and two archives for it, one with a report more.
func twoNights(t *testing.T) (dir out, archives [2]string) {
	t.Helper()
	dir = out(t.TempDir())
	for i := range archives {
		nightly(t, dir, large(t, 20+i))
		archives[i] = filepath.Join(t.TempDir(), "archive")
		if err := os.CopyFS(archives[i], os.DirFS(dir.archive())); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(dir.archive()); err != nil {
		t.Fatal(err)
	}
	return dir, archives
}

// turnTo makes an archive that of the folder, and forgets its build.
func turnTo(t *testing.T, dir out, archive string) {
	t.Helper()
	os.Remove(dir.archive())
	if err := os.Symlink(archive, dir.archive()); err != nil {
		t.Fatal(err)
	}
	all, err := warehouse.Builds(t.Context(), dir.warehouse())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		if !k.Serving {
			if err := os.Remove(k.Path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func asCommand(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "NIANBAO_AS_COMMAND=1")
	return c
}

// Whenever a build is killed, and all the while that builds run, who opens the warehouse
// is not kept waiting and sees one build or the other, whole.
func TestReadersOfKilledBuilds(t *testing.T) {
	dir, archives := twoNights(t)
	args := []string{"build", "--out", string(dir), "--gate", lax(t)}
	var whole [2]string
	var took time.Duration
	for i, a := range archives {
		turnTo(t, dir, a)
		began := time.Now()
		if talk, err := asCommand(args...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, talk)
		}
		took = time.Since(began)
		var err error
		if whole[i], err = seen(dir); err != nil {
			t.Fatal(err)
		}
	}
	if whole[0] == whole[1] {
		t.Fatal("both archives give the same build")
	}
	stop, read := make(chan bool), make(chan int)
	go func() {
		n := 0
		defer func() { read <- n }()
		for {
			select {
			case <-stop:
				return
			default:
			}
			if row, err := seen(dir); err != nil || row != whole[0] && row != whole[1] {
				t.Errorf("a reader saw %q, %v", row, err)
			}
			n++
		}
	}()
	seed := uint64(time.Now().UnixNano())
	moments := rand.New(rand.NewPCG(seed, 0))
	killed := 0
	for i := range 20 {
		turnTo(t, dir, archives[i%2])
		moment := time.Duration(moments.Int64N(int64(took)))
		c := asCommand(args...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(moment, func() { c.Process.Kill() })
		if c.Wait() != nil {
			killed++
		}
		timer.Stop()
		if row, err := seen(dir); err != nil || row != whole[0] && row != whole[1] {
			t.Errorf("killed after %v: a reader sees %q, %v", moment, row, err)
		}
	}
	close(stop)
	t.Logf("seed %d: %d of 20 builds of %v killed, %d reads", seed, killed, took, <-read)
	if killed < 5 {
		t.Errorf("only %d builds could be killed", killed)
	}
	turnTo(t, dir, archives[0])
	if talk, err := asCommand(args...).CombinedOutput(); err != nil {
		t.Fatalf("after the kills: %v\n%s", err, talk)
	}
	if row, err := seen(dir); err != nil || row != whole[0] {
		t.Errorf("after the kills a build gives %q, %v", row, err)
	}
}

// On a full disk the old build serves, and the message names the file and what to do.
func TestFullDisk(t *testing.T) {
	dir, archives := twoNights(t)
	turnTo(t, dir, archives[0])
	disk := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=20m"); err != nil {
		t.Skipf("skipped: only who may mount a small file system can fill it: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	before, err := seen(dir)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(dir.database())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(disk, warehouse.FileName), raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.RemoveAll(dir.warehouse()), os.Symlink(disk, dir.warehouse())); err != nil {
		t.Fatal(err)
	}
	code, _, talk := nianbao(t, "build", "--out", string(dir), "--gate", lax(t))
	if code != 1 || !strings.Contains(talk, dir.database()) || !strings.Contains(talk, "make room") {
		t.Errorf("exit code %d\n%s", code, talk)
	}
	if after, err := seen(dir); err != nil || after != before {
		t.Errorf("a reader sees %q, %v, want %q", after, err, before)
	}
	if left, _ := filepath.Glob(filepath.Join(disk, ".build-*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
