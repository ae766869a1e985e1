package archive

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/nianbao/nianbao/record"
)

//go:embed expectation.sql
var expectationSchema string

// PutExpectations records what is expected of a portal now; it replaces what was
// expected before. The portal itself is recorded by [Archive.PutPortal].
func (a *Archive) PutExpectations(ctx context.Context, portal string, expected []record.Expectation) error {
	return a.update(ctx, "recording what is expected of "+portal, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, expectationSchema); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM expectation WHERE portal = ?`, portal); err != nil {
			return err
		}
		for _, e := range expected {
			_, err := tx.ExecContext(ctx, `INSERT INTO expectation VALUES (?, ?, ?, ?, ?, ?)`,
				portal, e.Authority, e.AdminLevel, e.Needs, e.ReportYear, e.DueOn)
			if err != nil {
				return fmt.Errorf("year %v: %w", e.ReportYear, err)
			}
		}
		return nil
	})
}

// Expectations returns what was expected of each portal when it was last crawled,
// sorted by portal, then by year, the portal's own row first.
func (a *Archive) Expectations(ctx context.Context) ([]record.Expectation, error) {
	if _, err := a.db.ExecContext(ctx, expectationSchema); err != nil {
		return nil, fmt.Errorf("listing what is expected: %w", err)
	}
	var out []record.Expectation
	err := a.rows(ctx, "listing what is expected", `
		SELECT e.portal, p.name, e.authority, p.region_code, e.admin_level, e.needs, e.report_year, e.due_on
		FROM expectation e JOIN portal p ON p.id = e.portal
		ORDER BY e.portal, e.report_year NULLS FIRST`, nil, func(r *sql.Rows) error {
		var e record.Expectation
		err := r.Scan(&e.Portal, &e.PortalName, &e.Authority, &e.RegionCode, &e.AdminLevel, &e.Needs, &e.ReportYear, &e.DueOn)
		out = append(out, e)
		return err
	})
	return out, err
}
