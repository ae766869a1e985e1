package extract

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// matchRuns finds the tables of which not all cells were found otherwise by the runs of
// numbers of the document.
func matchRuns(book *codebook.Book, doc *grid.Document, best map[string]*match, labels labels) {
	var runs []run
	for _, t := range book.Tables {
		b := best[t.ID]
		whole := b != nil && (len(b.found) == len(b.table.Cells) || t.Layout == "list")
		if whole || best["stat"] != nil || t.Layout == "list" && best["t3"] != nil {
			continue
		}
		if runs == nil {
			runs = runsOf(doc)
		}
		f := finder{book: book, match: &match{table: t}, labels: labels, variants: book.Variants(t.ID)}
		m := f.inRuns(runs)
		if m != nil && (b == nil || len(m.found) > len(b.found)) {
			best[t.ID] = m
		}
	}
}

func (f *finder) inRuns(runs []run) *match {
	switch f.match.table.Layout {
	case "block", "list":
		return f.labelled(runs)
	}
	return f.inOrder(runs)
}

// A run is the numbers that follow each other without text between, and the text before.
type run struct {
	label string
	names [][]*grid.Cell // the text by its lines
	cells []*grid.Cell
}

// runsOf lists the runs of numbers of a document.
func runsOf(doc *grid.Document) []run {
	r := runReader{}
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			for text := range strings.Lines(b.Text) {
				var cells []*grid.Cell
				for _, field := range grid.Fields(text) {
					cells = append(cells, &grid.Cell{RowSpan: 1, ColSpan: 1, Text: field, Locator: b.Locator})
				}
				r.line(cells)
			}
			continue
		}
		if b.Grid.Open {
			continue // its lines are paragraphs too
		}
		for i := range b.Grid.Cells { // by row
			if i == 0 || b.Grid.Cells[i].Row != b.Grid.Cells[i-1].Row {
				r.end()
			}
			r.cells = append(r.cells, &b.Grid.Cells[i])
		}
		r.end()
	}
	return append(r.runs, run{label: r.label.String(), names: r.names})
}

type runReader struct {
	runs  []run
	label strings.Builder
	names [][]*grid.Cell
	cells []*grid.Cell // of the line being read
	one   bool         // the last line was one number
}

func (r *runReader) end() {
	r.line(r.cells)
	r.cells = nil
}

// pageMark is the number of a page that is printed with signs around it.
var pageMark = codebook.MustPattern(`^(?:[-—–－]+\d{1,3}[-—–－]+|第\d{1,3}页.*)$`)

// line adds the text of a line and the numbers that it ends in. A number alone on its line
// goes on with the run of one alone on the line before.
func (r *runReader) line(cells []*grid.Cell) {
	cells = printed(cells)
	text := texts(cells)
	if len(cells) == 0 || pageMark.MatchString(strings.ReplaceAll(text, " ", "")) {
		return
	}
	at := len(cells)
	for at > 0 && isNumber(cells[at-1]) {
		at--
	}
	if at > 0 {
		r.label.WriteString(texts(cells[:at]))
		r.names = append(r.names, cells[:at])
	}
	numbers := cells[at:]
	one := len(cells) == 1 && len(numbers) == 1
	switch last := len(r.runs) - 1; {
	case len(numbers) == 0:
	case one && r.one:
		r.runs[last].cells = append(r.runs[last].cells, numbers...)
	default:
		r.runs = append(r.runs, run{r.label.String(), r.names, numbers})
		r.label, r.names = strings.Builder{}, nil
	}
	r.one = one
}

func isNumber(c *grid.Cell) bool {
	return c.Recognised == nil && (isCount(c.Text) || printedNumber.MatchString(codebook.Squeeze(c.Text)))
}

// labelled finds the tables whose rows name their numbers one by one, table 2 and the
// lists, in text whose lines do not show its rows: a number belongs to the label right
// before it, and in table 2 to the headings before that. It is nil where numbers seem to
// stand before their labels, as some readers of PDFs put them.
func (f *finder) labelled(runs []run) *match {
	l := labelledRuns{finder: f, match: &match{table: f.match.table, found: map[int]bool{}}}
	for _, r := range runs {
		if f.match.table.Layout == "list" {
			l.listRun(r)
		} else {
			l.blockRun(r)
		}
	}
	if 2*(len(l.match.found)+l.unread) < len(l.match.table.Cells) || l.disordered {
		return nil
	}
	return l.match
}

type labelledRuns struct {
	*finder
	match      *match
	headings   []string
	unread     int  // numbers of rows of the form that cannot be told apart
	at         int  // order of the last row found
	cumulative bool // the numbers are those of several years
	disordered bool // a number has no label, the last label no number, or a cell two
}

// units are those that stand between a label and its number.
var units = []string{"条", "件", "人次", "次", "篇", "个", "人", "项", "万元", "元"}

// unitAt is the unit that text ends in, or an empty string.
func unitAt(text string) string {
	for _, unit := range units {
		if strings.HasSuffix(text, unit) {
			return unit
		}
	}
	return ""
}

// isUnit reports whether text is a unit alone, or nothing.
func isUnit(text string) bool { return text == unitAt(text) }

// label finds the row that the text before a number ends in, as one piece or a few, with
// a unit behind it or not.
func (l *labelledRuns) label(r run, after int) (c *codebook.FormCell, label, unit string, ok bool) {
	pieces := slices.Concat(r.names...)
	text := ""
	for i := len(pieces) - 1; i >= max(0, len(pieces)-maxLabelParts); i-- {
		text = pieces[i].Text + text
		whole := codebook.Squeeze(text)
		for _, unit := range []string{"", unitAt(whole)} {
			label := strings.TrimSuffix(whole, unit)
			if c, ok := l.formRow(label, after); ok {
				return c, label, unit, true
			}
		}
	}
	return c, "", "", false
}

// namesRow reports whether a piece of the text is the label of the row of the given order.
func (l *labelledRuns) namesRow(r run, order int) bool {
	return slices.ContainsFunc(slices.Concat(r.names...), func(c *grid.Cell) bool {
		row, ok := l.formRow(c.Text, order-1)
		return ok && row.Order == order
	})
}

func last(s []string) string {
	if len(s) == 0 {
		return "-"
	}
	return s[len(s)-1]
}

func (l *labelledRuns) listRun(r run) {
	l.cumulative = l.cumulative || strings.Contains(r.label, cumulative)
	c, label, unit, ok := l.label(r, l.at)
	if !ok {
		c, label, unit, ok = l.label(r, 0)
	}
	switch {
	case len(r.cells) == 0:
		l.disordered = l.disordered || l.at > 0 && l.at < len(l.match.table.Cells) && l.namesRow(r, len(l.match.table.Cells))
		return
	case !ok:
		l.disordered = l.disordered || l.at > 0 && isUnit(codebook.Squeeze(r.label))
		return
	case l.cumulative || len(r.cells) != 1 || c.Metric == "":
		return
	}
	l.disordered = l.disordered || l.match.found[c.Order]
	l.at = c.Order
	l.match.put(place{cell: r.cells[0], metric: c.Metric, row: label, unit: unit}, c.Order)
}

// blockRun reads a row of table 2, and the headings before it, if there are such.
func (l *labelledRuns) blockRun(r run) {
	_, label, _, ok := l.label(r, 0)
	if headings := l.columnsIn(strings.TrimSuffix(codebook.Squeeze(r.label), label)); len(headings) > 0 {
		l.headings = headings
	}
	if !ok || len(l.headings) == 0 || len(r.cells) == 0 {
		l.disordered = l.disordered || !ok && len(r.cells) > 0 && strings.HasSuffix(codebook.Squeeze(r.label), last(l.headings))
		return
	}
	ways := readingsOf(r.cells, []int{len(l.headings)}, false)
	if len(ways) != 1 {
		l.unread += len(l.headings)
		l.match.note("unmapped_row", r.cells[0].Locator, "row %q has not one number below each of %d headings: %s", label, len(l.headings), texts(r.cells))
		return
	}
	for i, value := range ways[0] {
		c, ok := l.formCell(label, l.headings[i])
		if !ok {
			l.match.note("unmapped_column", value.Locator, "%q has no column %q in form %s", label, l.headings[i], l.match.table.Form)
			continue
		}
		l.disordered = l.disordered || l.match.found[c.Order]
		l.match.put(place{cell: value, metric: c.Metric, row: label, column: l.headings[i], unit: l.headings[i]}, c.Order)
	}
}
