package archive

import (
	"context"
	"database/sql"

	"github.com/nianbao/nianbao/record"
)

// Locations returns every version of every document address, sorted by address, then
// by the time it was fetched.
func (a *Archive) Locations(ctx context.Context) ([]record.Location, error) {
	var out []record.Location
	err := a.rows(ctx, "listing locations", `
		SELECT v.url, v.sha256, a.portal, p.name, p.region_code, a.title, a.found_on,
			v.fetched_at, v.http_status, v.content_type, p.provenance, a.published_on, a.published_as, a.authority
		FROM version v JOIN address a USING (url) JOIN portal p ON p.id = a.portal
		WHERE a.kind = 'document' ORDER BY v.url, v.fetched_at, v.sha256`, nil, func(r *sql.Rows) error {
		var l record.Location
		err := r.Scan(&l.URL, &l.SHA256, &l.Portal, &l.PortalName, &l.RegionCode, &l.Title, &l.FoundOn,
			&l.FetchedAt, &l.HTTPStatus, &l.ContentType, &l.Provenance, &l.PublishedOn, &l.PublishedAs, &l.Authority)
		out = append(out, l)
		return err
	})
	return out, err
}

const selectEntry = `
	SELECT a.url, a.portal, a.kind, a.title, a.found_on, a.state, a.reason, a.detail,
		a.http_status, a.sha256, v.fetched_at, a.published_on, a.published_as, a.authority,
		a.kind = 'list' AND a.cycle < (SELECT max(b.cycle) FROM address b WHERE b.portal = a.portal AND b.kind = 'list')
	FROM address a LEFT JOIN version v ON v.url = a.url AND v.sha256 = a.sha256
	WHERE a.state <> 'pending' `

// Ledger returns what happened to every address that has an outcome, sorted by address.
func (a *Archive) Ledger(ctx context.Context) ([]record.LedgerEntry, error) {
	return a.entries(ctx, "listing ledger", selectEntry+`ORDER BY a.url`)
}

// Failures returns the addresses that failed in a cycle, sorted by address.
func (a *Archive) Failures(ctx context.Context, cycle int64) ([]record.LedgerEntry, error) {
	return a.entries(ctx, "listing failures", selectEntry+`AND a.state = 'failed' AND a.cycle = ? ORDER BY a.url`, cycle)
}

// Listed returns the documents of a portal that lists led to and that were once fetched,
// sorted by address; the parts of documents, which no list leads to, are not among them.
func (a *Archive) Listed(ctx context.Context, portal string) ([]Link, error) {
	var out []Link
	err := a.rows(ctx, "listing the documents of "+portal, `
		SELECT a.url, a.title FROM address a
		WHERE a.portal = ? AND a.kind = 'document' AND a.sha256 IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM address p WHERE p.url = a.found_on AND p.kind = 'document')
		ORDER BY a.url`, []any{portal}, func(r *sql.Rows) error {
		l := Link{Portal: portal, Kind: Document}
		err := r.Scan(&l.URL, &l.Title)
		out = append(out, l)
		return err
	})
	return out, err
}

func (a *Archive) entries(ctx context.Context, what, query string, args ...any) ([]record.LedgerEntry, error) {
	var out []record.LedgerEntry
	err := a.rows(ctx, what, query, args, func(r *sql.Rows) error {
		e, err := scanEntry(r)
		out = append(out, e)
		return err
	})
	return out, err
}

func scanEntry(r *sql.Rows) (e record.LedgerEntry, err error) {
	var status sql.NullInt32
	var sha, fetched sql.NullString
	err = r.Scan(&e.URL, &e.Portal, &e.Kind, &e.Title, &e.FoundOn, &e.State, &e.Reason, &e.Detail, &status, &sha, &fetched,
		&e.PublishedOn, &e.PublishedAs, &e.Authority, &e.Stale)
	if err != nil {
		return e, err
	}
	e.SHA256, e.FetchedAt = sha.String, fetched.String
	if status.Valid {
		e.HTTPStatus = &status.Int32
	}
	return e, nil
}
