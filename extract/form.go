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
	grid     *grid.Grid
	ragged   bool
	row      int // in the grid; -1: it is none of the grid's rows
	cells    []*grid.Cell
	above    string       // the paragraph right above the table, for its first row
	streamed bool         // where the row ends was told from its cells
	once     []*grid.Cell // those of cells, once each, without gaps
	labels   []*grid.Cell // those of once that may be a label: neither empty nor a plain count
	counts   int          // how many of once print a plain count
}

func newLine(g *grid.Grid, ragged bool, row int, cells []*grid.Cell) line {
	l := line{grid: g, ragged: ragged, row: row, cells: cells, once: distinct(cells)}
	for _, c := range l.once {
		if isCount(c.Text) {
			l.counts++
		}
	}
	l.labels = make([]*grid.Cell, 0, len(l.once)-l.counts)
	for _, c := range l.once {
		if c.Text != "" && !isCount(c.Text) {
			l.labels = append(l.labels, c)
		}
	}
	return l
}

// isCount reports whether the text is digits alone, which no label is.
func isCount(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// lines returns the rows of all tables of the document, in order.
func lines(doc *grid.Document) []line {
	rows := 0
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			rows += b.Grid.Rows
		}
	}
	out := make([]line, 0, rows)
	paragraph := ""
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			paragraph = b.Text
			continue
		}
		var above []*grid.Cell
		for r, cells := range b.Grid.Dense() {
			if b.Grid.Ragged {
				for len(cells) > 0 && cells[len(cells)-1] == nil {
					cells = cells[:len(cells)-1]
				}
			}
			row := newLine(b.Grid, b.Grid.Ragged, r, cells)
			if row.continues(above) {
				continue
			}
			above = cells
			row.above, paragraph = paragraph, ""
			out = append(out, row)
		}
	}
	return out
}

// continues reports whether the row is the rest of the one above, which a rule that goes
// through some of its cells only has cut in two: most of its cells are those of the row
// above, what is printed among them, and the new ones are empty. Without this the cells
// would be read twice, or taken for merged ones.
func (l line) continues(above []*grid.Cell) bool {
	if len(l.cells) != len(above) {
		return false
	}
	shared, begun := 0, 0
	for _, c := range l.once {
		switch {
		case slices.Contains(above, c):
			shared++
		case !codebook.IsBlank(c.Text):
			return false
		default:
			begun++
		}
	}
	return shared > 2*begun
}

// unspanned returns, as ragged rows, the tables that have no span at all: an editor may
// have stripped them, and then only the order of a row's cells is left.
func unspanned(doc *grid.Document) []line {
	var out []line
	for _, b := range doc.Blocks {
		if b.Grid == nil || b.Grid.Ragged || b.Grid.Open || slices.ContainsFunc(b.Grid.Cells, func(c grid.Cell) bool { return c.RowSpan > 1 || c.ColSpan > 1 }) {
			continue
		}
		for r, cells := range b.Grid.Dense() {
			out = append(out, newLine(b.Grid, true, r, slices.DeleteFunc(cells, func(c *grid.Cell) bool { return c == nil })))
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
			out = append(out, newLine(b.Grid, false, -1, cells))
		}
	}
	return out
}

// matchForms finds, for each table id, the form that fits the document best. Tables are
// looked for as they stand; those not found then with rows and columns exchanged, then
// by the order of the cells of each row, and then by that of all cells alone. Tables that fit no form at all are left out.
// Year is that of the report, nil where it is not known; keys are those of labels that
// were recognised.
func matchForms(book *codebook.Book, doc *grid.Document, year *int32, keys map[string]string) map[string]*match {
	best := map[string]*match{}
	labels := newLabels(book, keys)
	var spare []place // of a match that was not the best
	for _, way := range []func(*grid.Document) []line{lines, transposed, unspanned, streamed(book)} {
		rows := way(doc)
		found := map[string]*match{}
		for _, t := range book.Tables {
			if best[t.ID] != nil || len(rows) == 0 {
				continue
			}
			m := &match{table: t, cells: spare[:0], found: map[int]bool{}}
			f := finder{book: book, match: m, rows: rows, labels: labels, year: year, variants: book.Variants(t.ID)}
			f.find()
			spare = m.cells
			if b := found[t.ID]; m.fits() && (b == nil || m.score() > b.score() || m.score() == b.score() && m.agreesWith(found["t3"])) {
				if spare = nil; b != nil {
					spare = b.cells
				}
				found[t.ID] = m
			}
		}
		maps.Copy(best, found)
		if best["t3"] != nil && best["t4"] != nil || best["stat"] != nil {
			break
		}
	}
	matchRuns(book, doc, best, labels)
	alike4(book, best)
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
		if p.cell.RowSpan > 1 || p.cell.ColSpan > 1 {
			uses[p.cell]++
		}
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

// unknownRows is how many rows a report may print that a form has not, before more room is
// made for their cells.
const unknownRows = 4

func (m *match) put(p place, order int) {
	if len(m.cells) == 0 {
		n := len(m.table.Cells) + unknownRows
		if m.table.Layout == "applicants" {
			n *= applicants
		}
		m.cells = slices.Grow(m.cells, n)
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
	year  *int32 // of the report; nil: not known

	labels   labels            // shared by the finders of a document
	variants map[string]string // of the table's labels: key -> key of the official label
}

// key is the key of the official label that a printed one stands for.
func (f *finder) key(text string) string {
	l := f.labels.of(text)
	if l.variant {
		if official, ok := f.variants[l.key]; ok {
			return official
		}
	}
	return l.key
}

// formRow finds the row of the form that a printed label stands for, after the order
// given; ok is false where the form has none.
func (f *finder) formRow(label string, after int) (row *codebook.FormCell, ok bool) {
	cells := f.match.table.RowCells[f.key(label)]
	if cells == nil {
		cells = f.match.table.RowCells[f.keyInGroup(label)]
	}
	for _, c := range cells {
		if c.Order > after && !isCutShort(label, c) {
			return c, true
		}
	}
	return nil, false
}

// damagedRow finds the row whose label has lost characters, or is printed with a few
// others: the next row of the form, if its ordinal is the one printed and the labels
// are alike, or the one printed is the beginning of the other.
func (f *finder) damagedRow(label string, after int) (*codebook.FormCell, bool) {
	printed, sign := codebook.LabelKey(label), ordinalSign(label)
	for _, c := range f.match.table.Cells {
		if c.Order != after+1 || ordinalSign(c.Row) != sign {
			continue
		}
		official := codebook.LabelKey(c.Row)
		if alike([]rune(printed), []rune(official)) || sign != "" && printed != "" && strings.HasPrefix(official, printed) {
			return c, true
		}
	}
	return nil, false
}

// alike reports whether one label stands in the other in order and is at least half
// of it, or three quarters of the longer stand in both in order.
func alike(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if 2*len(a) < len(b) {
		return false
	}
	both := common(a, b)
	return both == len(a) || 4*both >= 3*len(b)
}

// ordinalSign is the ordinal without its punctuation, which varies.
func ordinalSign(label string) string { return strings.Trim(codebook.Ordinal(label), "().、:：") }

// common is the length of the longest sequence of characters that stands in both.
func common(a, b []rune) int {
	row := make([]int, len(b)+1)
	for _, r := range a {
		diagonal := 0
		for j, s := range b {
			above := row[j+1]
			if r == s {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// distinct returns the cells of a row once each, without gaps.
func distinct(cells []*grid.Cell) []*grid.Cell {
	out := make([]*grid.Cell, 0, len(cells))
	for _, c := range cells {
		if c != nil && (len(out) == 0 || out[len(out)-1] != c) {
			out = append(out, c)
		}
	}
	return out
}

// printed returns the labels of a row's cells that are not empty.
func printed(cells []*grid.Cell) []*grid.Cell {
	return slices.DeleteFunc(distinct(cells), func(c *grid.Cell) bool { return codebook.IsBlank(c.Text) })
}

func texts(cells []*grid.Cell) string {
	var parts []string
	for _, c := range cells {
		parts = append(parts, codebook.Squeeze(c.Text))
	}
	return strings.Join(parts, " ")
}

// withoutPadding returns the first n cells of a row from which cells at the end were
// left over: those that converters print for the spans of the others. Blank values look
// like padding, so the nth cell must hold something, or all of them nothing but the
// labels; else it returns nil.
func withoutPadding(cells []*grid.Cell, labels, n int) []*grid.Cell {
	filled := len(cells)
	for filled > labels && codebook.IsBlank(cells[filled-1].Text) {
		filled--
	}
	if len(cells) < n || filled != n && filled != labels {
		return nil
	}
	return cells[:n]
}
