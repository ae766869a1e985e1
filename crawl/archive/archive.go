// Package archive keeps what a crawl received and what happened to every address.
//
// An archive is a directory:
//
//	objects/ab/abcd…   the bytes of one answer, named by their sha256, never changed
//	ledger.sqlite      every address, its state and reason, and every version fetched
//
// Bytes are stored as received; they are written to a temporary name, synced and
// renamed before the ledger speaks of them, so a crash at any moment loses at most
// what was in flight. Changed bytes at an address are a new object and a new version;
// nothing is overwritten. An object whose bytes no longer match its name is refused.
//
// A crawl cycle covers one nightly run: [Archive.BeginCycle] opens a cycle or takes
// up the one left open, [Archive.EndCycle] closes it. What has an outcome in the open
// cycle is done and is not asked for again.
//
// What is exported ([Archive.Locations], [Archive.Ledger], [Archive.Documents]) is
// sorted and stable: an answer 304, or the same bytes again, changes no field of it.
//
//	a, err := archive.Open("out/archive")
//	defer a.Close()
//	for _, sha := range documents {
//		body, err := a.Object(sha)
//	}
package archive

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver of the ledger
)

//go:embed schema.sql
var schema string

// An Archive is an open archive directory. One process writes to it at a time.
type Archive struct {
	dir string
	db  *sql.DB
}

// Open opens the archive in dir and creates what is missing. It fails if dir cannot
// be written.
func Open(dir string) (*Archive, error) {
	if err := os.MkdirAll(filepath.Join(dir, "objects"), 0o755); err != nil {
		return nil, fmt.Errorf("creating archive folder: %w; choose a folder that can be written", err)
	}
	if err := probe(dir); err != nil {
		return nil, err
	}
	db, err := openLedger(filepath.Join(dir, "ledger.sqlite"))
	if err != nil {
		return nil, err
	}
	return &Archive{dir: dir, db: db}, nil
}

// probe writes and removes a file, so that a folder without room or permission is
// known before the first request.
func probe(dir string) error {
	f, err := os.CreateTemp(filepath.Join(dir, "objects"), "tmp-*")
	if err != nil {
		return fmt.Errorf("writing to archive folder %s: %w; choose a folder that can be written", dir, err)
	}
	f.Close()
	return os.Remove(f.Name())
}

func openLedger(path string) (*sql.DB, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("opening ledger: %w", err)
	}
	uri := url.URL{Scheme: "file", Path: absolute, RawQuery: "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_txlock=immediate"}
	db, err := sql.Open("sqlite3", uri.String())
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening ledger %s: %w; if it is damaged, restore it from a copy", path, err)
	}
	return db, nil
}

// Close closes the ledger.
func (a *Archive) Close() error { return a.db.Close() }

// update runs f in one transaction.
func (a *Archive) update(ctx context.Context, what string, f func(*sql.Tx) error) error {
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// rows runs a query and calls scan for each row of the answer.
func (a *Archive) rows(ctx context.Context, what, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := a.db.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func stamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
