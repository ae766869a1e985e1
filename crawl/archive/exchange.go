package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/nianbao/nianbao/crawl/archive/warc"
)

// A Place is where the record of an exchange stands in the WARC files.
type Place = warc.Place

// An Exchange is one request and its answer, as transferred.
type Exchange = warc.Exchange

// PutExchange keeps an exchange with the given status in a series of WARC files, whose
// names bear that of the series. An answer whose payload a record of the same address
// holds already, or that says so by 304, becomes a revisit record. It is on the disk when
// PutExchange returns; if it cannot be kept, nothing more can be recorded in the archive.
// It is safe for concurrent use.
func (a *Archive) PutExchange(ctx context.Context, series string, status int, x Exchange) (Place, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		return Place{}, a.broken
	}
	place, err := a.putExchange(ctx, a.writer(series), status, x)
	if err != nil {
		a.broken = fmt.Errorf("keeping the exchange with %s: %w", x.URL, err)
		return Place{}, a.broken
	}
	return place, nil
}

// Broken returns why an exchange could not be kept, nil if all were.
func (a *Archive) Broken() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.broken
}

func (a *Archive) writer(series string) *warc.Writer {
	w := a.series[series]
	if w == nil {
		w = &warc.Writer{Dir: a.WARC(), Label: series, Serial: a.serial}
		if a.cycle > 0 {
			w.Part = fmt.Sprintf("cycle %d", a.cycle)
		}
		a.series[series] = w
	}
	return w
}

// FinishSeries ends the file of a series, if one is being written, and the series.
func (a *Archive) FinishSeries(series string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	err := a.writer(series).Finish()
	delete(a.series, series)
	return err
}

// finish ends all series.
func (a *Archive) finish() (err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.series {
		err = errors.Join(err, w.Finish())
	}
	clear(a.series)
	return err
}

func (a *Archive) putExchange(ctx context.Context, w *warc.Writer, status int, x Exchange) (Place, error) {
	whole := status == http.StatusOK && x.Truncated == "" && len(x.Payload()) > 0
	if whole {
		x.PayloadDigest = warc.Digest(x.Payload())
	}
	var err error
	if whole || status == http.StatusNotModified {
		if x.Revisit, err = a.revisit(ctx, x.URL, x.PayloadDigest); err != nil {
			return Place{}, err
		}
	}
	written, err := w.Write(x)
	if err == nil && whole {
		err = a.putPayload(ctx, x.URL, x.PayloadDigest, written)
	}
	return written.Place, err
}

// revisit returns the reference to the record with a payload; with that which the
// address had latest if digest is "". It returns nil if there is none.
func (a *Archive) revisit(ctx context.Context, url, digest string) (*warc.Revisit, error) {
	r := warc.Revisit{URL: url, NotModified: digest == ""}
	err := a.db.QueryRowContext(ctx, `
		SELECT record, made_at, digest FROM payload WHERE url = ?1 AND (?2 = '' OR digest = ?2)
		ORDER BY latest DESC, made_at DESC LIMIT 1`, url, digest).Scan(&r.ID, &r.Date, &r.PayloadDigest)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

func (a *Archive) putPayload(ctx context.Context, url, digest string, w warc.Written) error {
	_, err := a.db.ExecContext(ctx, `
		INSERT INTO payload (url, digest, warc, warc_offset, record, made_at, latest) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (url, digest) DO UPDATE SET latest = excluded.latest`,
		url, digest, w.File, w.Offset, w.ID, w.At.Format(time.RFC3339), a.cycle)
	return err
}

// beginRun makes the next exchanges the first of WARC files of the cycle. The files of one
// run bear numbers above those of earlier runs.
func (a *Archive) beginRun(cycle int64) error {
	if err := a.finish(); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	serial, err := warc.NextSerial(a.WARC())
	a.cycle, a.serial = cycle, serial
	return err
}

// Exchanges returns where an address's latest exchange stands, the zero Place if none was
// kept, and where those stand that brought its versions, oldest first.
func (a *Archive) Exchanges(ctx context.Context, url string) (latest Place, versions []Place, err error) {
	what := "looking for the exchanges of " + url
	scan := func(r *sql.Rows) (Place, error) {
		var file sql.NullString
		var offset sql.NullInt64
		err := r.Scan(&file, &offset)
		return Place{File: file.String, Offset: offset.Int64}, err
	}
	err = a.rows(ctx, what, `SELECT warc, warc_offset FROM address WHERE url = ?`, []any{url}, func(r *sql.Rows) (err error) {
		latest, err = scan(r)
		return err
	})
	if err != nil {
		return latest, nil, err
	}
	err = a.rows(ctx, what, `SELECT warc, warc_offset FROM version WHERE url = ? ORDER BY fetched_at, sha256`, []any{url}, func(r *sql.Rows) error {
		p, err := scan(r)
		versions = append(versions, p)
		return err
	})
	return latest, versions, err
}
