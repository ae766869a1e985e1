package ofd

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/lattice"
)

// textCode is where the characters last read began; the next ones of the same object
// begin there too unless they say otherwise.
type textCode struct{ x, y float64 }

// text adds the characters of a TextCode. Each is as far from the one before as
// DeltaX and DeltaY say; where both are absent, as far as it is wide.
func (c *content) text(e xml.StartElement, data string) error {
	start, err := numbers(fmt.Sprintf("%s %s", attribute(e, "X", format(c.code.x)), attribute(e, "Y", format(c.code.y))))
	if err != nil || len(start) != 2 {
		return fmt.Errorf("text %.20q begins nowhere", data)
	}
	c.code = textCode{start[0], start[1]}
	runes := []rune(data)
	c.archive.objects += len(runes)
	deltaX, err := deltas(attribute(e, "DeltaX", ""), len(runes))
	if err != nil {
		return err
	}
	deltaY, err := deltas(attribute(e, "DeltaY", ""), len(runes))
	if err != nil {
		return err
	}
	x, y := start[0], start[1]
	for i, r := range runes {
		width := c.width(r)
		c.page.Chars = append(c.page.Chars, lattice.Char{Box: c.box(x, y, width), Text: string(r)})
		switch {
		case i < len(deltaX):
			x += deltaX[i]
		case len(deltaY) == 0:
			x += width
		}
		if i < len(deltaY) {
			y += deltaY[i]
		}
	}
	return nil
}

// width is about that of a character: fonts are not read, and a character need only
// be found in its cell.
func (c *content) width(r rune) float64 {
	if r < 0x2E80 {
		return c.object.size * c.object.stretch / 2
	}
	return c.object.size * c.object.stretch
}

// box is the place of a character that stands on the base line at (x, y).
func (c *content) box(x, y, width float64) lattice.Box {
	const below = 0.15 // of the height, as in fonts for Chinese
	a := c.place(x, y+below*c.object.size)
	b := c.place(x+width, y-(1-below)*c.object.size)
	return lattice.Box{Left: math.Min(a.X, b.X), Bottom: math.Min(a.Y, b.Y), Right: math.Max(a.X, b.X), Top: math.Max(a.Y, b.Y)}
}

// deltas reads a list of distances, in which "g 3 5.2" stands for three of 5.2. No
// more than limit are returned.
func deltas(list string, limit int) ([]float64, error) {
	var out []float64
	fields := strings.Fields(list)
	for i := 0; i < len(fields) && len(out) < limit; i++ {
		times := 1
		if fields[i] == "g" {
			if i+2 >= len(fields) {
				return nil, fmt.Errorf("the distances %.60q end in a repetition", list)
			}
			n, err := strconv.Atoi(fields[i+1])
			if err != nil || n < 0 {
				return nil, fmt.Errorf("the distances %.60q repeat %.20q times", list, fields[i+1])
			}
			times = n
			i += 2
		}
		v, err := number(fields[i])
		if err != nil {
			return nil, err
		}
		for range min(times, limit-len(out)) {
			out = append(out, v)
		}
	}
	return out, nil
}

func numbers(list string) ([]float64, error) {
	var out []float64
	for _, f := range strings.Fields(list) {
		v, err := number(f)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// number reads a number of a size that can stand on a page.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(v) < 1e6) {
		return 0, fmt.Errorf("%.20q is no number of a page", s)
	}
	return v, nil
}

func format(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
