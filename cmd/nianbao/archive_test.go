package main

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// hashes are those of every file below some folders of an output folder.
func hashes(t *testing.T, dir string, folders ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			sum := sha256.Sum256(raw)
			rel, _ := filepath.Rel(dir, path)
			out[rel] = hex.EncodeToString(sum[:])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// ledgerRows are all rows of the tables of a ledger, in words.
func ledgerRows(t *testing.T, dir string) (rows []string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "archive", "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range []string{"cycle", "portal", "address", "version", "payload", "damaged"} {
		answer, err := db.Query(`SELECT * FROM ` + table + ` ORDER BY 1, 2`)
		if table == "damaged" {
			answer, err = db.Query(`SELECT * FROM damaged`)
		}
		if err != nil {
			t.Fatal(err)
		}
		names, _ := answer.Columns()
		for answer.Next() {
			cells := make([]any, len(names))
			for i := range cells {
				cells[i] = new(sql.NullString)
			}
			if err := answer.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			line := table
			for i, c := range cells {
				line += fmt.Sprintf(" %s=%v", names[i], *c.(*sql.NullString))
			}
			rows = append(rows, line)
		}
		answer.Close()
	}
	return rows
}

// Two nights are rebuilt from their WARC files alone: the same ledger, objects, WARC
// files, extraction and warehouse. There is no server to ask: none is started.
func TestReplayRebuildsTheArchive(t *testing.T) {
	dir := sampleRun(t)
	if code, _, talk := nianbao(t, "run", "--portals", "sample", "--out", dir); code != 0 {
		t.Fatalf("second night: exit code %d\n%s", code, talk)
	}
	rebuilt := filepath.Join(t.TempDir(), "rebuilt")
	replay := []string{"crawl", "--portals", "sample", "--replay", filepath.Join(dir, "archive", "warc"), "--out", rebuilt}
	if code, _, talk := nianbao(t, replay...); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	if want, got := ledgerRows(t, dir), ledgerRows(t, rebuilt); !reflect.DeepEqual(got, want) || len(want) < 50 {
		t.Errorf("the ledger differs:\n%s\n\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if code, _, talk := nianbao(t, "build", "--out", rebuilt); code != 0 {
		t.Fatalf("build: exit code %d\n%s", code, talk)
	}
	want := hashes(t, dir, "archive/objects", "archive/warc", "parts", "warehouse")
	got := hashes(t, rebuilt, "archive/objects", "archive/warc", "parts", "warehouse")
	if !reflect.DeepEqual(got, want) || len(want) < 18 {
		t.Errorf("files differ:\n%v\n%v", got, want)
	}
	before := ledgerRows(t, rebuilt)
	if code, _, talk := nianbao(t, replay...); code != 0 || !reflect.DeepEqual(ledgerRows(t, rebuilt), before) {
		t.Errorf("a second replay: exit code %d, or it changed the ledger\n%s", code, talk)
	}
}

func TestReplayOfWhatIsNoWARC(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "none.warc.gz"), t.TempDir()} {
		code, _, talk := nianbao(t, "crawl", "--portals", "sample", "--replay", path, "--out", filepath.Join(t.TempDir(), "out"))
		if code == 0 || !strings.Contains(talk, path) {
			t.Errorf("exit code %d\n%s\nwant a failure that names %s", code, talk, path)
		}
	}
}

// A byte that flips in any file of the archive is found, wherever in a record it lies.
func TestVerifyFindsAFlippedByte(t *testing.T) {
	dir := sampleRun(t)
	if code, out, talk := nianbao(t, "archive", "verify", "--out", dir); code != 0 || out != "" || !strings.Contains(talk, "0 damaged") {
		t.Fatalf("an undamaged archive: exit code %d\n%s%s", code, out, talk)
	}
	objects, _ := filepath.Glob(filepath.Join(dir, "archive", "objects", "*", "*"))
	files, _ := filepath.Glob(filepath.Join(dir, "archive", "warc", "*.warc.gz"))
	if len(objects) != 16 || len(files) != 5 {
		t.Fatalf("%d objects, %d WARC files", len(objects), len(files))
	}
	flipped := func(path string, at int) (out string) {
		t.Helper()
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { os.WriteFile(path, raw, 0o644) }()
		os.Chmod(path, 0o644)
		bad := bytes.Clone(raw)
		bad[at] ^= 1
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, _ := nianbao(t, "archive", "verify", "--out", dir)
		if code != exitItemsFailed {
			t.Errorf("byte %d of %s flipped: exit code %d, want %d", at, path, code, exitItemsFailed)
		}
		return out
	}
	if out := flipped(objects[3], 10); !strings.Contains(out, objects[3]) || !strings.Contains(out, "next: crawl again") || strings.Count(out, "\n") != 1 {
		t.Errorf("object: %s", out)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	member := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}
	second := 1 + bytes.Index(raw[1:], member)
	// the header of the first record and of the second, the middle, and the last bytes
	for _, at := range []int{0, 1, 2, 3, 4, 8, 9, second, second + 5, second + 9, len(raw) / 2, len(raw) - 9, len(raw) - 1} {
		begins := bytes.LastIndex(raw[:min(at+len(member), len(raw))], member)
		if at < begins {
			begins = bytes.LastIndex(raw[:begins], member)
		}
		want := fmt.Sprintf("%s at offset %d: ", files[0], begins)
		if out := flipped(files[0], at); !strings.Contains(out, want) || !strings.Contains(out, "next: restore") {
			t.Errorf("byte %d of the WARC file flipped: %swant %q", at, out, want)
		}
	}
}

func TestVerifyMissesFiles(t *testing.T) {
	dir := sampleRun(t)
	objects, _ := filepath.Glob(filepath.Join(dir, "archive", "objects", "*", "*"))
	files, _ := filepath.Glob(filepath.Join(dir, "archive", "warc", "*.warc.gz"))
	os.Remove(objects[0])
	os.Remove(files[0])
	code, out, _ := nianbao(t, "archive", "verify", "--out", dir)
	if code != exitItemsFailed || !strings.Contains(out, objects[0]+": no such file") || !strings.Contains(out, files[0]+": no such file") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, _, talk := nianbao(t, "crawl", "--portals", "sample", "--out", dir); code != 0 {
		t.Fatalf("exit code %d\n%s", code, talk)
	}
	if _, err := os.Stat(objects[0]); err != nil {
		t.Errorf("after the next crawl: %v", err)
	}
}

func TestVerifyWithoutAnArchive(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	code, _, talk := nianbao(t, "archive", "verify", "--out", dir)
	if _, err := os.Stat(dir); code != exitUsage || !strings.Contains(talk, dir) || err == nil {
		t.Errorf("exit code %d\n%s", code, talk)
	}
}

// A damaged page of the ledger is found as well.
func TestVerifyReadsTheLedger(t *testing.T) {
	dir := sampleRun(t)
	path := filepath.Join(dir, "archive", "ledger.sqlite")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// the last page is one of a table or index; its header says how many cells it has
	page := len(raw) - 4096
	copy(raw[page:page+8], []byte{13, 0, 0, 255, 255, 255, 255, 0})
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, talk := nianbao(t, "archive", "verify", "--out", dir)
	if code == 0 || !strings.Contains(out+talk, "ledger") {
		t.Errorf("exit code %d\n%s%s", code, out, talk)
	}
}

func TestArchiveHelp(t *testing.T) {
	if code, out, _ := nianbao(t, "archive"); code != 0 || !strings.Contains(out, "verify") || !strings.Contains(out, "archive/warc") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, _, talk := nianbao(t, "archive", "verify", "nonsense"); code != exitUsage {
		t.Errorf("exit code %d\n%s", code, talk)
	}
}
