package warehouse

import (
	"context"
	"fmt"
)

// Coverage sums up what became of the reports that the law asked of the portals' own
// authorities by the time the portals were last crawled.
type Coverage struct {
	Due        int64            `json:"due"`
	Late       int64            `json:"late"`        // of those due: the lists give a day after the last one for publishing
	States     map[string]int64 `json:"states"`      // of those due, by state of portal_coverage; a state without any is absent
	Others     map[string]int64 `json:"others"`      // the same of reports that other bodies were to go on with on the portals
	NotCrawled int64            `json:"not_crawled"` // portals whose profile needs something
	Withdrawn  []Withdrawn      `json:"withdrawn,omitempty"`
}

// Withdrawn says that documents of a portal and a year that an earlier crawl fetched
// did not come at the latest.
type Withdrawn struct {
	Portal     string `json:"portal"`
	ReportYear int64  `json:"report_year"` // 0: not established
	Documents  int64  `json:"documents"`
	Fetched    int64  `json:"fetched"` // ever, those withdrawn among them
}

// Coverage counts.
func (db *DB) Coverage(ctx context.Context) (Coverage, error) {
	c := Coverage{States: map[string]int64{}, Others: map[string]int64{}}
	err := db.conn.QueryRowContext(ctx, `SELECT count(*) FROM expectation WHERE report_year IS NULL AND needs <> ''`).Scan(&c.NotCrawled)
	if err != nil {
		return c, fmt.Errorf("coverage: %w", err)
	}
	states, err := db.conn.QueryContext(ctx, `
		SELECT own, state, count(*), count(*) FILTER (late) FROM portal_coverage WHERE expected <> '' GROUP BY own, state ORDER BY own, state`)
	if err != nil {
		return c, fmt.Errorf("coverage: %w", err)
	}
	defer states.Close()
	for states.Next() {
		var own bool
		var state string
		var n, late int64
		if err := states.Scan(&own, &state, &n, &late); err != nil {
			return c, fmt.Errorf("coverage: %w", err)
		}
		if !own {
			c.Others[state] = n
			continue
		}
		c.States[state] = n
		c.Due += n
		c.Late += late
	}
	if err := states.Err(); err != nil {
		return c, fmt.Errorf("coverage: %w", err)
	}
	gone, err := db.conn.QueryContext(ctx, `
		SELECT portal, ifnull(report_year, 0), sum(withdrawn)::BIGINT, sum(fetched)::BIGINT FROM portal_coverage
		GROUP BY portal, report_year HAVING sum(withdrawn) > 0 ORDER BY portal, report_year`)
	if err != nil {
		return c, fmt.Errorf("coverage: %w", err)
	}
	defer gone.Close()
	for gone.Next() {
		var w Withdrawn
		if err := gone.Scan(&w.Portal, &w.ReportYear, &w.Documents, &w.Fetched); err != nil {
			return c, fmt.Errorf("coverage: %w", err)
		}
		c.Withdrawn = append(c.Withdrawn, w)
	}
	return c, gone.Err()
}
