package extract

import (
	"strings"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// cellKey names a printed cell by its meaning.
type cellKey struct{ metric, applicant string }

// keyedCell is a cell, nil where it is not printed.
type keyedCell struct {
	key  cellKey
	cell *record.Cell
}

// checker finds the cells of a report by their meaning.
type checker struct {
	book *codebook.Book
	at   map[cellKey]*record.Cell

	used     []*record.Cell // by the identity being evaluated
	missing  []cellKey      // from it
	resolved []keyedCell    // what resolve returned last
}

func newChecker(book *codebook.Book, cells []record.Cell) *checker {
	c := &checker{book: book, at: make(map[cellKey]*record.Cell, len(cells))}
	for i := range cells {
		c.at[cellKey{cells[i].Metric, cells[i].Applicant}] = &cells[i]
		cells[i].Grade = "unproved"
	}
	return c
}

// check evaluates every identity of the codebook that is defined for the forms
// found, and grades each cell, unproved until then, by the identities that cover it.
// An instance with a
// cell that is no number is untestable: blank is not zero.
func (c *checker) check(matches map[string]*match) []record.CheckResult {
	out := make([]record.CheckResult, 0, 4*len(c.book.Identities))
	for _, id := range c.book.Identities {
		m := matches[id.Table]
		if m == nil || !contains(id.Forms, m.table.Form) {
			continue
		}
		for _, instance := range c.instances(id, m) {
			out = append(out, c.evaluate(id, instance))
		}
	}
	return out
}

func contains(forms []string, form string) bool {
	for _, f := range forms {
		if f == form {
			return true
		}
	}
	return false
}

// instances lists what the identity is evaluated for: each metric of the table,
// each applicant, or once ("").
func (c *checker) instances(id *codebook.Identity, m *match) []string {
	switch id.Per {
	case "applicant":
		var out []string
		for _, a := range c.book.Applicants {
			out = append(out, a.ID)
		}
		return out
	case "metric":
		var out []string
		for _, f := range m.table.Cells {
			if m.found[f.Order] {
				out = append(out, f.Metric)
			}
		}
		return out
	}
	return []string{""}
}

func (c *checker) evaluate(id *codebook.Identity, instance string) record.CheckResult {
	result := record.CheckResult{Identity: id.ID, Instance: instance, Outcome: "untestable"}
	c.used, c.missing = c.used[:0], c.missing[:0]
	lhs := c.sum(id, id.LHS, instance)
	rhs := c.sum(id, id.RHS, instance)
	if len(c.missing) > 0 {
		result.Unprinted = names(c.missing)
		return result
	}
	sides := [...]decimal128.Num{lhs, rhs, lhs.Sub(rhs)}
	result.LHS, result.RHS, result.Delta = &sides[0], &sides[1], &sides[2]
	result.Outcome = "failed"
	if delta := result.Delta; delta.Sign() == 0 || id.Op == "<=" && delta.Sign() < 0 {
		result.Outcome = "held"
	}
	if id.Severity == "error" {
		grade(c.used, result.Outcome)
	}
	return result
}

// cellsOf lists the cells of both sides of an identity that was evaluated.
func (c *checker) cellsOf(result record.CheckResult) []*record.Cell {
	c.used = nil
	for _, id := range c.book.Identities {
		if id.ID == result.Identity {
			c.sum(id, id.LHS, result.Instance)
			c.sum(id, id.RHS, result.Instance)
		}
	}
	return c.used
}

// grade marks the cells: one failed identity contradicts a cell for good.
func grade(cells []*record.Cell, outcome string) {
	for _, cell := range cells {
		switch {
		case outcome == "failed":
			cell.Grade = "contradicted"
		case cell.Grade == "unproved":
			cell.Grade = "proved"
		}
	}
}

// names lists cells by metric@applicant, separated by spaces.
func names(cells []cellKey) string {
	var b strings.Builder
	b.Grow(32 * len(cells))
	for i, key := range cells {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(key.metric)
		if key.applicant != "" {
			b.WriteByte('@')
			b.WriteString(key.applicant)
		}
	}
	return b.String()
}

// sum adds the terms up, and notes the cells used and those missing, which are not
// printed as a number.
func (c *checker) sum(id *codebook.Identity, e codebook.Expr, instance string) (total decimal128.Num) {
	for _, term := range e {
		for _, p := range c.resolve(id, term, instance) {
			if p.cell == nil || p.cell.Value == nil {
				c.missing = append(c.missing, p.key)
				continue
			}
			c.used = append(c.used, p.cell)
			total = plus(total, term.Sign, *p.cell.Value)
		}
	}
	return total
}

// resolve finds the cells of a term for an instance: a metric that the form does not
// print itself stands for the sum it is defined as. The result holds until the next call.
func (c *checker) resolve(id *codebook.Identity, term codebook.Term, instance string) []keyedCell {
	key := cellKey{term.Metric, term.Applicant}
	switch id.Per {
	case "applicant":
		key.applicant = instance
	case "metric":
		key.metric = instance
	}
	whole := keyedCell{key, c.at[key]}
	c.resolved = c.resolved[:0]
	if whole.cell == nil {
		for _, p := range c.book.Metric[key.metric].SumOf {
			part := cellKey{p.Metric, key.applicant}
			c.resolved = append(c.resolved, keyedCell{part, c.at[part]})
		}
	}
	if len(c.resolved) == 0 {
		c.resolved = append(c.resolved, whole)
	}
	return c.resolved
}
