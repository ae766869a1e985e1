package extract

import (
	"maps"
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
		s.blankRow()
		var out []line
		for _, cells := range s.parted(book) {
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
	maps.DeleteFunc(keys, func(key string, _ bool) bool { return isApplicant(book, key) })
	return keys
}

// isApplicant reports whether the key of a label of a row is that of a kind of applicants too.
func isApplicant(book *codebook.Book, key string) bool {
	key = book.Canonical("t3", key)
	return slices.ContainsFunc(book.Applicants, func(a codebook.Applicant) bool { return a.Key == key })
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
	inRow   bool         // the row began with the label of a row
	begun   bool         // so have rows of a table whose values stand beside their labels
	others  int          // labels since that begin none
	value   bool         // the last cell was a value
	blanks  []*grid.Cell // that follow headings
}

// add adds the next cell, to the last row or as the first of another.
// Blank cells among headings are no values; some converters begin each row with one.
func (s *stream) add(c *grid.Cell) {
	if codebook.IsBlank(c.Text) && !s.inRow && !s.value && !s.begun {
		s.blanks = append(s.blanks, c)
		return
	}
	s.blankRow()
	value := isValue(c.Text)
	labelled, begins := s.rowKeys[codebook.LabelKey(c.Text)]
	switch {
	case begins:
		s.begun, s.others = labelled, 0
	case value:
		s.others = 0
	default:
		s.others++
		s.begun = s.begun && s.others < 2
	}
	switch {
	case value && !s.value && !s.inRow, !value && (s.value || begins || s.inRow), s.rows == nil:
		s.rows = append(s.rows, nil)
		s.inRow = !value && labelled
	}
	last := len(s.rows) - 1
	s.rows[last] = append(s.rows[last], c)
	s.value = value
}

// blankRow adds the blank cells that follow headings if they are as many as only a row of
// table 4 has.
func (s *stream) blankRow() {
	if len(s.blanks) >= minBlanks {
		s.rows = append(s.rows, s.blanks)
		s.value = true
	}
	s.blanks = nil
}

// minBlanks is more than the cells that a converter puts among headings.
const minBlanks = 12

// parted returns the rows, the heading of table 3 and the label that follows it, which may
// be none of the form, apart.
func (s *stream) parted(book *codebook.Book) [][]*grid.Cell {
	headings := raggedHeadings(book)
	longest := 0
	for _, h := range headings {
		longest = max(longest, len(h.groups+h.members))
	}
	for i, row := range s.rows {
		text := "" // of the cells so far, as much as a heading may have
		for k, c := range row {
			if text += book.Canonical("t3", c.Text); isValue(c.Text) {
				break
			}
			text = text[max(0, len(text)-longest):]
			if k+1 < len(row) && slices.ContainsFunc(headings, func(h raggedHeading) bool { return strings.HasSuffix(text, h.groups+h.members) }) {
				return slices.Replace(s.rows, i, i+1, row[:k+1], row[k+1:])
			}
		}
	}
	return s.rows
}
