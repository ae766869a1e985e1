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
	if err != nil || cycle > 0 {
		return cycle, cycle > 0, err
	}
	res, err := a.db.ExecContext(ctx, `INSERT INTO cycle (opened_at) VALUES (?)`, stamp(now))
	if err != nil {
		return 0, false, fmt.Errorf("opening crawl cycle: %w", err)
	}
	cycle, err = res.LastInsertId()
	return cycle, false, err
}

// EndCycle closes the open cycle, if there is one: the next run asks every address
// again.
func (a *Archive) EndCycle(ctx context.Context, now time.Time) error {
	_, err := a.db.ExecContext(ctx, `UPDATE cycle SET closed_at = ? WHERE closed_at IS NULL`, stamp(now))
	if err != nil {
		return fmt.Errorf("closing crawl cycle: %w", err)
	}
	return nil
}

// openCycle returns the number of the open cycle, 0 if none is open.
func (a *Archive) openCycle(ctx context.Context) (cycle int64, err error) {
	err = a.db.QueryRowContext(ctx, `SELECT id FROM cycle WHERE closed_at IS NULL`).Scan(&cycle)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("looking for an open crawl cycle: %w", err)
	}
	return cycle, nil
}
