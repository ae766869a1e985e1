package charts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the driver of the warehouse

	"github.com/nianbao/nianbao/codebook"
)

// memoryLimit bounds what DuckDB holds; it writes the rest to a file beside the warehouse.
const memoryLimit = "400MB"

// read loads what the site shows from the warehouse, which it opens read-only: every report
// and where it stands, but figures only of reports whose page or chart has them. Those of all
// bodies go to the data scripts, measure by measure. Close the store's db after use.
func read(ctx context.Context, path string, book *codebook.Book) (*store, error) {
	db, err := open(path)
	if err != nil {
		return nil, err
	}
	r := reader{ctx: ctx, db: db, st: &store{db: db}, byID: map[string]*report{}, bySHA: map[string][]*report{}}
	steps := []struct {
		what string
		do   func() error
	}{
		{"run", r.run}, {"report", r.reports}, {"location", r.locations}, {"finding", r.findings},
		{"coverage", r.coverage}, {"errata", r.errata}, {"restatements", r.restatements}, {"correction", r.corrections}, {"place_count", r.totals},
		{"region", r.regions}, {"check_result", r.checks}, {"identity", r.forms},
		{"", func() error { r.st.sections = sections(r.st, book); return nil }},
		{"metric_by_applicant", r.cells}, {"lineage", r.lineage}, {"indicators", r.rates},
		{"link", r.links}, {"indicators", r.thresholds}, {"pooled", r.areas}, {"indicators", r.panels},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			return nil, errors.Join(fmt.Errorf("query %s: %w; rebuild the warehouse with nianbao build", s.what, err), db.Close())
		}
	}
	return r.st, nil
}

// open opens a warehouse read-only.
func open(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("%w; build it first with nianbao build", err)
	}
	return sql.Open("duckdb", path+"?access_mode=READ_ONLY&memory_limit="+memoryLimit)
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
		coalesce(t.forms, ''), coalesce(t.grade, ''), coalesce(t.url, ''), t.sha256, v.value::DOUBLE
		FROM report t` + bodyJoins + `LEFT JOIN metric_by_applicant v ON v.report_id = t.report_id AND v.metric = 'app_new' AND v.applicant = 'total'
		WHERE t.is_current AND t.report_year IS NOT NULL AND t.authority <> ''
		ORDER BY t.scope, t.adcode, t.authority, t.report_year, t.report_id`
	return r.each(query, func(scan func(...any) error) error {
		rep := &report{}
		err := scan(append(rep.body.columns(), &rep.id, &rep.title, &rep.year, &rep.era, &rep.forms, &rep.grade, &rep.url, &rep.sha256, &rep.received)...)
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
		r.st.sample = max(r.st.sample, sampleOf(provenance))
		return err
	})
}

// A sample says what the documents of a warehouse are when they are not those of a portal.
// Where documents differ, the graver is said of all.
type sample int

const (
	original sample = iota
	retyped         // published figures, in copies that the sample edition has typed anew
	copied          // copies of some other kind
	madeUp
)

// sampleOf is what the provenance of a document says.
func sampleOf(provenance string) sample {
	switch p := strings.ToLower(provenance); {
	case p == "":
		return original
	case strings.Contains(p, "made up"), strings.Contains(p, "made-up"), strings.Contains(p, "虚构"):
		return madeUp
	case strings.Contains(p, "re-typed"):
		return retyped
	}
	return copied
}

// key is the phrase of text.csv that says so; none of originals.
func (s sample) key() string { return [...]string{"", "sample", "copied", "made_up"}[s] }

// shownMetrics are the metrics that some page shows.
var shownMetrics = strings.Fields(`app_new app_closed_total app_carried_in app_carried_out
	out_granted out_partial out_denied out_unavail out_notproc out_other
	rev_upheld rev_corrected rev_other rev_pending rev_total
	lit_upheld lit_corrected lit_other lit_pending lit_total`)

func inList(ids []string) string { return "('" + strings.Join(ids, "', '") + "')" }

// detailed is the ids of the reports whose figures pages have: that charts draw, and that
// the page of their place shows in full.
func (st *store) detailed() string {
	var ids []string
	for _, s := range st.sections {
		for _, m := range s.drawn {
			for _, r := range m.reports {
				ids = append(ids, r.id)
			}
		}
	}
	for _, g := range st.places {
		for _, r := range g.inFull() {
			ids = append(ids, r.id)
		}
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}

// inDetail leaves of a table the reports $1.
const inDetail = ` SEMI JOIN (SELECT unnest(string_split($1, ' ')) AS report_id) USING (report_id)`

func (r *reader) cells() error {
	query := `SELECT report_id, metric, value::DOUBLE, coalesce(value::VARCHAR, ''), coalesce(status, ''), coalesce(grade, '')
		FROM metric_by_applicant` + inDetail + ` WHERE applicant = 'total' AND metric IN ` + inList(shownMetrics)
	return r.each(query, func(scan func(...any) error) error {
		var id, metric string
		var c cell
		err := scan(&id, &metric, &c.number, &c.exact, &c.status, &c.grade)
		c.exact = trimDecimal(c.exact)
		if rep := r.byID[id]; rep != nil {
			if rep.cells == nil {
				rep.cells = map[string]cell{}
			}
			rep.cells[metric] = c
		}
		return err
	}, r.st.detailed())
}

// trimDecimal prints a decimal plainly, without trailing zeros.
func trimDecimal(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func (r *reader) lineage() error {
	query := `SELECT report_id, metric, min(coalesce(locator, '')) FROM lineage` + inDetail + `
		WHERE applicant IN ('', 'total') AND metric IN ` + inList(shownMetrics) + ` GROUP BY ALL`
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
	}, r.st.detailed())
}

func (r *reader) rates() error {
	query := `SELECT report_id, indicator, numerator::DOUBLE, denominator::DOUBLE, value::DOUBLE, 
		low::DOUBLE, high::DOUBLE, coalesce(enough, false), coalesce(status, ''), coalesce(grade, '')
		FROM indicators` + inDetail
	return r.each(query, func(scan func(...any) error) error {
		var id, indicator string
		var v rate
		err := scan(&id, &indicator, &v.numerator, &v.denominator, &v.value, &v.low, &v.high, &v.enough, &v.status, &v.grade)
		if rep := r.byID[id]; rep != nil {
			if rep.rates == nil {
				rep.rates = map[string]rate{}
			}
			rep.rates[indicator] = v
		}
		return err
	}, r.st.detailed())
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
	query := `SELECT ` + bodyColumns + `, t.report_year, t.identity, t.verdict, t.label_zh, t.label_en, coalesce(t.instance, ''),
		coalesce(t.lhs::VARCHAR, ''), coalesce(t.rhs::VARCHAR, ''), coalesce(t.delta::VARCHAR, ''), coalesce(t.url, '')
		FROM errata t` + bodyJoins + `ORDER BY t.adcode, t.authority, t.report_year, t.identity, t.instance`
	return r.each(query, func(scan func(...any) error) error {
		var e erratum
		err := scan(append(e.body.columns(), &e.year, &e.identity, &e.verdict, &e.label.ZH, &e.label.EN, &e.instance, &e.lhs, &e.rhs, &e.delta, &e.url)...)
		e.lhs, e.rhs, e.delta = trimDecimal(e.lhs), trimDecimal(e.rhs), trimDecimal(e.delta)
		r.st.errata = append(r.st.errata, e)
		return err
	})
}
