// Package docx reads a Word document (ISO/IEC 29500 WordprocessingML) into
// paragraphs and tables. It reads the main text only: no headers, footers,
// comments, deleted or hidden text; raised text in tables is marked by ^. A table inside
// a cell becomes a table of its own, unless it has one cell alone.
// A picture becomes a block with the part of the file that it is in as its address.
//
//	doc, err := docx.Read(data)
//	picture, err := docx.Pictures(data)(doc.Blocks[3].Address)
//
// Locators read "table 2, row 5, column 3", counting from 1.
package docx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/zipxml"
)

// maxXML bounds the unpacked main text; a report has well under 5 MB.
const maxXML = 32 << 20

// maxDepth bounds nested tables; Word itself allows no more than 30 usefully.
const maxDepth = 50

// Read parses the document.
func Read(data []byte) (*grid.Document, error) {
	z, err := zipxml.Open(data, maxXML)
	if err != nil {
		return nil, err
	}
	r := &reader{}
	err = z.Part("word/document.xml", func(x *xml.Decoder) error {
		r.xml = x
		return r.read()
	})
	if err != nil {
		if !errors.Is(err, grid.ErrTooLarge) && !errors.Is(err, grid.ErrEncrypted) {
			err = fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
		}
		return nil, err
	}
	r.resolve(z)
	if len(r.doc.Blocks) == 0 {
		return nil, fmt.Errorf("%w: the document has no text", grid.ErrEmpty)
	}
	return &r.doc, nil
}

// maxPictures bounds the unpacked pictures of a document.
const maxPictures = 128 << 20

// Pictures returns a function that unpacks the picture at the address of a block.
func Pictures(data []byte) func(address string) ([]byte, error) {
	z, err := zipxml.Open(data, maxPictures)
	return func(address string) ([]byte, error) {
		if err != nil {
			return nil, err
		}
		return z.Bytes(address)
	}
}

// resolve puts parts of the file in place of the relations by which the text names its
// pictures. What is no part of the file, or cannot be found, is left without address.
func (r *reader) resolve(z *zipxml.Archive) {
	if !slices.ContainsFunc(r.doc.Blocks, func(b grid.Block) bool { return b.Picture }) {
		return
	}
	parts := map[string]string{}
	_ = z.Part("word/_rels/document.xml.rels", func(x *xml.Decoder) error { // without it no picture has an address
		return zipxml.Elements(x, func(_ *xml.Decoder, e xml.StartElement) error {
			if target := attribute(e, "Target"); e.Name.Local == "Relationship" && attribute(e, "TargetMode") != "External" {
				if !strings.HasPrefix(target, "/") {
					target = "/word/" + target
				}
				parts[attribute(e, "Id")] = strings.TrimPrefix(path.Clean(target), "/")
			}
			return nil
		})
	})
	for i := range r.doc.Blocks {
		if b := &r.doc.Blocks[i]; b.Picture {
			b.Address = parts[b.Address]
		}
	}
}

type reader struct {
	xml    *xml.Decoder
	doc    grid.Document
	tables int
	open   []*table        // tables being read, outermost first
	text   strings.Builder // of the paragraph being read
	inText bool            // inside w:t
	inRun  bool            // inside w:r
	hidden bool            // the run is not shown (w:vanish)
	raised bool            // or lowered

	pictures []string // relations of the pictures of the paragraph being read
}

// table is a table being read.
type table struct {
	number  int
	builder *grid.Builder
	block   int // index of its block, reserved so that blocks stay in order
	printed int // cells of the current row so far
	merged  map[int]int
	cell    struct {
		span     int
		merge    string // "", restart or continue
		lines    []string
		nestings int
	}
}

func (r *reader) read() error {
	for {
		token, err := r.xml.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := r.start(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.end(t.Name.Local)
		case xml.CharData:
			if r.inText && !r.hidden {
				r.text.Write(t)
			}
		}
	}
}

func (r *reader) start(e xml.StartElement) error {
	t := r.current()
	switch e.Name.Local {
	case "r":
		r.inRun, r.hidden, r.raised = true, false, false
	case "vanish":
		r.hidden = r.inRun && on(e)
	case "vertAlign":
		r.raised = r.inRun && value(e) != "baseline"
	case "t":
		r.inText = true
		if r.raised && len(r.open) > 0 {
			r.text.WriteByte('^') // what is raised or lowered is no digit of the number beside it
		}
	case "tab":
		r.text.WriteByte(' ')
	case "br", "cr":
		r.text.WriteByte('\n')
	case "blip":
		r.pictures = append(r.pictures, attribute(e, "embed"))
	case "imagedata":
		r.pictures = append(r.pictures, attribute(e, "id"))
	case "del", "moveFrom", "Fallback":
		return r.xml.Skip()
	case "tbl":
		if len(r.open) >= maxDepth {
			return fmt.Errorf("%w: tables nested more than %d deep", grid.ErrTooLarge, maxDepth)
		}
		r.tables++
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Locator: fmt.Sprintf("table %d", r.tables)})
		r.open = append(r.open, &table{number: r.tables, builder: grid.NewBuilder(), block: len(r.doc.Blocks) - 1, merged: map[int]int{}})
	}
	if t == nil {
		return nil
	}
	switch e.Name.Local {
	case "tr":
		if !t.builder.Row() {
			return fmt.Errorf("%w: table %d has more than %d rows", grid.ErrTooLarge, t.number, grid.MaxRows)
		}
		t.printed = 0
	case "gridBefore":
		t.builder.Skip(number(e, 0))
	case "tc":
		t.cell.span, t.cell.merge, t.cell.lines = 1, "", nil
	case "gridSpan":
		t.cell.span = number(e, 1)
	case "vMerge":
		t.cell.merge = "continue"
		if value(e) == "restart" {
			t.cell.merge = "restart"
		}
	}
	return nil
}

func (r *reader) end(name string) {
	switch name {
	case "t":
		r.inText = false
	case "r":
		r.inRun, r.hidden = false, false
	case "p":
		r.paragraph()
	case "tc":
		if t := r.current(); t != nil {
			t.closeCell()
		}
	case "tbl":
		if t := r.current(); t != nil {
			r.open = r.open[:len(r.open)-1]
			r.endTable(t)
		}
	}
}

// endTable keeps a table that was read to its end. One of a single cell within a cell only
// frames its text.
func (r *reader) endTable(t *table) {
	g, outer := t.builder.Grid(), r.current()
	if outer != nil && g != nil && len(g.Cells) == 1 && t.block == len(r.doc.Blocks)-1 {
		outer.cell.lines = append(outer.cell.lines, g.Cells[0].Text)
		r.doc.Blocks = r.doc.Blocks[:t.block]
		r.tables--
		return
	}
	r.doc.Blocks[t.block].Grid = g
}

func (r *reader) current() *table {
	if len(r.open) == 0 {
		return nil
	}
	return r.open[len(r.open)-1]
}

// paragraph ends one; its pictures come after its text. Those in tables are left out.
func (r *reader) paragraph() {
	text := strings.TrimSpace(r.text.String())
	pictures := r.pictures
	r.text.Reset()
	r.pictures = nil
	if t := r.current(); t != nil {
		if text != "" {
			t.cell.lines = append(t.cell.lines, text)
		}
		return
	}
	if text != "" {
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Text: text})
	}
	for _, relation := range pictures {
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Picture: true, Address: relation})
	}
}

// closeCell adds the cell, or lets the one above span this row too.
func (t *table) closeCell() {
	t.printed++
	row, col := t.builder.Position()
	if t.cell.merge == "continue" {
		if i, ok := t.merged[col]; ok {
			t.builder.Extend(i)
			t.builder.Skip(t.cell.span)
			return
		}
	}
	i := t.builder.Cell(1, t.cell.span, strings.Join(t.cell.lines, "\n"), fmt.Sprintf("table %d, row %d, column %d", t.number, row+1, t.printed))
	delete(t.merged, col)
	if t.cell.merge != "" && i >= 0 {
		t.merged[col] = i
	}
}

// on is the value of a property that is true unless it says otherwise.
func on(e xml.StartElement) bool {
	switch value(e) {
	case "0", "false", "off":
		return false
	}
	return true
}

func value(e xml.StartElement) string { return attribute(e, "val") }

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func number(e xml.StartElement, otherwise int) int {
	if n, err := strconv.Atoi(value(e)); err == nil {
		return n
	}
	return otherwise
}
