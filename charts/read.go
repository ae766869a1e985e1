package charts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver of the warehouse
)

// read loads what the site shows from the warehouse, which it opens read-only.
func read(ctx context.Context, path string) (*store, error) {
	db, err := open(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r := reader{ctx: ctx, db: db, st: &store{path: path}, byID: map[string]*report{}, bySHA: map[string][]*report{}}
	steps := []struct {
		what string
		do   func() error
	}{
		{"run", r.run}, {"report", r.reports}, {"location", r.locations}, {"metric_value", r.cells},
		{"lineage", r.lineage}, {"indicators", r.rates}, {"finding", r.findings}, {"coverage", r.coverage},
		{"errata", r.errata}, {"region", r.regions}, {"check_result", r.checks}, {"restatements", r.restatements},
		{"identity", r.forms}, {"link", r.links}, {"indicators", r.thresholds}, {"pooled", r.areas}, {"indicators", r.panels},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return nil, fmt.Errorf("query %s: %w; rebuild the warehouse with nianbao build", s.what, err)
		}
	}
	return r.st, nil
}

// open opens a warehouse read-only.
func open(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%w; build it first with nianbao build", err)
	}
	return sql.Open("duckdb", path+"?access_mode=READ_ONLY")
}

type reader struct {
	ctx   context.Context
	db    *sql.DB
	st    *store
	byID  map[string]*report
	bySHA map[string][]*report
}

// each runs query and calls row once for every row of the answer.
func (r *reader) each(query string, row func(scan func(...any) error) error, args ...any) error {
	rows, err := r.db.QueryContext(r.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r *reader) run() error {
	row := r.db.QueryRowContext(r.ctx, `SELECT build_id, cells FROM run ORDER BY build_id LIMIT 1`)
	if err := row.Scan(&r.st.buildID, &r.st.cells); !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return errors.New("the table is empty")
}

// bodyColumns are what scanBody reads, of a table or view aliased t.
const bodyColumns = `t.authority, coalesce(a.authority_en, ''), coalesce(g.name, ''), coalesce(g.name_en, ''), coalesce(t.adcode, ''), t.scope`

const bodyJoins = ` LEFT JOIN authority a ON a.authority = t.authority LEFT JOIN region g ON g.adcode = t.adcode `

func (b *body) columns() []any {
	return []any{&b.authority.ZH, &b.authority.EN, &b.region.ZH, &b.region.EN, &b.adcode, &b.scope}
}

func (r *reader) reports() error {
	query := `SELECT ` + bodyColumns + `, t.report_id, coalesce(t.title, ''), t.report_year, coalesce(t.era, ''),
		coalesce(t.forms, ''), coalesce(t.grade, ''), coalesce(t.url, ''), t.sha256
		FROM report t` + bodyJoins + `WHERE t.is_current AND t.report_year IS NOT NULL AND t.authority <> ''
		ORDER BY t.scope, t.adcode, t.authority, t.report_year, t.report_id`
	return r.each(query, func(scan func(...any) error) error {
		rep := &report{cells: map[string]cell{}, rates: map[string]rate{}}
		err := scan(append(rep.body.columns(), &rep.id, &rep.title, &rep.year, &rep.era, &rep.forms, &rep.grade, &rep.url, &rep.sha256)...)
		r.st.reports = append(r.st.reports, rep)
		r.byID[rep.id] = rep
		r.bySHA[rep.sha256] = append(r.bySHA[rep.sha256], rep)
		return err
	})
}

func (r *reader) locations() error {
	query := `SELECT sha256, fetched_at, coalesce(provenance, '') FROM location ORDER BY sha256, fetched_at DESC, url`
	return r.each(query, func(scan func(...any) error) error {
		var sha, provenance string
		var fetched sql.NullTime
		err := scan(&sha, &fetched, &provenance)
		for _, rep := range r.bySHA[sha] {
			if fetched.Valid {
				rep.fetched = fetched.Time.UTC().Format(time.DateOnly)
			}
		}
		r.st.sample = r.st.sample || provenance != ""
		return err
	})
}

// shownMetrics are the metrics that some page shows.
var shownMetrics = strings.Fields(`app_new app_closed_total
	out_granted out_partial out_denied out_unavail out_notproc out_other
	rev_upheld rev_corrected rev_other rev_pending rev_total
	lit_upheld lit_corrected lit_other lit_pending lit_total`)

func inList(ids []string) string { return "('" + strings.Join(ids, "', '") + "')" }

func (r *reader) cells() error {
	query := `SELECT report_id, metric, value::DOUBLE, coalesce(value::VARCHAR, ''), coalesce(status, ''), coalesce(grade, '')
		FROM metric_value WHERE applicant IN ('', 'total') AND metric IN ` + inList(shownMetrics) + `
		ORDER BY report_id, metric, applicant DESC`
	return r.each(query, func(scan func(...any) error) error {
		var id, metric string
		var c cell
		if err := scan(&id, &metric, &c.number, &c.exact, &c.status, &c.grade); err != nil {
			return err
		}
		c.exact = trimDecimal(c.exact)
		if rep := r.byID[id]; rep != nil {
			if _, taken := rep.cells[metric]; !taken {
				rep.cells[metric] = c
			}
		}
		return nil
	})
}

// trimDecimal prints a decimal plainly, without trailing zeros.
func trimDecimal(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func (r *reader) lineage() error {
	query := `SELECT report_id, metric, min(coalesce(locator, '')) FROM lineage
		WHERE applicant IN ('', 'total') AND metric IN ` + inList(shownMetrics) + ` GROUP BY ALL ORDER BY ALL`
	return r.each(query, func(scan func(...any) error) error {
		var id, metric, locator string
		err := scan(&id, &metric, &locator)
		if rep := r.byID[id]; rep != nil {
			if c, ok := rep.cells[metric]; ok {
				c.locator = locator
				rep.cells[metric] = c
			}
		}
		return err
	})
}

func (r *reader) rates() error {
	query := `SELECT report_id, indicator, numerator::DOUBLE, denominator::DOUBLE, value::DOUBLE, 
		low::DOUBLE, high::DOUBLE, coalesce(enough, false), coalesce(status, ''), coalesce(grade, '')
		FROM indicators ORDER BY report_id, indicator`
	return r.each(query, func(scan func(...any) error) error {
		var id, indicator string
		var v rate
		err := scan(&id, &indicator, &v.numerator, &v.denominator, &v.value, &v.low, &v.high, &v.enough, &v.status, &v.grade)
		if rep := r.byID[id]; rep != nil {
			rep.rates[indicator] = v
		}
		return err
	})
}

func (r *reader) findings() error {
	query := `SELECT DISTINCT sha256, code FROM finding WHERE severity <> 'info' ORDER BY ALL`
	return r.each(query, func(scan func(...any) error) error {
		var sha, code string
		err := scan(&sha, &code)
		for _, rep := range r.bySHA[sha] {
			rep.findings = append(rep.findings, code)
		}
		return err
	})
}

func (r *reader) coverage() error {
	query := `SELECT ` + bodyColumns + `, t.report_year FROM coverage t` + bodyJoins + `
		WHERE t.state = 'absent' ORDER BY t.scope, t.adcode, t.authority, t.report_year`
	return r.each(query, func(scan func(...any) error) error {
		var a absence
		err := scan(append(a.body.columns(), &a.year)...)
		r.st.absent = append(r.st.absent, a)
		return err
	})
}

func (r *reader) errata() error {
	query := `SELECT ` + bodyColumns + `, t.report_year, t.label_zh, t.label_en, coalesce(t.instance, ''),
		coalesce(t.lhs::VARCHAR, ''), coalesce(t.rhs::VARCHAR, ''), coalesce(t.delta::VARCHAR, ''), coalesce(t.url, '')
		FROM errata t` + bodyJoins + `ORDER BY t.adcode, t.authority, t.report_year, t.identity, t.instance`
	return r.each(query, func(scan func(...any) error) error {
		var e erratum
		err := scan(append(e.body.columns(), &e.year, &e.label.ZH, &e.label.EN, &e.instance, &e.lhs, &e.rhs, &e.delta, &e.url)...)
		e.lhs, e.rhs, e.delta = trimDecimal(e.lhs), trimDecimal(e.rhs), trimDecimal(e.delta)
		r.st.errata = append(r.st.errata, e)
		return err
	})
}
