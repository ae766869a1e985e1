// Package html reads a web page into paragraphs and tables, whatever content
// management system made it. Text inside a table cell is joined as a browser
// shows it, so that a figure cut over spans ("2</span><span>0") is one figure.
// Scripts, styles, comments, struck-out text and what an element itself hides are left
// out; raised text is marked by ^. A table inside a cell becomes a table of its own and
// no part of the outer cell's text, unless it has one cell alone.
//
//	doc, err := html.Read(data)
//
// The page is read in one pass over its tags, without a tree: who reads text and
// tables needs only to know which elements are open. Where tags are missing or
// misplaced, elements end where a browser ends them (html.spec.whatwg.org, 13.2.6).
//
// Locators read "table 2, row 5, column 3", counting tables of the page in
// document order and cells as printed, from 1. The body that a page of gkmlpt holds in a
// script is read after the rest of the page.
package html

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// Read reads a page. The encoding is taken from the bytes alone.
func Read(data []byte) (*grid.Document, error) {
	r := &reader{tags: html.NewTokenizer(bytes.NewReader(withScriptBody(charset.Bytes(data, ""))))}
	if err := r.read(); err != nil {
		return nil, err
	}
	if len(r.doc.Blocks) == 0 {
		return nil, fmt.Errorf("%w: the page has no text", grid.ErrEmpty)
	}
	r.doc.Title = first(r.articleTitle, r.heading, r.pageTitle)
	return &r.doc, nil
}

type reader struct {
	tags   *html.Tokenizer
	doc    grid.Document
	name   []byte        // of the last tag
	open   []element     // elements that are open, outermost first
	hidden int           // how many of them are not shown
	text   bytes.Buffer  // of the paragraph being read
	within []*table      // tables that are open, outermost first
	spare  []*table      // tables read to the end, to be used again
	tables int           // shown so far
	naming *bytes.Buffer // text of the heading or the title being read; nil: none is

	articleTitle, heading, pageTitle string
}

// read emits the blocks of the page in document order.
func (r *reader) read() error {
	for {
		switch r.tags.Next() {
		case html.ErrorToken:
			if err := r.tags.Err(); !errors.Is(err, io.EOF) {
				return fmt.Errorf("%w: %v", grid.ErrCorrupt, err)
			}
			for len(r.within) > 0 {
				r.endTable()
			}
			r.closeAll(0)
			r.flush()
			return nil
		case html.TextToken:
			r.addText(r.tags.Text())
		case html.StartTagToken:
			if err := r.start(false); err != nil {
				return err
			}
		case html.SelfClosingTagToken:
			if err := r.start(true); err != nil {
				return err
			}
		case html.EndTagToken:
			r.end(r.tagName())
		}
	}
}

// addText adds text to the cell, the paragraph or the title that it stands in.
func (r *reader) addText(text []byte) {
	if bytes.IndexByte(text, 0) >= 0 {
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	if r.naming != nil && (r.hidden == 0 || r.open[len(r.open)-1].atom == atom.Title) {
		r.naming.Write(text)
	}
	hidden := r.hidden
	if t := r.innermost(); t != nil && t.in == 0 {
		if len(bytes.TrimSpace(text)) == 0 {
			return // white space between cells
		}
		if t.hides || t.unseen[0] {
			hidden-- // what stands between cells is shown above the table
		}
	}
	if hidden > 0 {
		return
	}
	t := r.cell()
	if t == nil {
		r.text.Write(text)
		return
	}
	for _, c := range text {
		if c == '\n' || c == '\r' || c == '\t' {
			c = ' '
		}
		t.text = append(t.text, c)
	}
}

// lineBreak ends the line of a cell, or the paragraph.
func (r *reader) lineBreak() {
	if r.hidden > 0 {
		return
	}
	if t := r.cell(); t != nil {
		t.text = append(t.text, '\n')
	} else {
		r.flush()
	}
}

func (r *reader) flush() {
	if text := collapse(r.text.String()); text != "" {
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Text: text})
	}
	r.text.Reset()
}

// start reads the start tag at hand. That it closes itself counts for the elements
// that HTML does not know, such as those of a drawing.
func (r *reader) start(closed bool) error {
	name := r.tagName()
	e := element{atom: atom.Lookup(name)}
	e.kind = kindOf(e.atom)
	if e.atom == 0 {
		e.name = string(name)
		if closed {
			e.kind = void
		}
	}
	a := attributes{rowSpan: 1, colSpan: 1}
	if concerns(e.atom, r.tags.Raw()) {
		a = r.attributes(e.atom)
	}
	e.hidden = e.kind&unseen != 0 || a.hidden && e.atom != atom.Body
	if read, err := r.startInTable(e, a); read || err != nil {
		return err
	}
	r.closeImplied(e)
	switch {
	case e.atom == atom.Meta:
		r.meta(a)
	case r.hidden > 0 || e.hidden:
	case e.atom == atom.Img:
		if r.cell() == nil {
			r.flush()
			r.doc.Blocks = append(r.doc.Blocks, grid.Block{Picture: true, Address: a.address})
		}
	case e.kind&breaks != 0:
		r.lineBreak()
	case e.atom == atom.Sup || e.atom == atom.Sub:
		if t := r.cell(); t != nil {
			t.text = append(t.text, '^') // what is raised or lowered is no digit of the number beside it
		}
	}
	if e.kind&void != 0 {
		return nil
	}
	if e.atom == atom.Title || r.heading == "" && len(r.within) == 0 && (e.atom == atom.H1 || e.name == "ucaptitle") {
		r.naming = new(bytes.Buffer)
	}
	return r.push(e)
}

// tagName is the name of the tag at hand in small letters, until the next one.
func (r *reader) tagName() []byte {
	tag := bytes.TrimPrefix(r.tags.Raw()[1:], []byte("/"))
	r.name = r.name[:0]
	for _, c := range tag {
		switch c {
		case ' ', '\t', '\n', '\f', '\r', '/', '>':
			return r.name
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		r.name = append(r.name, c)
	}
	return r.name
}

// endNaming keeps the text of the heading or title that ends.
func (r *reader) endNaming(e element) {
	if r.naming == nil || e.atom != atom.Title && e.atom != atom.H1 && e.name != "ucaptitle" {
		return
	}
	text := collapse(r.naming.String())
	r.naming = nil
	if e.atom == atom.Title {
		r.pageTitle = text
	} else {
		r.heading = first(r.heading, text)
	}
}

// attributes are those of a start tag that this package asks for.
type attributes struct {
	hidden           bool
	rowSpan, colSpan int
	name, content    string
	address          string // of a picture
}

func (r *reader) attributes(of atom.Atom) attributes {
	a := attributes{rowSpan: 1, colSpan: 1}
	for more := true; more; {
		var key, value []byte
		key, value, more = r.tags.TagAttr()
		switch string(key) {
		case "hidden":
			a.hidden = true
		case "style":
			a.hidden = a.hidden || notDisplayed(value)
		case "rowspan":
			a.rowSpan = span(value)
		case "colspan":
			a.colSpan = span(value)
		case "name":
			if of == atom.Meta {
				a.name = string(value)
			}
		case "src":
			if of == atom.Img {
				a.address = string(value)
			}
		case "content":
			if of == atom.Meta {
				a.content = string(value)
			}
		}
	}
	return a
}

// concerns reports whether a tag may have an attribute that is asked for. To ask for
// attributes costs more than to read on, and most of the tags that word processors
// write have only such as nobody needs.
func concerns(a atom.Atom, tag []byte) bool {
	switch a {
	case atom.Meta, atom.Img:
		return true
	case atom.Td, atom.Th:
		return mentions(tag, "rowspan", "colspan") || mentions(tag, "hidden", "display")
	}
	return mentions(tag, "hidden", "none")
}

// mentions reports whether one of two words in small letters stands in the tag, in any
// case.
func mentions(tag []byte, one, other string) bool {
	for i, c := range tag {
		if c |= 0x20; c == one[0] && hasPrefixFold(tag[i:], one) || c == other[0] && hasPrefixFold(tag[i:], other) {
			return true
		}
	}
	return false
}

func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && b[1]|0x20 == prefix[1] && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}

// notDisplayed reports whether a style attribute says that the element is not shown;
// style sheets are not asked. The last declaration counts.
func notDisplayed(style []byte) (none bool) {
	for len(style) > 0 {
		var declaration []byte
		declaration, style, _ = bytes.Cut(style, []byte(";"))
		property, value, _ := bytes.Cut(declaration, []byte(":"))
		if bytes.EqualFold(bytes.TrimSpace(property), []byte("display")) {
			value = bytes.TrimSpace(value)
			none = len(value) >= 4 && bytes.EqualFold(value[:4], []byte("none"))
		}
	}
	return none
}

// meta keeps the two of the standard tags (国办发〔2017〕47号) that name the report.
func (r *reader) meta(a attributes) {
	switch strings.ToLower(a.name) {
	case "articletitle":
		r.articleTitle = strings.TrimSpace(a.content)
	case "contentsource":
		r.doc.Issuer = strings.TrimSpace(a.content)
	}
}

// collapse trims s and makes each run of white space one space.
func collapse(s string) string {
	if strings.IndexFunc(s, unicode.IsSpace) < 0 {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

func first(candidates ...string) string {
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}
