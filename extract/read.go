package extract

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/nianbao/nianbao/extract/bundle"
	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/mhtml"
	"github.com/nianbao/nianbao/extract/ofd"
	"github.com/nianbao/nianbao/extract/office"
	"github.com/nianbao/nianbao/extract/scan"
	"github.com/nianbao/nianbao/extract/text"
	"github.com/nianbao/nianbao/extract/xlsx"
)

func (e *Extractor) read(ctx context.Context, mediaType string, data []byte) (*grid.Document, error) {
	switch {
	case len(data) == 0:
		return nil, grid.ErrEmpty
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("%w: %d bytes, the limit is %d", grid.ErrTooLarge, len(data), MaxBytes)
	}
	switch mediaType {
	case typeHTML:
		if len(data) > maxPage {
			return nil, fmt.Errorf("%w: a page of %d bytes, the limit is %d", grid.ErrTooLarge, len(data), maxPage)
		}
		if n := cellTags(data); n > maxPositions {
			return nil, fmt.Errorf("%w: it has %d cells, the limit is %d", grid.ErrTooLarge, n, maxPositions)
		}
		doc, err := html.Read(data)
		return e.withPictures(ctx, doc, err, elsewhere)
	case typeText:
		if len(data) > maxPlain {
			return nil, fmt.Errorf("%w: %d bytes of plain text, the limit is %d", grid.ErrTooLarge, len(data), maxPlain)
		}
		return text.Read(data)
	case typeDOCX:
		return e.readDOCX(ctx, data)
	case typeXLSX:
		return xlsx.Read(data)
	case typeOFD:
		return ofd.Read(data)
	case typeOffice:
		return e.readOffice(ctx, data)
	case typePDF:
		return e.readPDF(ctx, data)
	case typeMHTML:
		page, err := mhtml.Page(data)
		if err != nil {
			return nil, err
		}
		doc, err := html.Read(page)
		return e.withPictures(ctx, doc, err, mhtml.Pictures(data))
	case typeZIP:
		return e.readBundle(ctx, data)
	case typeImage:
		picture, err := scan.Decode("picture 1", data)
		if err != nil {
			return nil, err
		}
		return scan.Read(ctx, []grid.Picture{picture})
	}
	return nil, cmp.Or(bundle.Refused(data), errUnsupported)
}

// cellTags counts the cells of a page that is large enough to have too many, before
// anything is built of it.
func cellTags(page []byte) int {
	n := 0
	if len(page) < len("<td>")*maxPositions {
		return n
	}
	for _, tag := range []string{"<td", "<TD", "<th", "<TH"} {
		n += bytes.Count(page, []byte(tag))
	}
	return n
}

// readBundle reads the first file of an archive that holds a table of a known form,
// else the first that can be read.
func (e *Extractor) readBundle(ctx context.Context, data []byte) (*grid.Document, error) {
	members, err := bundle.Members(data)
	if err != nil {
		return nil, err
	}
	var first *grid.Document
	var failures []error
	for _, m := range members {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		kind := sniff(m.Data)
		if kind == typeZIP { // what one archive may unpack to is bounded, a tree of them not
			failures = append(failures, fmt.Errorf("%s: %w: an archive within an archive", m.Name, bundle.ErrUnsupported))
			continue
		}
		doc, err := e.read(ctx, kind, m.Data)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", m.Name, err))
			continue
		}
		within(m.Name, doc)
		if len(matchForms(e.book, doc, nil, map[string]string{})) > 0 {
			return doc, nil
		}
		first = cmp.Or(first, doc)
	}
	if first == nil {
		return nil, errors.Join(failures...)
	}
	return first, nil
}

// within says in each locator which file of an archive it is of.
func within(member string, doc *grid.Document) {
	for i, b := range doc.Blocks {
		doc.Blocks[i].Locator = member + ", " + b.Locator
		if b.Grid == nil {
			continue
		}
		for c := range b.Grid.Cells {
			b.Grid.Cells[c].Locator = member + ", " + b.Grid.Cells[c].Locator
		}
	}
}

// readPDF reads the text layer, or recognises the pages where there is none.
func (e *Extractor) readPDF(ctx context.Context, data []byte) (*grid.Document, error) {
	doc, err := e.pdf.Read(ctx, data)
	if !errors.Is(err, grid.ErrImages) {
		return doc, err
	}
	pages, err := e.pdf.Render(ctx, data, scanDPI)
	if err != nil {
		return nil, err
	}
	return scan.Read(ctx, pages)
}

// scanDPI is the resolution at which pages are drawn for recognition that are more
// than one picture.
const scanDPI = 200

// readOffice reads what an older office program wrote, after conversion.
func (e *Extractor) readOffice(ctx context.Context, data []byte) (*grid.Document, error) {
	converted, kind, err := e.office.Convert(ctx, data)
	switch {
	case err != nil:
		return nil, err
	case kind == "xlsx":
		return xlsx.Read(converted)
	}
	return e.readDOCX(ctx, converted)
}

func (e *Extractor) readDOCX(ctx context.Context, data []byte) (*grid.Document, error) {
	doc, err := docx.Read(data)
	return e.withPictures(ctx, doc, err, docx.Pictures(data))
}

var errUnsupported = errors.New("no reader for this format")

// reasonOf gives the reason code (reason.csv) that an error of a reader stands for.
func reasonOf(err error) (string, bool) {
	for _, r := range []struct {
		err    error
		reason string
	}{
		{grid.ErrCorrupt, "corrupt"},
		{grid.ErrEncrypted, "encrypted"},
		{grid.ErrTooLarge, "too_large"},
		{grid.ErrEmpty, "empty"},
		{grid.ErrImages, "tables_are_images"},
		{errUnsupported, "unsupported"},
		{office.ErrNoConverter, "unsupported"},
		{office.ErrNotOffice, "unsupported"},
		{bundle.ErrUnsupported, "unsupported"},
	} {
		if errors.Is(err, r.err) {
			return r.reason, true
		}
	}
	return "", false
}
