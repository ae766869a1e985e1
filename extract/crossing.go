package extract

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// crossings finds a table of columns that lies otherwise than in the form: on its side, a
// group of columns a row or a table of its own. A value is named by the heading and the
// group that are nearest to it, in its row, above it, or in the paragraph above its table.
// It reports false where a cell is found twice.
func (f *finder) crossings() bool {
	var context []string
	for i, row := range f.rows {
		if i == 0 || f.rows[i-1].grid != row.grid {
			context = f.groupIn(row.above)
		}
		if len(row.once) == 1 && row.ragged {
			context = f.groupIn(row.once[0].Text)
		}
		if !printsValue(row) || row.grid.Open {
			continue
		}
		for col, c := range row.cells {
			if c == nil || col > 0 && row.cells[col-1] == c || !isValue(c.Text) {
				continue
			}
			at := slices.IndexFunc(f.match.table.Cells, f.crossing(i, col, context))
			if at < 0 {
				continue
			}
			cell := f.match.table.Cells[at]
			if f.match.found[cell.Order] {
				return false
			}
			f.match.put(place{cell: c, metric: cell.Metric, column: strings.Join(cell.Path, "/")}, cell.Order)
		}
	}
	return true
}

// mayCross reports whether half of the form's cells have a heading that is printed.
func (f *finder) mayCross() bool {
	printed := map[string]bool{}
	for _, row := range f.rows {
		for _, c := range row.labels {
			if key := f.key(c.Text); f.match.table.ColumnKeys[key] {
				printed[key] = true
			}
		}
	}
	n := 0
	for _, c := range f.match.table.Cells {
		if printed[c.ColumnKey] {
			n++
		}
	}
	return 2*n >= len(f.match.table.Cells)
}

// printsValue reports whether a row has a value that is not blank.
func printsValue(row line) bool {
	return slices.ContainsFunc(row.once, func(c *grid.Cell) bool { return isValue(c.Text) && !codebook.IsBlank(c.Text) })
}

// mostAbove is how many rows above a value its headings may stand.
const mostAbove = 6

// crossing tells the form's cell that the headings of a value name: those left of it,
// then those above, then its context.
func (f *finder) crossing(i, col int, context []string) func(*codebook.FormCell) bool {
	row, leaf := f.rows[i], ""
	var group []string
	look := func(c *grid.Cell) {
		if c == nil || isValue(c.Text) {
			return
		}
		if key := f.key(c.Text); leaf == "" && f.match.table.ColumnKeys[key] {
			leaf = key
		}
		if group == nil {
			group = f.groupIn(c.Text)
		}
	}
	for k := col - 1; k >= 0; k-- {
		look(row.cells[k])
	}
	for r := i - 1; r >= max(0, i-mostAbove) && f.rows[r].grid == row.grid; r-- {
		look(f.headingOf(row, f.rows[r], col))
	}
	if group == nil {
		group = context
	}
	return func(c *codebook.FormCell) bool {
		return leaf == c.ColumnKey && group != nil && slices.Equal(group, c.GroupKeys)
	}
}

// headingOf is the cell above that of a row. Where only the order of cells is left, as many
// columns of the form must end the row above as values end the row.
func (f *finder) headingOf(row, above line, col int) *grid.Cell {
	if !row.ragged {
		if len(above.cells) != len(row.cells) {
			return nil
		}
		return above.cells[col]
	}
	first := len(row.cells)
	for first > 0 && isValue(row.cells[first-1].Text) {
		first--
	}
	values, headings := withoutBlankEnd(row.cells), withoutBlankEnd(above.cells)
	at := len(headings)
	for at > 0 && f.match.table.ColumnKeys[f.key(headings[at-1].Text)] {
		at--
	}
	if col < first || col >= len(values) || len(values)-first != len(headings)-at {
		return nil
	}
	return headings[at+col-first]
}

func withoutBlankEnd(cells []*grid.Cell) []*grid.Cell {
	for len(cells) > 0 && codebook.IsBlank(cells[len(cells)-1].Text) {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// mostBeside is how many characters a heading may have beside the names of its groups, such
// as those of 情况.
const mostBeside = 4

// groupIn is the group of columns that a heading names, with all groups that it is in or
// without them, and nil where it names none or several, as 行政复议、行政诉讼情况 does.
func (f *finder) groupIn(heading string) []string {
	text := codebook.Squeeze(heading)
	if len(text) > 120 {
		return nil
	}
	text = strings.TrimPrefix(text, codebook.Ordinal(text))
	var group []string
	for _, c := range f.match.table.Cells {
		if strings.Contains(text, c.GroupKeys[len(c.GroupKeys)-1]) && len(c.GroupKeys) >= len(group) {
			group = c.GroupKeys
		}
	}
	for _, g := range group {
		text = strings.Replace(text, g, "", 1)
	}
	for _, c := range f.match.table.Cells {
		for _, g := range c.GroupKeys {
			if strings.Contains(text, g) {
				return nil
			}
		}
	}
	if strings.IndexFunc(text, unicode.IsLetter) >= 0 && len([]rune(text)) > mostBeside {
		return nil
	}
	return group
}
