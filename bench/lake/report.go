package lake

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// A key names a figure.
type key struct{ metric, applicant string }

// Extract makes the report of a document, as extract would give it.
func (l *Lake) Extract(_ context.Context, sha string) (*record.Extraction, error) {
	w, ok := l.byHash[sha]
	if !ok {
		return nil, fmt.Errorf("the lake has no document %s", sha)
	}
	id, year := sha[:16], int32(w.year)
	x := &record.Extraction{Document: record.Document{SHA256: sha, MediaType: "text/html", Bytes: 30000, Title: w.title()}}
	tables := l.tables(w.year)
	figures := l.figures(w, tables)
	if w.misprinted() {
		figures[key{misprint(tables), total(tables)}] += 3
	}
	x.Cells = l.cells(id, tables, figures)
	x.Checks = l.checks(id, tables, x.Cells)
	x.Report = &record.Report{ReportID: id, SHA256: sha, Title: x.Document.Title, Authority: w.body.authority, AuthorityEvidence: "made up",
		AuthorityConfidence: 1, Adcode: w.body.adcode, ReportYear: &year, YearEvidence: "made up", YearConfidence: 1,
		Scope: w.body.scope, ScopeEvidence: "made up", ScopeConfidence: 1, Era: tables[0].Era, Extractor: "made-up", Codebook: codebook.Version()}
	var forms []string
	for _, t := range tables {
		forms = append(forms, t.ID+":"+t.Form)
	}
	x.Report.Forms = strings.Join(forms, " ")
	for _, c := range x.Checks {
		switch c.Outcome {
		case "held":
			x.Report.IdentitiesHeld++
		case "failed":
			x.Report.IdentitiesFailed++
		}
	}
	return x, nil
}

// tables are those of the form of a year.
func (l *Lake) tables(year int) []codebook.Table {
	form := "D"
	switch {
	case year <= 2013:
		form = "A"
	case year <= 2018:
		form = "B"
	case year <= 2020:
		form = "C"
	}
	var out []codebook.Table
	for _, t := range l.Book.Tables {
		if t.Form == form {
			out = append(out, t)
		}
	}
	return out
}

// misprinted says of one of fifty reports that a total in it is wrong.
func (w work) misprinted() bool { return w.body.random(w.year+5000).IntN(50) == 0 }

// misprint is the total that is misprinted where one is.
func misprint(tables []codebook.Table) string {
	if tables[0].ID == "stat" {
		return "rev_total"
	}
	return "app_closed_total"
}

func total(tables []codebook.Table) string {
	if tables[0].ID == "stat" {
		return ""
	}
	return "total"
}

// volumes are the requests closed and those carried over into the next year.
func (b *body) volumes(year int) (closed, carried float64) {
	r := b.random(year)
	closed = b.volume * math.Pow(1+b.growth, float64(year-2021)) * math.Exp(0.12*r.NormFloat64())
	return closed, closed * 0.06 * r.Float64()
}

// figures fills the tables: what is not a total at random, the totals by the identities.
func (l *Lake) figures(w work, tables []codebook.Table) map[key]int64 {
	f := map[key]int64{}
	r := w.body.random(w.year + 1000)
	closed, carried := w.body.volumes(w.year)
	_, before := w.body.volumes(w.year - 1)
	for _, t := range tables {
		for _, c := range t.Cells {
			if c.Metric == "" {
				continue
			}
			if t.Layout != "applicants" {
				f[key{c.Metric, ""}] = some(r, w.body.share(c.Metric)*closed)
				continue
			}
			for _, a := range l.leaves() {
				mean := applicantShare(a) * w.body.share(c.Metric) * closed
				switch c.Metric {
				case "app_carried_out":
					f[key{c.Metric, a}] = int64(applicantShare(a) * carried)
				case "app_carried_in":
					f[key{c.Metric, a}] = int64(applicantShare(a) * before)
				default:
					f[key{c.Metric, a}] = some(r, mean)
				}
			}
		}
	}
	l.settle(f, tables)
	return f
}

// leaves are the kinds of applicants without the total.
func (l *Lake) leaves() []string {
	var out []string
	for _, a := range l.Book.Applicants {
		if a.ID != "total" {
			out = append(out, a.ID)
		}
	}
	return out
}

func applicantShare(id string) float64 {
	switch id {
	case "natural_person":
		return 0.84
	case "org_enterprise":
		return 0.1
	}
	return 0.015
}

// share is how often a figure occurs, by request closed.
func (b *body) share(metric string) float64 {
	switch {
	case strings.HasPrefix(metric, "out_granted"):
		return 0.75 * b.openness
	case metric == "out_partial", metric == "out_already_public", metric == "out_agreed":
		return 0.25 * b.openness
	case strings.HasPrefix(metric, "out_unavail_not_held"):
		return 0.6 * (1 - b.openness)
	case strings.HasPrefix(metric, "out_"):
		return 0.03 * (1 - b.openness)
	case strings.HasPrefix(metric, "app_channel_"):
		return 0.25
	case strings.HasPrefix(metric, "rev_"), strings.HasPrefix(metric, "lit_"):
		return b.dispute / 4
	}
	return 0.2
}

// some is a number of things of which so many are expected.
func some(r *rand.Rand, mean float64) int64 {
	return max(0, int64(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
}

// settle makes the totals what the identities say, first those of one applicant; twice,
// for a total may be a part of another that came before it.
func (l *Lake) settle(f map[key]int64, tables []codebook.Table) {
	for _, per := range []string{"applicant", "", "metric", "applicant", "", "metric"} {
		for _, id := range l.Book.Identities {
			t := tableOf(id, tables)
			if t == nil || id.Per != per {
				continue
			}
			for _, instance := range l.instances(id, t) {
				if instance == "total" {
					continue
				}
				lhs, _ := l.sum(f, id, id.LHS, instance)
				rhs, _ := l.sum(f, id, id.RHS, instance)
				switch {
				case lhs == rhs || id.Op == "<=" && lhs < rhs:
				case len(id.RHS) == 1:
					f[keyOf(id, id.RHS[0], instance)] += lhs - rhs
				case lhs > rhs: // what came in balances what went out
					f[keyOf(id, codebook.Term{Metric: "out_granted"}, instance)] += lhs - rhs
					f[keyOf(id, id.RHS[0], instance)] += lhs - rhs
				default:
					f[keyOf(id, id.LHS[0], instance)] += rhs - lhs
				}
			}
		}
	}
}

func tableOf(id *codebook.Identity, tables []codebook.Table) *codebook.Table {
	for i, t := range tables {
		for _, form := range id.Forms {
			if t.ID == id.Table && t.Form == form {
				return &tables[i]
			}
		}
	}
	return nil
}

// instances are those that extract evaluates.
func (l *Lake) instances(id *codebook.Identity, t *codebook.Table) []string {
	var out []string
	switch id.Per {
	case "applicant":
		return append(l.leaves(), "total")
	case "metric":
		for _, c := range t.Cells {
			if c.Metric != "" {
				out = append(out, c.Metric)
			}
		}
		return out
	}
	return []string{""}
}

func keyOf(id *codebook.Identity, term codebook.Term, instance string) key {
	k := key{term.Metric, term.Applicant}
	switch id.Per {
	case "applicant":
		k.applicant = instance
	case "metric":
		k.metric = instance
	}
	return k
}

// sum adds up one side of an identity, and lists the figures that it used.
func (l *Lake) sum(f map[key]int64, id *codebook.Identity, e codebook.Expr, instance string) (sum int64, used []key) {
	for _, term := range e {
		k := keyOf(id, term, instance)
		keys := []key{k}
		if _, printed := f[k]; !printed {
			keys = nil
			for _, part := range l.Book.Metric[k.metric].SumOf {
				keys = append(keys, key{part.Metric, k.applicant})
			}
		}
		for _, k := range keys {
			sum += int64(term.Sign) * f[k]
		}
		used = append(used, keys...)
	}
	return sum, used
}

// cells prints the figures, row by row.
func (l *Lake) cells(id string, tables []codebook.Table, f map[key]int64) []record.Cell {
	var out []record.Cell
	for nr, t := range tables {
		for row, c := range t.Cells {
			applicants := []codebook.Applicant{{}}
			if t.Layout == "applicants" {
				applicants = l.Book.Applicants
			}
			for column, a := range applicants {
				if c.Metric == "" {
					continue
				}
				n := f[key{c.Metric, a.ID}]
				value := decimal(n)
				out = append(out, record.Cell{ReportID: id, CellNo: int32(len(out) + 1), Table: t.ID, Metric: c.Metric, Applicant: a.ID,
					Value: &value, Status: "number", Raw: strconv.FormatInt(n, 10), RowLabel: c.Row, ColumnLabel: a.LabelZH + c.Column,
					Locator: fmt.Sprintf("table %d, row %d, column %d", nr+1, row+3, column+3), Grade: "unproved"})
			}
		}
	}
	return out
}

func decimal(n int64) decimal128.Num {
	return decimal128.FromI64(n).Mul(decimal128.FromI64(int64(math.Pow10(record.Scale))))
}

// checks evaluates the identities over the cells and grades them.
func (l *Lake) checks(id string, tables []codebook.Table, cells []record.Cell) []record.CheckResult {
	printed, at := map[key]int64{}, map[key]*record.Cell{}
	for i := range cells {
		c := &cells[i]
		k := key{c.Metric, c.Applicant}
		at[k] = c
		printed[k], _ = strconv.ParseInt(c.Raw, 10, 64)
	}
	var out []record.CheckResult
	for _, identity := range l.Book.Identities {
		t := tableOf(identity, tables)
		if t == nil {
			continue
		}
		for _, instance := range l.instances(identity, t) {
			lhs, used := l.sum(printed, identity, identity.LHS, instance)
			rhs, more := l.sum(printed, identity, identity.RHS, instance)
			sides := []decimal128.Num{decimal(lhs), decimal(rhs), decimal(lhs - rhs)}
			c := record.CheckResult{ReportID: id, Identity: identity.ID, Instance: instance, LHS: &sides[0], RHS: &sides[1], Delta: &sides[2], Outcome: "failed"}
			if lhs == rhs || identity.Op == "<=" && lhs < rhs {
				c.Outcome = "held"
			}
			out = append(out, c)
			for _, k := range append(used, more...) {
				if cell := at[k]; cell != nil && identity.Severity == "error" {
					cell.Grade = graded(cell.Grade, c.Outcome)
				}
			}
		}
	}
	return out
}

func graded(before, outcome string) string {
	switch {
	case outcome == "failed":
		return "contradicted"
	case before == "unproved":
		return "proved"
	}
	return before
}
