package scan

import (
	"fmt"
	"image"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
)

// document collects the sheets' text and tables in reading order.
type document struct {
	blocks []block
	cells  []*cell // of all tables
}

// block is a line of text or a table, with rules or without.
type block struct {
	sheet *sheet
	top   int // of the text
	text  string
	table *table
	open  *open
}

// table is one lattice, or several that page breaks have cut from one another.
type table struct{ parts []part }

type part struct {
	sheet *sheet
	lattice
	cells []*cell
}

// add puts the words of a sheet into its tables' cells and the rest into lines, in
// which again may correct what was read.
func (d *document) add(s *sheet, words []word, again func([]textLine) error) error {
	var parts []*part
	for _, l := range s.lattices {
		p := &part{sheet: s, lattice: l}
		for _, f := range l.cells {
			p.cells = append(p.cells, &cell{field: f, sheet: s})
		}
		parts = append(parts, p)
		d.cells = append(d.cells, p.cells...)
	}
	if len(d.cells) > maxCells {
		return fmt.Errorf("%w: more than %d cells", grid.ErrTooLarge, maxCells)
	}
	var free []word
	for _, w := range words {
		if !taken(parts, w) {
			free = append(free, w)
		}
	}
	lines := linesByLayout(free)
	if err := again(lines); err != nil {
		return err
	}
	d.order(s, parts, lines)
	return nil
}

// addOpen puts the tables that nothing rules before the line in which their values begin;
// their text stays text as well.
func (d *document) addOpen(tables []*open) {
	for _, t := range tables {
		s, top := t.begin()
		at := slices.IndexFunc(d.blocks, func(b block) bool {
			return b.sheet.number > s.number || b.sheet == s && b.open == nil && b.top >= top
		})
		if at < 0 {
			at = len(d.blocks)
		}
		d.blocks = slices.Insert(d.blocks, at, block{sheet: s, open: t})
		for _, c := range t.cells {
			if c != nil {
				d.cells = append(d.cells, c)
			}
		}
	}
}

// taken gives the word to the cell in which its middle lies; words on the rules
// between cells are nobody's.
func taken(parts []*part, w word) bool {
	for _, p := range parts {
		for _, c := range p.cells {
			if w.middle().In(c.box) {
				c.words = append(c.words, w)
				return true
			}
		}
	}
	return false
}

// textLine is a line of text outside tables.
type textLine struct {
	text string
	box  image.Rectangle
}

// linesByLayout joins words to the lines that the recogniser saw.
func linesByLayout(words []word) []textLine {
	var out []textLine
	for start := 0; start < len(words); {
		var b strings.Builder
		box, sure, end := words[start].box, 0.0, start
		for ; end < len(words) && words[end].line == words[start].line; end++ {
			b.WriteString(words[end].text)
			box = box.Union(words[end].box)
			sure += words[end].confidence
		}
		if isText(b.String(), sure/float64(end-start)) {
			out = append(out, textLine{b.String(), box})
		}
		start = end
	}
	return out
}

// isText tells a line of text from dust and from the number of the page: it has
// Chinese characters or letters, and the fewer the surer they are.
func isText(line string, confidence float64) bool {
	letters := han(line)
	for _, r := range line {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			letters++
		}
	}
	return letters > 1 && confidence >= 0.4 || han(line) > 0 && confidence >= 0.7
}

// order appends the lines and tables of a sheet from the top down. A table goes on
// with the one before if nothing but page numbers stands between them.
func (d *document) order(s *sheet, parts []*part, lines []textLine) {
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].box.Min.Y < lines[j].box.Min.Y })
	for len(parts)+len(lines) > 0 {
		if len(parts) == 0 || len(lines) > 0 && lines[0].box.Min.Y < parts[0].ys[0] {
			d.blocks = append(d.blocks, block{sheet: s, top: lines[0].box.Min.Y, text: lines[0].text})
			lines = lines[1:]
			continue
		}
		p := *parts[0]
		parts = parts[1:]
		if n := len(d.blocks); n > 0 && d.blocks[n-1].table.continuedBy(p) {
			d.blocks[n-1].table.parts = append(d.blocks[n-1].table.parts, p)
			continue
		}
		d.blocks = append(d.blocks, block{sheet: s, table: &table{parts: []part{p}}})
	}
}

// slack is how far apart, in shares of a table's width, borders of parts on two
// pages may lie and still be one.
const slack = 0.012

// continuedBy reports whether next is the rest of the table on the following page:
// it is about as wide, and one of the two has all the borders of the other.
func (t *table) continuedBy(next part) bool {
	if t == nil {
		return false
	}
	last := t.parts[len(t.parts)-1]
	if next.sheet.number != last.sheet.number+1 || math.Abs(last.width()/next.width()-1) > 0.03 {
		return false
	}
	a, b := last.shares(), next.shares()
	return within(a, b) || within(b, a)
}

// width is the table's width in shares of the page's.
func (p part) width() float64 {
	return float64(p.xs[len(p.xs)-1]-p.xs[0]) / float64(p.sheet.grey.Rect.Dx())
}

// shares are the upright borders in shares of the table's width, from 0 to 1.
func (p part) shares() []float64 {
	var out []float64
	for _, x := range p.xs {
		out = append(out, float64(x-p.xs[0])/float64(p.xs[len(p.xs)-1]-p.xs[0]))
	}
	return out
}

func within(some, all []float64) bool {
	for _, s := range some {
		if nearest(all, s) < 0 {
			return false
		}
	}
	return true
}

// nearest is the index of the border at share s, or -1.
func nearest(all []float64, s float64) int {
	best, distance := -1, slack
	for i, a := range all {
		if d := math.Abs(a - s); d < distance {
			best, distance = i, d
		}
	}
	return best
}

// grid puts the parts together: the columns are those of all parts.
func (t *table) grid() *grid.Grid {
	var borders []float64
	for _, p := range t.parts {
		for _, s := range p.shares() {
			if nearest(borders, s) < 0 {
				borders = append(borders, s)
			}
		}
	}
	sort.Float64s(borders)
	g := &grid.Grid{Cols: len(borders) - 1}
	for i, p := range t.parts {
		shares := p.shares()
		var cells []grid.Cell
		for _, c := range p.cells {
			left, right := nearest(borders, shares[c.col]), nearest(borders, shares[c.col+c.cols])
			cells = append(cells, grid.Cell{
				Row: g.Rows + c.row, Col: left, RowSpan: c.rows, ColSpan: max(1, right-left),
				Text: c.text(), Locator: p.sheet.locator(c.box),
				Recognised: &grid.Recognition{Readings: c.readings},
			})
		}
		rows := len(p.ys) - 1
		if i > 0 && t.parts[i-1].openBottom && p.openTop {
			if rest, ok := mended(g, cells); ok {
				cells, rows = rest, rows-1
			}
		}
		g.Cells = append(g.Cells, cells...)
		g.Rows += rows
	}
	return g
}

// mended joins the cells of the first row of a part to those of the last row of the
// table so far, if a page break goes through that row: each of them must go on with a
// cell of the same columns. It returns the cells that are left, a row higher.
func mended(g *grid.Grid, cells []grid.Cell) (rest []grid.Cell, ok bool) {
	var upper, lower []int
	for i, c := range cells {
		if c.Row > g.Rows {
			continue
		}
		above := slices.IndexFunc(g.Cells, func(a grid.Cell) bool {
			return a.Row+a.RowSpan == g.Rows && a.Col == c.Col && a.ColSpan == c.ColSpan
		})
		if above < 0 {
			return nil, false
		}
		upper, lower = append(upper, above), append(lower, i)
	}
	for k, i := range lower {
		join(&g.Cells[upper[k]], cells[i])
	}
	for i, c := range cells {
		if !slices.Contains(lower, i) {
			c.Row--
			rest = append(rest, c)
		}
	}
	return rest, true
}

// join adds to a cell what stands of it on the next page.
func join(c *grid.Cell, below grid.Cell) {
	c.RowSpan += below.RowSpan - 1
	switch a, b := c.Recognised.Readings, below.Recognised.Readings; {
	case len(b) == 0:
	case len(a) == 0:
		c.Text, c.Locator, c.Recognised = below.Text, below.Locator, below.Recognised
	default:
		c.Text += "\n" + below.Text
		var both []grid.Reading
		for _, r := range a {
			if i := slices.IndexFunc(b, func(o grid.Reading) bool { return o.By == r.By }); i >= 0 {
				both = append(both, grid.Reading{Text: r.Text + "\n" + b[i].Text, By: r.By, Confidence: min(r.Confidence, b[i].Confidence)})
			}
		}
		c.Recognised = &grid.Recognition{Readings: both}
	}
}

// unread stands for ink in which nothing could be read: the mark with which
// printers fill the place of a character they do not have.
const unread = "〓"

// text is the preferred reading.
func (c *cell) text() string {
	switch {
	case !c.inked:
		return ""
	case strings.TrimSpace(c.readings[0].Text) == "":
		return unread
	}
	return c.readings[0].Text
}

// grid hands the document out.
func (d *document) grid() (*grid.Document, error) {
	out := &grid.Document{}
	for _, b := range d.blocks {
		add := grid.Block{Locator: b.sheet.name()}
		switch {
		case b.table != nil:
			add.Grid = b.table.grid()
		case b.open != nil:
			add.Grid = b.open.read()
		default:
			add.Text, add.Recognised = b.text, true
		}
		out.Blocks = append(out.Blocks, add)
	}
	if len(out.Blocks) == 0 {
		return nil, fmt.Errorf("%w: nothing can be read in the pictures", grid.ErrEmpty)
	}
	return out, nil
}
