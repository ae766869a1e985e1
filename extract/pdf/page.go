package pdf

import (
	"encoding/binary"
	"fmt"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/nianbao/nianbao/extract/lattice"
)

// Limits against pages made to exhaust the reader.
const (
	maxChars   = 200_000
	maxObjects = 100_000
	maxForms   = 8 // nesting of form objects
)

// page reads the characters, rules and pictures of a page.
func (d *direct) page(document uint64, index int) (lattice.Page, error) {
	var p lattice.Page
	page := d.must(d.loadPage, document, uint64(index))
	d.chars(&p, page)
	d.objects(&p, page)
	if p.Images > 0 {
		if whole, ok := d.scanned(page, len(p.Chars)); ok {
			p = lattice.Page{Images: p.Images, Pictures: []lattice.Box{whole}}
		}
	}
	d.call(d.closePage, page)
	return p, d.err
}

// chars collects the characters of a page.
func (d *direct) chars(p *lattice.Page, page uint64) {
	text := d.must(d.loadText, page)
	count := d.atMost(maxChars, "characters", d.count(d.textChars, text))
	p.Chars = make([]lattice.Char, 0, count)
	for i := range uint64(count) {
		d.must(d.charBox, text, i, d.out, d.out+8, d.out+16, d.out+24)
		at := d.left()
		if at == nil {
			return
		}
		c := lattice.Char{Box: lattice.Box{Left: double(at, 0), Right: double(at, 1), Bottom: double(at, 2), Top: double(at, 3)}}
		if code := d.call(d.charCode, text, i); code != 0 {
			c.Text = string(rune(code))
		}
		p.Chars = append(p.Chars, c)
	}
	d.call(d.closeText, text)
}

// objects collects what is drawn on a page.
func (d *direct) objects(p *lattice.Page, page uint64) {
	for i := range d.atMost(maxObjects, "drawing objects", d.count(d.pageObjects, page)) {
		d.object(p, d.must(d.pageObject, page, uint64(i)), identity, 0)
	}
}

// atMost returns how many things of a kind to read; more than the limit are a failure.
func (d *direct) atMost(limit int, things string, count int) int {
	if count > limit && d.err == nil {
		d.err = fmt.Errorf("%d %s, the limit is %d", count, things, limit)
	}
	if d.err != nil {
		return 0
	}
	return max(count, 0)
}

var identity = structs.FPDF_FS_MATRIX{A: 1, D: 1}

// object collects the rules of a path, and of the paths inside a form object.
func (d *direct) object(p *lattice.Page, object uint64, outer structs.FPDF_FS_MATRIX, depth int) {
	switch enums.FPDF_PAGEOBJ(d.count(d.objectType, object)) {
	case enums.FPDF_PAGEOBJ_IMAGE:
		p.Images++
		p.Pictures = append(p.Pictures, square(product(d.matrix(object), outer)))
	case enums.FPDF_PAGEOBJ_PATH:
		d.path(p, object, outer)
	case enums.FPDF_PAGEOBJ_FORM:
		m := product(d.matrix(object), outer)
		if d.atMost(maxForms, "form objects one in the other", depth+1) == 0 {
			return
		}
		for i := range min(d.count(d.formObjects, object), maxObjects) {
			d.object(p, d.must(d.formObject, object, uint64(i)), m, depth+1)
		}
	}
}

// path adds the rules of a drawn path.
func (d *direct) path(p *lattice.Page, object uint64, outer structs.FPDF_FS_MATRIX) {
	d.must(d.drawMode, object, d.out, d.out+4)
	mode := d.left()
	if mode == nil {
		return
	}
	filled, stroked := binary.LittleEndian.Uint32(mode) != uint32(enums.FPDF_FILLMODE_NONE), binary.LittleEndian.Uint32(mode[4:]) == 1
	if !filled && !stroked {
		return
	}
	p.Rules = append(p.Rules, lattice.Rules(d.subpaths(object, product(d.matrix(object), outer)), stroked)...)
}

// matrix is how the object lies on the page or in its form object.
func (d *direct) matrix(object uint64) structs.FPDF_FS_MATRIX {
	d.must(d.objectMatrix, object, d.out)
	b := d.left()
	if b == nil {
		return identity
	}
	return structs.FPDF_FS_MATRIX{A: float(b, 0), B: float(b, 1), C: float(b, 2), D: float(b, 3), E: float(b, 4), F: float(b, 5)}
}

// subpaths returns the corner points of each part of a path, closed parts with
// their first point again at the end.
func (d *direct) subpaths(object uint64, m structs.FPDF_FS_MATRIX) [][]lattice.Point {
	var lines [][]lattice.Point
	for i := range min(d.count(d.segments, object), maxObjects) {
		segment := d.must(d.segment, object, uint64(i))
		d.must(d.point, segment, d.out, d.out+4)
		at := d.left()
		if at == nil {
			return nil
		}
		corner := transform(m, float(at, 0), float(at, 1))
		if enums.FPDF_SEGMENT(d.count(d.segmentType, segment)) == enums.FPDF_SEGMENT_MOVETO || len(lines) == 0 {
			lines = append(lines, nil)
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], corner)
		if d.count(d.closesOff, segment) == 1 {
			lines[last] = append(lines[last], lines[last][0])
		}
	}
	return lines
}

func transform(m structs.FPDF_FS_MATRIX, x, y float32) lattice.Point {
	return lattice.Point{X: float64(m.A*x + m.C*y + m.E), Y: float64(m.B*x + m.D*y + m.F)}
}

// square is the box of the square of one by one that a matrix places on the page, as
// it does an image.
func square(m structs.FPDF_FS_MATRIX) lattice.Box {
	a, b, c, d := transform(m, 0, 0), transform(m, 1, 0), transform(m, 0, 1), transform(m, 1, 1)
	return lattice.Box{
		Left: min(a.X, b.X, c.X, d.X), Bottom: min(a.Y, b.Y, c.Y, d.Y),
		Right: max(a.X, b.X, c.X, d.X), Top: max(a.Y, b.Y, c.Y, d.Y),
	}
}

// product is the matrix that applies a, then b.
func product(a, b structs.FPDF_FS_MATRIX) structs.FPDF_FS_MATRIX {
	return structs.FPDF_FS_MATRIX{
		A: a.A*b.A + a.B*b.C, B: a.A*b.B + a.B*b.D,
		C: a.C*b.A + a.D*b.C, D: a.C*b.B + a.D*b.D,
		E: a.E*b.A + a.F*b.C + b.E, F: a.E*b.B + a.F*b.D + b.F,
	}
}
