package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// ErrNotFound says that the warehouse has no number of that key.
var ErrNotFound = errors.New("not in the warehouse")

// missing finds out which part of a key nothing fits, and lists what would.
func (db *DB) missing(ctx context.Context, k Key) error {
	const place = " FROM current_report WHERE $1 IN (adcode, authority, region_zh)"
	const year = place + " AND report_year = $2"
	const report = year + " AND $3 IN ('', scope)"
	const row = " FROM metric_by_applicant SEMI JOIN (SELECT report_id" + report + ") USING (report_id)"

	// The query exists of step i takes the first i+1 parts of the key, the query list the first named parts.
	key := []any{k.Region, k.Year, k.Scope, k.Metric, k.Applicant}
	steps := []struct {
		what   string
		exists string
		list   string
		named  int
	}{
		{fmt.Sprintf("report of %q", k.Region), "SELECT 1" + place,
			"SELECT DISTINCT authority FROM current_report ORDER BY jaro_winkler_similarity(authority, $1) DESC, authority LIMIT 10", 1},
		{fmt.Sprintf("report of %s for %d", k.Region, k.Year), "SELECT 1" + year,
			"SELECT DISTINCT report_year::VARCHAR" + place + " ORDER BY 1", 1},
		{fmt.Sprintf("report of %s for %d with scope %q", k.Region, k.Year, k.Scope), "SELECT 1" + report,
			"SELECT DISTINCT scope" + year + " ORDER BY 1", 2},
		{fmt.Sprintf("metric %q in the report of %s for %d", k.Metric, k.Region, k.Year), "SELECT 1" + row + " WHERE metric = $4",
			"SELECT metric" + row + " GROUP BY metric ORDER BY jaro_winkler_similarity(metric, $4) DESC, metric LIMIT 8", 4},
		{fmt.Sprintf("applicant %q of %s in the report of %s for %d", k.Applicant, k.Metric, k.Region, k.Year),
			"SELECT 1" + row + " WHERE metric = $4 AND applicant = $5",
			"SELECT DISTINCT applicant" + row + " WHERE metric = $4 ORDER BY 1", 4},
	}
	for i, s := range steps {
		exists, err := db.list(ctx, s.exists+" LIMIT 1", key[:i+1])
		if err != nil {
			return fmt.Errorf("explain: %w", err)
		}
		if len(exists) > 0 {
			continue
		}
		there, err := db.list(ctx, s.list, key[:s.named])
		if err != nil {
			return fmt.Errorf("explain: %w", err)
		}
		if len(there) == 0 {
			there = []string{"nothing"}
		}
		return fmt.Errorf("no %s: %w; there is: %s", s.what, ErrNotFound, strings.Join(there, ", "))
	}
	return fmt.Errorf("no number for %+v: %w", k, ErrNotFound)
}

func (db *DB) list(ctx context.Context, query string, args []any) ([]string, error) {
	rows, err := db.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s.String)
	}
	return out, rows.Err()
}
