package pdf

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/nianbao/nianbao/extract/grid"
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
func (r *Reader) Render(ctx context.Context, data []byte, dpi int) ([]grid.Picture, error) {
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	r.spent = true // the binding never forgets the objects of a page
	opened, err := r.engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	pages, err := r.draw(ctx, opened.Document, dpi)
	if err == nil {
		_, err = r.engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document})
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return pages, nil
}

func (r *Reader) draw(ctx context.Context, document references.FPDF_DOCUMENT, dpi int) ([]grid.Picture, error) {
	count, err := r.engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: document})
	if err != nil {
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	if count.PageCount > maxDrawnPages {
		return nil, fmt.Errorf("%w: %d pages of pictures, the limit is %d", grid.ErrTooLarge, count.PageCount, maxDrawnPages)
	}
	var pages []grid.Picture
	for i := range count.PageCount {
		size, err := r.engine.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: document, Index: i})
		if err != nil {
			return nil, fmt.Errorf("%w: measure page %d: %v", grid.ErrCorrupt, i+1, err)
		}
		err = r.within(ctx, func() error {
			p, err := r.drawPage(document, i, dpi)
			if err != nil {
				return fmt.Errorf("%w: draw page %d: %v", grid.ErrCorrupt, i+1, err)
			}
			pages = append(pages, grid.Picture{Gray: p, DPI: float64(p.Rect.Dx()) / size.Width * 72})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func (r *Reader) drawPage(document references.FPDF_DOCUMENT, index, dpi int) (*image.Gray, error) {
	loaded, err := r.engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: document, Index: index})
	if err != nil {
		return nil, err
	}
	defer r.engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	ref := requests.Page{ByReference: &loaded.Page}
	size, err := r.engine.GetPageSize(&requests.GetPageSize{Page: ref})
	if err != nil {
		return nil, err
	}
	if own, ok := r.pictureDPI(ref, size.Width*size.Height); ok {
		dpi = own
	}
	dpi, err = fittingDPI(size.Width, size.Height, dpi)
	if err != nil {
		return nil, err
	}
	drawn, err := r.engine.RenderPageInDPI(&requests.RenderPageInDPI{
		Page: ref, DPI: dpi,
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
