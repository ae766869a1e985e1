package grid

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Line is a line of plain text.
type Line struct{ Text, Locator string }

// What makes lines of text a table.
const (
	longestLabel   = 40 // characters; a longer line is prose
	longestHeading = 14 // characters of a heading cell
	maxPending     = 4  // lines that a label or a heading may take above its values
)

// aValue is text that stands in a value cell: a number, or a mark in place of one.
var aValue = regexp.MustCompile(`^(?:[+\-−]?[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?(?:亿元|万元|元|件|项|条)?|[-—－–]+|[/／])$`)

// aUnit is a unit that stands in a cell of its own between a label and its value.
var aUnit = regexp.MustCompile(`^(?:条|件|次|篇|个|人|人次|项|元|万元)$`)

// IsValue reports whether the text stands in a value cell: a number, or a mark in
// place of one.
func IsValue(text string) bool { return aValue.MatchString(text) }

// FromLines makes blocks of lines of text in which a table has lost its columns. A
// row is a line whose cells are separated by bars or tabs, or one that ends in two or
// more values separated by white space, or in a unit and a value; rows become a ragged grid. Short lines right
// above a row are rows too: headings, or the beginning of its label. All other lines
// are paragraphs.
func FromLines(lines []Line) []Block {
	var t textTable
	bars := barStyle(lines)
	for _, l := range lines {
		cells, marked := bars.split(l.Text)
		switch {
		case len(cells) == 0:
		case marked, values(cells) >= 2, values(cells) == 1 && len(cells) == 2 && t.open(), values(cells) == 1 && len(cells) == 3 && aUnit.MatchString(cells[1]):
			t.row(l, cells)
		default:
			prose := utf8.RuneCountInString(l.Text) > longestLabel && !isHeading(cells)
			if prose || len(t.pending) >= maxPending {
				t.close()
			}
			t.pending = append(t.pending, pendingLine{l, cells})
		}
	}
	t.close()
	return t.blocks
}

// minBarred is how many lines with several bars make a text one of which a bar alone marks
// cells too, unless most have only one.
const minBarred = 10

// A style is how the cells of a line are marked with bars.
type style struct {
	least   int  // bars that mark cells
	leading bool // a bar begins a line
	closing bool // and one ends it
}

func barStyle(lines []Line) style {
	several, any, leading, closing := 0, 0, 0, 0
	for _, l := range lines {
		n := strings.Count(l.Text, "|")
		if n > 0 {
			any++
		}
		if n < 2 {
			continue
		}
		several++
		text := strings.TrimSpace(l.Text)
		if strings.HasPrefix(text, "|") {
			leading++
		}
		if strings.HasSuffix(text, "|") {
			closing++
		}
	}
	s := style{least: 2, leading: 20*leading >= 19*several, closing: 20*closing >= 19*several}
	if several > minBarred && 2*any < 3*several {
		s.least = 1
	}
	return s
}

// split returns the cells of a line and whether tabs or bars mark them. A line that only
// rules a table has no cells. A number that has run into the label before it is a cell of
// its own.
func (s style) split(text string) (cells []string, marked bool) {
	mark, bars := "", strings.Count(text, "|")
	switch {
	case bars >= s.least:
		text = strings.TrimSpace(text)
		if strings.Trim(text, "|-: \t") == "" && (strings.ContainsAny(text, "-:") || !strings.Contains(text, "| ")) {
			return nil, true
		}
		if s.leading {
			text = strings.TrimPrefix(text, "|")
		}
		if s.closing {
			text = strings.TrimSuffix(text, "|")
		}
		mark = "|"
	case strings.Contains(text, "\t"):
		mark = "\t"
	case bars == 1:
		mark = "|"
	default:
		return Fields(text), false
	}
	cells = strings.Split(text, mark)
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells, mark == "\t" || bars >= s.least
}

// Fields parts text at white space, and its last label from a number that has run into it.
func Fields(text string) []string {
	cells := strings.Fields(text)
	last := len(cells) - 1 - values(cells)
	if last < 0 {
		return cells
	}
	if m := glued.FindStringSubmatch(cells[last]); m != nil {
		cells = slices.Replace(cells, last, last+1, m[1:]...)
	}
	return cells
}

// glued is a label that a number has run into.
var glued = regexp.MustCompile(`^(\S*[\p{Han}）)”"])(\d[\d,]*(?:\.\d+)?)$`)

// values counts the cells at the end of a line that are values.
func values(cells []string) int {
	n := 0
	for n < len(cells) && aValue.MatchString(cells[len(cells)-1-n]) {
		n++
	}
	return n
}

type pendingLine struct {
	Line
	cells []string
}

// textTable is the table being read, and the lines that may yet belong to it.
type textTable struct {
	blocks  []Block
	grid    *Grid
	pending []pendingLine
}

func (t *textTable) open() bool { return t.grid != nil }

// row adds a row, and the pending lines as rows before it. Where it opens the table,
// pending lines above the first heading are paragraphs.
func (t *textTable) row(l Line, cells []string) {
	if !t.open() {
		for len(t.pending) > 1 && !isHeading(t.pending[0].cells) {
			t.paragraph(t.pending[0])
			t.pending = t.pending[1:]
		}
		t.grid = &Grid{Ragged: true}
		t.blocks = append(t.blocks, Block{Grid: t.grid, Locator: l.Locator})
	}
	for _, p := range t.pending {
		t.add(p.Locator, p.cells)
	}
	t.pending = nil
	t.add(l.Locator, cells)
}

// isHeading reports whether a line consists of several short cells.
func isHeading(cells []string) bool {
	for _, c := range cells {
		if utf8.RuneCountInString(c) > longestHeading {
			return false
		}
	}
	return len(cells) > 1
}

func (t *textTable) add(locator string, cells []string) {
	if t.grid.Rows >= MaxRows {
		return
	}
	for i, c := range cells[:min(len(cells), MaxCols)] {
		t.grid.Cells = append(t.grid.Cells, Cell{Row: t.grid.Rows, Col: i, RowSpan: 1, ColSpan: 1, Text: c, Locator: locator})
		t.grid.Cols = max(t.grid.Cols, i+1)
	}
	t.grid.Rows++
}

func (t *textTable) paragraph(p pendingLine) {
	t.blocks = append(t.blocks, Block{Text: strings.TrimSpace(p.Text), Locator: p.Locator})
}

// close ends the table; what is pending was no part of it.
func (t *textTable) close() {
	t.grid = nil
	for _, p := range t.pending {
		t.paragraph(p)
	}
	t.pending = nil
}
