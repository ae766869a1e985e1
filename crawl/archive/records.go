package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// Records returns where the records stand that brought the bytes with this sha256 into
// the archive in dir, by address, with File the path of the WARC file. It only reads, so
// another process may be writing. An address whose exchange was not kept is absent, as
// all are where there is no archive.
func Records(ctx context.Context, dir, sha string) (map[string]Place, error) {
	ledger, err := filepath.Abs(filepath.Join(dir, "ledger.sqlite"))
	if err == nil {
		_, err = os.Stat(ledger)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening ledger: %w", err)
	}
	uri := url.URL{Scheme: "file", Path: ledger, RawQuery: "mode=ro&_busy_timeout=5000"}
	db, err := sql.Open("sqlite3", uri.String())
	if err != nil {
		return nil, fmt.Errorf("opening ledger %s: %w", ledger, err)
	}
	defer db.Close()
	a, places := &Archive{dir: dir, db: db}, map[string]Place{}
	err = a.rows(ctx, "looking for the records of "+sha, `SELECT url, warc, warc_offset FROM version WHERE sha256 = ? AND warc IS NOT NULL`,
		[]any{sha}, func(r *sql.Rows) error {
			var address string
			var p Place
			err := r.Scan(&address, &p.File, &p.Offset)
			p.File = filepath.Join(a.WARC(), p.File)
			places[address] = p
			return err
		})
	return places, err
}
