// Package grid is what every format of a report is turned into before anyone asks
// what it means: paragraphs and tables of text cells, in reading order, each with
// its place in the source. A reader package (html, docx, pdf, text) makes a
// [Document] from bytes and no more; what a cell means is decided by package
// extract with the codebook.
package grid

import (
	"errors"
	"image"
)

// Errors by which a reader says why bytes yield no document; package extract
// turns each into the reason code of the same name.
var (
	ErrCorrupt   = errors.New("corrupt")
	ErrEncrypted = errors.New("encrypted")
	ErrTooLarge  = errors.New("too large")
	ErrEmpty     = errors.New("empty")
	ErrImages    = errors.New("tables are images")
)

// Document is a source as its reader saw it.
type Document struct {
	Title  string  // as the format's metadata declare it; empty: not declared
	Issuer string  // publisher as the page's metadata declare it; empty: not declared
	Blocks []Block // in reading order
	Unread error   // why pictures that may be tables were not read; nil: they were, or there are none
}

// Block is a paragraph, a table when Grid is set, or a picture.
type Block struct {
	Text       string
	Recognised bool // Text was read from a picture, where it is never certain
	Grid       *Grid
	Picture    bool
	Address    string // of a picture, as the source gives it: a URL, a part of the file, or a data: URI
	Locator    string
}

// Grid is a table of text cells.
type Grid struct {
	// Ragged is set where the source keeps the order of the cells of a row but
	// not their columns, as plain text does: spans are then unknown, and Col
	// counts the cells of the row.
	Ragged bool
	// Open is set where nothing but white space parts the cells: a heading or label
	// on several lines may then be as many rows.
	Open  bool
	Rows  int
	Cols  int
	Cells []Cell // by row, then column, of their top left corner
}

// Cell is a text cell. Row and Col are 0-based; spans are at least 1.
type Cell struct {
	Row, Col         int
	RowSpan, ColSpan int
	Text             string       // as printed, lines separated by \n; 〓 where ink could not be read
	Locator          string       // a place that a person can find
	Recognised       *Recognition // nil: Text is what the source says
}

// Recognition is how the text of a cell was read from a picture, where it is never
// certain. A cell without a reading has no ink in it: it is blank. A cell that has
// ink and that nothing could be read in has readings of empty text.
type Recognition struct {
	Readings []Reading // the one taken for Text first
}

// Reading is one reading of a cell, independent of the others as far as one
// program allows.
type Reading struct {
	Text       string
	By         string  // page, cell (alone) or figures (alone, nothing but figures looked for); readings by one way err alike
	Confidence float64 // 0 to 1, by the recogniser's own account
}

// A Picture is a page as drawn or scanned, upper left corner at (0, 0). DPI is its
// dots per inch, 0 where that is not known. Name is what locators call it; empty: page
// and its number.
type Picture struct {
	*image.Gray
	DPI  float64
	Name string
}

// A Place is a part of one of several pictures, in dots.
type Place struct {
	Picture int // index
	Box     image.Rectangle
}

// Dense returns the grid as a matrix in which a spanning cell stands at every
// position it covers; nil stands where the source has no cell. Where cells
// overlap, the first one keeps the position.
func (g *Grid) Dense() [][]*Cell {
	backing := make([]*Cell, g.Rows*g.Cols)
	rows := make([][]*Cell, g.Rows)
	for r := range rows {
		rows[r] = backing[r*g.Cols : (r+1)*g.Cols : (r+1)*g.Cols]
	}
	for i := range g.Cells {
		c := &g.Cells[i]
		for r := c.Row; r < min(c.Row+c.RowSpan, g.Rows); r++ {
			for k := c.Col; k < min(c.Col+c.ColSpan, g.Cols); k++ {
				if rows[r][k] == nil {
					rows[r][k] = c
				}
			}
		}
	}
	return rows
}

// Positions is how many rows times columns the tables of the document have together;
// a few bytes of markup can claim a million.
func (d *Document) Positions() int {
	n := 0
	for _, b := range d.Blocks {
		if b.Grid != nil {
			n += b.Grid.Rows * b.Grid.Cols
		}
	}
	return n
}

// Limits of a table that a reader accepts; a form has about 30 rows and 16
// columns, so anything near these is not a report but an attack or an accident.
const (
	MaxRows = 5000
	MaxCols = 200
)

// A Builder lays cells out row by row as HTML and Word do: a cell takes the next
// free column, and a row span blocks its columns in the rows below.
type Builder struct {
	grid    Grid
	row     int   // current row, -1 before the first
	col     int   // next column to try
	blocked []int // per column that was taken: first row that is free again
}

// NewBuilder starts an empty table.
func NewBuilder() *Builder { return &Builder{row: -1} }

// Row starts the next row; it reports false when the table is too long.
func (b *Builder) Row() bool {
	if b.row+1 >= MaxRows {
		return false
	}
	b.row++
	b.col = 0
	b.grid.Rows = max(b.grid.Rows, b.row+1)
	return true
}

// Position returns the row and column that the next cell will take, 0-based.
func (b *Builder) Position() (row, col int) {
	for b.col < len(b.blocked) && b.blocked[b.col] > b.row {
		b.col++
	}
	return b.row, b.col
}

// Skip leaves n columns of the current row without a cell.
func (b *Builder) Skip(n int) { b.col += max(0, min(n, MaxCols)) }

// Cell adds a cell with the given spans, which are clamped to the table's limits.
// It returns the index of the cell, or -1 where the row is full.
func (b *Builder) Cell(rowSpan, colSpan int, text, locator string) int {
	row, col := b.Position()
	if b.row < 0 || col >= MaxCols {
		return -1
	}
	rowSpan = min(max(rowSpan, 1), MaxRows-row)
	colSpan = min(max(colSpan, 1), MaxCols-col)
	if more := col + colSpan - len(b.blocked); more > 0 {
		b.blocked = append(b.blocked, make([]int, more)...)
	}
	for c := col; c < col+colSpan; c++ {
		b.blocked[c] = max(b.blocked[c], row+rowSpan)
	}
	b.col = col + colSpan
	b.grid.Cols = max(b.grid.Cols, b.col)
	if b.grid.Cells == nil {
		b.grid.Cells = make([]Cell, 0, 64)
	}
	b.grid.Cells = append(b.grid.Cells, Cell{Row: row, Col: col, RowSpan: rowSpan, ColSpan: colSpan, Text: text, Locator: locator})
	return len(b.grid.Cells) - 1
}

// Extend lets cell i span one row more, as a continued vertical merge does.
func (b *Builder) Extend(i int) {
	c := &b.grid.Cells[i]
	c.RowSpan = b.row - c.Row + 1
}

// Grid ends the table. It returns nil where there is no cell.
func (b *Builder) Grid() *Grid {
	if len(b.grid.Cells) == 0 {
		return nil
	}
	return &b.grid
}
