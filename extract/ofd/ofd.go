// Package ofd reads the fixed-layout documents of GB/T 33190-2016 (OFD), in which
// many offices publish. It collects the characters and the ruling lines of each page
// and of the templates that the page is drawn on; package lattice finds the tables in
// them.
//
//	doc, err := ofd.Read(data)
//
// OFD counts millimetres from the upper left corner; locators are those of package
// lattice, in points from the lower left one. Left out are annotations, seals,
// graphics kept as resources (CompositeObject) and what is marked invisible. Numbers
// that cannot be read make the document corrupt, since a character at the wrong place
// would be a figure in the wrong cell.
package ofd

import (
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
	"github.com/nianbao/nianbao/extract/zipxml"
)

// Limits of a document; a report has some ten pages of 1,000 characters.
const (
	maxXML     = 16 << 20 // unpacked parts together
	maxPages   = 500
	maxObjects = 1_000_000 // characters and rules
)

// Read parses the document.
func Read(data []byte) (*grid.Document, error) {
	z, err := zipxml.Open(data, maxXML)
	if err != nil {
		return nil, err
	}
	p := &archive{Archive: z}
	title, pages, err := p.read()
	if err != nil {
		for _, known := range []error{grid.ErrTooLarge, grid.ErrEncrypted, grid.ErrCorrupt} {
			if errors.Is(err, known) {
				return nil, err
			}
		}
		return nil, fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
	}
	doc, err := lattice.Assemble(pages)
	if err != nil {
		return nil, err
	}
	doc.Title = title
	return doc, nil
}

// archive is the file being read.
type archive struct {
	*zipxml.Archive
	objects int // characters and rules so far
}

// entryFile is OFD.xml: the documents of the file.
type entryFile struct {
	Bodies []struct {
		Title string `xml:"DocInfo>Title"`
		Root  string `xml:"DocRoot"`
	} `xml:"DocBody"`
}

// documentFile is Document.xml: the pages and what they share.
type documentFile struct {
	Box       string      `xml:"CommonData>PageArea>PhysicalBox"`
	Templates []reference `xml:"CommonData>TemplatePage"`
	Pages     []reference `xml:"Pages>Page"`
}

type reference struct {
	ID       string `xml:"ID,attr"`
	Location string `xml:"BaseLoc,attr"`
}

func (a *archive) read() (title string, pages []lattice.Page, err error) {
	if a.Has("Encryptions.xml") {
		return "", nil, fmt.Errorf("%w: it has an Encryptions.xml", grid.ErrEncrypted)
	}
	var entry entryFile
	if err := a.decode("OFD.xml", &entry); err != nil {
		return "", nil, err
	}
	for _, body := range entry.Bodies {
		if title == "" {
			title = strings.TrimSpace(body.Title)
		}
		more, err := a.document(locate("OFD.xml", body.Root))
		if err != nil {
			return "", nil, err
		}
		if pages = append(pages, more...); len(pages) > maxPages {
			return "", nil, errTooManyPages
		}
	}
	return title, pages, nil
}

var errTooManyPages = fmt.Errorf("%w: more than %d pages", grid.ErrTooLarge, maxPages)

func (a *archive) document(name string) ([]lattice.Page, error) {
	var d documentFile
	if err := a.decode(name, &d); err != nil {
		return nil, err
	}
	if len(d.Pages) > maxPages {
		return nil, errTooManyPages
	}
	templates := map[string]string{}
	for _, t := range d.Templates {
		templates[t.ID] = locate(name, t.Location)
	}
	var pages []lattice.Page
	for _, p := range d.Pages {
		page, err := a.page(locate(name, p.Location), templates, d.Box)
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	return pages, nil
}

// locate resolves a location that stands in the part from.
func locate(from, location string) string {
	location = strings.ReplaceAll(strings.TrimSpace(location), `\`, "/")
	if !strings.HasPrefix(location, "/") {
		location = path.Join(path.Dir(from), location)
	}
	return strings.TrimPrefix(path.Clean(location), "/")
}

// decode reads a whole part into v.
func (a *archive) decode(name string, v any) error {
	return a.Part(name, func(x *xml.Decoder) error { return x.Decode(v) })
}
