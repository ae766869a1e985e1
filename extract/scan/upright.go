package scan

import (
	"context"
	"fmt"
	"image"

	"github.com/nianbao/nianbao/extract/grid"
)

// What tesseract makes of a page tells how it lies. Upright, and turned clockwise by a
// quarter, it reads the characters, with a mean confidence of 0.55 to 0.95 where prints
// of reports were tried; upside down, or turned by a quarter the other way, it reads
// nonsense with 0.15 to 0.3. Turned, its lines run downwards.
const (
	readable = 0.45
	fewWords = 12 // fewer tell nothing
)

// readPage straightens a page, turns it upright if it does not lie so, and reads it.
func (r *recogniser) readPage(ctx context.Context, number int, page grid.Picture) (*sheet, []word, error) {
	s, words, err := r.readTurned(ctx, number, page, 0)
	if err != nil || len(words) < fewWords {
		return s, words, err
	}
	turns := 0
	if meanConfidence(words) < readable {
		turned, other, err := r.readTurned(ctx, number, page, 2)
		if err != nil || meanConfidence(other) < readable {
			return s, words, err
		}
		s, words, turns = turned, other, 2
	}
	if runDown(words) {
		return r.readTurned(ctx, number, page, (turns+3)%4)
	}
	return s, words, nil
}

// readTurned reads the page turned clockwise by quarters.
func (r *recogniser) readTurned(ctx context.Context, number int, page grid.Picture, quarters int) (*sheet, []word, error) {
	s, err := newSheet(number, quarterTurned(page, quarters))
	if err != nil {
		return nil, nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	s.quarters = quarters
	words, err := r.read(ctx, []*image.Gray{s.unruled()}, wholePage)
	if err != nil {
		return nil, nil, fmt.Errorf("page %d: %w", number, err)
	}
	return s, words[0], nil
}

func meanConfidence(words []word) float64 {
	sum := 0.0
	for _, w := range words {
		sum += w.confidence
	}
	return sum / float64(max(1, len(words)))
}

// runDown reports whether most words stand below the one before them in their line.
func runDown(words []word) bool {
	down, along := 0, 0
	for i := 1; i < len(words); i++ {
		a, b := words[i-1], words[i]
		switch {
		case a.line != b.line:
		case abs(b.box.Min.Y-a.box.Min.Y) > abs(b.box.Min.X-a.box.Min.X):
			down++
		default:
			along++
		}
	}
	return down > 2*along
}

// quarterTurned is the page turned clockwise by quarters.
func quarterTurned(page grid.Picture, quarters int) grid.Picture {
	for range quarters {
		w, h := page.Rect.Dx(), page.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.Pix[x*out.Stride+h-1-y] = page.Pix[y*page.Stride+x]
			}
		}
		page.Gray = out
	}
	return page
}

// turnedBack is where a box of a page of the given size that was turned clockwise by
// quarters lay before.
func turnedBack(b image.Rectangle, size image.Point, quarters int) image.Rectangle {
	for range quarters {
		b = image.Rect(b.Min.Y, size.X-b.Max.X, b.Max.Y, size.X-b.Min.X)
		size.X, size.Y = size.Y, size.X
	}
	return b
}
