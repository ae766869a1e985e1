// Package xlsx reads a workbook (ISO/IEC 29500 SpreadsheetML) into one table a
// sheet, visible sheets first. A number is its stored decimal, whatever the cell's
// format shows: 1608911 and 160391.4077, not 1.6E+06 or 160,391. A formula gives the
// value stored with it; where none is stored the formula itself is the text, since
// nothing is computed here. A row that holds nothing but one text is a paragraph
// too, as the title above a table is.
//
// A blank cell is part of a table where a border says so, and elsewhere where it lies
// within the columns of the rows around it: blank is a state, absent another.
//
//	doc, err := xlsx.Read(data)
//
// Locators read "sheet 统计表, cell C12". What lies beyond [grid.MaxRows] and
// [grid.MaxCols] is left out. The reader streams: excelize, tried first, lays out
// every column up to the last one named and takes 2 GB for a file of 7 kB.
package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/zipxml"
)

// Limits of a workbook; that of a report has one sheet of some 50 rows.
const (
	maxXML     = 32 << 20 // unpacked parts together
	maxSheets  = 100
	maxFields  = 1 << 20 // rows times columns, sheets together
	maxText    = 16 << 20
	maxStrings = 1 << 20
)

// Read parses the workbook.
func Read(data []byte) (*grid.Document, error) {
	z, err := zipxml.Open(data, maxXML)
	if err != nil {
		return nil, err
	}
	b := &book{archive: z}
	if err := b.read(); err != nil {
		if !errors.Is(err, grid.ErrTooLarge) && !errors.Is(err, grid.ErrEncrypted) {
			err = fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
		}
		return nil, err
	}
	if len(b.doc.Blocks) == 0 {
		return nil, fmt.Errorf("%w: no sheet has a cell with text", grid.ErrEmpty)
	}
	return &b.doc, nil
}

// book is a workbook being read.
type book struct {
	archive  *zipxml.Archive
	strings  []string
	bordered []bool // by style: whether cells of it have a border
	fields   int    // rows times columns of the sheets so far
	text     int    // bytes of text in cells so far
	doc      grid.Document
}

// sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct{ name, id, state string }

func (b *book) read() error {
	entries, err := b.sheets()
	if err != nil {
		return err
	}
	targets, err := b.targets()
	if err != nil {
		return err
	}
	if err := b.sharedStrings(); err != nil {
		return err
	}
	if err := b.styles(); err != nil {
		return err
	}
	for _, hidden := range []bool{false, true} {
		for _, e := range entries {
			if (e.state != "" && e.state != "visible") != hidden || targets[e.id] == "" {
				continue
			}
			if err := b.sheet(e.name, targets[e.id]); err != nil {
				return fmt.Errorf("sheet %s: %w", e.name, err)
			}
		}
	}
	return nil
}

// sheets lists the sheets in the order of their tabs.
func (b *book) sheets() ([]sheetEntry, error) {
	var out []sheetEntry
	err := b.part("xl/workbook.xml", func(x *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "sheet" {
			out = append(out, sheetEntry{attribute(e, "name"), attribute(e, "id"), attribute(e, "state")})
		}
		if len(out) > maxSheets {
			return fmt.Errorf("%w: more than %d sheets", grid.ErrTooLarge, maxSheets)
		}
		return nil
	})
	if errors.Is(err, zipxml.ErrMissing) {
		return nil, fmt.Errorf("%w: xl/workbook.xml", err)
	}
	return out, err
}

// targets gives the part of each worksheet by its relationship; charts have none.
func (b *book) targets() (map[string]string, error) {
	out := map[string]string{}
	err := b.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && strings.HasSuffix(attribute(e, "Type"), "/worksheet") {
			target := strings.ReplaceAll(attribute(e, "Target"), `\`, "/")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			out[attribute(e, "Id")] = strings.TrimPrefix(path.Clean(target), "/")
		}
		return nil
	})
	return out, err
}

// sharedStrings reads the texts that cells refer to by number.
func (b *book) sharedStrings() error {
	err := b.part("xl/sharedStrings.xml", func(x *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(b.strings) >= maxStrings {
			return fmt.Errorf("%w: more than %d shared texts", grid.ErrTooLarge, maxStrings)
		}
		s, err := richText(x)
		b.strings = append(b.strings, s)
		return err
	})
	if errors.Is(err, zipxml.ErrMissing) { // all texts stand in their cells
		return nil
	}
	return err
}

// styles notes which cell formats draw at least two sides of a border; one side
// alone may be that of a neighbour.
func (b *book) styles() error {
	var drawn []int // sides by border
	within := ""
	err := b.part("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch name := e.Name.Local; name {
		case "borders", "cellXfs", "cellStyleXfs", "dxfs":
			within = name
		case "border":
			if within == "borders" {
				drawn = append(drawn, 0)
			}
		case "left", "right", "start", "end", "top", "bottom":
			if style := attribute(e, "style"); within == "borders" && len(drawn) > 0 && style != "" && style != "none" {
				drawn[len(drawn)-1]++
			}
		case "xf":
			if within == "cellXfs" {
				i, ok := index(attribute(e, "borderId"), len(drawn))
				b.bordered = append(b.bordered, ok && drawn[i] >= 2)
			}
		}
		return nil
	})
	if errors.Is(err, zipxml.ErrMissing) {
		return nil
	}
	return err
}

// part calls start for each element of a part of the package; start may read on.
func (b *book) part(name string, start func(*xml.Decoder, xml.StartElement) error) error {
	return b.archive.Part(name, func(x *xml.Decoder) error { return zipxml.Elements(x, start) })
}

// richText is the text up to the end of the element just begun, its runs joined and
// the reading aids (phonetic runs) left out.
func richText(x *xml.Decoder) (string, error) {
	var b strings.Builder
	inText := false
	for depth := 1; depth > 0; {
		token, err := x.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if err := x.Skip(); err != nil {
					return "", err
				}
				continue
			}
			depth++
			inText = t.Name.Local == "t"
		case xml.EndElement:
			depth--
			inText = false
		case xml.CharData:
			if inText {
				b.Write(t)
			}
		}
	}
	return b.String(), nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
