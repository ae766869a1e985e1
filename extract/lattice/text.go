package lattice

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
)

// item is a line of text or a table, from the top of the page down.
type item struct {
	text  string
	table *table
	top   float64
}

// items orders the tables and the lines of text outside them.
func (p Page) items(tables []*table) ([]item, error) {
	var out []item
	for _, t := range tables {
		out = append(out, item{table: t, top: t.bounds().Top})
	}
	var free []Char
	for _, c := range p.Chars {
		if !slices.ContainsFunc(tables, func(t *table) bool { return t.take(c) }) {
			free = append(free, c)
		}
	}
	lines, err := textLines(free)
	for _, l := range lines {
		out = append(out, item{text: l.text(), top: l.top})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].top > out[j].top })
	return out, err
}

// maxLines bounds the lines of text on a page or in a cell; a page has about 50.
const maxLines = 2000

// textLine is a run of characters on one base line.
type textLine struct {
	chars       []Char
	bottom, top float64
}

// textLines joins characters to lines from the top down, and left to right within
// a line. A line is as high as its tallest character; marks that are drawn low or
// high in it, such as 、 or “, belong to the line that their middle lies in.
// Characters without a box, as PDFium adds for line ends, are left out.
func textLines(chars []Char) ([]*textLine, error) {
	chars = slices.DeleteFunc(slices.Clone(chars), func(c Char) bool {
		return strings.TrimSpace(c.Text) == "" || c.Right <= c.Left && c.Top <= c.Bottom
	})
	sort.SliceStable(chars, func(i, j int) bool { return chars[i].Top-chars[i].Bottom > chars[j].Top-chars[j].Bottom })
	var lines []*textLine
	for _, c := range chars {
		l := lineAt(lines, c)
		if l == nil {
			if len(lines) >= maxLines {
				return nil, fmt.Errorf("%w: more than %d lines of text", grid.ErrTooLarge, maxLines)
			}
			l = &textLine{bottom: c.Bottom, top: c.Top}
			lines = append(lines, l)
		}
		l.chars = append(l.chars, c)
	}
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].top+lines[i].bottom > lines[j].top+lines[j].bottom })
	return lines, nil
}

// lineAt returns the line in whose height, give or take a quarter, the middle of
// the character lies; the nearest where there are several.
func lineAt(lines []*textLine, c Char) *textLine {
	_, y := c.Centre()
	var best *textLine
	distance := math.Inf(1)
	for _, l := range lines {
		slack := (l.top - l.bottom) / 4
		d := math.Abs(y - (l.top+l.bottom)/2)
		if y >= l.bottom-slack && y <= l.top+slack && d < distance {
			best, distance = l, d
		}
	}
	return best
}

func (l *textLine) text() string {
	sort.SliceStable(l.chars, func(i, j int) bool { return l.chars[i].Left < l.chars[j].Left })
	var b strings.Builder
	for _, c := range l.chars {
		b.WriteString(c.Text)
	}
	return b.String()
}
