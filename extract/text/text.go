// Package text reads plain text. Where a word processor saved a table as text,
// each cell stands on a line of its own that begins with a tab, a blank line ends
// a row, and a line without a tab goes on with the cell before it. Elsewhere a row
// is a line that ends in values ([grid.FromLines]). Either way rows become a ragged
// [grid.Grid], because the spans of the cells are lost. Converters that end each cell
// with a bar and a new line leave a table of one column.
//
//	doc, err := text.Read(data)
//
// Locators read "line 73", from 1.
package text

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// Read parses the text. The encoding is taken from the bytes alone.
func Read(data []byte) (*grid.Document, error) {
	text := plain(charset.Decode(data, ""))
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("%w: the file has no text", grid.ErrEmpty)
	}
	lines := strings.Split(text, "\n")
	if rows, ok := commas(text); ok {
		return &grid.Document{Blocks: grid.FromLines(rows)}, nil
	}
	barred := barredCells(lines)
	doc := &grid.Document{}
	var free []grid.Line // since the last table of tabbed lines
	for i := 0; i < len(lines); {
		if !isCell(lines[i]) && !barred[i] {
			free = append(free, grid.Line{Text: lines[i], Locator: locator(i)})
			i++
			continue
		}
		doc.Blocks = append(doc.Blocks, grid.FromLines(free)...)
		free = nil
		var g *grid.Grid
		if barred[i] {
			g, i = barredTable(lines, barred, i)
		} else {
			g, i = table(lines, i)
		}
		if len(g.Cells) == 0 {
			continue
		}
		doc.Blocks = append(doc.Blocks, grid.Block{Grid: g, Locator: g.Cells[0].Locator})
	}
	doc.Blocks = append(doc.Blocks, grid.FromLines(free)...)
	return doc, nil
}

var (
	lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	// bars are those that text draws tables with, and rules what lies between their rows.
	bars  = strings.NewReplacer("│", "|", "┃", "|", "｜", "|", "¦", "|")
	rules = regexp.MustCompile(`[─━═┄┈┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬]+`)
	// marks are those of Markdown that make a heading of a line, set text in bold or show a
	// picture.
	marks = regexp.MustCompile(`(?m)^#{1,6}[ \t]+|\*\*|!\[[^\]\n]*\]\([^)\n]*\)`)
	// escaped are the signs that Markdown sets a backslash before.
	escaped = regexp.MustCompile(`\\([-+.()\[\]#*_])`)
)

// plain is text with one sign for the end of a line and one for the bar, and without what
// only draws.
func plain(text string) string {
	text = lineEnds.Replace(text)
	if strings.ContainsAny(text, "│┃｜¦") {
		text = rules.ReplaceAllString(bars.Replace(text), "|")
	}
	return escaped.ReplaceAllString(marks.ReplaceAllString(text, ""), "$1")
}

// isCell reports whether the line is one cell; a line with several cells is a row.
func isCell(line string) bool {
	text, ok := strings.CutPrefix(line, "\t")
	return ok && !strings.Contains(text, "\t")
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

// minBarred is how many cells between bars and line ends make a table of them.
const minBarred = 30

var (
	aBar   = regexp.MustCompile(`^\s*\|\s*$`)
	aCell  = regexp.MustCompile(`^\s*([^|\s][^|]*?)\s*\|[\s|]*$`)
	noMore = regexp.MustCompile(`^[\s|]*\|[\s|]*$`)
)

// barredCells tells which lines belong to tables whose cells end in a bar and a new
// line, the bar on the line of the cell or on the next. It is none where several cells
// stand on a line, which mostly end so too when they are alone.
func barredCells(lines []string) map[int]bool {
	cells, several := 0, 0
	barred := map[int]bool{}
	for i, l := range lines {
		switch {
		case noMore.MatchString(l):
			barred[i] = true
			if i > 0 && !strings.Contains(lines[i-1], "|") && strings.TrimSpace(lines[i-1]) != "" {
				barred[i-1] = true
				cells++
			}
		case aCell.MatchString(l):
			barred[i] = true
			cells++
		case strings.Contains(l, "|"):
			several++
		}
	}
	if cells < minBarred || several*4 > cells {
		return nil
	}
	return barred
}

// barredTable reads the lines from lines[i] on that are barred, a cell a row, and returns
// the index of the first line after them. A bar alone is a blank cell, unless it ends the
// cell of the line above; several stand for spans.
func barredTable(lines []string, barred map[int]bool, i int) (*grid.Grid, int) {
	g := &grid.Grid{Ragged: true}
	open := false // the last line was a cell without its bar
	for ; i < len(lines) && barred[i] && len(g.Cells) < grid.MaxRows; i++ {
		text := strings.TrimSpace(strings.TrimRight(lines[i], "| \t\u3000"))
		wasOpen := open
		open = text != "" && !strings.Contains(lines[i], "|")
		if text == "" && (wasOpen || !aBar.MatchString(lines[i])) {
			continue
		}
		g.Cells = append(g.Cells, grid.Cell{Row: len(g.Cells), RowSpan: 1, ColSpan: 1, Text: text, Locator: locator(i)})
	}
	return finish(g), i
}

// minCommaRows is how many lines with commas make a text one of comma-separated values.
const minCommaRows = 20

// commas reads comma-separated values. A row becomes a line whose cells are separated
// by tabs.
func commas(text string) ([]grid.Line, bool) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	var lines []grid.Line
	rows := 0
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return lines, rows >= minCommaRows && rows*2 > len(lines)
		}
		if err != nil {
			return nil, false
		}
		if len(fields) > 2 {
			rows++
		}
		for k := range fields {
			fields[k] = strings.Join(strings.Fields(fields[k]), "")
		}
		n, _ := r.FieldPos(0)
		lines = append(lines, grid.Line{Text: strings.Join(fields, "\t"), Locator: locator(n - 1)})
	}
}
