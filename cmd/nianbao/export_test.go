package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// exportOf exports a warehouse and returns the folder and what was said.
func exportOf(t *testing.T, dir, to string) (talk string) {
	t.Helper()
	code, out, talk := nianbao(t, "export", "--out", dir, "--to", to)
	if code != 0 || strings.TrimSpace(out) != to {
		t.Fatalf("exit code %d, output %q\n%s", code, out, talk)
	}
	return talk
}

// Frictionless, pyarrow and openpyxl read what was exported, and find the same in all formats.
func TestExportIsReadByOthers(t *testing.T) {
	to := filepath.Join(t.TempDir(), "x y", "export")
	exportOf(t, sampleRun(t), to)
	got := program(t, "testdata", python(t, "frictionless"), "read_export.py", to)
	// 郑州市 2022 as published: 3325 new requests.
	if want := "cell.value is decimal128(28, 8)\napp_new of 410100: 3325 2022\n"; got != want {
		t.Errorf("read by others:\n%s\nwant\n%s", got, want)
	}
	program(t, to, "sha256sum", "-c", "--quiet", "SHA256SUMS")
	program(t, to, filepath.Join(filepath.Dir(python(t, "cffconvert")), "cffconvert"), "--validate")

	// The checks can fail: a key that stands twice and a reference to nothing.
	path := filepath.Join(to, "csv", "errata.csv")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(raw, []byte("\n"))
	spoilt := append(raw, append(append([]byte{}, lines[1]...), append([]byte("0000"), lines[1][4:]...)...)...)
	if err := os.WriteFile(path, spoilt, 0o644); err != nil {
		t.Fatal(err)
	}
	got = program(t, "testdata", python(t, "frictionless"), "read_export.py", to)
	for _, want := range []string{"hash", "primary key", "foreign key", "csv and parquet differ: errata"} {
		if !strings.Contains(strings.ToLower(got), want) {
			t.Errorf("spoilt errata.csv: nothing says %q:\n%s", want, got)
		}
	}
}

// shelf is what a folder holds: each file's bytes and when it was written.
func shelf(t *testing.T, dir string) (content map[string]string, written map[string]int64) {
	t.Helper()
	content, written = map[string]string{}, map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		info, _ := d.Info()
		rel, _ := filepath.Rel(dir, path)
		content[rel], written[rel] = string(raw), info.ModTime().UnixNano()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return content, written
}

func TestExportTwice(t *testing.T) {
	dir, to := sampleRun(t), filepath.Join(t.TempDir(), "export")
	exportOf(t, dir, to)
	first, at := shelf(t, to)
	if talk := exportOf(t, dir, to); !strings.Contains(talk, " 0 of them changed") {
		t.Errorf("the second export: %s", talk)
	}
	again := filepath.Join(t.TempDir(), "again")
	exportOf(t, sampleRun(t), again)
	if other, _ := shelf(t, again); !reflect.DeepEqual(first, other) {
		for name := range first {
			if first[name] != other[name] {
				t.Errorf("%s differs between two exports of the same build", name)
			}
		}
	}
	// A file that was changed or lost is written anew, the others are kept as they are.
	if err := os.WriteFile(filepath.Join(to, "csv", "run.csv"), []byte("spoilt"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(to, "README.md")); err != nil {
		t.Fatal(err)
	}
	if talk := exportOf(t, dir, to); !strings.Contains(talk, " 2 of them changed") {
		t.Errorf("the third export: %s", talk)
	}
	last, then := shelf(t, to)
	if !reflect.DeepEqual(first, last) {
		t.Error("the export is not as it was")
	}
	for name := range at {
		if kept := at[name] == then[name]; kept != (name != "csv/run.csv" && name != "README.md") {
			t.Errorf("%s: kept %v", name, kept)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(to), ".*")); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

func TestExportLosesNothing(t *testing.T) {
	dir, to := sampleRun(t), filepath.Join(t.TempDir(), "export")
	exportOf(t, dir, to)
	mine := filepath.Join(to, "csv", "my notes.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	before, _ := shelf(t, to)
	if code, _, talk := nianbao(t, "export", "--out", dir, "--to", to); code != 1 || !strings.Contains(talk, mine) || !strings.Contains(talk, "--to") {
		t.Errorf("exit code %d\n%s", code, talk)
	}
	if err := os.Remove(mine); err != nil {
		t.Fatal(err)
	}
	delete(before, "csv/my notes.txt")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var talk bytes.Buffer
	if code := run(ctx, []string{"export", "--out", dir, "--to", to}, &talk, &talk); code != exitInterrupted {
		t.Errorf("interrupted: exit code %d\n%s", code, &talk)
	}
	if after, _ := shelf(t, to); !reflect.DeepEqual(before, after) {
		t.Error("an export that did not end changed the folder")
	}
	// A run that was killed between the two renames leaves no folder but the old one aside.
	aside := filepath.Join(filepath.Dir(to), ".export.export-1")
	if err := os.MkdirAll(aside, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to, filepath.Join(aside, "old")); err != nil {
		t.Fatal(err)
	}
	if talk := exportOf(t, dir, to); !strings.Contains(talk, " 0 of them changed") {
		t.Errorf("after a kill: %s", talk)
	}
}
