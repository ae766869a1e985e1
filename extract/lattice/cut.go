package lattice

import (
	"math"
	"regexp"

	"github.com/nianbao/nianbao/extract/grid"
)

// printedCell is a cell with what it prints.
type printedCell struct {
	*latticeCell
	lines []*textLine
	room  float64 // width that its lines may take
	text  string
	out   grid.Cell
}

// ending is a cell that ends a part of a table: its index in the grid, and what it prints.
type ending struct {
	index int
	printedCell
}

// printed reads the text of all cells.
func (t *table) printed() ([]printedCell, error) {
	cells := make([]printedCell, len(t.cells))
	widest := make([]float64, len(t.xs)) // line of each column
	for i, c := range t.cells {
		lines, err := textLines(c.chars)
		if err != nil {
			return nil, err
		}
		cells[i] = printedCell{latticeCell: c, lines: lines}
		for _, l := range lines {
			if c.cols == 1 {
				widest[c.col] = math.Max(widest[c.col], l.width())
			}
		}
	}
	margins := margins(cells)
	for i := range cells {
		c := &cells[i]
		c.room = math.Max(widest[c.col], c.Right-c.Left-margins)
		c.text = cellText(c.lines, c.room)
	}
	return cells, nil
}

// mostHeading is how many rows a heading has at most.
const mostHeading = 4

// headingAgain is how many rows at the top of a part print those of the table again.
func (t *table) headingAgain(cells []printedCell) int {
	same, rows := 0, 0
	for i, c := range cells {
		rows = max(rows, c.row+c.rows)
		if c.row >= mostHeading || i >= len(t.out.Cells) || t.out.Cells[i].Text != c.text || t.out.Cells[i].Row != c.row || t.out.Cells[i].Col != c.out.Col || c.text == "" {
			break
		}
		if i+1 == len(cells) || cells[i+1].row > c.row && rows <= cells[i+1].row {
			same = rows
		}
	}
	return same
}

// beginsRow is the ordinal that the label of a row begins with.
var beginsRow = regexp.MustCompile(`^(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]|[①-⑨])`)

// isCut reports whether the first row of a part, behind a heading, is the rest of the row
// that ended the part before: what is printed in it goes on from full lines or stands below
// a blank cell, no label begins there, and some of its cells are blank.
func (t *table) isCut(cells []printedCell, first int) bool {
	goesOn, blank := false, false
	for _, c := range cells {
		if c.row != first {
			continue
		}
		above, ok := t.bottomAt(c.out)
		switch {
		case len(c.lines) == 0:
			blank = blank || ok && len(above.lines) > 0
		case !ok || c.rows > 1 || beginsRow.MatchString(c.text):
			return false
		case len(above.lines) > 0 && !above.lines[len(above.lines)-1].isFull(above.room):
			return false
		default:
			goesOn = goesOn || len(above.lines) > 0
		}
	}
	return goesOn && blank
}

// bottomAt is the cell of the same columns that ended the part before.
func (t *table) bottomAt(c grid.Cell) (ending, bool) {
	for _, e := range t.bottom {
		if above := t.out.Cells[e.index]; above.Col == c.Col && above.ColSpan == c.ColSpan {
			return e, true
		}
	}
	return ending{}, false
}

// goOn adds to a cell what stands of it on the next page.
func (t *table) goOn(above ending, c printedCell) {
	whole := &t.out.Cells[above.index]
	whole.RowSpan++
	switch {
	case c.text == "":
	case endsInDigit.MatchString(whole.Text) && beginsWithDigit.MatchString(c.text), whole.Text == "":
		whole.Text += c.text
	default:
		whole.Text += "\n" + c.text
	}
}
