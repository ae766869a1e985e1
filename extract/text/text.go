// Package text reads plain text. Where a word processor saved a table as text,
// each cell stands on a line of its own that begins with a tab, a blank line ends
// a row, and a line without a tab goes on with the cell before it. Elsewhere a row
// is a line that ends in values ([grid.FromLines]). Either way rows become a ragged
// [grid.Grid], because the spans of the cells are lost.
//
//	doc, err := text.Read(data)
//
// Locators read "line 73", from 1.
package text

import (
	"fmt"
	"strings"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// Read parses the text. The encoding is taken from the bytes alone.
func Read(data []byte) (*grid.Document, error) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(charset.Decode(data, ""))
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("%w: the file has no text", grid.ErrEmpty)
	}
	lines := strings.Split(text, "\n")
	doc := &grid.Document{}
	var free []grid.Line // since the last table of tabbed lines
	for i := 0; i < len(lines); {
		if !isCell(lines[i]) {
			free = append(free, grid.Line{Text: lines[i], Locator: locator(i)})
			i++
			continue
		}
		doc.Blocks = append(doc.Blocks, grid.FromLines(free)...)
		free = nil
		var g *grid.Grid
		g, i = table(lines, i)
		doc.Blocks = append(doc.Blocks, grid.Block{Grid: g, Locator: g.Cells[0].Locator})
	}
	doc.Blocks = append(doc.Blocks, grid.FromLines(free)...)
	return doc, nil
}

// isCell reports whether the line is one cell; a line with several cells is a row.
func isCell(line string) bool {
	return strings.HasPrefix(line, "\t") && !strings.Contains(strings.TrimSpace(line), "\t")
}

func locator(i int) string { return fmt.Sprintf("line %d", i+1) }

// table reads the rows from lines[i] on and returns the index of the first line
// after them.
func table(lines []string, i int) (*grid.Grid, int) {
	g := &grid.Grid{Ragged: true}
	row, col := 0, 0
	newRow := false
	for i < len(lines) {
		switch line := lines[i]; {
		case isCell(line):
			if newRow {
				row, col, newRow = row+1, 0, false
			}
			if row >= grid.MaxRows || col >= grid.MaxCols {
				return finish(g), i + 1
			}
			g.Cells = append(g.Cells, grid.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: 1, Text: strings.TrimSpace(line), Locator: locator(i)})
			col++
			i++
		case strings.TrimSpace(line) == "":
			newRow = true
			i++
		case continues(lines, i):
			last := &g.Cells[len(g.Cells)-1]
			last.Text += "\n" + strings.TrimSpace(line)
			newRow = false
			i++
		default:
			return finish(g), i
		}
	}
	return finish(g), i
}

// continues reports whether the untabbed line goes on with a cell: then a cell of
// the same row, not a blank line, follows it.
func continues(lines []string, i int) bool {
	return i+1 < len(lines) && isCell(lines[i+1])
}

func finish(g *grid.Grid) *grid.Grid {
	for _, c := range g.Cells {
		g.Rows, g.Cols = max(g.Rows, c.Row+1), max(g.Cols, c.Col+1)
	}
	return g
}
