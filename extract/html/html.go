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
// document order and cells as printed, from 1. The body that a page holds in a
// script is read after the rest of the page.
package html

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// Read reads a page. The encoding is taken from the bytes alone.
func Read(data []byte) (*grid.Document, error) {
	r := &reader{tags: tokens{page: withScriptBody(charset.Bytes(data, ""))}}
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
	tags   tokens
	doc    grid.Document
	open   []element       // elements that are open, outermost first
	hidden int             // how many of them are not shown
	text   []byte          // of the paragraph being read
	within []*table        // tables that are open, outermost first
	spare  []*table        // tables read to the end, to be used again
	tables int             // shown so far
	named  bool            // a heading or a title is being read
	naming []byte          // its text
	form   bool            // a form has begun; another within it is none
	kept   strings.Builder // texts that the document holds

	pageSuspended []element // see suspended

	articleTitle, heading, pageTitle string
}

// read emits the blocks of the page in document order.
func (r *reader) read() error {
	for {
		switch r.tags.next() {
		case endOfPage:
			for len(r.within) > 0 {
				r.endTable()
			}
			r.close(0)
			r.flush()
			return nil
		case textToken:
			r.addText(r.tags.text)
		case startTag:
			if err := r.start(); err != nil {
				return err
			}
		case endTag:
			r.end(r.tags.name)
		}
	}
}

// addText adds text to the cell, the paragraph or the title that it stands in.
func (r *reader) addText(text []byte) {
	if bytes.IndexByte(text, 0) >= 0 {
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	if r.named && (r.hidden == 0 || r.open[len(r.open)-1].atom == atom.Title) {
		r.naming = appendText(r.naming, text)
	}
	between := r.innermost()
	if between != nil && between.in != 0 {
		between = nil
	}
	if between != nil && len(r.open) == between.base && len(bytes.TrimSpace(text)) == 0 {
		return // white space between cells
	}
	if !r.inPlain() {
		r.resume()
	}
	if r.isHidden() {
		return
	}
	if t := r.cell(); t != nil {
		t.text = appendText(t.text, text)
	} else {
		r.text = appendText(r.text, text)
	}
}

// appendText appends text of the source, in which the end of a line is a space.
func appendText(to, text []byte) []byte {
	start := len(to)
	to = append(to, text...)
	for i, c := range to[start:] {
		if c == '\n' || c == '\r' || c == '\t' {
			to[start+i] = ' '
		}
	}
	return to
}

// isHidden reports whether what is at hand is not shown.
func (r *reader) isHidden() bool {
	hidden := r.hidden
	if t := r.innermost(); t != nil && t.in == 0 { // what stands between cells is shown above the table
		if t.hides {
			hidden--
		}
		if t.unseen[0] {
			hidden--
		}
	}
	return hidden > 0
}

// lineBreak ends the line of a cell, or the paragraph.
func (r *reader) lineBreak() {
	if r.isHidden() {
		return
	}
	if t := r.cell(); t != nil {
		t.text = append(t.text, '\n')
	} else {
		r.flush()
	}
}

func (r *reader) flush() {
	if text := r.keep(tidy(r.text)); text != "" {
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Text: text})
	}
	r.text = r.text[:0]
}

// keep returns text as a string. Such strings share their memory: a page has hundreds of
// short ones.
func (r *reader) keep(text []byte) string {
	if r.kept.Len()+len(text) > r.kept.Cap() {
		r.kept = strings.Builder{}
		r.kept.Grow(max(len(text), 4<<10))
	}
	start := r.kept.Len()
	r.kept.Write(text)
	return r.kept.String()[start:]
}

// start reads the start tag at hand. That it closes itself counts for the elements
// that HTML does not know, such as those of a drawing.
func (r *reader) start() error {
	e := element{atom: atom.Lookup(r.tags.name)}
	e.kind = kindOf(e.atom)
	if e.atom == 0 {
		e.name = string(r.tags.name)
		if r.tags.closed {
			e.kind = void
		}
	}
	a := r.tags.attributesOf(e.atom)
	e.hidden = e.kind&unseen != 0 || a.hidden && e.atom != atom.Body
	if read, err := r.startInTable(e, a); read || err != nil {
		return err
	}
	if e.atom == atom.Form && !r.startForm() {
		return nil
	}
	r.closeImplied(e)
	if e.inLine() && !r.inPlain() {
		r.resume()
	}
	switch {
	case e.atom == atom.Meta:
		r.meta(a)
	case r.isHidden() || e.hidden:
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
		r.named, r.naming = true, r.naming[:0]
	}
	return r.push(e)
}

// endNaming keeps the text of the heading or title that ends.
func (r *reader) endNaming(e *element) {
	if !r.named || e.atom != atom.Title && e.atom != atom.H1 && e.name != "ucaptitle" {
		return
	}
	text := r.keep(tidy(r.naming))
	r.named = false
	if e.atom == atom.Title {
		r.pageTitle = text
	} else {
		r.heading = first(r.heading, text)
	}
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

// lastSpace is the last character of Unicode that is white space.
const lastSpace = '\u3000'

// tidy trims each line of text, makes each run of white space in it one space and drops
// empty lines, in place.
func tidy(text []byte) []byte {
	out := text[:0]
	var before byte // the white space before the character at hand; 0: none
	for i, size := 0, 0; i < len(text); i += size {
		r := rune(text[i])
		if size = 1; r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		switch {
		case r == '\n':
			before = '\n'
		case r <= lastSpace && unicode.IsSpace(r):
			before = cmp.Or(before, ' ')
		default:
			if before != 0 && len(out) > 0 {
				out = append(out, before)
			}
			before = 0
			out = append(out, text[i:i+size]...)
		}
	}
	return out
}

func first(candidates ...string) string {
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}
