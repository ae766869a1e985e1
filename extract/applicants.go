package extract

import (
	"slices"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// applicants is how many kinds of applicants table 3 has, their total included.
const applicants = 7

// applicantColumn is a value column of table 3.
type applicantColumn struct {
	index     int // column in the grid; in a ragged grid, place from the right, from -1 down
	applicant string
	label     string
}

// applicants finds table 3 (收到和处理政府信息公开申请情况): a row is an outcome, a
// column a kind of applicant. Rows are found by label, each once, from the heading on
// until all are found or table 4 begins, also over tables cut by a page break.
func (f *finder) applicants() {
	var columns []applicantColumn
	var from line
	var loose []*grid.Cell // labels that stand on lines of their own, in a ragged grid
	at := 0
	for i, row := range f.rows {
		if len(f.match.found) == len(f.match.table.Cells) {
			return
		}
		if c := f.headingAt(i, at, from); c != nil {
			columns, from = c, row
			continue
		}
		if columns == nil {
			continue
		}
		if at > 0 && f.startsAnother(row) {
			return
		}
		if row.ragged && f.namesApplicants(row) {
			continue // the heading printed again
		}
		if row.ragged && f.isPadded(from) {
			row.cells = f.unpadded(row.cells, len(columns))
		}
		labels, values := splitRow(row, from, columns)
		if !f.knows(labels) {
			if own := f.ownRow(row, from, columns, at); own != nil {
				labels, values = own[:1], own[1:]
			}
		}
		if values == nil && row.ragged {
			loose = append(loose, printed(row.cells)...)
		}
		if labels = append(loose, labels...); values == nil || len(labels) == 0 || f.repeatsHeading(values, columns) {
			continue
		}
		at = f.applicantRow(at, labels, values, columns, row.grid)
		loose = nil
	}
}

// sameColumns reports whether a row may stand below the heading: in its table, or in
// the next part of a table cut in two, which has as many columns.
func sameColumns(row, heading line) bool {
	return row.grid == heading.grid || row.ragged || len(row.cells) == len(heading.cells)
}

// headingAt reads row i as the heading of table 3, unless the rows below a heading of
// the same grid have begun.
func (f *finder) headingAt(i, at int, from line) []applicantColumn {
	if at > 0 && f.rows[i].grid == from.grid {
		return nil
	}
	columns := f.applicantColumns(i)
	if columns != nil {
		f.reportExtraColumns(f.rows[i], columns)
		f.reportMissingColumns(columns)
	}
	return columns
}

func (f *finder) reportMissingColumns(columns []applicantColumn) {
	for _, a := range f.book.Applicants {
		if !slices.ContainsFunc(columns, func(c applicantColumn) bool { return c.applicant == a.ID }) {
			f.match.note("missing_column", "", "table 3 has no column %s", a.LabelZH)
		}
	}
}

// reportExtraColumns notes headings beside the kinds of applicants, such as 历年累计;
// what stands below them is not read.
func (f *finder) reportExtraColumns(heading line, columns []applicantColumn) {
	if heading.ragged {
		for _, c := range columns {
			if c.applicant == "" {
				f.match.note("unmapped_column", heading.cells[0].Locator, "table 3 has a column %q, which is not read", c.label)
			}
		}
		return
	}
	for col := columns[0].index; col < len(heading.cells); col++ {
		c := heading.cells[col]
		known := slices.ContainsFunc(columns, func(a applicantColumn) bool { return heading.cells[a.index] == c })
		if c != nil && !known && !codebook.IsBlank(c.Text) && heading.cells[col-1] != c {
			f.match.note("unmapped_column", c.Locator, "table 3 has a column %q, which is not read", c.Text)
		}
	}
}

// applicantRow places the values of one row and returns the order of the form's row
// that it is, or at where the form does not have it. In an open table the label may be a
// piece of one, so that an unknown one names nothing.
func (f *finder) applicantRow(at int, labels, values []*grid.Cell, columns []applicantColumn, in *grid.Grid) int {
	label := labels[len(labels)-1]
	metric, order := "", 0
	if c, ok := f.labelledRow(labels); ok {
		metric, order = c.Metric, c.Order
	} else if c, ok := f.damagedRow(label.Text, at); ok {
		metric, order = c.Metric, c.Order
		f.match.note("damaged_label", label.Locator, "%q is taken for %q", label.Text, c.Row)
	} else if c, ok := f.misreadRow(label, at); ok {
		metric, order = c.Metric, c.Order
		f.match.note("damaged_label", label.Locator, "%q was recognised and is taken for %q", label.Text, c.Row)
	} else if allBlank(values) {
		return at // a heading such as 三、本年度办理结果 on a row of its own
	} else {
		metric = unmapped(label.Text)
		f.match.unknown++
		f.match.note("unmapped_row", label.Locator, "form %s has no row %q here; its cells are %s", f.match.table.Form, label.Text, texts(values))
		if in.Open || !legible(label) || in.Ragged && slices.ContainsFunc(values, func(c *grid.Cell) bool { return !isValue(c.Text) }) {
			return at
		}
	}
	for i, v := range values {
		if columns[i].applicant == "" {
			continue
		}
		f.match.put(place{cell: v, metric: metric, applicant: columns[i].applicant, row: label.Text, column: columns[i].label}, order)
	}
	if order == 0 {
		return at
	}
	return order
}

// labelledRow finds the form's row by the last of the labels, or by the last few of
// them together, where a label is cut into several cells or lines.
func (f *finder) labelledRow(labels []*grid.Cell) (*codebook.FormCell, bool) {
	text := ""
	for i := len(labels) - 1; i >= max(0, len(labels)-maxLabelParts); i-- {
		text = labels[i].Text + text
		if c, ok := f.formRow(text, 0); ok && !f.match.found[c.Order] {
			return c, true
		}
	}
	return nil, false
}

// maxLabelParts is into how many pieces a label may be cut.
const maxLabelParts = 4

// startsAnother reports whether the headings of a table of columns, table 4, stand
// in this row: one of its headings, 总计, is a row of table 3 too, but not two.
func (f *finder) startsAnother(row line) bool {
	for _, t := range f.book.Tables {
		if t.Layout != "columns" || t.Form != f.match.table.Form {
			continue
		}
		first := ""
		for _, c := range row.labels {
			key := f.key(c.Text)
			if !t.ColumnKeys[key] || key == first {
				continue
			}
			if first != "" {
				return true
			}
			first = key
		}
	}
	return false
}

// applicantColumns reads row i as the heading row of table 3: the row in which,
// spans filled in, each kind of applicant stands once. What is left blank there
// stands in the row above, where spans are missing. A heading that is broken over
// two rows is read together with the row above. It returns nil for any other row.
func (f *finder) applicantColumns(i int) []applicantColumn {
	row := f.rows[i]
	switch {
	case row.ragged:
		return f.raggedApplicants(i)
	case row.grid.Open:
		return f.openApplicants(i)
	}
	var above []*grid.Cell
	near := len(row.labels)
	if i > 0 && f.rows[i-1].grid == row.grid {
		above = f.rows[i-1].cells
		near += len(f.rows[i-1].labels)
	}
	if near < minApplicants || len(row.once) < minApplicants {
		return nil
	}
	if above == nil {
		above = make([]*grid.Cell, len(row.cells))
	}
	own := headings(row.cells, above, func(c, above string) string {
		if codebook.IsBlank(c) {
			return above
		}
		return c
	})
	columns := f.namedApplicants(own)
	if columns == nil {
		columns = f.namedApplicants(headings(row.cells, above, func(c, above string) string { return above + c }))
	}
	ends := i+1 < len(f.rows) && len(f.rows[i+1].labels) <= maxLabels // with this row
	if len(columns) < len(f.book.Applicants) && ends {
		if placed := f.placedApplicants(own); placed != nil {
			return placed
		}
	}
	return columns
}

// openApplicants reads the heading above the first values of an open table: a column
// is named by as many of the lines above it as name a kind of applicant together.
func (f *finder) openApplicants(i int) []applicantColumn {
	if !f.endsHeading(i) {
		return nil
	}
	var columns []applicantColumn
	seen := map[string]bool{}
	for col := range f.rows[i].cells {
		named := f.openApplicant(i, col, false)
		if named.applicant == "" {
			named = f.openApplicant(i, col, true)
		}
		if named.applicant != "" && !seen[named.applicant] {
			seen[named.applicant] = true
			columns = append(columns, named)
		}
	}
	if len(columns) < minApplicants {
		return nil
	}
	return columns
}

// openApplicant reads one column of it, from row i upwards; own leaves out headings that
// may stand over more than the column, or be a piece of one beside it.
func (f *finder) openApplicant(i, col int, own bool) applicantColumn {
	label := ""
	for r := i; r >= 0 && f.rows[r].grid == f.rows[i].grid && !holdsValue(f.rows[r]); r-- {
		if c := f.rows[r].cells[col]; c != nil && !(own && c.ColSpan > 1) {
			label = c.Text + label
		}
		if a, ok := f.applicant(label); ok {
			return applicantColumn{col, a.ID, label}
		}
	}
	return applicantColumn{}
}

// endsHeading reports whether row i is the last above values of its table.
func (f *finder) endsHeading(i int) bool {
	return i+1 < len(f.rows) && f.rows[i+1].grid == f.rows[i].grid && !holdsValue(f.rows[i]) && holdsValue(f.rows[i+1])
}

// holdsValue reports whether a row ends in a value.
func holdsValue(row line) bool {
	cells := printed(row.cells)
	return len(cells) > 0 && grid.IsValue(cells[len(cells)-1].Text)
}

// minApplicants is how many kinds of applicants a heading must name; a local form may
// leave one out.
const minApplicants = 6

func (f *finder) applicant(label string) (codebook.Applicant, bool) {
	key := f.key(label)
	for _, a := range f.book.Applicants {
		if a.Key == key {
			return a, true
		}
	}
	return codebook.Applicant{}, false
}

// isPadded reports whether a ragged table has cells at the end of its rows that stand
// for spans: its heading ends in blank cells and does not begin with one. That of a
// stream, whose rows may end in the marks of spans, is one row.
func (f *finder) isPadded(heading line) bool {
	first, last := heading.cells[0], heading.cells[len(heading.cells)-1]
	return heading.streamed || !codebook.IsBlank(first.Text) && codebook.IsBlank(last.Text)
}

// unpadded returns the labels of a row and the values that follow them, or the labels
// alone where it is not certain which cells are values and which stand for spans.
func (f *finder) unpadded(cells []*grid.Cell, values int) []*grid.Cell {
	labels := 0
	for i, c := range cells[:min(maxLabels, len(cells))] {
		if _, ok := f.formRow(c.Text, 0); ok || labels == i && !isValue(c.Text) {
			labels = i + 1
		}
	}
	if whole := withoutPadding(cells, labels, labels+values); whole != nil {
		return whole
	}
	return cells[:labels]
}

// maxLabels is how many cells of a row are labels, in the template of the notice.
const maxLabels = 3

// splitRow tells the labels of a row from its values. Values are nil where the
// row does not have one cell for each column of the heading.
func splitRow(row, heading line, columns []applicantColumn) (labels, values []*grid.Cell) {
	if !sameColumns(row, heading) {
		return nil, nil
	}
	width := len(row.cells)
	first := width
	values = make([]*grid.Cell, 0, len(columns))
	for _, c := range columns {
		at := c.index
		if row.ragged {
			at += width
		}
		if at < 0 || at >= width || row.cells[at] == nil || slices.Contains(values, row.cells[at]) {
			return nil, nil
		}
		first = min(first, at)
		values = append(values, row.cells[at])
	}
	for _, l := range row.cells[:first] {
		if slices.Contains(values, l) {
			return nil, nil
		}
	}
	return printed(row.cells[:first]), values
}

func allBlank(cells []*grid.Cell) bool { return len(printed(cells)) == 0 }
