package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	imagedraw "image/draw"
	"image/png"

	"github.com/nianbao/nianbao/extract/lattice"
)

// ErrNoPlace says that a locator names no place in the document.
var ErrNoPlace = errors.New("no such place in the document")

const (
	markDPI   = 144
	markWidth = 4 // pixels
)

// placeAt reads a locator of this package.
func placeAt(locator string) (page int, at lattice.Box, err error) {
	if _, err := fmt.Sscanf(locator, "page %d, box %g %g %g %g", &page, &at.Left, &at.Bottom, &at.Right, &at.Top); err != nil {
		return 0, at, fmt.Errorf("%w: %q", ErrNoPlace, locator)
	}
	return page, at, nil
}

// Mark draws the page that a locator of this package names, as a PNG with a frame
// around the cell.
func (r *Reader) Mark(ctx context.Context, data []byte, locator string) ([]byte, error) {
	pages, at, err := r.RenderCells(ctx, data, []string{locator}, markDPI)
	if err != nil {
		return nil, err
	}
	out := image.NewRGBA(pages[0].Rect)
	imagedraw.Draw(out, out.Rect, pages[0], image.Point{}, imagedraw.Src)
	frame(out, at[0].Box)
	var b bytes.Buffer
	err = png.Encode(&b, out)
	return b.Bytes(), err
}

// frame draws a red frame around r.
func frame(m *image.RGBA, r image.Rectangle) {
	red := image.NewUniform(color.RGBA{0xB3, 0x26, 0x1E, 0xFF})
	outer := r.Inset(-markWidth)
	for _, side := range []image.Rectangle{
		{outer.Min, image.Pt(outer.Max.X, r.Min.Y)},
		{image.Pt(outer.Min.X, r.Max.Y), outer.Max},
		{outer.Min, image.Pt(r.Min.X, outer.Max.Y)},
		{image.Pt(r.Max.X, outer.Min.Y), outer.Max},
	} {
		imagedraw.Draw(m, side, red, image.Point{}, imagedraw.Src)
	}
}
