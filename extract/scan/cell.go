package scan

import (
	"context"
	"image"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/extract/grid"
)

// cell is a cell of a table with what was read in it.
type cell struct {
	field
	sheet    *sheet
	words    []word // of the reading of the whole page
	print    print
	inked    bool
	readings []grid.Reading
}

// recognise reads every cell with ink: as it stands in the page, alone, and, where
// it may be a number, again by the model of Chinese and twice by that of English,
// nothing but figures and what stands in their place being looked for.
func recognise(ctx context.Context, r *recogniser, cells []*cell) error {
	inked, _ := parted(cells, (*cell).findPrint)
	for _, c := range inked {
		c.readings = append(c.readings, reading("page", c.words))
	}
	lines, blocks := parted(inked, func(c *cell) bool { return c.print.lines() == 1 })
	if err := readAgain(ctx, r, lines, oneLine, "cell", 40); err != nil {
		return err
	}
	if err := readAgain(ctx, r, blocks, textBlock, "cell", 40); err != nil {
		return err
	}
	numbers, _ := parted(lines, (*cell).maybeNumber)
	if err := readAgain(ctx, r, numbers, signs, "cell", 36); err != nil {
		return err
	}
	if err := readAgain(ctx, r, numbers, figures, "figures", 33); err != nil {
		return err
	}
	if err := readAgain(ctx, r, numbers, figures, "figures", 46); err != nil {
		return err
	}
	for _, c := range inked {
		c.prefer()
	}
	return nil
}

// findPrint looks for ink in the cell and reports whether there is any.
func (c *cell) findPrint() bool {
	c.print, c.inked = c.sheet.printIn(c.box)
	return c.inked
}

func parted(cells []*cell, in func(*cell) bool) (yes, no []*cell) {
	for _, c := range cells {
		if in(c) {
			yes = append(yes, c)
		} else {
			no = append(no, c)
		}
	}
	return yes, no
}

// readAgain adds a reading of each cell alone, its lines drawn high dots high.
func readAgain(ctx context.Context, r *recogniser, cells []*cell, m mode, by string, high float64) error {
	const batch = 200
	for len(cells) > 0 {
		now := cells[:min(batch, len(cells))]
		cells = cells[len(now):]
		var pictures []*image.Gray
		for _, c := range now {
			pictures = append(pictures, c.print.picture(high))
		}
		words, err := r.read(ctx, pictures, m)
		if err != nil {
			return err
		}
		for i, c := range now {
			c.readings = append(c.readings, reading(by, words[i]))
		}
	}
	return nil
}

// reading puts the words of a cell together, in the order in which the recogniser
// read them.
func reading(by string, words []word) grid.Reading {
	out := grid.Reading{By: by}
	var b strings.Builder
	for i, w := range words {
		if i > 0 && words[i-1].line != w.line {
			b.WriteByte('\n')
		}
		b.WriteString(w.text)
		out.Confidence += w.confidence / float64(len(words))
	}
	out.Text = b.String()
	return out
}

// maybeNumber holds for a cell unless two readings of it agree that it is Chinese.
func (c *cell) maybeNumber() bool {
	chinese := 0
	for _, r := range c.readings {
		if han(r.Text) > 1 {
			chinese++
		}
	}
	return chinese < 2
}

func han(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

// prefer moves the reading that is taken for the text to the front: the one that
// has most confidence, its own and that of those that agree; of the page's a little less.
func (c *cell) prefer() {
	rank := func(r grid.Reading) float64 {
		if strings.TrimSpace(r.Text) == "" {
			return -1
		}
		rank := 0.0
		for _, other := range c.readings {
			if other.Text == r.Text {
				rank += other.Confidence
			}
		}
		if r.By != "page" {
			rank += 0.3
		}
		return rank
	}
	best := 0
	for i, r := range c.readings {
		if rank(r) > rank(c.readings[best]) {
			best = i
		}
	}
	first := c.readings[best]
	copy(c.readings[1:best+1], c.readings[:best])
	c.readings[0] = first
}
