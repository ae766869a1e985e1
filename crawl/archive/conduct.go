package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// TakeRequests counts up to n requests to a host, or to what else has a budget, on a day before they are made, as far
// as its limit of that day allows, and returns how many. A negative n gives back those
// that were not made.
func (a *Archive) TakeRequests(ctx context.Context, host, day string, n, limit int) (taken int, err error) {
	err = a.durably(ctx, "counting requests to "+host, func(tx *sql.Tx) error {
		var made int
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(sum(requests), 0) FROM request_count WHERE host = ? AND day = ?`, host, day).Scan(&made); err != nil {
			return err
		}
		if taken = n; n > 0 {
			taken = max(0, min(n, limit-made))
		}
		if taken == 0 {
			return nil
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO request_count (host, day, requests) VALUES (?1, ?2, ?3)
			ON CONFLICT (host, day) DO UPDATE SET requests = requests + ?3`, host, day, taken)
		return err
	})
	return taken, err
}

// Requests returns how often a host was asked on a day.
func (a *Archive) Requests(ctx context.Context, host, day string) (n int, err error) {
	err = a.db.QueryRowContext(ctx, `SELECT coalesce(sum(requests), 0) FROM request_count WHERE host = ? AND day = ?`, host, day).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting requests to %s: %w", host, err)
	}
	return n, nil
}

// An Attempt is when an address that failed may be asked again.
type Attempt struct {
	Due    time.Time
	Fails  int    // runs in a row that failed; 0: the latest did not
	Reason string // codebook reason of the latest failure
}

// NextAttempt returns when an address may be asked again; the zero Attempt: at any time.
func (a *Archive) NextAttempt(ctx context.Context, url string) (at Attempt, err error) {
	var due string
	err = a.db.QueryRowContext(ctx, `SELECT due, fails, reason FROM next_attempt WHERE url = ?`, url).Scan(&due, &at.Fails, &at.Reason)
	if errors.Is(err, sql.ErrNoRows) {
		return Attempt{}, nil
	}
	if err == nil {
		at.Due, err = time.Parse(time.RFC3339, due)
	}
	if err != nil {
		return Attempt{}, fmt.Errorf("looking up the next attempt at %s: %w", url, err)
	}
	return at, nil
}

// SetNextAttempt records when an address may be asked again; the zero Attempt forgets.
func (a *Archive) SetNextAttempt(ctx context.Context, url string, at Attempt) error {
	query, args := `DELETE FROM next_attempt WHERE url = ?`, []any{url}
	if at != (Attempt{}) {
		query = `INSERT OR REPLACE INTO next_attempt (url, due, fails, reason) VALUES (?, ?, ?, ?)`
		args = append(args, stamp(at.Due), at.Fails, at.Reason)
	}
	return a.durably(ctx, "recording the next attempt at "+url, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

// A Circuit says that a host refused or challenged the crawler and is left alone.
type Circuit struct {
	Portal, Host, Address string
	Product               string // as the signature names it
	Reason                string // codebook reason
	Status                int    // of the answer
	Opened, Until         time.Time
}

// OpenCircuit records that hosts are to be left alone.
func (a *Archive) OpenCircuit(ctx context.Context, c Circuit) error {
	return a.durably(ctx, "recording that "+c.Host+" is to be left alone", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO circuit (portal, host, address, product, reason, status, opened_at, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			c.Portal, c.Host, c.Address, c.Product, c.Reason, c.Status, stamp(c.Opened), stamp(c.Until))
		return err
	})
}

// OpenAt returns the circuits of a host that are open at a time, the latest first.
func (a *Archive) OpenAt(ctx context.Context, host string, at time.Time) ([]Circuit, error) {
	return a.circuits(ctx, `AND host = ? AND until > ? ORDER BY id DESC`, host, stamp(at))
}

// Circuits returns the circuits of a portal that no person has cleared, open or past,
// the oldest first; of all portals if it is "".
func (a *Archive) Circuits(ctx context.Context, portal string) ([]Circuit, error) {
	return a.circuits(ctx, `AND (portal = ?1 OR ?1 = '') ORDER BY id`, portal)
}

func (a *Archive) circuits(ctx context.Context, where string, args ...any) ([]Circuit, error) {
	var out []Circuit
	err := a.rows(ctx, "listing hosts to be left alone", `
		SELECT portal, host, address, product, reason, status, opened_at, until FROM circuit WHERE cleared_at IS NULL `+where,
		args, func(r *sql.Rows) error {
			var c Circuit
			var opened, until string
			if err := r.Scan(&c.Portal, &c.Host, &c.Address, &c.Product, &c.Reason, &c.Status, &opened, &until); err != nil {
				return err
			}
			var err [2]error
			c.Opened, err[0] = time.Parse(time.RFC3339, opened)
			c.Until, err[1] = time.Parse(time.RFC3339, until)
			out = append(out, c)
			return errors.Join(err[:]...)
		})
	return out, err
}

// ClearCircuits records that a person, named with the reason, lets the hosts of a
// portal be asked again. It returns how many circuits that clears.
func (a *Archive) ClearCircuits(ctx context.Context, portal, by string, at time.Time) (int64, error) {
	res, err := a.db.ExecContext(ctx, `UPDATE circuit SET cleared_at = ?, cleared_by = ? WHERE portal = ? AND cleared_at IS NULL`, stamp(at), by, portal)
	if err != nil {
		return 0, fmt.Errorf("clearing %s: %w", portal, err)
	}
	return res.RowsAffected()
}
