package pdf

import (
	"context"
	"errors"
	"fmt"
	"image"
	"maps"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
)

// Limits of what is drawn: a report has about ten pages of A4.
const (
	maxDrawnPages = 60
	maxDPI        = 300
	maxPixels     = 25_000_000 // of one page
)

// Render draws the pages in grey, for a document that Read refused with
// [grid.ErrImages]. A page that is one embedded picture is drawn at the picture's
// own resolution, at most 300 dots per inch, any other page at dpi; pages that
// would be too large are drawn smaller.
func (r *Reader) Render(ctx context.Context, data []byte, dpi int) (pages []grid.Picture, err error) {
	err = r.opened(ctx, data, func(document references.FPDF_DOCUMENT) error {
		count, err := r.pageCount(document)
		if err != nil {
			return err
		}
		if count > maxDrawnPages {
			return tooManyPages(count)
		}
		for i := range count {
			p, _, err := r.drawPage(ctx, document, i, dpi, nil)
			if err != nil {
				return err
			}
			pages = append(pages, p)
		}
		return nil
	})
	return pages, err
}

// RenderCells draws the pages on which cells stand, each once, and says where each cell
// stands on them. Locators are those of Read.
func (r *Reader) RenderCells(ctx context.Context, data []byte, locators []string, dpi int) (pages []grid.Picture, at []grid.Place, err error) {
	onPage := map[int][]int{} // cells by page
	boxes := make([]lattice.Box, len(locators))
	for i, l := range locators {
		number, box, err := placeAt(l)
		if err != nil {
			return nil, nil, err
		}
		onPage[number-1], boxes[i] = append(onPage[number-1], i), box
	}
	if len(onPage) > maxDrawnPages {
		return nil, nil, tooManyPages(len(onPage))
	}
	at = make([]grid.Place, len(locators))
	err = r.opened(ctx, data, func(document references.FPDF_DOCUMENT) error {
		count, err := r.pageCount(document)
		if err != nil {
			return err
		}
		for _, index := range slices.Sorted(maps.Keys(onPage)) {
			if index < 0 || index >= count {
				return fmt.Errorf("%w: page %d", ErrNoPlace, index+1)
			}
			var inside []lattice.Box
			for _, i := range onPage[index] {
				inside = append(inside, boxes[i])
			}
			p, places, err := r.drawPage(ctx, document, index, dpi, inside)
			if err != nil {
				return err
			}
			for k, i := range onPage[index] {
				at[i] = grid.Place{Picture: len(pages), Box: places[k]}
			}
			pages = append(pages, p)
		}
		return nil
	})
	return pages, at, err
}

func tooManyPages(n int) error {
	return fmt.Errorf("%w: %d pages of pictures, the limit is %d", grid.ErrTooLarge, n, maxDrawnPages)
}

// opened opens a document for do. After a failure the engine is replaced, for a hostile
// file may have spoilt it.
func (r *Reader) opened(ctx context.Context, data []byte, do func(references.FPDF_DOCUMENT) error) error {
	if err := r.start(ctx); err != nil {
		return err
	}
	r.spent = true // the binding never forgets the objects of a page
	opened, err := r.engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	err = do(opened.Document)
	if err == nil {
		_, err = r.engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document})
	}
	if err != nil {
		return errors.Join(err, r.Close())
	}
	return nil
}

func (r *Reader) pageCount(document references.FPDF_DOCUMENT) (int, error) {
	count, err := r.engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: document})
	if err != nil {
		return 0, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	return count.PageCount, nil
}

// drawPage draws a page, and says where boxes of it, in points as PDF counts, lie on
// the picture.
func (r *Reader) drawPage(ctx context.Context, document references.FPDF_DOCUMENT, index, dpi int, boxes []lattice.Box) (p grid.Picture, at []image.Rectangle, err error) {
	err = r.within(ctx, func() (err error) {
		p, at, err = r.draw(document, index, dpi, boxes)
		return err
	})
	return p, at, err
}

func (r *Reader) draw(document references.FPDF_DOCUMENT, index, dpi int, boxes []lattice.Box) (p grid.Picture, at []image.Rectangle, err error) {
	failed := func(err error) (grid.Picture, []image.Rectangle, error) {
		return grid.Picture{}, nil, fmt.Errorf("%w: draw page %d: %v", grid.ErrCorrupt, index+1, err)
	}
	loaded, err := r.engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: document, Index: index})
	if err != nil {
		return failed(err)
	}
	defer r.engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	page := requests.Page{ByReference: &loaded.Page}
	size, err := r.engine.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return failed(err)
	}
	grey, err := r.grey(page, size.Width, size.Height, dpi)
	if err != nil {
		return failed(err)
	}
	for _, b := range boxes {
		place, err := r.placeOn(page, grey.Rect.Size(), b)
		if err != nil {
			return failed(err)
		}
		at = append(at, place)
	}
	return grid.Picture{Gray: grey, DPI: float64(grey.Rect.Dx()) / size.Width * 72, Name: fmt.Sprintf("page %d", index+1)}, at, nil
}

// grey draws a page of the given size in points.
func (r *Reader) grey(page requests.Page, width, height float64, dpi int) (*image.Gray, error) {
	if own, ok := r.pictureDPI(page, width*height); ok {
		dpi = own
	}
	dpi, err := fittingDPI(width, height, dpi)
	if err != nil {
		return nil, err
	}
	drawn, err := r.engine.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: page, DPI: dpi,
		RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
		ImageFormat: requests.RenderImageFormatGrayscale,
	})
	if err != nil {
		return nil, err
	}
	defer drawn.Cleanup()
	grey, ok := drawn.Result.RenderedImage.(*image.Gray)
	if !ok {
		return nil, fmt.Errorf("the engine drew a %T", drawn.Result.RenderedImage)
	}
	return owned(grey), nil
}

// placeOn is where a box of a page lies on its picture, whichever part of the page the
// picture shows and however it is turned.
func (r *Reader) placeOn(page requests.Page, size image.Point, b lattice.Box) (image.Rectangle, error) {
	corner := func(x, y float64) (image.Point, error) {
		p, err := r.engine.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: page, SizeX: size.X, SizeY: size.Y, PageX: x, PageY: y})
		if err != nil {
			return image.Point{}, err
		}
		return image.Pt(p.DeviceX, p.DeviceY), nil
	}
	upper, err := corner(b.Left, b.Top)
	if err != nil {
		return image.Rectangle{}, err
	}
	lower, err := corner(b.Right, b.Bottom)
	return image.Rect(upper.X, upper.Y, lower.X, lower.Y), err
}

// owned copies a picture out of the engine's memory.
func owned(m *image.Gray) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dy()))
	for y := range m.Rect.Dy() {
		from := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		copy(out.Pix[y*out.Stride:(y+1)*out.Stride], m.Pix[from:from+m.Rect.Dx()])
	}
	return out
}

// fittingDPI lowers dpi to the limits for a page of the given size in points.
func fittingDPI(width, height float64, dpi int) (int, error) {
	if !(width > 0 && height > 0) {
		return 0, fmt.Errorf("the page measures %g by %g points", width, height)
	}
	dpi = min(dpi, maxDPI, int(72*math.Sqrt(maxPixels/(width*height))))
	if dpi < 1 {
		return 0, fmt.Errorf("the page measures %g by %g points", width, height)
	}
	return dpi, nil
}

// pictureDPI is the resolution of the one picture that covers most of the page,
// and false where there is none.
func (r *Reader) pictureDPI(page requests.Page, area float64) (int, bool) {
	count, err := r.engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil || count.Count != 1 {
		return 0, false
	}
	object, err := r.engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: 0})
	if err != nil {
		return 0, false
	}
	pixels, err := r.engine.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: object.PageObject})
	if err != nil {
		return 0, false
	}
	b, err := r.engine.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object.PageObject})
	if err != nil {
		return 0, false
	}
	covered := float64(b.Right-b.Left) * float64(b.Top-b.Bottom)
	if covered < area/2 {
		return 0, false
	}
	// By area, so that a picture put on the page sideways counts the same.
	dpi := math.Round(72 * math.Sqrt(float64(pixels.Width)*float64(pixels.Height)/covered))
	if !(dpi >= 1) {
		return 0, false
	}
	return int(min(dpi, maxDPI)), true
}
