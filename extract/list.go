package extract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// cumulative marks columns that add up several years or months; they are never the
// value of the year.
const cumulative = "累计"

// list finds a table of one indicator a row, as the forms before 2019 are. The
// value column is the one whose heading the form names. Where that heading stands in a row
// several times, so many parts of the list stand beside each other.
func (f *finder) list() {
	var columns, at []int // value columns, and the order of the last row found in each
	label := ""
	var in *grid.Grid
	for _, row := range f.rows {
		if c, l := f.valueColumns(row); c != nil {
			columns, label, in = c, l, row.grid
			at = make([]int, len(c))
			continue
		}
		if row.grid != in {
			continue
		}
		first := 0
		for i, column := range columns {
			if column >= len(row.cells) || row.cells[column] == nil {
				break
			}
			labels := printed(row.cells[first:column])
			if first = column + 1; len(labels) > 0 && labels[0] != row.cells[column] {
				at[i] = f.listRow(at[i], labels, row.cells[column], label)
			}
		}
	}
}

// valueColumns reads the row as a heading and returns the value column, or those of the
// parts of the list, or nil. Where several years stand beside each other it is the
// report's own.
func (f *finder) valueColumns(row line) ([]int, string) {
	if row.counts > 0 {
		return nil, ""
	}
	var columns []int
	parts := true // the headings are the same, with others between
	for _, c := range row.labels {
		if key := f.key(c.Text); !f.match.table.ValueColumn.MatchString(key) || strings.Contains(key, cumulative) {
			continue
		}
		for col, at := range row.cells {
			if at == c && col > 0 && row.cells[col-1] != c {
				if last := len(columns) - 1; last >= 0 {
					parts = parts && col > columns[last]+1 && row.cells[columns[last]].Text == c.Text
				}
				columns = append(columns, col)
			}
		}
	}
	if len(columns) > 1 && parts {
		return columns, row.cells[columns[0]].Text
	}
	for _, col := range columns {
		if len(columns) == 1 || f.year != nil && strings.Contains(row.cells[col].Text, strconv.Itoa(int(*f.year))) {
			return []int{col}, row.cells[col].Text
		}
	}
	return nil, ""
}

// listRow places one value and returns the order of the form's row reached. The
// label is the first of the row's labels that the form knows.
func (f *finder) listRow(at int, labels []*grid.Cell, value *grid.Cell, column string) int {
	for _, l := range labels {
		c, ok := f.formRow(l.Text, at)
		if !ok {
			c, ok = f.formRow(l.Text, 0)
		}
		if ok {
			metric := c.Metric
			if metric == "" {
				metric = unmapped(l.Text)
			}
			f.match.put(place{cell: value, metric: metric, row: l.Text, column: column, unit: labels[len(labels)-1].Text}, c.Order)
			return c.Order
		}
	}
	name := labels[max(0, slices.IndexFunc(labels, func(c *grid.Cell) bool { return !isCount(c.Text) }))]
	if codebook.IsBlank(value.Text) || f.isGroup(name) && !isNumber(value) {
		return at // a heading of a group of rows
	}
	f.match.unknown++
	if legible(name) {
		f.match.put(place{cell: value, metric: unmapped(name.Text), row: name.Text, column: column}, 0)
	}
	f.match.note("unmapped_row", name.Locator, "form %s has no row %q", f.match.table.Form, name.Text)
	return at
}

// isGroup reports whether the label is that of a group of rows of the form.
func (f *finder) isGroup(label *grid.Cell) bool {
	key := f.key(label.Text)
	return slices.ContainsFunc(f.match.table.Cells, func(c *codebook.FormCell) bool { return slices.Contains(c.GroupKeys, key) })
}
