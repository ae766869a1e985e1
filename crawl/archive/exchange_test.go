package archive_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

// What a kill leaves behind is gone after the next opening.
func TestTemporaryFilesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	a, sha := filled(t, dir, "abc")
	a.Close()
	left := []string{filepath.Join(dir, "objects", "tmp-1"), filepath.Join(dir, "objects", sha[:2], "tmp-2")}
	for _, path := range left {
		if err := os.WriteFile(path, []byte("half"), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	a = open(t, dir)
	for _, path := range left {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	if _, err := a.Object(sha); err != nil {
		t.Error(err)
	}
}

// Where an exchange cannot be kept, nothing is recorded that it would stand for.
func TestNothingIsRecordedWithoutItsExchange(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a, _ := filled(t, dir, "abc")
	if err := os.RemoveAll(a.WARC()); err != nil {
		t.Fatal(err)
	}
	_, err := a.PutExchange(ctx, "", 200, archive.Exchange{URL: address, At: noon, Request: []byte("GET"), Response: []byte("HTTP/1.1 200 OK\r\n\r\nabd")})
	if err == nil || !strings.Contains(err.Error(), a.WARC()) {
		t.Fatalf("PutExchange = %v", err)
	}
	s := archive.Stamp{Cycle: 1, At: noon}
	if _, err := a.Store(ctx, s, archive.Answer{URL: address, FinalURL: address, HTTPStatus: 200, Body: []byte("abd")}); err == nil {
		t.Error("Store went on")
	}
	if err := a.Settle(ctx, s, archive.Outcome{URL: address, State: archive.Failed, Reason: "http_error"}); err == nil {
		t.Error("Settle went on")
	}
}

// A ledger of a version without WARC files and days of lists is taken up; the days are
// added when the lists are read again.
func TestOlderLedger(t *testing.T) {
	dir := t.TempDir()
	a, sha := filled(t, dir, "abc")
	a.Close()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`ALTER TABLE address DROP COLUMN warc`, `ALTER TABLE address DROP COLUMN warc_offset`,
		`ALTER TABLE version DROP COLUMN warc`, `ALTER TABLE version DROP COLUMN warc_offset`,
		`ALTER TABLE address DROP COLUMN published_on`, `ALTER TABLE address DROP COLUMN published_as`, `ALTER TABLE address DROP COLUMN authority`,
		`DROP TABLE payload`, `DROP TABLE damaged`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	a = open(t, dir)
	if addr, err := a.Lookup(t.Context(), 1, address); err != nil || addr.SHA256 != sha {
		t.Errorf("Lookup = %+v, %v", addr, err)
	}
	if err := a.Unchanged(t.Context(), archive.Stamp{Cycle: 1, At: noon.Add(time.Hour)}, archive.Address{URL: address, SHA256: sha}, 1); err != nil {
		t.Error(err)
	}
	for range 2 { // the first day stays
		for _, day := range []string{"2026-01-20", "2026-02-02"} {
			link := archive.Link{URL: address, Portal: "shili", Kind: archive.Document, PublishedOn: day, PublishedAs: "[" + day + "]", Authority: "甲市人民政府"}
			if err := a.Discover(t.Context(), archive.Stamp{Cycle: 1, At: noon}, []archive.Link{link}); err != nil {
				t.Fatal(err)
			}
		}
		all, err := a.Locations(t.Context())
		if err != nil || len(all) != 1 || all[0].PublishedOn != "2026-01-20" || all[0].PublishedAs != "[2026-01-20]" || all[0].Authority != "甲市人民政府" {
			t.Errorf("%+v, %v, want the day and the authority of the list", all, err)
		}
	}
}
