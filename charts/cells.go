package charts

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// A printed is a number of a report as the page of its place shows it: a cell of the
// document or, with a cellNo of 0, a sum that the warehouse computed from such cells.
type printed struct {
	report            *report
	cellNo            int
	table             string
	metric, applicant string
	value             string // the decimal; empty where there is none
	status, grade     string
	raw, locator      string
	row, column       string
	corrected         string // what an accepted correction gives instead; empty where there is none
	correction        string // its id
}

// A check is an identity that was evaluated on a report.
type check struct{ identity, instance, lhs, rhs, outcome string }

// shownCells are the cells of the reports $1 and the sums computed from them.
const shownCells = `WITH shown AS (SELECT unnest(string_split($1, ' ')) AS report_id)
	SELECT adcode, report_id, cell_no, "table", metric, applicant, coalesce(value::VARCHAR, ''), status, grade, raw, locator, row_label, column_label,
		coalesce(corrected::VARCHAR, ''), coalesce(correction, '')
	FROM current_cell SEMI JOIN shown USING (report_id)
	UNION ALL
	SELECT adcode, report_id, 0, '', metric, applicant, value::VARCHAR, status, grade, '', '', '', '', '', ''
	FROM metric_value SEMI JOIN shown USING (report_id) WHERE cell_no IS NULL AND value IS NOT NULL
	ORDER BY adcode, report_id, cell_no, metric, applicant`

// streamPlaces calls each once for every place, in order of adcode, with the numbers of
// those reports that its page shows in full. One query streams them all.
func (st *store) streamPlaces(ctx context.Context, each func(g *region, cells []printed) error) error {
	shown := map[string]*report{}
	for _, g := range st.places {
		for _, rep := range g.inFull() {
			shown[rep.id] = rep
		}
	}
	next, cells := 0, []printed(nil)
	flushTo := func(adcode string) error { // "": to the end
		for next < len(st.places) && (adcode == "" || st.places[next].adcode < adcode) {
			if err := each(st.places[next], cells); err != nil {
				return err
			}
			next, cells = next+1, nil
		}
		return nil
	}
	r := reader{ctx: ctx, db: st.db}
	err := r.each(shownCells, func(scan func(...any) error) error {
		var adcode, id string
		var c printed
		err := scan(&adcode, &id, &c.cellNo, &c.table, &c.metric, &c.applicant, &c.value, &c.status, &c.grade, &c.raw, &c.locator, &c.row, &c.column, &c.corrected, &c.correction)
		if err != nil {
			return err
		}
		c.report, c.value, c.corrected = shown[id], trimDecimal(c.value), trimDecimal(c.corrected)
		err = flushTo(adcode)
		cells = append(cells, c)
		return err
	}, strings.Join(slices.Sorted(maps.Keys(shown)), " "))
	if err != nil {
		return err
	}
	return flushTo("")
}

// checks reads the identities that were evaluated on reports of places.
func (r *reader) checks() error {
	query := `SELECT report_id, identity, instance, coalesce(lhs::VARCHAR, ''), coalesce(rhs::VARCHAR, ''), outcome
		FROM check_result ORDER BY report_id, identity, instance`
	return r.each(query, func(scan func(...any) error) error {
		var id string
		var c check
		err := scan(&id, &c.identity, &c.instance, &c.lhs, &c.rhs, &c.outcome)
		if rep := r.byID[id]; rep != nil && rep.body.stands() {
			c.lhs, c.rhs = trimDecimal(c.lhs), trimDecimal(c.rhs)
			rep.checks = append(rep.checks, c)
		}
		return err
	})
}

// inFull are the reports of which the page of the place shows every number: those that
// count for the place as a whole or its government or, where there is none, all.
func (g *region) inFull() []*report {
	stands := slices.DeleteFunc(slices.Clone(g.reports), func(r *report) bool { return !r.body.stands() })
	if len(stands) == 0 {
		return g.reports
	}
	return stands
}
