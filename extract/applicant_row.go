package extract

import (
	"slices"

	"github.com/nianbao/nianbao/extract/grid"
)

// ownRow is the label and the values of a row whose spans, or those of the rows above it,
// are wrong, or which stands in another part of the table with other columns: a label of
// the form and, behind it, as many values as the heading ends in columns.
func (f *finder) ownRow(row, heading line, columns []applicantColumn, after int) []*grid.Cell {
	if row.ragged || row.row < 0 || len(distinct(heading.cells[columns[0].index:])) != len(columns) {
		return nil
	}
	var own []*grid.Cell
	for _, c := range row.once {
		if c.Row == row.row {
			own = append(own, c)
		}
	}
	at := len(own) - len(columns) - 1
	if at < 0 || slices.ContainsFunc(own[at+1:], func(c *grid.Cell) bool { return !isValue(c.Text) }) {
		return nil
	}
	if _, damaged := f.damagedRow(own[at].Text, after); !damaged && !f.knows(own[:at+1]) {
		return nil
	}
	return own[at:]
}

// knows reports whether the last of the labels is that of a row of the form.
func (f *finder) knows(labels []*grid.Cell) bool {
	if len(labels) == 0 {
		return false
	}
	_, ok := f.formRow(labels[len(labels)-1].Text, 0)
	return ok
}
