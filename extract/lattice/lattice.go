// Package lattice puts together what is drawn on pages: characters at places, and
// ruling lines. Tables are found by their lines: crossing lines make a lattice, a
// missing line between two of its fields makes them one cell. What stands outside
// them is text, line by line. Where no page rules a table, tables are found by the
// places of their numbers, beside the text. A table that a page break cuts in two is put together
// again when nothing but the page number stands between its parts and their columns
// agree.
//
// A reader of a format that fixes places, as PDF and OFD do, makes pages:
//
//	doc, err := lattice.Assemble([]lattice.Page{{Chars: chars, Rules: rules}})
//
// Places are in points, y grows upwards. Locators read "page 4, box 89 482 117 499":
// left, bottom, right and top of the cell from the lower left corner of the page.
package lattice

import (
	"fmt"
	"regexp"

	"github.com/nianbao/nianbao/extract/grid"
)

// Point is a place in points; Y grows upwards.
type Point struct{ X, Y float64 }

// Box is a rectangle in points.
type Box struct{ Left, Bottom, Right, Top float64 }

// Centre is the middle of the box.
func (b Box) Centre() (x, y float64) { return (b.Left + b.Right) / 2, (b.Bottom + b.Top) / 2 }

func (b Box) area() float64 { return (b.Right - b.Left) * (b.Top - b.Bottom) }

func (b Box) String() string {
	return fmt.Sprintf("box %.0f %.0f %.0f %.0f", b.Left, b.Bottom, b.Right, b.Top)
}

// Char is a character, or what the format draws as one.
type Char struct {
	Box
	Text string
}

// Page is what is drawn on a page, as far as it matters.
type Page struct {
	Chars    []Char
	Rules    []Rule
	Images   int
	Pictures []Box // places of images, as far as the format tells
}

// A picture smaller than this is a seal or a mark, and no table.
const (
	tableWidth  = 150.0
	tableHeight = 40.0
)

// maxChars bounds the text of a document; a report has some 10,000 characters.
const maxChars = 1_000_000

// pageNumber is a line that holds nothing but the number of the page.
var pageNumber = regexp.MustCompile(`^[\s\-—–－·第/]*\d{1,3}[\s\-—–－·页/]*$`)

// Assemble puts the pages' paragraphs and tables in order. Pages of pictures alone
// are refused with [grid.ErrImages].
func Assemble(pages []Page) (*grid.Document, error) {
	a := assembler{doc: &grid.Document{}}
	chars, images := 0, 0
	for i, p := range pages {
		chars, images = chars+len(p.Chars), images+p.Images
		if chars > maxChars {
			return nil, fmt.Errorf("%w: more than %d characters", grid.ErrTooLarge, maxChars)
		}
		if err := a.add(p, i+1); err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
	}
	if !a.ruled {
		for _, g := range openTables(a.lines) {
			a.doc.Blocks = append(a.doc.Blocks, grid.Block{Grid: g, Locator: g.Cells[0].Locator})
		}
	}
	switch {
	case chars == 0 && images > 0:
		return nil, fmt.Errorf("%w: %d pages without text, %d images", grid.ErrImages, len(pages), images)
	case len(a.doc.Blocks) == 0:
		return nil, fmt.Errorf("%w: the document has no text", grid.ErrEmpty)
	}
	return a.doc, nil
}

type assembler struct {
	doc   *grid.Document
	open  *table        // the table that ends what was added so far, if one does
	ruled bool          // a page has a table with ruling lines
	lines [][]*textLine // of each page, outside tables
}

// add appends a page.
func (a *assembler) add(p Page, number int) error {
	items, err := p.items(p.tables())
	if err != nil {
		return err
	}
	var lines []*textLine
	for _, item := range items {
		if item.line != nil {
			lines = append(lines, item.line)
		}
		switch {
		case item.picture:
			a.doc.Blocks = append(a.doc.Blocks, grid.Block{Picture: true, Locator: fmt.Sprintf("page %d", number)})
		case item.table != nil:
			a.ruled = true
			if err := a.table(item.table, number); err != nil {
				return err
			}
		case pageNumber.MatchString(item.text):
		default:
			a.open = nil
			a.doc.Blocks = append(a.doc.Blocks, grid.Block{Text: item.text, Locator: fmt.Sprintf("page %d", number)})
		}
	}
	a.lines = append(a.lines, lines)
	return nil
}

// table appends the table to the one it continues, or as one of its own.
func (a *assembler) table(t *table, number int) error {
	t.page = number
	if a.open != nil && a.open.continuedBy(t) {
		return a.open.append(t)
	}
	a.open = t
	g, err := t.grid()
	a.doc.Blocks = append(a.doc.Blocks, grid.Block{Grid: g, Locator: fmt.Sprintf("page %d", number)})
	return err
}
