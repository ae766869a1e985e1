package extract

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// A match is one table of a form, found in the document.
type match struct {
	table    codebook.Table
	cells    []place
	found    map[int]bool // orders of the form's rows, columns or cells that were found
	unknown  int          // printed rows or columns that the form does not have
	findings []finding
}

// A place is a printed cell with its meaning.
type place struct {
	cell      *grid.Cell
	metric    string // id, or "unmapped:" and the label
	applicant string
	row       string // label as printed
	column    string
	unit      string // text in which the unit of the value may be named: its heading, or a cell for units
}

// finding is a record.Finding before it knows its document.
type finding struct{ code, message, locator string }

// score prefers the form that explains most of what is printed with least missing.
func (m *match) score() int { return 2*len(m.found) - len(m.table.Cells) - m.unknown }

// fits reports whether at least half of the form was found.
func (m *match) fits() bool { return len(m.found)*2 >= len(m.table.Cells) }

// line is one row of one grid: a cell per column (a spanning cell repeated, nil
// where there is none), or, in a ragged grid, the cells as they come.
type line struct {
	grid   *grid.Grid
	ragged bool
	cells  []*grid.Cell
}

// lines returns the rows of all tables of the document, in order.
func lines(doc *grid.Document) []line {
	var out []line
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		for _, cells := range b.Grid.Dense() {
			if b.Grid.Ragged {
				for len(cells) > 0 && cells[len(cells)-1] == nil {
					cells = cells[:len(cells)-1]
				}
			}
			out = append(out, line{b.Grid, b.Grid.Ragged, cells})
		}
	}
	return out
}

// unspanned returns, as ragged rows, the tables that have no span at all: an editor may
// have stripped them, and then only the order of a row's cells is left.
func unspanned(doc *grid.Document) []line {
	var out []line
	for _, b := range doc.Blocks {
		if b.Grid == nil || b.Grid.Ragged || b.Grid.Open || slices.ContainsFunc(b.Grid.Cells, func(c grid.Cell) bool { return c.RowSpan > 1 || c.ColSpan > 1 }) {
			continue
		}
		for _, cells := range b.Grid.Dense() {
			out = append(out, line{b.Grid, true, slices.DeleteFunc(cells, func(c *grid.Cell) bool { return c == nil })})
		}
	}
	return out
}

// transposed returns the columns of all tables as rows, for a table 3 that has the
// kinds of applicants as rows.
func transposed(doc *grid.Document) []line {
	var out []line
	for _, b := range doc.Blocks {
		if b.Grid == nil || b.Grid.Ragged || b.Grid.Open {
			continue
		}
		rows := b.Grid.Dense()
		for col := range b.Grid.Cols {
			cells := make([]*grid.Cell, len(rows))
			for r := range rows {
				cells[r] = rows[r][col]
			}
			out = append(out, line{b.Grid, false, cells})
		}
	}
	return out
}

// matchForms finds, for each table id, the form that fits the document best. Tables are
// looked for as they stand; those not found then with rows and columns exchanged, and
// then by the order of their cells alone. Tables that fit no form at all are left out.
// Year is that of the report, nil where it is not known; keys are those of labels that
// were recognised, and of labels met as it goes.
func matchForms(book *codebook.Book, doc *grid.Document, year *int32, keys map[string]string) map[string]*match {
	best := map[string]*match{}
	for _, way := range []func(*grid.Document) []line{lines, transposed, unspanned} {
		rows := way(doc)
		found := map[string]*match{}
		for _, t := range book.Tables {
			if best[t.ID] != nil || len(rows) == 0 {
				continue
			}
			m := &match{table: t, found: map[int]bool{}}
			f := finder{book: book, match: m, rows: rows, keys: keys, year: year}
			f.find()
			if b := found[t.ID]; m.fits() && (b == nil || m.score() > b.score() || m.score() == b.score() && m.agreesWith(found["t3"])) {
				found[t.ID] = m
			}
		}
		maps.Copy(best, found)
		if best["t3"] != nil && best["t4"] != nil || best["stat"] != nil {
			break
		}
	}
	for _, m := range best {
		m.dropShared()
		m.reportMissing()
	}
	return best
}

func (f *finder) find() {
	switch f.match.table.Layout {
	case "block":
		f.block()
	case "applicants":
		f.applicants()
	case "columns":
		f.columns()
	case "list":
		f.list()
	}
}

// agreesWith reports whether m is of the form that the other match is of; it
// decides where a table is the same in two forms, as table 4 is.
func (m *match) agreesWith(other *match) bool {
	return other != nil && m.table.Form == other.table.Form
}

// dropShared takes back cells that stand for several rows or columns: what they print
// is the value of none of them.
func (m *match) dropShared() {
	uses := map[*grid.Cell]int{}
	for _, p := range m.cells {
		uses[p.cell]++
	}
	m.cells = slices.DeleteFunc(m.cells, func(p place) bool {
		if uses[p.cell] > 1 {
			m.note("merged_value", p.cell.Locator, "%q stands for several cells, %s %s among them", codebook.Squeeze(p.cell.Text), p.metric, p.applicant)
		}
		return uses[p.cell] > 1
	})
}

func (m *match) reportMissing() {
	for _, c := range m.table.Cells {
		if !m.found[c.Order] {
			m.note("missing_row", "", "form %s, table %s: %s%s is not printed", m.table.Form, m.table.ID, c.Row, c.Column)
		}
	}
}

func (m *match) note(code, locator, format string, args ...any) {
	m.findings = append(m.findings, finding{code, fmt.Sprintf(format, args...), locator})
}

func (m *match) put(p place, order int) {
	if m.cells == nil {
		m.cells = make([]place, 0, 7*len(m.table.Cells))
	}
	m.cells = append(m.cells, p)
	if order > 0 {
		m.found[order] = true
	}
}

// finder looks for one table of one form in the rows of a document.
type finder struct {
	book  *codebook.Book
	match *match
	rows  []line
	year  *int32            // of the report; nil: not known
	keys  map[string]string // of labels met before, shared by the finders of a document
}

// key is the key of the official label that a printed one stands for.
func (f *finder) key(label string) string {
	key, ok := f.keys[label]
	if !ok {
		key = codebook.LabelKey(label)
		f.keys[label] = key
	}
	return f.book.CanonicalKey(f.match.table.ID, key)
}

// formRow finds the row of the form that a printed label stands for, after the order
// given; ok is false where the form has none.
func (f *finder) formRow(label string, after int) (row codebook.FormCell, ok bool) {
	key := f.key(label)
	for _, c := range f.match.table.Cells {
		if c.Order > after && c.RowKey == key {
			return c, true
		}
	}
	return codebook.FormCell{}, false
}

// damagedRow finds the row whose label has lost characters: the next row of the
// form, if its ordinal is the one printed and what is left of the label, at
// least half, stands in it in order.
func (f *finder) damagedRow(label string, after int) (codebook.FormCell, bool) {
	printed := []rune(codebook.LabelKey(label))
	for _, c := range f.match.table.Cells {
		if c.Order != after+1 {
			continue
		}
		official := []rune(codebook.LabelKey(c.Row))
		if ordinalSign(c.Row) == ordinalSign(label) && len(printed)*2 >= len(official) && isSubsequence(printed, official) {
			return c, true
		}
	}
	return codebook.FormCell{}, false
}

// ordinalSign is the ordinal without its punctuation, which varies.
func ordinalSign(label string) string { return strings.Trim(codebook.Ordinal(label), "().、:：") }

func isSubsequence(short, long []rune) bool {
	for _, r := range long {
		if len(short) > 0 && short[0] == r {
			short = short[1:]
		}
	}
	return len(short) == 0
}

// distinct returns the cells of a row once each, without gaps.
func distinct(cells []*grid.Cell) []*grid.Cell {
	var out []*grid.Cell
	for _, c := range cells {
		if c != nil && (len(out) == 0 || out[len(out)-1] != c) {
			out = append(out, c)
		}
	}
	return out
}

// printed returns the labels of a row's cells that are not empty.
func printed(cells []*grid.Cell) []*grid.Cell {
	var out []*grid.Cell
	for _, c := range distinct(cells) {
		if !codebook.IsBlank(c.Text) {
			out = append(out, c)
		}
	}
	return out
}

func texts(cells []*grid.Cell) string {
	var parts []string
	for _, c := range cells {
		parts = append(parts, codebook.Squeeze(c.Text))
	}
	return strings.Join(parts, " ")
}
