package extract

import (
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// minColumns is how many of its column labels make a row the heading of table 4.
const minColumns = 4

// columns finds a table of one row of values under nested headings, as table 4
// (行政复议、行政诉讼情况) is: a column is named by its headings from top to bottom. Where
// that does not give all of its cells, they are looked for by the headings that cross.
func (f *finder) columns() {
	f.oneRow()
	if len(f.match.found) == len(f.match.table.Cells) || !f.mayCross() {
		return
	}
	crossed := finder{book: f.book, match: &match{table: f.match.table, found: map[int]bool{}}, rows: f.rows, labels: f.labels, variants: f.variants}
	if crossed.crossings() && len(crossed.match.found) > len(f.match.found) {
		*f.match = *crossed.match
	}
}

// oneRow finds the table where all its values stand in one row.
func (f *finder) oneRow() {
	leaves := f.match.table.ColumnKeys
	for i := 1; i < len(f.rows); i++ {
		row, heading := f.rows[i], f.rows[i-1]
		if row.grid.Open {
			if f.endsHeading(i-1) && f.openColumns(i) {
				return
			}
			continue
		}
		if row.grid != heading.grid || !f.names(heading, leaves, minColumns) || f.names(row, leaves, 1) {
			continue
		}
		top := i - 1
		for top > 0 && i-top < 4 && f.rows[top-1].grid == row.grid && f.inHeading(f.rows[top-1]) {
			top--
		}
		if row.ragged {
			f.raggedColumns(top, i)
		} else {
			f.denseColumns(top, i)
		}
		if len(f.match.found) > 0 {
			return
		}
	}
}

// names reports whether at least so many labels of the row are among keys.
func (f *finder) names(row line, keys map[string]bool, least int) bool {
	for i := 0; least > 0 && i+least <= len(row.labels); i++ {
		if keys[f.key(row.labels[i].Text)] {
			least--
		}
	}
	return least == 0
}

// inHeading reports whether all that the row prints are headings of this table. A first
// column may name what the headings and the values are, as in 类别 and 件数.
func (f *finder) inHeading(row line) bool {
	cells := printed(row.cells)
	for i, c := range cells {
		first := i == 0 && !row.ragged && c.ColSpan == 1 && len(cells) > 1
		if !f.isHeading(c.Text) && !first {
			return false
		}
	}
	return true
}

func (f *finder) isHeading(label string) bool {
	return f.match.table.Headings[f.key(label)]
}

// denseColumns reads the headings of rows [top, row) above each cell of row.
func (f *finder) denseColumns(top, row int) {
	var path []string
	for col, value := range f.rows[row].cells {
		if value == nil || col > 0 && f.rows[row].cells[col-1] == value {
			continue
		}
		var above *grid.Cell
		path = path[:0]
		sure := true
		for _, h := range f.rows[top:row] {
			if c := h.cells[col]; c != nil && c != above && !codebook.IsBlank(c.Text) {
				path, above = append(path, f.key(c.Text)), c
				sure = sure && (f.isHeading(c.Text) || legible(c))
			}
		}
		if len(path) > 0 && f.isHeading(path[len(path)-1]) || isValue(value.Text) && !codebook.IsBlank(value.Text) {
			f.placeColumn(path, value, sure)
		}
	}
}

// raggedColumns reads headings whose spans are lost. They name the columns only
// if each heading of the form is printed, in the order of the form.
func (f *finder) raggedColumns(top, row int) {
	var got []string
	for _, h := range f.rows[top:row] {
		for _, c := range printed(h.cells) {
			got = append(got, f.key(c.Text))
		}
	}
	values := f.rows[row].once
	n := len(f.match.table.Cells)
	blank := allBlank(values) && len(values)+1 >= n // of a row that begins with a bar, or ends in spans
	if f.rows[row].streamed && codebook.IsBlank(values[len(values)-1].Text) && !blank {
		return // it may stand for a span, and a value be lost
	}
	if len(values) != n && !blank || strings.Join(got, "") != strings.Join(f.headingsByRow(), "") {
		return
	}
	for i, c := range f.match.table.Cells {
		f.placeColumn(c.Path, values[min(i, len(values)-1)], true)
	}
}

// openColumns reads the headings above row i of an open table, whose lines are cut
// anywhere. They name the columns only if they name each column of the form.
func (f *finder) openColumns(i int) bool {
	byPath := map[string]*codebook.FormCell{}
	for _, c := range f.match.table.Cells {
		byPath[strings.Join(c.Path, "")] = c
	}
	values := map[int]*grid.Cell{} // by order
	for col, value := range f.rows[i].cells {
		path := ""
		for r := i - 1; value != nil && r >= 0 && f.rows[r].grid == f.rows[i].grid && !holdsValue(f.rows[r]); r-- {
			if c := f.rows[r].cells[col]; c != nil {
				path = f.key(c.Text) + path
			}
			if c, ok := byPath[path]; ok {
				values[c.Order] = value
				break
			}
		}
	}
	if len(values) != len(f.match.table.Cells) {
		return false
	}
	for _, c := range f.match.table.Cells {
		f.placeColumn(c.Path, values[c.Order], true)
	}
	return true
}

// headingsByRow lists the form's headings as a reader meets them: level by level,
// each heading once, a column standing on the level below its group.
func (f *finder) headingsByRow() []string {
	var levels [][]string
	previous := []string{}
	for _, c := range f.match.table.Cells {
		path := c.Path
		for i, h := range path {
			if i >= len(levels) {
				levels = append(levels, nil)
			}
			same := i < len(previous) && slices.Equal(previous[:i+1], path[:i+1])
			if !same {
				levels[i] = append(levels[i], h)
			}
		}
		previous = path
	}
	return slices.Concat(levels...)
}

// placeColumn places a value below the headings whose keys are path; a column that the
// form does not have is one only if its headings are surely read.
func (f *finder) placeColumn(path []string, value *grid.Cell, sure bool) {
	column := strings.Join(path, "/")
	for _, c := range f.match.table.Cells {
		if slices.Equal(path, c.Path) {
			f.match.put(place{cell: value, metric: c.Metric, column: column}, c.Order)
			return
		}
	}
	f.match.unknown++
	if sure {
		f.match.put(place{cell: value, metric: unmapped(column), column: column}, 0)
	}
	f.match.note("unmapped_column", value.Locator, "form %s has no column %q", f.match.table.Form, column)
}

// alike4 says of table 4, which is the same in two forms, that it is of the form of table
// 3, if that was found later.
func alike4(book *codebook.Book, best map[string]*match) {
	m := best["t4"]
	if m == nil || best["t3"] == nil {
		return
	}
	for _, t := range book.Tables {
		if t.ID == "t4" && t.Form == best["t3"].table.Form && slices.EqualFunc(t.Cells, m.table.Cells, func(a, b *codebook.FormCell) bool { return a.Metric == b.Metric }) {
			m.table = t
		}
	}
}
