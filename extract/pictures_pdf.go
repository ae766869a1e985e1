package extract

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"slices"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// scanDPI is the resolution at which pages are drawn for recognition that are more
// than one picture.
const scanDPI = 200

// onPages finds the pictures that a PDF has on its pages, beside text or in place of it:
// each is its page, drawn, with nothing on it but the picture. So places in it are
// places on the page.
func (e *Extractor) onPages(data []byte) pictureFinder {
	return func(ctx context.Context, doc *grid.Document) (map[int]grid.Picture, error) {
		if e.complete(doc) && hasTitle(doc) {
			return nil, nil
		}
		var blocks []int
		var locators []string
		for i, b := range doc.Blocks {
			if b.Picture {
				blocks, locators = append(blocks, i), append(locators, b.Address)
			}
		}
		if len(blocks) > maxPictures {
			return nil, fmt.Errorf("%w: %d pictures on its pages, the limit is %d", grid.ErrTooLarge, len(blocks), maxPictures)
		}
		pages, places, err := e.pdf.RenderCells(ctx, data, locators, scanDPI)
		if err != nil {
			return nil, err
		}
		out := map[int]grid.Picture{}
		for k, i := range blocks {
			p := pages[places[k].Picture]
			p.Gray = alone(p.Gray, places[k].Box)
			out[i] = p
		}
		return out, nil
	}
}

// hasTitle reports whether a title stands in the text.
func hasTitle(doc *grid.Document) bool {
	return slices.ContainsFunc(doc.Blocks, func(b grid.Block) bool { return isTitle(codebook.Squeeze(b.Text)) })
}

// alone is a part of a page on white.
func alone(page *image.Gray, part image.Rectangle) *image.Gray {
	out := image.NewGray(page.Rect)
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, part, page, part.Min, draw.Src)
	return out
}
