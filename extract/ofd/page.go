package ofd

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/lattice"
	"github.com/nianbao/nianbao/extract/zipxml"
)

// pageHead is what stands in a page before its content: how large it is and what it
// is drawn on.
type pageHead struct {
	box       string
	templates []string
}

func (h *pageHead) read(x *xml.Decoder) error {
	for {
		token, err := x.Token()
		if err != nil {
			return err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "Content":
			return nil
		case "Template":
			h.templates = append(h.templates, attribute(e, "TemplateID", ""))
		case "PhysicalBox":
			if err := x.DecodeElement(&h.box, &e); err != nil {
				return err
			}
		}
	}
}

// page reads the templates of a page and then the page, whose size is that of the
// document unless it has its own.
func (a *archive) page(name string, templates map[string]string, box string) (lattice.Page, error) {
	head := pageHead{box: box}
	if err := a.Part(name, head.read); err != nil && !errors.Is(err, io.EOF) {
		return lattice.Page{}, err
	}
	size, err := numbers(head.box)
	if err != nil || len(size) != 4 {
		return lattice.Page{}, fmt.Errorf("%s: the page measures %.60q", name, head.box)
	}
	c := &content{archive: a, foot: size[1] + size[3]}
	for _, id := range head.templates {
		template, ok := templates[id]
		if !ok {
			return lattice.Page{}, fmt.Errorf("%s: template %.20q is missing", name, id)
		}
		if err := a.Part(template, c.read); err != nil {
			return lattice.Page{}, err
		}
	}
	err = a.Part(name, c.read)
	return c.page, err
}

// content collects what is drawn on a page.
type content struct {
	archive *archive
	page    lattice.Page
	foot    float64 // the lower edge of the page, in millimetres
	object  object  // being read
	code    textCode
}

// object is a text or a path with its place on the page.
type object struct {
	at      [2]float64 // upper left corner of its boundary
	matrix  [6]float64
	size    float64 // of the font
	stretch float64 // of the characters' width
	stroked bool
	filled  bool
}

// read walks through the graphic objects of a page or a template.
func (c *content) read(x *xml.Decoder) error {
	return zipxml.Elements(x, func(x *xml.Decoder, e xml.StartElement) error {
		if err := c.element(x, e); err != nil {
			return err
		}
		if c.archive.objects > maxObjects {
			return fmt.Errorf("%w: more than %d characters and rules", grid.ErrTooLarge, maxObjects)
		}
		return nil
	})
}

func (c *content) element(x *xml.Decoder, e xml.StartElement) error {
	switch name := e.Name.Local; name {
	case "Clips", "FillColor", "StrokeColor", "CGTransform", "Actions":
		return x.Skip()
	case "ImageObject":
		c.page.Images++
		return x.Skip()
	case "TextObject", "PathObject":
		if attribute(e, "Visible", "true") == "false" {
			return x.Skip()
		}
		c.code = textCode{}
		return c.object.set(e)
	case "TextCode", "AbbreviatedData":
		var data string
		if err := x.DecodeElement(&data, &e); err != nil {
			return err
		}
		if name == "TextCode" {
			return c.text(e, data)
		}
		return c.path(data)
	}
	return nil
}

func (o *object) set(e xml.StartElement) error {
	boundary, err1 := numbers(attribute(e, "Boundary", "0 0 0 0"))
	matrix, err2 := numbers(attribute(e, "CTM", "1 0 0 1 0 0"))
	size, err3 := numbers(attribute(e, "Size", "0"))
	stretch, err4 := numbers(attribute(e, "HScale", "1"))
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	if len(boundary) != 4 || len(matrix) != 6 || len(size) != 1 || len(stretch) != 1 {
		return fmt.Errorf("a graphic object lacks a number in its Boundary, CTM, Size or HScale")
	}
	*o = object{
		at: [2]float64(boundary), matrix: [6]float64(matrix), size: size[0], stretch: stretch[0],
		stroked: attribute(e, "Stroke", "true") == "true",
		filled:  attribute(e, "Fill", "false") == "true",
	}
	if o.size == 0 { // required, but some programs leave it out
		o.size = boundary[3]
	}
	return nil
}

// place turns a place of the object being read into one of package lattice.
func (c *content) place(x, y float64) lattice.Point {
	const points = 72 / 25.4
	m, at := c.object.matrix, c.object.at
	return lattice.Point{
		X: (at[0] + m[0]*x + m[2]*y + m[4]) * points,
		Y: (c.foot - at[1] - m[1]*x - m[3]*y - m[5]) * points,
	}
}

// path adds the rules of a path. Curves are left out; the path goes on at their end.
func (c *content) path(data string) error {
	if !c.object.stroked && !c.object.filled {
		return nil
	}
	fields := strings.Fields(data)
	var parts [][]lattice.Point
	var part []lattice.Point
	end := func() {
		if len(part) > 1 {
			parts = append(parts, part)
		}
		part = nil
	}
	for i := 0; i < len(fields); {
		operator := fields[i]
		count, ok := operands[operator]
		if !ok || i+count >= len(fields) {
			return fmt.Errorf("a path has %.20q at its item %d", operator, i+1)
		}
		v, err := numbers(strings.Join(fields[i+1:i+1+count], " "))
		if err != nil {
			return err
		}
		i += 1 + count
		switch operator {
		case "L":
			part = append(part, c.place(v[0], v[1]))
		case "C":
			if len(part) > 0 {
				first := part[0]
				part = append(part, first)
				end()
				part = []lattice.Point{first}
			}
		default:
			end()
			part = []lattice.Point{c.place(v[count-2], v[count-1])}
		}
	}
	end()
	rules := lattice.Rules(parts, c.object.stroked)
	c.page.Rules = append(c.page.Rules, rules...)
	c.archive.objects += len(rules)
	return nil
}

// operands are the operators of a path with the count of their numbers; the last two
// of them are where the path goes on (GB/T 33190-2016, 9.2).
var operands = map[string]int{"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

// attribute ignores case, as some programs do.
func attribute(e xml.StartElement, name, otherwise string) string {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Name.Local, name) {
			return strings.TrimSpace(a.Value)
		}
	}
	return otherwise
}
