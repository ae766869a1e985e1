package warehouse

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// A Key names a number.
type Key struct {
	Region    string // adcode, name of the authority, or name of its region
	Year      int    // report year
	Metric    string // metric.csv id
	Applicant string // applicant.csv id; empty: total
	Scope     string // scope.csv id; empty: every scope
}

// An Explanation walks from one number back to the bytes it was read from, and shows
// the arithmetic around it.
type Explanation struct {
	ReportID    string
	Adcode      string // empty: not established
	Authority   string
	AuthorityEN string // empty: none is established
	Scope       string
	Year        int
	Era         string
	ReportGrade string

	Metric    string
	LabelZH   string
	LabelEN   string
	Unit      string // unit.csv id
	Applicant string // total for tables without applicants
	Value     string // plain decimal in Unit; empty: Status says why
	Status    string // status.csv id
	Grade     string

	Cell  *Origin // where it is printed; nil: it is computed
	Parts []Part  // what it is computed from, in the order of the sum; nil: it is printed

	SHA256    string
	MediaType string
	Bytes     int64
	Locations []Fetch     // the first fetched first; nil: none is known
	Others    []Rendition // sorted by media type; nil: it is the only one
	Checks    []Check     // sorted by identity and instance; nil: none covers it
}

// Object is the path of the document's bytes in the archive.
func (e Explanation) Object() string { return "objects/" + e.SHA256[:2] + "/" + e.SHA256 }

// An Origin is a printed cell.
type Origin struct {
	Table       string
	CellNo      int
	RowLabel    string
	ColumnLabel string
	Raw         string
	Status      string
	Locator     string
}

// A Part is one summand of a computed number.
type Part struct {
	Sign   int
	Metric string
	Value  string // empty: Status says why
	Status string
	Cell   *Origin
}

// A Fetch is one time that a document was fetched.
type Fetch struct {
	URL        string
	At         time.Time // UTC
	Portal     string
	FoundOn    string
	Published  string // day of publication as the list prints it; empty: it gives none
	Provenance string // empty: a live portal
	// Record says where the archive keeps the exchange that brought the bytes. The warehouse
	// does not know: who has the archive may fill it in. Empty: not known.
	Record string
}

// A Rendition is another document that states the same report.
type Rendition struct {
	SHA256, MediaType, URL string
	Compared, Differing    int // numbers that both print; of them, those that differ
}

// A Check is an identity with both sides written out.
type Check struct {
	Identity string
	Instance string // metric or applicant; empty: once per report
	LabelZH  string
	LabelEN  string
	Op       string // = or <=
	Severity string
	Outcome  string // held, failed or untestable
	Reread   string // of a failed check: alike or differs, as a second route reads its cells; empty: none read them all
	LHS, RHS Side
}

// A Side is a sum and its terms.
type Side struct {
	Sum   string // empty: a term is no number
	Terms []Term
}

// A Term is a summand of a side.
type Term struct {
	Sign   int
	Name   string // metric, metric@applicant, or the applicant where the check is of one metric
	Value  string // empty: Status says why
	Status string
}

// Explain returns one explanation for each report that stands and fits the key, sorted
// by adcode, authority and scope. If none fits, the error lists what there is.
func (db *DB) Explain(ctx context.Context, k Key) ([]Explanation, error) {
	k.Applicant = cmp.Or(k.Applicant, "total")
	all, err := selectAll(ctx, db, "number", scanNumber, k.Region, k.Year, k.Metric, k.Applicant, k.Scope)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, db.missing(ctx, k)
	}
	out := make([]Explanation, len(all))
	for i, n := range all {
		if err := db.complete(ctx, &n); err != nil {
			return nil, err
		}
		out[i] = n.Explanation
	}
	return out, nil
}

// A found number is an explanation without its cell, parts, locations and checks.
type found struct {
	Explanation
	cellNo sql.NullInt64
}

func scanNumber(rows *sql.Rows) (n found, err error) {
	var authorityEN, value sql.NullString
	err = rows.Scan(&n.ReportID, &n.Adcode, &n.Authority, &authorityEN, &n.Scope, &n.Year, &n.Era, &n.ReportGrade,
		&n.Metric, &n.LabelZH, &n.LabelEN, &n.Unit, &n.Applicant, &value, &n.Status, &n.Grade, &n.cellNo,
		&n.SHA256, &n.MediaType, &n.Bytes)
	n.AuthorityEN, n.Value = authorityEN.String, plainDecimal(value.String)
	return n, err
}

func (db *DB) complete(ctx context.Context, n *found) (err error) {
	if n.Cell, err = db.origin(ctx, n.ReportID, n.cellNo); err != nil {
		return err
	}
	if n.Cell == nil {
		if n.Parts, err = db.parts(ctx, n); err != nil {
			return err
		}
	}
	if n.Locations, err = selectAll(ctx, db, "locations", scanFetch, n.SHA256); err != nil {
		return err
	}
	if n.Others, err = selectAll(ctx, db, "renditions", scanRendition, n.ReportID); err != nil {
		return err
	}
	n.Checks, err = db.checks(ctx, n)
	return err
}

// origin returns the printed cell of that number, or nil where there is no number.
func (db *DB) origin(ctx context.Context, report string, cellNo sql.NullInt64) (*Origin, error) {
	if !cellNo.Valid {
		return nil, nil
	}
	cells, err := selectAll(ctx, db, "cell", func(rows *sql.Rows) (o Origin, err error) {
		return o, rows.Scan(&o.Table, &o.CellNo, &o.RowLabel, &o.ColumnLabel, &o.Raw, &o.Status, &o.Locator)
	}, report, cellNo.Int64)
	if err != nil {
		return nil, err
	}
	return &cells[0], nil
}

func (db *DB) parts(ctx context.Context, n *found) ([]Part, error) {
	type numbered struct {
		Part
		cellNo sql.NullInt64
	}
	all, err := selectAll(ctx, db, "parts", func(rows *sql.Rows) (p numbered, err error) {
		var value sql.NullString
		err = rows.Scan(&p.Sign, &p.Metric, &value, &p.Status, &p.cellNo)
		p.Value = plainDecimal(value.String)
		return p, err
	}, n.ReportID, n.Metric, n.Applicant)
	if err != nil {
		return nil, err
	}
	var parts []Part
	for _, p := range all {
		if p.Cell, err = db.origin(ctx, n.ReportID, p.cellNo); err != nil {
			return nil, err
		}
		parts = append(parts, p.Part)
	}
	return parts, nil
}

func scanFetch(rows *sql.Rows) (f Fetch, err error) {
	return f, rows.Scan(&f.URL, &f.At, &f.Portal, &f.FoundOn, &f.Published, &f.Provenance)
}

func scanRendition(rows *sql.Rows) (r Rendition, err error) {
	return r, rows.Scan(&r.SHA256, &r.MediaType, &r.URL, &r.Compared, &r.Differing)
}

// checks reads one row a term and folds them into checks.
func (db *DB) checks(ctx context.Context, n *found) ([]Check, error) {
	type row struct {
		Check
		side string
		term Term
	}
	all, err := selectAll(ctx, db, "checks", func(rows *sql.Rows) (r row, err error) {
		var lhs, rhs, value sql.NullString
		err = rows.Scan(&r.Identity, &r.Instance, &r.LabelZH, &r.LabelEN, &r.Op, &r.Severity, &r.Outcome, &r.Reread, &lhs, &rhs,
			&r.side, &r.term.Sign, &r.term.Name, &value, &r.term.Status)
		r.LHS.Sum, r.RHS.Sum, r.term.Value = plainDecimal(lhs.String), plainDecimal(rhs.String), plainDecimal(value.String)
		return r, err
	}, n.ReportID, n.Metric, n.Applicant)
	if err != nil {
		return nil, err
	}
	var checks []Check
	for _, r := range all {
		if last := len(checks) - 1; last < 0 || checks[last].Identity != r.Identity || checks[last].Instance != r.Instance {
			checks = append(checks, r.Check)
		}
		c := &checks[len(checks)-1]
		side := map[string]*Side{"lhs": &c.LHS, "rhs": &c.RHS}[r.side]
		side.Terms = append(side.Terms, r.term)
	}
	return checks, nil
}

// selectAll runs sql/explain/<name>.sql and scans every row.
func selectAll[T any](ctx context.Context, db *DB, name string, scan func(*sql.Rows) (T, error), args ...any) ([]T, error) {
	text, err := fs.ReadFile(files, "sql/explain/"+name+".sql")
	if err != nil {
		return nil, err
	}
	rows, err := db.conn.QueryContext(ctx, string(text), args...)
	if err != nil {
		return nil, fmt.Errorf("explain %s: %w", name, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("explain %s: %w", name, err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// plainDecimal drops the zeros that only the scale of the type puts there.
func plainDecimal(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
