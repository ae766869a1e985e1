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
	"math"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
)

// ErrNoPlace says that a locator names no place in the document.
var ErrNoPlace = errors.New("no such place in the document")

const (
	markDPI   = 144
	markWidth = 4 // pixels
)

// Mark draws the page that a locator of this package names, as a PNG with a frame
// around the cell.
func (r *Reader) Mark(ctx context.Context, data []byte, locator string) ([]byte, error) {
	var number int
	var at lattice.Box
	if _, err := fmt.Sscanf(locator, "page %d, box %g %g %g %g", &number, &at.Left, &at.Bottom, &at.Right, &at.Top); err != nil {
		return nil, fmt.Errorf("%w: %q", ErrNoPlace, locator)
	}
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	r.spent = true
	opened, err := r.engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	defer r.engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document})
	return r.markPage(opened.Document, number-1, at)
}

func (r *Reader) markPage(document references.FPDF_DOCUMENT, index int, at lattice.Box) ([]byte, error) {
	size, err := r.engine.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: document, Index: index})
	if err != nil {
		return nil, fmt.Errorf("%w: page %d", ErrNoPlace, index+1)
	}
	page, err := r.drawPage(document, index, markDPI)
	if err != nil {
		return nil, fmt.Errorf("draw page %d: %w", index+1, err)
	}
	out := image.NewRGBA(page.Rect)
	imagedraw.Draw(out, out.Rect, page, image.Point{}, imagedraw.Src)
	scale := float64(page.Rect.Dx()) / size.Width
	pixel := func(points float64) int { return int(math.Round(points * scale)) }
	frame(out, image.Rect(pixel(at.Left), pixel(size.Height-at.Top), pixel(at.Right), pixel(size.Height-at.Bottom)))
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
