// Package archive keeps what a crawl received and what happened to every address.
//
// An archive is a directory:
//
//	objects/ab/abcd…   the bytes of one answer, named by their sha256, never changed
//	warc/*.warc.gz     every exchange with a host, as transferred: see package warc
//	ledger.sqlite      every address, its state and reason, and every version fetched
//
// A WARC record is on the disk before the ledger speaks of its exchange. Objects hold the
// bytes with transfer and content coding undone; they are whole before the ledger speaks of
// them. A process that is killed loses what was in flight. A machine that fails may also
// lose the latest objects and rows of the ledger, which are not synced one by one: objects
// are restored from their WARC records when they are read, and what the ledger forgot is
// asked for again. What a crawl owes the hosts is on the disk before it goes on.
//
// Changed bytes at an address are a new object and a new version; nothing is overwritten.
// An object whose bytes no longer match its name and that no WARC record holds is refused,
// and fetched anew by the next crawl. [Archive.Verify] reads everything.
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
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver of the ledger

	"github.com/nianbao/nianbao/crawl/archive/warc"
)

//go:embed schema.sql
var schema string

// An Archive is an open archive directory. One process writes to it at a time.
type Archive struct {
	dir    string
	db     *sql.DB
	mu     sync.Mutex              // of what follows
	series map[string]*warc.Writer // of WARC files, by name
	cycle  int64                   // of which the WARC files being written are a part
	serial int                     // at which the series of this run begin
	broken error                   // why an exchange could not be kept: then nothing more is recorded
}

// Open opens the archive in dir, creates what is missing and clears up what a crash
// left behind. It fails if dir cannot be written.
func Open(dir string) (*Archive, error) {
	a := &Archive{dir: dir, series: map[string]*warc.Writer{}}
	for _, folder := range []string{a.objects(), a.WARC()} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, fmt.Errorf("creating archive folder: %w; choose a folder that can be written", err)
		}
	}
	if err := clearUp(a.objects()); err != nil {
		return nil, err
	}
	if err := probe(dir); err != nil {
		return nil, err
	}
	if err := warc.Recover(a.WARC()); err != nil {
		return nil, err
	}
	var err error
	a.db, err = openLedger(filepath.Join(dir, "ledger.sqlite"))
	return a, err
}

func (a *Archive) objects() string { return filepath.Join(a.dir, "objects") }

// WARC returns the folder of the WARC files.
func (a *Archive) WARC() string { return filepath.Join(a.dir, "warc") }

// clearUp removes the temporary files of objects that a crash left unfinished.
func clearUp(objects string) error {
	for _, pattern := range []string{temporary, filepath.Join("??", temporary)} {
		left, err := filepath.Glob(filepath.Join(objects, pattern))
		for _, path := range left {
			err = errors.Join(err, os.Remove(path))
		}
		if err != nil {
			return fmt.Errorf("removing temporary files of a crash: %w", err)
		}
	}
	return nil
}

// probe writes and removes a file, so that a folder without room or permission is
// known before the first request.
func probe(dir string) error {
	f, err := os.CreateTemp(filepath.Join(dir, "objects"), temporary)
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
	uri := url.URL{Scheme: "file", Path: absolute, RawQuery: "_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=5000&_foreign_keys=on&_txlock=immediate&_stmt_cache_size=64"}
	db, err := sql.Open("sqlite3", uri.String())
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(schema)
	if err = errors.Join(err, addColumns(db)); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening ledger %s: %w; if it is damaged, restore it from a copy", path, err)
	}
	return db, nil
}

// columns that ledgers of earlier versions lack.
var columns = []struct{ table, name, kind string }{
	{"address", "warc", "TEXT"}, {"address", "warc_offset", "INTEGER"},
	{"version", "warc", "TEXT"}, {"version", "warc_offset", "INTEGER"},
	{"address", "published_on", "TEXT NOT NULL DEFAULT ''"}, {"address", "published_as", "TEXT NOT NULL DEFAULT ''"},
	{"address", "authority", "TEXT NOT NULL DEFAULT ''"},
}

func addColumns(db *sql.DB) error {
	for _, c := range columns {
		var n int
		err := db.QueryRow(`SELECT count(*) FROM pragma_table_info(?) WHERE name = ?`, c.table, c.name).Scan(&n)
		if err == nil && n == 0 {
			_, err = db.Exec(`ALTER TABLE ` + c.table + ` ADD COLUMN ` + c.name + ` ` + c.kind)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Close finishes the WARC files being written and closes the ledger.
func (a *Archive) Close() error { return errors.Join(a.finish(), a.db.Close()) }

// update runs f in one transaction, which survives the end of the process.
func (a *Archive) update(ctx context.Context, what string, f func(*sql.Tx) error) error {
	if err := a.Broken(); err != nil {
		return err
	}
	return transact(ctx, what, a.db.BeginTx, f)
}

// durably runs f in one transaction. It is on the disk when durably returns, and so are
// all before it.
func (a *Archive) durably(ctx context.Context, what string, f func(*sql.Tx) error) error {
	if err := a.Broken(); err != nil {
		return err
	}
	conn, err := a.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = FULL`); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous = NORMAL`)
	return transact(ctx, what, conn.BeginTx, f)
}

func transact(ctx context.Context, what string, begin func(context.Context, *sql.TxOptions) (*sql.Tx, error), f func(*sql.Tx) error) error {
	tx, err := begin(ctx, nil)
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
