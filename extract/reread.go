package extract

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/mhtml"
	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/extract/scan"
	"github.com/nianbao/nianbao/extract/xlsx"
	"github.com/nianbao/nianbao/record"
)

// A failed identity is the source's own error or a misreading. To tell them apart its
// cells are read again by a second route, which goes from the bytes to the figures by
// another program: two do not misread to the same figures. What a label means is not
// asked a second time.
//
//   - Of a PDF the page is drawn and its cells are recognised, whatever its text says.
//   - Of a page, a Word file or a workbook LibreOffice makes another rendition, which is
//     read as any document is.
//   - Plain text has no other reading. OFD no program here can draw. What was recognised
//     in a picture, and what LibreOffice converted before it was read, has been read by
//     the second route already.

// route reads cells again. What it cannot read for certain is not in the answer.
type route func(ctx context.Context, data []byte, cells []*record.Cell) (map[cellKey]decimal128.Num, error)

// secondRoute is that of a format; nil: there is none.
func (e *Extractor) secondRoute(mediaType string) route {
	switch mediaType {
	case typePDF:
		return e.readDrawn
	case typeHTML:
		return e.readPageAgain
	case typeMHTML:
		return func(ctx context.Context, data []byte, cells []*record.Cell) (map[cellKey]decimal128.Num, error) {
			page, err := mhtml.Page(data)
			if err != nil {
				return nil, err
			}
			return e.readPageAgain(ctx, page, cells)
		}
	case typeDOCX:
		return e.rendered("docx")
	case typeXLSX:
		return e.rendered("xlsx")
	}
	return nil
}

// Values of record.CheckResult.Reread.
const (
	rereadAlike   = "alike"
	rereadDiffers = "differs"
)

// reread reads the cells of failed identities again and says of each check whether they
// came out alike. It returns what a person should look at, and why nothing could be read
// again, if so.
func (e *Extractor) reread(ctx context.Context, data []byte, doc *grid.Document, c *checker, r *record.Extraction) (found []finding, why string, err error) {
	if !e.again {
		return nil, "", nil
	}
	again := e.secondRoute(r.Document.MediaType)
	failed := map[int][]*record.Cell{} // by check
	var cells []*record.Cell
	for i, check := range r.Checks {
		if again == nil || check.Outcome != "failed" || e.severity(check.Identity) != "error" {
			continue
		}
		used := c.cellsOf(check)
		if anyRecognised(doc, used) {
			continue
		}
		failed[i] = used
		for _, cell := range used {
			if !slices.Contains(cells, cell) {
				cells = append(cells, cell)
			}
		}
	}
	if len(cells) == 0 {
		return nil, "", nil
	}
	values, err := again(ctx, data, cells)
	if err != nil {
		why, err = whyNot(ctx, err)
		return nil, why, err
	}
	for i, used := range failed {
		r.Checks[i].Reread = compare(used, values)
	}
	for _, cell := range cells {
		if v, ok := values[keyOf(cell)]; ok && v != *cell.Value {
			found = append(found, finding{"reading_differs", fmt.Sprintf("%s is read as %s, by a second route as %s", nameOf(cell), record.DecimalString(*cell.Value), record.DecimalString(v)), cell.Locator})
		}
	}
	return found, "", nil
}

// whyNot says why cells could not be read again. The words of programs are not quoted:
// they name addresses of memory, which differ from run to run.
func whyNot(ctx context.Context, failure error) (why string, err error) {
	reason, known := reasonOf(failure)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(failure, scan.ErrNoRecogniser), errors.Is(failure, office.ErrNoConverter):
		return "a program that it takes is missing, which nianbao doctor names", nil
	case known:
		return "for the second route it is " + reason, nil
	}
	return "", fmt.Errorf("read the cells of failed identities again: %w", failure)
}

// compare says whether all cells of an identity were read alike, or empty where some
// could not be read again.
func compare(cells []*record.Cell, again map[cellKey]decimal128.Num) string {
	outcome := rereadAlike
	for _, c := range cells {
		switch v, ok := again[keyOf(c)]; {
		case !ok && outcome == rereadAlike:
			outcome = ""
		case ok && v != *c.Value:
			outcome = rereadDiffers
		}
	}
	return outcome
}

func keyOf(c *record.Cell) cellKey { return cellKey{c.Metric, c.Applicant} }

func nameOf(c *record.Cell) string { return names([]cellKey{keyOf(c)}) }

// anyRecognised reports whether one of the cells was read from a picture.
func anyRecognised(doc *grid.Document, cells []*record.Cell) bool {
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		for i := range b.Grid.Cells {
			from := &b.Grid.Cells[i]
			if from.Recognised != nil && slices.ContainsFunc(cells, func(c *record.Cell) bool { return c.Locator == from.Locator }) {
				return true
			}
		}
	}
	return false
}

// confirmingWeight is what must speak for a figure that another route gives, of three
// readings; they do not err to a figure that is given. For any other all three must.
const confirmingWeight = 1.0

// drawnDPI is the resolution at which a page is drawn to read its cells.
const drawnDPI = 200

// readDrawn draws the pages of a PDF and recognises the cells on them.
func (e *Extractor) readDrawn(ctx context.Context, data []byte, cells []*record.Cell) (map[cellKey]decimal128.Num, error) {
	var locators []string
	for _, c := range cells {
		locators = append(locators, c.Locator)
	}
	pages, places, err := e.pdf.RenderCells(ctx, data, locators, drawnDPI)
	if err != nil {
		return nil, err
	}
	read, err := scan.Numbers(ctx, pages, places)
	if err != nil {
		return nil, err
	}
	out := map[cellKey]decimal128.Num{}
	a := acceptance{book: e.book}
	for i, c := range cells {
		v := a.recognisedValue(*c, &grid.Cell{Recognised: &read[i]})
		// The figure is compared as printed, before any unit of its column.
		printed, _ := parseValue(e.book, e.book.Metric[c.Metric], c.Raw)
		switch read := v.value(); {
		case v.certain || read == nil || printed == nil:
		case *read == *printed && v.prevails() && v.options[0].weight >= confirmingWeight:
			out[keyOf(c)] = *c.Value
		case *read != *printed && len(v.options) == 1 && v.options[0].weight >= sureWeight:
			out[keyOf(c)] = *read
		}
	}
	return out, nil
}

// rendered reads what LibreOffice makes of a document.
func (e *Extractor) rendered(extension string) route {
	return func(ctx context.Context, data []byte, _ []*record.Cell) (map[cellKey]decimal128.Num, error) {
		rendition, kind, err := e.office.Rendition(ctx, data, extension)
		if err != nil {
			return nil, err
		}
		read := html.Read
		if kind == "xlsx" {
			read = xlsx.Read
		}
		doc, err := read(rendition)
		if err != nil {
			return nil, err
		}
		out := map[cellKey]decimal128.Num{}
		all, _ := e.cells("", matchForms(e.book, doc, nil, map[string]string{}), nil)
		for i := range all {
			if all[i].Value != nil {
				out[keyOf(&all[i])] = *all[i].Value
			}
		}
		return out, nil
	}
}

// readPageAgain hands a page over in letters that no declaration of an encoding changes.
func (e *Extractor) readPageAgain(ctx context.Context, page []byte, cells []*record.Cell) (map[cellKey]decimal128.Num, error) {
	var plain strings.Builder
	for _, r := range charset.Decode(page, "") {
		if r < 0x80 {
			plain.WriteRune(r)
		} else {
			fmt.Fprintf(&plain, "&#%d;", r)
		}
	}
	return e.rendered("html")(ctx, []byte(plain.String()), cells)
}
