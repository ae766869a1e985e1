package pdf

import (
	"fmt"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/nianbao/nianbao/extract/lattice"
)

// Limits against pages made to exhaust the reader.
const (
	maxChars   = 200_000
	maxObjects = 100_000
	maxForms   = 8 // nesting of form objects
)

func (r *Reader) page(document references.FPDF_DOCUMENT, index int) (lattice.Page, error) {
	var p lattice.Page
	loaded, err := r.engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: document, Index: index})
	if err != nil {
		return p, err
	}
	defer r.engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	ref := requests.Page{ByReference: &loaded.Page}
	text, err := r.engine.GetPageTextStructured(&requests.GetPageTextStructured{Page: ref, Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return p, err
	}
	if len(text.Chars) > maxChars {
		return p, fmt.Errorf("%d characters, the limit is %d", len(text.Chars), maxChars)
	}
	for _, c := range text.Chars {
		at := c.PointPosition
		p.Chars = append(p.Chars, lattice.Char{Box: lattice.Box{Left: at.Left, Bottom: at.Bottom, Right: at.Right, Top: at.Top}, Text: c.Text})
	}
	count, err := r.engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: ref})
	if err != nil {
		return p, err
	}
	if count.Count > maxObjects {
		return p, fmt.Errorf("%d drawing objects, the limit is %d", count.Count, maxObjects)
	}
	for i := range count.Count {
		object, err := r.engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: ref, Index: i})
		if err != nil {
			return p, err
		}
		if err := r.object(&p, object.PageObject, identity, 0); err != nil {
			return p, err
		}
	}
	return p, nil
}

var identity = structs.FPDF_FS_MATRIX{A: 1, D: 1}

// object collects the rules of a path, and of the paths inside a form object.
func (r *Reader) object(p *lattice.Page, object references.FPDF_PAGEOBJECT, outer structs.FPDF_FS_MATRIX, depth int) error {
	kind, err := r.engine.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if err != nil {
		return err
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_IMAGE:
		p.Images++
	case enums.FPDF_PAGEOBJ_PATH:
		return r.path(p, object, outer)
	case enums.FPDF_PAGEOBJ_FORM:
		if depth >= maxForms {
			return fmt.Errorf("form objects nested more than %d deep", maxForms)
		}
		m, err := r.engine.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
		if err != nil {
			return err
		}
		count, err := r.engine.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: object})
		if err != nil {
			return err
		}
		for i := range min(count.Count, maxObjects) {
			inner, err := r.engine.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: object, Index: uint64(i)})
			if err != nil {
				return err
			}
			if err := r.object(p, inner.PageObject, product(m.Matrix, outer), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// path adds the rules of a drawn path.
func (r *Reader) path(p *lattice.Page, object references.FPDF_PAGEOBJECT, outer structs.FPDF_FS_MATRIX) error {
	mode, err := r.engine.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: object})
	if err != nil {
		return err
	}
	if !mode.Stroke && mode.FillMode == enums.FPDF_FILLMODE_NONE {
		return nil
	}
	m, err := r.engine.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return err
	}
	lines, err := r.subpaths(object, product(m.Matrix, outer))
	if err != nil {
		return err
	}
	p.Rules = append(p.Rules, lattice.Rules(lines, mode.Stroke)...)
	return nil
}

// subpaths returns the corner points of each part of a path, closed parts with
// their first point again at the end.
func (r *Reader) subpaths(object references.FPDF_PAGEOBJECT, m structs.FPDF_FS_MATRIX) ([][]lattice.Point, error) {
	count, err := r.engine.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object})
	if err != nil {
		return nil, err
	}
	var lines [][]lattice.Point
	for i := range min(count.Count, maxObjects) {
		segment, err := r.engine.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i})
		if err != nil {
			return nil, err
		}
		at, err := r.engine.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: segment.PathSegment})
		if err != nil {
			return nil, err
		}
		kind, err := r.engine.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: segment.PathSegment})
		if err != nil {
			return nil, err
		}
		if kind.Type == enums.FPDF_SEGMENT_MOVETO || len(lines) == 0 {
			lines = append(lines, nil)
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], transform(m, at.X, at.Y))
		end, err := r.engine.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: segment.PathSegment})
		if err != nil {
			return nil, err
		}
		if end.IsClose {
			lines[last] = append(lines[last], lines[last][0])
		}
	}
	return lines, nil
}

func transform(m structs.FPDF_FS_MATRIX, x, y float32) lattice.Point {
	return lattice.Point{X: float64(m.A*x + m.C*y + m.E), Y: float64(m.B*x + m.D*y + m.F)}
}

// product is the matrix that applies a, then b.
func product(a, b structs.FPDF_FS_MATRIX) structs.FPDF_FS_MATRIX {
	return structs.FPDF_FS_MATRIX{
		A: a.A*b.A + a.B*b.C, B: a.A*b.B + a.B*b.D,
		C: a.C*b.A + a.D*b.C, D: a.C*b.B + a.D*b.D,
		E: a.E*b.A + a.F*b.C + b.E, F: a.E*b.B + a.F*b.D + b.F,
	}
}
