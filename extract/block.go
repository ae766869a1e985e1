package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// block finds a table whose cells are named by their row and by the heading row
// of their block, as table 2 (主动公开政府信息情况) is: each 第二十条第（X）项 has
// headings of its own, and a heading holds until the next one, also over the
// break of a page that cuts the block in two.
func (f *finder) block() {
	var heading []*grid.Cell
	in := false // all rows so far below the heading, which is one of the form, are like it
	for _, row := range f.rows {
		cells := row.once
		if len(cells) == 0 || len(cells) == 1 && !row.ragged {
			in = false
			continue
		}
		if row.ragged && slices.ContainsFunc(cells, f.isRunTogether) {
			heading = nil // its columns are not known
			continue
		}
		if h := f.blockHeading(cells, row.ragged); h != nil {
			heading, in = h, true
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
		at, labelled := f.labelAt(cells)
		if labelled && f.repeats(heading, cells[at]) {
			return // another report begins on the same page
		}
		if row.ragged && len(heading) == len(cells)-1 && f.isBlockHeading(heading[0].Text) {
			heading = append([]*grid.Cell{{}}, heading...) // the heading of the labels is not printed, or glued to the next
		}
		switch {
		case labelled:
			f.blockRow(heading, cells, at)
		case !row.ragged && !anyShort(cells):
			heading, in = cells, false // what stands below it is not below the heading above
		case len(cells) != len(heading):
			in = false
		case in:
			f.unlabelledRow(heading, cells, row.ragged || row.grid.Open)
		}
	}
}

// isRunTogether reports whether the cell holds several column labels.
func (f *finder) isRunTogether(c *grid.Cell) bool {
	return utf8.RuneCountInString(c.Text) >= 2*minHeading && len(f.columnsIn(codebook.Squeeze(c.Text))) > 1
}

// columnsIn lists the column labels that squeezed text holds, each with what follows it up
// to the next, as the unit does.
func (f *finder) columnsIn(text string) []string {
	var out []string
	for at := 0; at < len(text); {
		found := slices.IndexFunc(f.match.table.Columns, func(key string) bool { return strings.HasPrefix(text[at:], key) })
		_, size := utf8.DecodeRuneInString(text[at:])
		if found >= 0 {
			size = len(f.match.table.Columns[found])
			out = append(out, "")
		}
		if len(out) > 0 {
			out[len(out)-1] += text[at : at+size]
		}
		at += size
	}
	return out
}

// anyShort reports whether a cell prints too little to be a heading: a value, or a word in
// place of one.
func anyShort(cells []*grid.Cell) bool {
	for _, c := range slices.Backward(cells) { // values stand behind the labels
		if isValue(c.Text) || utf8.RuneCountInString(codebook.Squeeze(c.Text)) < minHeading {
			return true
		}
	}
	return false
}

// minHeading is how many characters a heading of table 2 has at least.
const minHeading = 4

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
		if isValue(cells[last-1].Text) && !codebook.IsBlank(cells[last-1].Text) {
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

// isBlockHeading reports whether the text is a column label of the table.
func (f *finder) isBlockHeading(text string) bool {
	if isCount(text) {
		return false
	}
	key := f.key(text)
	return slices.ContainsFunc(f.match.table.Cells, func(c *codebook.FormCell) bool { return isColumn(key, c.ColumnKey) })
}

// isColumn reports whether a heading is a column label, ends in it, as one does that its
// neighbour is glued to, or is its end, as in 处理决定数量.
func isColumn(key, label string) bool {
	return strings.HasSuffix(key, label) || strings.HasSuffix(label, key) && utf8.RuneCountInString(key) >= minHeading
}

// repeats reports whether the row was found before.
func (f *finder) repeats(heading []*grid.Cell, label *grid.Cell) bool {
	c, ok := f.formCell(label.Text, heading[len(heading)-1].Text)
	return ok && f.match.found[c.Order]
}

// labelAt is the place of a row's label: the first, unless 第二十条第（X）项 stands beside it.
func (f *finder) labelAt(cells []*grid.Cell) (at int, ok bool) {
	at = slices.IndexFunc(cells, func(c *grid.Cell) bool {
		if isCount(c.Text) {
			return false
		}
		_, ok := f.formRow(c.Text, 0)
		return ok
	})
	return at, at >= 0
}

// unlabelledRow keeps a row of values that the form does not have; one without a label
// is only reported. Where the source has lost its columns, as text has, it may be no row.
func (f *finder) unlabelledRow(heading, cells []*grid.Cell, ragged bool) {
	label, values := cells[0], cells[1:]
	switch {
	case codebook.IsBlank(label.Text) && !allBlank(values):
		f.match.unknown++
		f.match.note("unmapped_row", values[0].Locator, "a row of table 2 has no label; its cells are %s", texts(values))
	case ragged || allBlank(values) || isValue(label.Text) || slices.ContainsFunc(values, func(c *grid.Cell) bool { return !isValue(c.Text) }):
	default:
		f.match.note("unmapped_row", label.Locator, "form %s has no row %q; its cells are %s", f.match.table.Form, label.Text, texts(values))
		for i, value := range values {
			f.unmappedCell(label, heading[i+1], value)
		}
	}
}

// unmappedCell keeps the value of a row and a column that the form does not have together.
func (f *finder) unmappedCell(label, column, value *grid.Cell) {
	f.match.unknown++
	if legible(label) && legible(column) {
		f.match.put(place{cell: value, metric: unmapped(label.Text + "/" + column.Text), row: label.Text, column: column.Text}, 0)
	}
}

// blockRow reads one row below a heading; at is the place of its label.
func (f *finder) blockRow(heading, cells []*grid.Cell, at int) {
	label := cells[at]
	if len(cells) != len(heading) {
		f.match.unknown++
		f.match.note("unmapped_row", label.Locator, "row %q has %d values below %d headings", label.Text, len(cells)-at-1, len(heading)-at-1)
		return
	}
	for i := at + 1; i < len(cells); i++ {
		value, column := cells[i], heading[i]
		if i > at+1 && column.Text == heading[i-1].Text && value.Text == cells[i-1].Text {
			continue // a merged cell, printed once for each column that it spans
		}
		if c, ok := f.formCell(label.Text, column.Text); ok {
			f.match.put(place{cell: value, metric: c.Metric, row: label.Text, column: column.Text, unit: column.Text}, c.Order)
			continue
		}
		if codebook.IsBlank(value.Text) && !f.isBlockHeading(column.Text) {
			continue // 备注 without a remark
		}
		f.unmappedCell(label, column, value)
		f.match.note("unmapped_column", value.Locator, "%q has no column %q in form %s", label.Text, column.Text, f.match.table.Form)
	}
}

func (f *finder) formCell(row, column string) (*codebook.FormCell, bool) {
	columnKey := f.key(column)
	for _, c := range f.match.table.RowCells[f.key(row)] {
		if isColumn(columnKey, c.ColumnKey) {
			return c, true
		}
	}
	return nil, false
}

func unmapped(label string) string { return "unmapped:" + codebook.LabelKey(label) }
