package extract

import (
	"slices"
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
		cells := row.once
		if len(cells) == 0 || len(cells) == 1 && !row.ragged {
			continue
		}
		if h := f.blockHeading(cells, row.ragged); h != nil {
			heading = h
			continue
		}
		if heading == nil || len(cells) == 1 {
			continue
		}
		if len(cells) > len(heading) {
			if whole := withoutPadding(cells, 1, len(heading)); whole != nil {
				cells = whole
			}
		}
		if f.repeats(heading, cells) {
			return // another report begins on the same page
		}
		if row.ragged && len(heading) == len(cells)-1 && f.isBlockHeading(heading[0].Text) {
			heading = append([]*grid.Cell{{}}, heading...) // the heading of the labels is not printed, or glued to the next
		}
		f.blockRow(heading, cells)
	}
}

// blockHeading returns the cells of a heading row, from that above the labels on and
// without padding; nil for a row of values. A heading that no form has, such as 备注, may
// stand behind the others, and where only the order of cells is left, titles before them.
func (f *finder) blockHeading(cells []*grid.Cell, ragged bool) []*grid.Cell {
	end := len(cells)
	for end > 1 && codebook.IsBlank(cells[end-1].Text) {
		end--
	}
	last := end
	for last > 0 && !f.isBlockHeading(cells[last-1].Text) {
		if isValue(cells[last-1].Text) {
			return nil
		}
		last--
	}
	first := last
	for first > 0 && f.isBlockHeading(cells[first-1].Text) {
		first--
	}
	switch {
	case first == last:
		return nil
	case ragged:
		return cells[max(0, first-1):end]
	}
	return cells[:end]
}

// isBlockHeading reports whether the text is, or ends in, a column label of the table.
func (f *finder) isBlockHeading(text string) bool {
	if isCount(text) {
		return false
	}
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
	c, ok := f.formCell(cells[f.labelAt(cells)].Text, heading[len(heading)-1].Text)
	return ok && f.match.found[c.Order]
}

// labelAt is the place of a row's label: the first, unless 第二十条第（X）项 stands beside it.
func (f *finder) labelAt(cells []*grid.Cell) int {
	return max(0, slices.IndexFunc(cells, func(c *grid.Cell) bool {
		if isCount(c.Text) {
			return false
		}
		_, ok := f.formRow(c.Text, 0)
		return ok
	}))
}

// blockRow reads one row below a heading.
func (f *finder) blockRow(heading, cells []*grid.Cell) {
	at := f.labelAt(cells)
	label := cells[at]
	if _, ok := f.formRow(label.Text, 0); !ok {
		if codebook.IsBlank(label.Text) && len(cells) == len(heading) {
			f.match.unknown++
			f.match.note("unmapped_row", cells[1].Locator, "a row of table 2 has no label; its cells are %s", texts(cells[1:]))
		}
		return
	}
	if len(cells) != len(heading) {
		f.match.unknown++
		f.match.note("unmapped_row", label.Locator, "row %q has %d values below %d headings", label.Text, len(cells)-at-1, len(heading)-at-1)
		return
	}
	for i := at + 1; i < len(cells); i++ {
		value, column := cells[i], heading[i]
		if c, ok := f.formCell(label.Text, column.Text); ok {
			f.match.put(place{cell: value, metric: c.Metric, row: label.Text, column: column.Text, unit: column.Text}, c.Order)
			continue
		}
		if codebook.IsBlank(value.Text) && !f.isBlockHeading(column.Text) {
			continue // 备注 without a remark
		}
		f.match.unknown++
		if legible(column) {
			f.match.put(place{cell: value, metric: unmapped(label.Text + "/" + column.Text), row: label.Text, column: column.Text}, 0)
		}
		f.match.note("unmapped_column", value.Locator, "%q has no column %q in form %s", label.Text, column.Text, f.match.table.Form)
	}
}

func (f *finder) formCell(row, column string) (codebook.FormCell, bool) {
	columnKey := f.key(column)
	for _, c := range f.match.table.RowCells[f.key(row)] {
		if strings.HasSuffix(columnKey, c.ColumnKey) {
			return c, true
		}
	}
	return codebook.FormCell{}, false
}

func unmapped(label string) string { return "unmapped:" + codebook.LabelKey(label) }
