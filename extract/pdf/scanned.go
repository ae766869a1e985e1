package pdf

import (
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/nianbao/nianbao/extract/lattice"
)

// Text that a scanned page may show beside its picture: a number, or the mark of the
// program that scanned it. maxMark counts characters.
const maxMark = 40

// layers is what the objects of a page are, as far as it tells a scan.
type layers struct {
	pictures float64 // their area, in square points
	hidden   bool    // some text is invisible
}

// scanned reports whether a page shows a scan, and returns the box of the page: pictures
// cover half of it or more, and its text is invisible, as that which a scanner's own
// recognition lays over the picture (双层 PDF), or no more than a mark. What such a text
// says is not printed.
func (d *direct) scanned(page uint64, chars int) (lattice.Box, bool) {
	var l layers
	for i := range d.atMost(maxObjects, "drawing objects", d.count(d.pageObjects, page)) {
		d.layer(&l, d.must(d.pageObject, page, uint64(i)), identity, 0)
	}
	d.must(d.pageBox, page, d.out)
	b := d.left()
	if b == nil {
		return lattice.Box{}, false
	}
	whole := lattice.Box{Left: float64(float(b, 0)), Top: float64(float(b, 1)), Right: float64(float(b, 2)), Bottom: float64(float(b, 3))}
	return whole, l.pictures*2 >= area(whole) && (l.hidden || chars <= maxMark)
}

func area(b lattice.Box) float64 { return (b.Right - b.Left) * (b.Top - b.Bottom) }

// layer counts an object in, and the objects inside a form object.
func (d *direct) layer(l *layers, object uint64, outer structs.FPDF_FS_MATRIX, depth int) {
	switch enums.FPDF_PAGEOBJ(d.count(d.objectType, object)) {
	case enums.FPDF_PAGEOBJ_TEXT:
		l.hidden = l.hidden || d.count(d.textMode, object) == int(enums.FPDF_TEXTRENDERMODE_INVISIBLE)
	case enums.FPDF_PAGEOBJ_IMAGE:
		l.pictures += area(square(product(d.matrix(object), outer)))
	case enums.FPDF_PAGEOBJ_FORM:
		if d.atMost(maxForms, "form objects one in the other", depth+1) == 0 {
			return
		}
		m := product(d.matrix(object), outer)
		for i := range min(d.count(d.formObjects, object), maxObjects) {
			d.layer(l, d.must(d.formObject, object, uint64(i)), m, depth+1)
		}
	}
}
