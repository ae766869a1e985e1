package warehouse

import (
	"context"
	"fmt"
)

// Health sums up what the warehouse holds and how much of it is proved. All counts
// but Findings are of the reports that stand.
type Health struct {
	Reports    int64            `json:"reports"`
	Cells      int64            `json:"cells"`
	Numbers    int64            `json:"numbers"` // cells that have a value
	Held       int64            `json:"held"`    // checks
	Failed     int64            `json:"failed"`
	Untestable int64            `json:"untestable"`
	Findings   map[string]int64 `json:"findings"` // of all documents, by severity; a severity without any is absent
}

// Health counts.
func (db *DB) Health(ctx context.Context) (Health, error) {
	h := Health{Findings: map[string]int64{}}
	err := db.conn.QueryRowContext(ctx, `
		WITH checks AS (SELECT outcome FROM check_result SEMI JOIN current_report USING (report_id))
		SELECT (SELECT count(*) FROM current_report), (SELECT count(*) FROM current_cell), (SELECT count(value) FROM current_cell),
			(SELECT count(*) FROM checks WHERE outcome = 'held'),
			(SELECT count(*) FROM checks WHERE outcome = 'failed'),
			(SELECT count(*) FROM checks WHERE outcome = 'untestable')`).
		Scan(&h.Reports, &h.Cells, &h.Numbers, &h.Held, &h.Failed, &h.Untestable)
	if err != nil {
		return h, fmt.Errorf("health: %w", err)
	}
	found, err := db.conn.QueryContext(ctx, "SELECT severity, count(*) FROM finding GROUP BY severity ORDER BY severity")
	if err != nil {
		return h, fmt.Errorf("health: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var severity string
		var n int64
		if err := found.Scan(&severity, &n); err != nil {
			return h, fmt.Errorf("health: %w", err)
		}
		h.Findings[severity] = n
	}
	return h, found.Err()
}
