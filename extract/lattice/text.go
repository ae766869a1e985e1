package lattice

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
)

// item is a line of text, a table or a picture, from the top of the page down.
type item struct {
	text    string
	line    *textLine // of which text is the text
	table   *table
	picture bool
	top     float64
}

// items orders the tables and the lines of text outside them.
func (p Page) items(tables []*table) ([]item, error) {
	var out []item
	for _, t := range tables {
		out = append(out, item{table: t, top: t.bounds().Top})
	}
	for _, b := range p.Pictures {
		if b.Right-b.Left >= tableWidth && b.Top-b.Bottom >= tableHeight {
			out = append(out, item{picture: true, top: b.Top})
		}
	}
	innermost := slices.Clone(tables) // first: a frame may stand around a table
	slices.SortStableFunc(innermost, func(a, b *table) int { return cmp.Compare(a.bounds().area(), b.bounds().area()) })
	free := make([]Char, 0, len(p.Chars))
	for _, c := range p.Chars {
		if !slices.ContainsFunc(innermost, func(t *table) bool { return t.take(c) }) {
			free = append(free, c)
		}
	}
	lines, err := textLines(free)
	for _, l := range lines {
		out = append(out, item{text: l.spaced(), line: l, top: l.top})
	}
	slices.SortStableFunc(out, func(a, b item) int { return cmp.Compare(b.top, a.top) })
	return out, err
}

// maxLines bounds the lines of text on a page or in a cell; a page has about 50.
const maxLines = 2000

// textLine is a run of characters on one base line.
type textLine struct {
	chars       []*Char
	bottom, top float64
}

// textLines joins characters to lines from the top down, and left to right within
// a line. A line is as high as its tallest character; marks that are drawn low or
// high in it, such as 、 or “, belong to the line that their middle lies in.
// Characters without a box, as PDFium adds for line ends, are left out.
func textLines(chars []Char) ([]*textLine, error) {
	tallest := make([]int, 0, len(chars))
	for i, c := range chars {
		if strings.TrimSpace(c.Text) != "" && (c.Right > c.Left || c.Top > c.Bottom) {
			tallest = append(tallest, i)
		}
	}
	slices.SortFunc(tallest, func(i, j int) int {
		a, b := &chars[i], &chars[j]
		return cmp.Or(cmp.Compare(b.Top-b.Bottom, a.Top-a.Bottom), cmp.Compare(i, j))
	})
	var lines []*textLine
	for _, i := range tallest {
		c := &chars[i]
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
	slices.SortStableFunc(lines, func(a, b *textLine) int { return cmp.Compare(b.top+b.bottom, a.top+a.bottom) })
	return lines, nil
}

// lineAt returns the line in whose height, give or take a quarter, the middle of
// the character lies; the nearest where there are several.
func lineAt(lines []*textLine, c *Char) *textLine {
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
	slices.SortStableFunc(l.chars, func(a, b *Char) int { return cmp.Compare(a.Left, b.Left) })
	var b strings.Builder
	for _, c := range l.chars {
		b.WriteString(c.Text)
	}
	return b.String()
}

// spaced is the text with a space for each wide gap, so that numbers side by side stay two.
func (l *textLine) spaced() string {
	var b strings.Builder
	for i, w := range l.words(0) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// width is that of the line as printed.
func (l *textLine) width() float64 {
	left, right := math.Inf(1), math.Inf(-1)
	for _, c := range l.chars {
		left, right = math.Min(left, c.Left), math.Max(right, c.Right)
	}
	return right - left
}

// digitWidth is about how wide a digit stands, in its height: that of its ink is less.
const digitWidth = 0.87

// isFull reports whether one more character like its own would not fit in the line.
func (l *textLine) isFull(width float64) bool {
	last := len(l.chars) - 1 // text() has ordered them
	step := digitWidth * (l.top - l.bottom)
	if last > 0 {
		step = (l.chars[last].Left - l.chars[0].Left) / float64(last)
	}
	return float64(len(l.chars)+1)*step > width
}
