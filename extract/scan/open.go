package scan

import (
	"context"
	"fmt"
	"image"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
	layout "github.com/nianbao/nianbao/extract/lattice" // a lattice is a table with rules here
)

// open is a table that nothing rules, whose cells are those of its grid.
type open struct {
	*grid.Grid
	cells []*cell // nil for a blank one
}

// begin is where the first value of the table stands, half a line higher: words of one
// line differ in height.
func (t *open) begin() (s *sheet, top int) {
	for i, c := range t.cells {
		if c != nil && (s == nil || grid.IsValue(t.Cells[i].Text)) {
			s, top = c.sheet, c.box.Min.Y-c.box.Dy()/2
		}
		if c != nil && grid.IsValue(t.Cells[i].Text) {
			break
		}
	}
	return s, top
}

// points is how many points a dot of 200 to the inch measures.
const points = 72.0 / 200

// openTables finds the tables of pages that rule none, by the places of their numbers.
// The page as a whole is not asked for them: it passes over most single figures.
func openTables(ctx context.Context, r *recogniser, sheets []*sheet, words [][]word) ([]*open, error) {
	var doubtful []*cell
	onPages := make([][]phrase, len(sheets))
	of := map[*cell]*phrase{}
	for i, s := range sheets {
		onPages[i] = s.phrases()
		for k := range onPages[i] {
			p := &onPages[i][k]
			p.words = wordsIn(words[i], p.box)
			if said := reading("page", p.words); han(said.Text) > 1 && said.Confidence >= readable {
				p.text = said.Text
				continue
			}
			c := &cell{sheet: s, print: p.print}
			of[c], doubtful = p, append(doubtful, c)
		}
	}
	if len(doubtful) > maxCells {
		return nil, fmt.Errorf("%w: more than %d short texts", grid.ErrTooLarge, maxCells)
	}
	if err := readAgain(ctx, r, doubtful, oneLine, "cell", 40); err != nil {
		return nil, err
	}
	if err := readAgain(ctx, r, doubtful, oneNumber, "figures", 40); err != nil {
		return nil, err
	}
	for _, c := range doubtful {
		of[c].text = textOrFigures(c.readings[0], c.readings[1])
	}
	return laidOut(sheets, onPages)
}

// textOrFigures is what a phrase says of which two readings are given, one that looks
// for nothing but figures: 工 may be 111.
func textOrFigures(any, figures grid.Reading) string {
	any.Text, figures.Text = strings.TrimSpace(any.Text), strings.TrimSpace(figures.Text)
	switch {
	case han(any.Text) > 0 && (figures.Text == "" || figures.Confidence < any.Confidence):
		return any.Text
	case figures.Text != "":
		return figures.Text
	case any.Text != "":
		return any.Text
	}
	return unread
}

// wordsIn are the words of which the middle lies in a box.
func wordsIn(words []word, box image.Rectangle) []word {
	var out []word
	for _, w := range words {
		if w.middle().In(box) {
			out = append(out, w)
		}
	}
	return out
}

// laidOut lays the phrases of all pages out as tables.
func laidOut(sheets []*sheet, onPages [][]phrase) ([]*open, error) {
	var pages [][]layout.Char
	for i, phrases := range onPages {
		var chars []layout.Char
		for _, p := range phrases {
			chars = append(chars, layout.Char{Box: sheets[i].inPoints(p.line()), Text: p.text})
		}
		pages = append(pages, chars)
	}
	grids, err := layout.Open(pages)
	if err != nil {
		return nil, err
	}
	var out []*open
	for _, g := range grids {
		t := &open{Grid: g}
		for i := range g.Cells {
			page, box, err := placeOf(g.Cells[i].Locator)
			if err != nil {
				return nil, err
			}
			t.cells = append(t.cells, sheets[page-1].openCell(&g.Cells[i], box, onPages[page-1]))
		}
		out = append(out, t)
	}
	return out, nil
}

// openCell is a cell of a table without rules: the phrases that lie in its box.
func (s *sheet) openCell(from *grid.Cell, box layout.Box, phrases []phrase) *cell {
	c := &cell{sheet: s}
	for _, p := range phrases {
		if x, y := s.inPoints(p.box).Centre(); x > box.Left && x < box.Right && y > box.Bottom && y < box.Top {
			c.box, c.words = c.box.Union(p.box), append(c.words, p.words...)
		}
	}
	from.Locator = s.locator(c.box)
	if from.Text == "" {
		return nil
	}
	c.box = c.box.Inset(-s.u(5))
	return c
}

// inPoints is a box of the sheet in points, as package lattice counts.
func (s *sheet) inPoints(b image.Rectangle) layout.Box {
	scale := points / s.unit
	foot := s.grey.Rect.Dy()
	return layout.Box{
		Left: float64(b.Min.X) * scale, Right: float64(b.Max.X) * scale,
		Bottom: float64(foot-b.Max.Y) * scale, Top: float64(foot-b.Min.Y) * scale,
	}
}

// placeOf reads a locator of package lattice.
func placeOf(locator string) (page int, b layout.Box, err error) {
	_, err = fmt.Sscanf(locator, "page %d, box %g %g %g %g", &page, &b.Left, &b.Bottom, &b.Right, &b.Top)
	return page, b, err
}

// read hands the readings of the cells on.
func (t *open) read() *grid.Grid {
	for i, c := range t.cells {
		out := &t.Cells[i]
		out.Recognised = &grid.Recognition{}
		if c != nil && c.inked {
			out.Text, out.Recognised.Readings = c.text(), c.readings
		}
	}
	return t.Grid
}
