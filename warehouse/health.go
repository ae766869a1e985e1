package warehouse

import (
	"context"
	"fmt"
)

// Health sums up what the warehouse holds and how much of it is proved. All counts
// but Findings are of the reports that stand.
type Health struct {
	Reports       int64            `json:"reports"`
	Cells         int64            `json:"cells"`
	Numbers       int64            `json:"numbers"` // cells that have a value
	Outcomes                       // checks within reports
	Between       Outcomes         `json:"between"`        // checks between reports, of between_reports
	BetweenFailed map[string]int64 `json:"between_failed"` // the failed ones by severity; a severity without any is absent
	Findings      map[string]int64 `json:"findings"`       // of all documents, by severity; a severity without any is absent
}

// Outcomes counts checks by what came of them.
type Outcomes struct {
	Held       int64 `json:"held"`
	Failed     int64 `json:"failed"`
	Untestable int64 `json:"untestable"`
}

// Health counts.
func (db *DB) Health(ctx context.Context) (Health, error) {
	var h Health
	err := db.conn.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM current_report), (SELECT count(*) FROM current_cell), (SELECT count(value) FROM current_cell)`).
		Scan(&h.Reports, &h.Cells, &h.Numbers)
	if err != nil {
		return h, fmt.Errorf("health: %w", err)
	}
	if h.Outcomes, err = db.outcomes(ctx, "check_result SEMI JOIN current_report USING (report_id)"); err != nil {
		return h, err
	}
	if h.Between, err = db.outcomes(ctx, "between_reports"); err != nil {
		return h, err
	}
	if h.BetweenFailed, err = db.bySeverity(ctx, "between_reports WHERE outcome = 'failed'"); err != nil {
		return h, err
	}
	h.Findings, err = db.bySeverity(ctx, "finding")
	return h, err
}

// outcomes counts the checks of a relation.
func (db *DB) outcomes(ctx context.Context, of string) (o Outcomes, err error) {
	err = db.conn.QueryRowContext(ctx, `
		SELECT count(*) FILTER (outcome = 'held'), count(*) FILTER (outcome = 'failed'), count(*) FILTER (outcome = 'untestable')
		FROM `+of).Scan(&o.Held, &o.Failed, &o.Untestable)
	if err != nil {
		return o, fmt.Errorf("health: %w", err)
	}
	return o, nil
}

// bySeverity counts the rows of a relation.
func (db *DB) bySeverity(ctx context.Context, of string) (map[string]int64, error) {
	counts := map[string]int64{}
	found, err := db.conn.QueryContext(ctx, "SELECT severity, count(*) FROM "+of+" GROUP BY severity ORDER BY severity")
	if err != nil {
		return counts, fmt.Errorf("health: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var severity string
		var n int64
		if err := found.Scan(&severity, &n); err != nil {
			return counts, fmt.Errorf("health: %w", err)
		}
		counts[severity] = n
	}
	return counts, found.Err()
}
