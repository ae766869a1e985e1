package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Kinds of address.
const (
	List     = "list"     // a page that links to documents
	Document = "document" // a report, as article or file
)

// States of an address that has an outcome.
const (
	Fetched  = "fetched"
	Failed   = "failed"   // asked for in vain; bytes of an earlier cycle stay
	Rejected = "rejected" // not to be asked for
)

// A Stamp says who records an outcome, when and in which cycle.
type Stamp struct {
	Cycle       int64
	At          time.Time
	CodeVersion string
}

// A Portal is what the archive remembers of a portal profile.
type Portal struct {
	ID, Name, RegionCode string
	Provenance           string // empty for a live portal
}

// A Link is an address that a list page names, or an entry point.
type Link struct {
	URL, Portal, Kind, Title string
	FoundOn                  string // empty for an entry point
	Reason, Detail           string // why it is not to be asked for; empty: it is
	// PublishedOn is the day that the list gives it, as in 2026-01-20, and PublishedAs how
	// it prints that; empty: none.
	PublishedOn, PublishedAs string
	Authority                string // whose report it is by its address; empty: that does not say
}

// An Address is what the crawler needs to know of an address before it asks.
type Address struct {
	URL, Kind string
	Title     string // as linked
	FoundOn   string // empty for an entry point
	Part      bool   // it was found on a document, of which it is a part
	State     string // Fetched, Failed, Rejected, or pending before the first outcome
	Done      bool   // it has an outcome in the open cycle
	SHA256    string // of the stored bytes; empty: none, or they are damaged
	FinalURL  string // from which they came, after redirects
	// ContentType, ETag and LastModified are those declared with the stored bytes.
	ContentType, ETag, LastModified string
	// Exchange is the latest one, to be set before the outcome is recorded.
	Exchange Place
}

// An Answer is bytes received for an address.
type Answer struct {
	URL, FinalURL                   string
	HTTPStatus                      int
	ContentType, ETag, LastModified string // as declared
	Body                            []byte
	Tries                           int
	Exchange                        Place // that brought the bytes
}

// An Outcome is why an address yields no bytes.
type Outcome struct {
	URL            string
	State          string // Failed or Rejected
	Reason, Detail string
	HTTPStatus     int // 0: no answer came
	Tries          int
	Exchange       Place // zero: none belongs to it, and the latest one stays
}

// PutPortal records a portal as its profile names it now.
func (a *Archive) PutPortal(ctx context.Context, p Portal) error {
	_, err := a.db.ExecContext(ctx, `
		INSERT INTO portal (id, name, region_code, provenance) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, region_code = excluded.region_code,
			provenance = excluded.provenance`, p.ID, p.Name, p.RegionCode, p.Provenance)
	if err != nil {
		return fmt.Errorf("recording portal %s: %w", p.ID, err)
	}
	return nil
}

// Discover records links. An address keeps the title, the list and the day under which it
// was first taken; a rejected one is judged anew in each cycle, and is taken as soon as
// one link to it is: the link of another portal, too, where the address lies outside
// the hosts of the first. Of portals that reject it, the first by id is recorded. One that
// was asked for is left as it is. A day that it had
// not, and the authority that its portal now names, are added.
func (a *Archive) Discover(ctx context.Context, s Stamp, links []Link) error {
	return a.update(ctx, "recording links", func(tx *sql.Tx) error {
		for _, l := range links {
			if err := discover(ctx, tx, s, l); err != nil {
				return fmt.Errorf("%s: %w", l.URL, err)
			}
		}
		return nil
	})
}

func discover(ctx context.Context, tx *sql.Tx, s Stamp, l Link) error {
	state, cycle, checked := "pending", int64(0), sql.NullString{}
	if l.Reason != "" {
		state, cycle, checked = Rejected, s.Cycle, sql.NullString{String: stamp(s.At), Valid: true}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO address (url, portal, kind, title, found_on, state, reason, detail, checked_at, tries, cycle, code_version,
			published_on, published_as, authority)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
		ON CONFLICT (url) DO UPDATE SET portal = excluded.portal, kind = excluded.kind, title = excluded.title,
			found_on = excluded.found_on, state = excluded.state, reason = excluded.reason, detail = excluded.detail,
			checked_at = excluded.checked_at, cycle = excluded.cycle, code_version = excluded.code_version,
			published_on = excluded.published_on, published_as = excluded.published_as, authority = excluded.authority
		WHERE address.state = 'rejected' AND address.sha256 IS NULL
			AND (address.cycle < ? OR address.tries = 0 AND CASE WHEN excluded.state = 'pending'
				THEN address.reason = 'title_excluded' OR address.reason = 'off_site' AND address.portal <> excluded.portal
				ELSE excluded.portal < address.portal END)`,
		l.URL, l.Portal, l.Kind, l.Title, l.FoundOn, state, l.Reason, l.Detail, checked, cycle, s.CodeVersion,
		l.PublishedOn, l.PublishedAs, l.Authority, s.Cycle)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE address SET authority = ?1, published_on = iif(published_on = '', ?2, published_on), published_as = iif(published_on = '', ?3, published_as)
		WHERE url = ?4 AND portal = ?5 AND (authority <> ?1 OR published_on = '' AND ?2 <> '')`,
		l.Authority, l.PublishedOn, l.PublishedAs, l.URL, l.Portal)
	return err
}

// Store keeps the bytes of an answer and reports whether they are new at this address.
func (a *Archive) Store(ctx context.Context, s Stamp, ans Answer) (changed bool, err error) {
	sha, err := a.put(ans.Body)
	if err != nil {
		return false, err
	}
	err = a.update(ctx, "recording answer of "+ans.URL, func(tx *sql.Tx) error {
		var before sql.NullString
		if err := tx.QueryRowContext(ctx, `SELECT sha256 FROM address WHERE url = ?`, ans.URL).Scan(&before); err != nil {
			return err
		}
		changed = before.String != sha
		if err := addVersion(ctx, tx, s, ans, sha); err != nil {
			return err
		}
		return keep(ctx, tx, s, ans.URL, sha, ans.Tries, ans.Exchange)
	})
	return changed, err
}

// addVersion adds the bytes as a version of the address; a version that is known keeps
// everything but its validators. It dates from its exchange, if that was kept.
func addVersion(ctx context.Context, tx *sql.Tx, s Stamp, ans Answer, sha string) error {
	at := s.At
	if ans.Exchange.File != "" {
		at = ans.Exchange.At
	}
	file, offset := nullable(ans.Exchange)
	_, err := tx.ExecContext(ctx, `
		INSERT INTO version (url, sha256, final_url, http_status, content_type, etag, last_modified, fetched_at, warc, warc_offset)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (url, sha256) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified`,
		ans.URL, sha, ans.FinalURL, ans.HTTPStatus, ans.ContentType, ans.ETag, ans.LastModified, stamp(at), file, offset)
	return err
}

func nullable(p Place) (file sql.NullString, offset sql.NullInt64) {
	kept := p.File != ""
	return sql.NullString{String: p.File, Valid: kept}, sql.NullInt64{Int64: p.Offset, Valid: kept}
}

// keep makes a known version the current one of its address.
func keep(ctx context.Context, tx *sql.Tx, s Stamp, url, sha string, tries int, exchange Place) error {
	file, offset := nullable(exchange)
	_, err := tx.ExecContext(ctx, `
		UPDATE address SET state = 'fetched', reason = '', detail = '', sha256 = ?1,
			http_status = (SELECT http_status FROM version WHERE url = ?2 AND sha256 = ?1),
			checked_at = ?3, tries = ?4, cycle = ?5, code_version = ?6, warc = ?7, warc_offset = ?8
		WHERE url = ?2`, sha, url, stamp(s.At), tries, s.Cycle, s.CodeVersion, file, offset)
	return err
}

// Unchanged records that the stored bytes of an address are still current.
func (a *Archive) Unchanged(ctx context.Context, s Stamp, addr Address, tries int) error {
	return a.update(ctx, "recording that "+addr.URL+" is unchanged", func(tx *sql.Tx) error {
		return keep(ctx, tx, s, addr.URL, addr.SHA256, tries, addr.Exchange)
	})
}

// Settle records an outcome without bytes. Bytes of an earlier cycle stay.
func (a *Archive) Settle(ctx context.Context, s Stamp, o Outcome) error {
	if err := a.Broken(); err != nil {
		return err
	}
	status := sql.NullInt64{Int64: int64(o.HTTPStatus), Valid: o.HTTPStatus > 0}
	file, offset := nullable(o.Exchange)
	_, err := a.db.ExecContext(ctx, `
		UPDATE address SET state = ?, reason = ?, detail = ?, http_status = ?,
			checked_at = ?, tries = ?, cycle = ?, code_version = ?, warc = coalesce(?, warc), warc_offset = coalesce(?, warc_offset)
		WHERE url = ?`, o.State, o.Reason, o.Detail, status, stamp(s.At), o.Tries, s.Cycle, s.CodeVersion, file, offset, o.URL)
	if err != nil {
		return fmt.Errorf("recording outcome of %s: %w", o.URL, err)
	}
	return nil
}

// selectAddress leaves out the bytes and validators of damaged objects, so that they are
// fetched anew.
const selectAddress = `
	SELECT a.rowid, a.url, a.kind, a.title, a.found_on,
		EXISTS (SELECT 1 FROM address p WHERE p.url = a.found_on AND p.kind = 'document'),
		a.state, a.cycle = ? AND d.sha256 IS NULL, v.sha256, v.final_url, v.content_type, v.etag, v.last_modified
	FROM address a LEFT JOIN damaged d ON d.sha256 = a.sha256
		LEFT JOIN version v ON v.url = a.url AND v.sha256 = a.sha256 AND d.sha256 IS NULL `

// Lookup returns a known address. It reads the stored bytes against their name; if they
// are damaged, the address is as one that was never fetched.
func (a *Archive) Lookup(ctx context.Context, cycle int64, url string) (Address, error) {
	addr, err := a.lookup(ctx, cycle, url)
	if err != nil || addr.SHA256 == "" {
		return addr, err
	}
	if _, err := a.Object(addr.SHA256); errors.Is(err, ErrDamaged) {
		return a.lookup(ctx, cycle, url)
	}
	return addr, nil
}

func (a *Archive) lookup(ctx context.Context, cycle int64, url string) (Address, error) {
	addr, _, err := scanAddress(a.db.QueryRowContext(ctx, selectAddress+`WHERE a.url = ?`, cycle, url))
	if err != nil {
		return addr, fmt.Errorf("looking up %s: %w", url, err)
	}
	return addr, nil
}

// workPage is how many addresses Work holds at a time.
const workPage = 500

// Work goes through the documents of a portal that have no outcome in the cycle yet:
// those never asked first, then those whose latest outcome is oldest, otherwise in the
// order in which they were found. A rejected one is
// among them only if bytes of it are stored: it was asked for once, and may be allowed
// again. Outcomes may be recorded meanwhile. Stored bytes are not read; those found
// damaged before are left out of the address. An error comes with a zero Address and
// ends the sequence.
func (a *Archive) Work(ctx context.Context, cycle int64, portal string) iter.Seq2[Address, error] {
	return func(yield func(Address, error) bool) {
		var page []Address
		var at position
		var err error
		for {
			if page, at, err = a.workPage(ctx, cycle, portal, at); err != nil {
				yield(Address{}, err)
				return
			}
			for _, addr := range page {
				if !yield(addr, nil) {
					return
				}
			}
			if len(page) == workPage {
				continue
			}
			if at, err = a.nextPosition(ctx, cycle, portal, at); err != nil {
				yield(Address{}, err)
				return
			}
			if at.cycle == cycle {
				return
			}
		}
	}
}

// position is a place in the order of Work: after the row that had its outcome in the
// cycle.
type position struct{ cycle, row int64 }

// workPage returns what follows a position within its cycle, and the new position.
func (a *Archive) workPage(ctx context.Context, cycle int64, portal string, at position) (page []Address, last position, err error) {
	last = at
	err = a.rows(ctx, "listing addresses of "+portal, selectAddress+`
		WHERE a.portal = ? AND a.kind = 'document' AND a.cycle = ? AND a.rowid > ?
			AND (a.state <> 'rejected' OR a.sha256 IS NOT NULL) ORDER BY a.rowid LIMIT ?`,
		[]any{cycle, portal, at.cycle, at.row, workPage}, func(r *sql.Rows) error {
			var addr Address
			var err error
			addr, last.row, err = scanAddress(r)
			page = append(page, addr)
			return err
		})
	return page, last, err
}

// nextPosition returns the beginning of the next cycle that addresses are left from; of
// the current one if there is none before.
func (a *Archive) nextPosition(ctx context.Context, cycle int64, portal string, at position) (position, error) {
	var next sql.NullInt64
	err := a.db.QueryRowContext(ctx, `
		SELECT min(cycle) FROM address WHERE portal = ? AND kind = 'document' AND cycle > ? AND cycle < ?`,
		portal, at.cycle, cycle).Scan(&next)
	if err != nil {
		return at, fmt.Errorf("listing addresses of %s: %w", portal, err)
	}
	if !next.Valid {
		next.Int64 = cycle
	}
	return position{cycle: next.Int64}, nil
}

type scanner interface{ Scan(...any) error }

func scanAddress(row scanner) (addr Address, rowid int64, err error) {
	var sha, final, contentType, etag, modified sql.NullString
	err = row.Scan(&rowid, &addr.URL, &addr.Kind, &addr.Title, &addr.FoundOn, &addr.Part, &addr.State, &addr.Done, &sha, &final, &contentType, &etag, &modified)
	addr.SHA256, addr.FinalURL, addr.ContentType = sha.String, final.String, contentType.String
	addr.ETag, addr.LastModified = etag.String, modified.String
	return addr, rowid, err
}
