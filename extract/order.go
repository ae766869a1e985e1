package extract

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// Text that was taken from a PDF or a page may have its headings in pieces and out of
// order, and numbers without anything between. What is left of a table then is the order
// of its numbers. It is taken for that of the form only if there are as many numbers as
// the form has cells, the labels of the form stand around them, no other order of headings
// can be read, and every identity (勾稽关系) of the table holds. Where numbers have run
// together, one way alone of parting them may fulfil that.

// inOrder finds table 3 or 4 by the order of its numbers alone, and returns nil where
// anything speaks against that.
func (f *finder) inOrder(runs []run) *match {
	runs = f.section(runs)
	var rows [][]*grid.Cell // by row of the form, the numbers as they stand
	switch f.match.table.Layout {
	case "applicants":
		rows = f.rowsInOrder(runs)
	case "columns":
		rows = f.columnsInOrder(runs)
	}
	if rows == nil {
		return nil
	}
	readings := make([][][]*grid.Cell, len(rows))
	for i, row := range rows {
		readings[i] = readingsOf(row, f.groupSizes(), true)
	}
	chosen := f.onlyChoice(readings)
	if chosen == nil {
		return nil
	}
	if m := f.ordered(chosen); f.closes(m) {
		return m
	}
	return nil
}

// section is the runs of the table's own section, as far as headings tell.
func (f *finder) section(runs []run) []run {
	start, end := 0, len(runs)-1
	for i, r := range runs {
		if f.match.table.Heading.MatchString(r.label) {
			start = i
		}
	}
	for _, t := range f.book.Tables {
		if t.ID == f.match.table.ID {
			continue
		}
		for i := end; i > start; i-- {
			if t.Heading.MatchString(runs[i].label) {
				end = i
			}
		}
	}
	return runs[start : end+1]
}

// rowsInOrder returns the numbers of each row of table 3: of as many runs as the form has
// rows, each beside its label. The last of the runs given is only the text behind them.
func (f *finder) rowsInOrder(runs []run) [][]*grid.Cell {
	var rows [][]*grid.Cell
	labels := []string{""}
	own := labelledRuns{finder: f}
	for _, r := range runs {
		last := len(labels) - 1
		labels[last] += r.label
		if f.otherOrder(r.names) {
			return nil
		}
		if len(readingsOf(r.cells, f.groupSizes(), true)) > 0 {
			rows, labels = append(rows, r.cells), append(labels, "")
			if c, _, _, ok := own.label(r, 0); ok && c.Order != len(rows) {
				return nil
			}
		}
	}
	if len(rows) != len(f.match.table.Cells) {
		return nil
	}
	for i, c := range f.match.table.Cells {
		around := []rune(codebook.LabelKey(labels[i] + labels[i+1]))
		if key := []rune(c.RowKey); 4*common(key, around) < 3*len(key) {
			return nil
		}
	}
	return rows
}

// columnsInOrder returns the numbers of table 4: those of the first run below text that
// has all the signs of its headings.
func (f *finder) columnsInOrder(runs []run) [][]*grid.Cell {
	headings := strings.Join(f.headingsByRow(), "")
	for _, r := range runs {
		if len(readingsOf(r.cells, f.groupSizes(), true)) > 0 && containsSigns(codebook.Squeeze(r.label), headings) {
			return [][]*grid.Cell{r.cells}
		}
	}
	return nil
}

// containsSigns reports whether text has each sign of s, as many times as s has it.
func containsSigns(text, s string) bool {
	count := map[rune]int{}
	for _, r := range text {
		count[r]++
	}
	for _, r := range s {
		if count[r]--; count[r] < 0 {
			return false
		}
	}
	return true
}

// otherOrder reports whether a line names kinds of applicants in another order than the form.
func (f *finder) otherOrder(names [][]*grid.Cell) bool {
	for _, line := range names {
		before := 0
		for _, c := range line {
			if a, ok := f.applicant(c.Text); ok {
				if a.Order < before {
					return true
				}
				before = a.Order
			}
		}
	}
	return false
}

// groupSizes is how many numbers each group of a row has, the last of which is the total
// of the others: T3_ROW_SUM, T4_REV_SUM and its like.
func (f *finder) groupSizes() []int {
	if f.match.table.Layout == "applicants" {
		return []int{len(f.book.Applicants)}
	}
	var sizes []int
	for i, c := range f.match.table.Cells {
		if i == 0 || !slices.Equal(c.GroupKeys, f.match.table.Cells[i-1].GroupKeys) {
			sizes = append(sizes, 0)
		}
		sizes[len(sizes)-1]++
	}
	return sizes
}

// ordered gives the numbers their meaning by their order.
func (f *finder) ordered(rows [][]*grid.Cell) *match {
	m := &match{table: f.match.table, found: map[int]bool{}}
	for i, row := range rows {
		for k, c := range row {
			if len(rows) == 1 {
				cell := m.table.Cells[k]
				m.put(place{cell: c, metric: cell.Metric, column: strings.Join(cell.Path, "/")}, cell.Order)
				continue
			}
			cell, a := m.table.Cells[i], f.book.Applicants[k]
			m.put(place{cell: c, metric: cell.Metric, applicant: a.ID, row: cell.Row, column: a.LabelZH}, cell.Order)
		}
	}
	m.note("read_in_order", "", "the headings of table %s are not in a readable order; its numbers are taken in that of the form, and all identities hold", m.table.ID)
	return m
}

// closes reports whether every identity of the table holds.
func (f *finder) closes(m *match) bool {
	var cells []record.Cell
	for _, p := range m.cells {
		value, status := parseValue(f.book, f.book.Metric[p.metric], p.cell.Text)
		cells = append(cells, record.Cell{Metric: p.metric, Applicant: p.applicant, Value: value, Status: status})
	}
	checks := newChecker(f.book, cells).check(map[string]*match{m.table.ID: m})
	return len(checks) > 0 && !slices.ContainsFunc(checks, func(c record.CheckResult) bool { return c.Outcome != "held" })
}
