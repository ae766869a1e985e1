package extract

import (
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// cumulative marks columns that add up several years or months; they are never the
// value of the year.
const cumulative = "累计"

// list finds a table of one indicator a row, as the forms before 2019 are. The
// value column is the one whose heading the form names.
func (f *finder) list() {
	column, label := -1, ""
	var in *grid.Grid
	at := 0
	for _, row := range f.rows {
		if c, l := f.valueColumn(row); c >= 0 {
			column, label, in = c, l, row.grid
			continue
		}
		if column < 0 || row.grid != in || column >= len(row.cells) || row.cells[column] == nil {
			continue
		}
		labels := printed(row.cells[:column])
		if len(labels) == 0 || labels[0] == row.cells[column] {
			continue
		}
		at = f.listRow(at, labels, row.cells[column], label)
	}
}

// valueColumn reads the row as a heading and returns the value column, or -1. Where
// several years stand beside each other it is the report's own.
func (f *finder) valueColumn(row line) (int, string) {
	if row.counts > 0 {
		return -1, ""
	}
	var columns []int
	for _, c := range row.labels {
		if key := f.key(c.Text); !f.isValueColumn(key) || strings.Contains(key, cumulative) {
			continue
		}
		for col, at := range row.cells {
			if at == c && col > 0 {
				columns = append(columns, col)
			}
		}
	}
	for _, col := range columns {
		if len(columns) == 1 || f.year != nil && strings.Contains(row.cells[col].Text, strconv.Itoa(int(*f.year))) {
			return col, row.cells[col].Text
		}
	}
	return -1, ""
}

// isValueColumn reports whether a heading is that of the value column.
func (f *finder) isValueColumn(key string) bool {
	pattern := f.match.table.ValueColumn
	if literal, whole := pattern.LiteralPrefix(); whole {
		return strings.Contains(key, literal) // what a pattern without a sign in it means, in a tenth of the time
	}
	return pattern.MatchString(key)
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
	if codebook.IsBlank(value.Text) {
		return at // a heading of a group of rows
	}
	f.match.unknown++
	if legible(labels[0]) {
		f.match.put(place{cell: value, metric: unmapped(labels[0].Text), row: labels[0].Text, column: column}, 0)
	}
	f.match.note("unmapped_row", labels[0].Locator, "form %s has no row %q", f.match.table.Form, labels[0].Text)
	return at
}
