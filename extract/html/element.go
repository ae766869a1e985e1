package html

import (
	"fmt"
	"slices"

	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/extract/grid"
)

// element is one that is open. Tables, rows and cells are not elements here: see table.
type element struct {
	atom   atom.Atom
	name   string // where atom is 0
	kind   kind
	hidden bool
}

// kind is what the reader must know of an element's name.
type kind uint8

const (
	void       kind = 1 << iota // never has content
	breaks                      // ends the line of text before it
	unseen                      // has no text to show, or text that was taken back
	special                     // an end tag of another name does not close it
	formatting                  // ends with its own end tag alone
	closesP                     // cannot stand in a paragraph
)

func kindOf(a atom.Atom) kind {
	switch a {
	case atom.Br:
		return void | breaks | special
	case atom.Hr:
		return void | breaks | special | closesP
	case atom.Area, atom.Base, atom.Basefont, atom.Bgsound, atom.Embed, atom.Frame, atom.Img, atom.Input,
		atom.Keygen, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return void | special
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Select, atom.Textarea, atom.Caption, atom.Title:
		return unseen | special
	case atom.Del:
		return unseen
	case atom.S, atom.Strike:
		return unseen | formatting
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.Small, atom.Strong, atom.Tt, atom.U:
		return formatting
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section,
		atom.Article, atom.Header, atom.Footer, atom.Nav, atom.Center, atom.Dl, atom.Blockquote, atom.Pre, atom.Form,
		atom.Li, atom.Dt, atom.Dd:
		return breaks | special | closesP
	case atom.Address, atom.Aside, atom.Details, atom.Dir, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Hgroup,
		atom.Main, atom.Menu, atom.Summary, atom.Listing, atom.Xmp, atom.Plaintext:
		return special | closesP
	case atom.Applet, atom.Body, atom.Button, atom.Frameset, atom.Head, atom.Html, atom.Marquee, atom.Noembed,
		atom.Noframes, atom.Object:
		return special
	}
	return 0
}

// maxDepth is how many elements may be open inside each other, as in browsers.
const maxDepth = 512

func (r *reader) push(e element) error {
	if len(r.open) >= maxDepth {
		return fmt.Errorf("%w: more than %d elements inside each other", grid.ErrTooLarge, maxDepth)
	}
	r.open = append(r.open, e)
	if e.hidden {
		r.hidden++
	}
	return nil
}

// base is the number of open elements that an end tag cannot close, because a table
// stands between.
func (r *reader) base() int {
	if t := r.innermost(); t != nil {
		return t.base
	}
	return 0
}

// close ends all but the first n open elements. Hidden formatting among them goes on.
func (r *reader) close(n int) {
	if n >= len(r.open) {
		return
	}
	for _, e := range r.open[n:] {
		if e.scopes() {
			break
		}
		if e.hidden && e.kind&formatting != 0 {
			r.goOn(e)
		}
	}
	for k := len(r.open) - 1; k >= n; k-- {
		r.endOf(&r.open[k])
	}
	r.open = r.open[:n]
}

// scopes reports whether formatting in an element, as in a table's cell, ends with it.
func (e element) scopes() bool {
	switch e.atom {
	case atom.Caption, atom.Applet, atom.Marquee, atom.Object, atom.Template:
		return true
	}
	return false
}

// suspended is the hidden formatting that something else than its own end tag has closed in
// the cell at hand, or on the page: it goes on with the next text there, as all formatting
// does (13.2.4.3, the list of active formatting elements).
func (r *reader) suspended() *[]element {
	if t := r.cell(); t != nil {
		return &t.suspended
	}
	return &r.pageSuspended
}

// maxSuspended is how many elements of one name go on, as in browsers.
const maxSuspended = 3

func (r *reader) goOn(e element) {
	list := r.suspended()
	alike := 0
	for _, s := range *list {
		if s.atom == e.atom {
			alike++
		}
	}
	if alike < maxSuspended {
		*list = append(*list, e)
	}
}

// resume opens what was suspended, before text or an element that stands in a line of text.
func (r *reader) resume() {
	list := r.suspended()
	r.hidden += len(*list)
	r.open = append(r.open, *list...)
	*list = (*list)[:0]
}

// inLine reports whether an element begins within a line of text.
func (e element) inLine() bool {
	switch e.atom {
	case atom.Br, atom.Img, atom.Input, atom.Area, atom.Embed, atom.Wbr, atom.Keygen, atom.Select, atom.Button,
		atom.Applet, atom.Marquee, atom.Object, atom.Xmp:
		return true
	}
	return e.kind&(special|closesP) == 0
}

// inPlain reports whether what is at hand stands in an element that has no elements.
func (r *reader) inPlain() bool {
	return len(r.open) > 0 && r.open[len(r.open)-1].kind&(unseen|special) == unseen|special
}

// endSuspended ends the formatting element of that name that was suspended last.
func (r *reader) endSuspended(a atom.Atom) bool {
	list := r.suspended()
	for i := len(*list) - 1; i >= 0; i-- {
		if (*list)[i].atom == a {
			*list = slices.Delete(*list, i, i+1)
			return true
		}
	}
	return false
}

// endOf does what the end of an element does, whatever closed it.
func (r *reader) endOf(e *element) {
	if e.hidden {
		r.hidden--
	} else if e.kind&breaks != 0 {
		r.lineBreak()
	}
	r.endNaming(e)
}

// closeImplied closes what the start of e ends: a paragraph, an item of a list, another
// heading.
func (r *reader) closeImplied(e element) {
	if last := len(r.open) - 1; last >= r.base() && isHeading(e.atom) && isHeading(r.open[last].atom) {
		r.close(last)
	}
	switch e.atom {
	case atom.Li:
		r.closeItem(atom.Li, atom.Li)
	case atom.Dt, atom.Dd:
		r.closeItem(atom.Dt, atom.Dd)
	}
	if e.kind&closesP == 0 {
		return
	}
	for i := len(r.open) - 1; i >= r.base(); i-- {
		switch r.open[i].atom {
		case atom.P:
			r.close(i)
			return
		case atom.Button, atom.Object, atom.Marquee, atom.Applet, atom.Template:
			return
		}
	}
}

func (r *reader) closeItem(one, other atom.Atom) {
	for i := len(r.open) - 1; i >= r.base(); i-- {
		e := r.open[i]
		if e.atom == one || e.atom == other {
			r.close(i)
			return
		}
		if e.kind&special != 0 && e.atom != atom.Address && e.atom != atom.Div && e.atom != atom.P {
			return
		}
	}
}

// end reads an end tag: it closes the innermost element of its name, with all that is
// open in it, unless what stands between forbids it.
func (r *reader) end(name []byte) {
	a := atom.Lookup(name)
	if r.endInTable(a) || a == atom.Body || a == atom.Html {
		return // what follows the end of the body is part of it
	}
	if a == atom.Form {
		r.form = false
	}
	k := kindOf(a)
	if k&formatting != 0 && r.endSuspended(a) {
		return
	}
	for i := len(r.open) - 1; i >= r.base(); i-- {
		e := r.open[i]
		switch {
		case e.atom == a && e.name == nameOf(a, name), isHeading(e.atom) && isHeading(a):
			switch {
			case a == atom.Form && i+1 < len(r.open):
				r.open[i+1].kind |= breaks // what is open in the form goes on in its last line
				r.open = slices.Delete(r.open, i, i+1)
				if e.hidden {
					r.hidden--
				}
			case k&formatting != 0 || a == atom.Form:
				r.open = slices.Delete(r.open, i, i+1)
				r.endOf(&e)
			default:
				r.close(i)
			}
			return
		case e.kind&special != 0 && k&special == 0 && k&formatting == 0:
			return
		}
	}
	if a == atom.P || a == atom.Br {
		r.lineBreak() // a browser shows an empty paragraph, a new line
	}
}

// startForm reports whether the start of a form opens it: within another it does not, and
// between the cells of a table it is empty.
func (r *reader) startForm() bool {
	if r.form {
		return false
	}
	r.form = true
	t := r.innermost()
	return t == nil || t.in != 0
}

// nameOf is the name of an element that has no atom.
func nameOf(a atom.Atom, name []byte) string {
	if a != 0 {
		return ""
	}
	return string(name)
}

func isHeading(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}
