package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// streamed returns the rows of a document that prints a cell a line, as text copied
// from a page does: nothing is left of rows but their order. A row begins with a label
// of tables 2 and 3, and where text follows a value or such a label. Cells that were blank may have
// left nothing behind, so a row counts only if it has a value for each column.
func streamed(book *codebook.Book) func(*grid.Document) []line {
	return func(doc *grid.Document) []line {
		s := stream{grid: &grid.Grid{Ragged: true}, rowKeys: rowKeys(book)}
		labels := officialKeys(book)
		for cells := streamCells(doc); len(cells) > 0; {
			n := pieces(cells, labels)
			s.add(joinedCell(cells[:n]))
			cells = cells[n:]
		}
		var out []line
		for _, cells := range s.rows {
			row := newLine(s.grid, true, -1, cells)
			row.streamed = true
			out = append(out, row)
		}
		return out
	}
}

// rowKeys are the keys that begin a row: the labels of tables 2 and 3, and the first
// heading of table 4. What is a kind of applicant too, 其他 and 总计, begins none.
func rowKeys(book *codebook.Book) map[string]bool {
	keys := map[string]bool{}
	for _, t := range book.Tables {
		switch t.Layout {
		case "block", "applicants":
			for _, c := range t.Cells {
				keys[c.RowKey] = true
			}
		case "columns":
			keys[t.Cells[0].Path[0]] = false
		}
	}
	for _, s := range book.Synonyms {
		if keys[book.Canonical(s.Table, s.Variant)] {
			keys[codebook.LabelKey(s.Variant)] = true
		}
	}
	for _, a := range book.Applicants {
		delete(keys, a.Key)
	}
	return keys
}

// streamCells returns the paragraphs of a document and the cells of its tables of one
// column, in order.
func streamCells(doc *grid.Document) []*grid.Cell {
	var out []*grid.Cell
	for _, b := range doc.Blocks {
		switch {
		case b.Grid == nil && !codebook.IsBlank(b.Text):
			out = append(out, &grid.Cell{RowSpan: 1, ColSpan: 1, Text: b.Text, Locator: b.Locator})
		case b.Grid != nil && b.Grid.Cols == 1:
			for i := range b.Grid.Cells {
				out = append(out, &b.Grid.Cells[i])
			}
		}
	}
	return out
}

// pieces is of how many lines the first cell consists: more than one if they make a
// label only together.
func pieces(cells []*grid.Cell, labels []string) int {
	text := ""
	for n := 1; n <= min(maxLabelParts, len(cells)); n++ {
		if isValue(cells[n-1].Text) {
			break
		}
		text += cells[n-1].Text
		if _, known := slices.BinarySearch(labels, codebook.LabelKey(text)); known {
			return n
		}
	}
	return 1
}

// joinedCell is the cell that the pieces of a label make.
func joinedCell(pieces []*grid.Cell) *grid.Cell {
	if len(pieces) == 1 {
		return pieces[0]
	}
	whole := *pieces[0]
	for _, p := range pieces[1:] {
		whole.Text += p.Text
	}
	return &whole
}

// isValue reports whether text is what a value cell prints, blank included.
func isValue(text string) bool {
	if isCount(text) {
		return true
	}
	if first, _ := utf8.DecodeRuneInString(text); first == '（' || first == '(' || first >= 0x4E00 && first <= 0x9FFF {
		return false // as most labels begin
	}
	s := codebook.Squeeze(text)
	return s == "" || strings.ContainsAny(s, "0123456789") && printedNumber.MatchString(s) || strings.Trim(s, "-‐‒–—―─−/∕\\") == ""
}

type stream struct {
	grid    *grid.Grid
	rowKeys map[string]bool // false: begins a row, and its values do not stand in it
	rows    [][]*grid.Cell
	inRow   bool // the row began with the label of a row
	value   bool // the last cell was a value
}

// add adds the next cell, to the last row or as the first of another.
// A blank cell among headings is no value; some converters begin each row with one.
func (s *stream) add(c *grid.Cell) {
	if codebook.IsBlank(c.Text) && !s.inRow && !s.value {
		return
	}
	value := isValue(c.Text)
	labelled, begins := s.rowKeys[codebook.LabelKey(c.Text)]
	switch {
	case value && !s.value && !s.inRow, !value && (s.value || begins || s.inRow), s.rows == nil:
		s.rows = append(s.rows, nil)
		s.inRow = !value && labelled
	}
	last := len(s.rows) - 1
	s.rows[last] = append(s.rows[last], c)
	s.value = value
}
