package archive_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

func open(t *testing.T, dir string) *archive.Archive {
	t.Helper()
	a, err := archive.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

const address = "http://www.shili.gov.cn/a.html"

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// filled is an archive with one document of a made-up portal.
func filled(t *testing.T, dir, body string) (*archive.Archive, string) {
	t.Helper()
	ctx, a := t.Context(), open(t, dir)
	cycle, _, err := a.BeginCycle(ctx, noon)
	if err != nil {
		t.Fatal(err)
	}
	s := archive.Stamp{Cycle: cycle, At: noon, CodeVersion: "test"}
	err = errors.Join(
		a.PutPortal(ctx, archive.Portal{ID: "shili", Name: "示例市", RegionCode: "990000"}),
		a.Discover(ctx, s, []archive.Link{{URL: address, Portal: "shili", Kind: archive.Document, Title: "报告", FoundOn: "http://www.shili.gov.cn/"}}),
	)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Store(ctx, s, archive.Answer{URL: address, FinalURL: address, HTTPStatus: 200, ETag: `"1"`, Body: []byte(body)}); err != nil {
		t.Fatal(err)
	}
	shas, err := a.Documents(ctx)
	if err != nil || len(shas) != 1 {
		t.Fatalf("Documents = %v, %v", shas, err)
	}
	return a, shas[0]
}

func TestObjectIsNamedByItsBytes(t *testing.T) {
	dir := t.TempDir()
	a, sha := filled(t, dir, "abc")
	// the sha256 of "abc" as FIPS 180-2 gives it
	if sha != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("sha256 = %s", sha)
	}
	if body, err := os.ReadFile(filepath.Join(dir, "objects", "ba", sha)); err != nil || string(body) != "abc" {
		t.Errorf("object file holds %q, %v", body, err)
	}
	if body, err := a.Object(sha); err != nil || string(body) != "abc" {
		t.Errorf("Object = %q, %v", body, err)
	}
}

func TestDamagedAndLostObjects(t *testing.T) {
	dir := t.TempDir()
	a, sha := filled(t, dir, "abc")
	path := filepath.Join(dir, "objects", sha[:2], sha)
	os.Remove(path)
	if _, err := a.Object(sha); !errors.Is(err, archive.ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("lost object: %v", err)
	}
	os.WriteFile(path, []byte("abd"), 0o644)
	if _, err := a.Object(sha); !errors.Is(err, archive.ErrDamaged) || !strings.Contains(err.Error(), "crawl again") {
		t.Errorf("damaged object: %v", err)
	}
	for _, name := range []string{"", "abc", "../../../etc/passwd", strings.Repeat("z", 64)} {
		if _, err := a.Object(name); err == nil || errors.Is(err, archive.ErrDamaged) {
			t.Errorf("Object(%q) = %v, want a refusal of the name", name, err)
		}
	}
}

func TestCycleStaysOpenUntilEnded(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a, _ := filled(t, dir, "abc")
	a.Close()
	a = open(t, dir)
	again, resumed, err := a.BeginCycle(ctx, noon)
	if err != nil || again != 1 || !resumed {
		t.Errorf("BeginCycle = %d, %v, %v, want cycle 1 resumed", again, resumed, err)
	}
	if addr, err := a.Lookup(ctx, again, address); err != nil || !addr.Done || addr.ETag != `"1"` {
		t.Errorf("Lookup = %+v, %v, want it done in this cycle", addr, err)
	}
	if err := a.EndCycle(ctx, noon); err != nil {
		t.Fatal(err)
	}
	next, resumed, err := a.BeginCycle(ctx, noon)
	if err != nil || next != 2 || resumed {
		t.Errorf("BeginCycle = %d, %v, %v, want a new cycle 2", next, resumed, err)
	}
	var work []archive.Address
	for addr, err := range a.Work(ctx, next, "shili") {
		if err != nil {
			t.Fatal(err)
		}
		work = append(work, addr)
	}
	if len(work) != 1 || work[0].Done || work[0].URL != address {
		t.Errorf("Work = %+v, want the document to be checked again", work)
	}
}

// Outcomes that bring no new bytes leave the exported rows as they were.
func TestExportIsStable(t *testing.T) {
	ctx := t.Context()
	a, sha := filled(t, t.TempDir(), "abc")
	before, err := a.Locations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	later := archive.Stamp{Cycle: 2, At: noon.Add(time.Hour), CodeVersion: "test2"}
	addr, err := a.Lookup(ctx, 2, address)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := a.Store(ctx, later, archive.Answer{URL: address, FinalURL: address, HTTPStatus: 200, ContentType: "text/html", ETag: `"2"`, Body: []byte("abc")})
	if err = errors.Join(err, a.Unchanged(ctx, later, addr, 1)); err != nil || changed {
		t.Fatalf("the same bytes: changed = %v, %v", changed, err)
	}
	after, err := a.Locations(ctx)
	if err != nil || len(after) != 1 || after[0] != before[0] {
		t.Errorf("Locations = %+v, %v, want %+v", after, err, before)
	}
	if addr, err := a.Lookup(ctx, 2, address); err != nil || addr.ETag != `"2"` || addr.SHA256 != sha {
		t.Errorf("Lookup = %+v, %v, want the new validator", addr, err)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := archive.Open(filepath.Join(file, "archive"))
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "choose a folder") {
		t.Errorf("Open = %v, want an error that names the folder and the next step", err)
	}
}

func TestDamagedLedger(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ledger.sqlite"), []byte(strings.Repeat("no ledger ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Open(dir); err == nil || !strings.Contains(err.Error(), "ledger.sqlite") {
		t.Errorf("Open = %v, want an error that names the ledger", err)
	}
}

func TestEndedContextWritesNothing(t *testing.T) {
	a, _ := filled(t, t.TempDir(), "abc")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := a.Discover(ctx, archive.Stamp{Cycle: 1, At: noon}, []archive.Link{{URL: "http://www.shili.gov.cn/b.html", Portal: "shili", Kind: archive.Document}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Discover = %v", err)
	}
}
