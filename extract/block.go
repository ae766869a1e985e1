package extract

import (
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// block finds a table whose cells are named by their row and by the heading row
// of their block, as table 2 (主动公开政府信息情况) is: each 第二十条第（X）项 has
// headings of its own, and a heading holds until the next one, also over the
// break of a page that cuts the block in two.
func (f *finder) block() {
	var heading []*grid.Cell
	for _, row := range f.rows {
		cells := distinct(row.cells)
		if len(cells) == 0 || len(cells) == 1 && !row.ragged {
			continue
		}
		if f.isBlockHeading(cells[len(cells)-1].Text) {
			heading = cells
			continue
		}
		if heading == nil || len(cells) == 1 {
			continue
		}
		if f.repeats(heading, cells) {
			return // another report begins on the same page
		}
		if row.ragged && len(heading) == len(cells)-1 {
			heading = append([]*grid.Cell{{}}, heading...) // the heading of the labels is not printed, or glued to the next
		}
		f.blockRow(heading, cells)
	}
}

// isBlockHeading reports whether the text is, or ends in, a column label of the table.
func (f *finder) isBlockHeading(text string) bool {
	key := f.key(text)
	if f.match.table.ColumnKeys[key] {
		return true
	}
	for c := range f.match.table.ColumnKeys {
		if strings.HasSuffix(key, c) {
			return true
		}
	}
	return false
}

// repeats reports whether the row was found before.
func (f *finder) repeats(heading, cells []*grid.Cell) bool {
	c, ok := f.formCell(cells[0].Text, heading[len(heading)-1].Text)
	return ok && f.match.found[c.Order]
}

// blockRow reads one row below a heading.
func (f *finder) blockRow(heading, cells []*grid.Cell) {
	label := cells[0]
	if _, ok := f.formRow(label.Text, 0); !ok {
		if codebook.IsBlank(label.Text) && len(cells) == len(heading) {
			f.match.unknown++
			f.match.note("unmapped_row", cells[1].Locator, "a row of table 2 has no label; its cells are %s", texts(cells[1:]))
		}
		return
	}
	if len(cells) != len(heading) {
		f.match.unknown++
		f.match.note("unmapped_row", label.Locator, "row %q has %d values below %d headings", label.Text, len(cells)-1, len(heading)-1)
		return
	}
	for i, value := range cells[1:] {
		column := heading[i+1]
		if c, ok := f.formCell(label.Text, column.Text); ok {
			f.match.put(place{cell: value, metric: c.Metric, row: label.Text, column: column.Text, unit: column.Text}, c.Order)
			continue
		}
		f.match.unknown++
		if legible(column) {
			f.match.put(place{cell: value, metric: unmapped(label.Text + "/" + column.Text), row: label.Text, column: column.Text}, 0)
		}
		f.match.note("unmapped_column", value.Locator, "%q has no column %q in form %s", label.Text, column.Text, f.match.table.Form)
	}
}

func (f *finder) formCell(row, column string) (codebook.FormCell, bool) {
	rowKey, columnKey := f.key(row), f.key(column)
	for _, c := range f.match.table.Cells {
		if c.RowKey == rowKey && strings.HasSuffix(columnKey, c.ColumnKey) {
			return c, true
		}
	}
	return codebook.FormCell{}, false
}

func unmapped(label string) string { return "unmapped:" + codebook.LabelKey(label) }
