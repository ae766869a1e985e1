package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// BeginCycle opens a crawl cycle, or takes up the one that was left open, and returns
// its number and whether it was left open.
func (a *Archive) BeginCycle(ctx context.Context, now time.Time) (cycle int64, resumed bool, err error) {
	cycle, err = a.openCycle(ctx)
	if err != nil {
		return 0, false, err
	}
	if resumed = cycle > 0; !resumed {
		res, err := a.db.ExecContext(ctx, `INSERT INTO cycle (opened_at) VALUES (?)`, stamp(now))
		if err != nil {
			return 0, false, fmt.Errorf("opening crawl cycle: %w", err)
		}
		if cycle, err = res.LastInsertId(); err != nil {
			return 0, false, err
		}
	}
	return cycle, resumed, a.beginRun(cycle)
}

// NextCycle returns the number of the cycle that BeginCycle would open or take up.
func (a *Archive) NextCycle(ctx context.Context) (int64, error) {
	var closed int64
	err := a.db.QueryRowContext(ctx, `SELECT count(*) FROM cycle WHERE closed_at IS NOT NULL`).Scan(&closed)
	if err != nil {
		return 0, fmt.Errorf("counting crawl cycles: %w", err)
	}
	return closed + 1, nil
}

// EndCycle closes the open cycle, if there is one: the next run asks every address
// again.
func (a *Archive) EndCycle(ctx context.Context, now time.Time) error {
	return a.durably(ctx, "closing crawl cycle", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE cycle SET closed_at = ? WHERE closed_at IS NULL`, stamp(now))
		return err
	})
}

// openCycle returns the number of the open cycle, 0 if none is open.
func (a *Archive) openCycle(ctx context.Context) (cycle int64, err error) {
	err = a.db.QueryRowContext(ctx, `SELECT id FROM cycle WHERE closed_at IS NULL`).Scan(&cycle)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("looking for an open crawl cycle: %w", err)
	}
	return cycle, nil
}
