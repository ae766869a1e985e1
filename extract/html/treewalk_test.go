package html

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/extract/grid"
)

// readTree is Read by a walk over the tree that golang.org/x/net/html builds: slower, and
// simple enough to be believed.
func readTree(data []byte) (*grid.Document, error) {
	root, err := html.Parse(strings.NewReader(charset.Decode(data, "")))
	if err != nil { // the parser refuses nothing but elements nested too deep
		return nil, fmt.Errorf("%w: %v", grid.ErrTooLarge, err)
	}
	r := &treeReader{}
	r.walk(root)
	r.flush()
	if len(r.doc.Blocks) == 0 {
		return nil, fmt.Errorf("%w: the page has no text", grid.ErrEmpty)
	}
	r.doc.Title = first(r.articleTitle, r.heading, r.pageTitle)
	return &r.doc, nil
}

type treeReader struct {
	doc    grid.Document
	text   bytes.Buffer // of the paragraph being read
	tables int

	articleTitle, heading, pageTitle string
}

// walk emits the blocks below n in document order.
func (r *treeReader) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			r.text.WriteString(c.Data)
		case c.Type != html.ElementNode || skipped(c):
		case c.DataAtom == atom.Table:
			r.flush()
			r.table(c)
		case c.DataAtom == atom.Meta:
			r.meta(c)
		case c.DataAtom == atom.Img:
			r.flush()
			r.doc.Blocks = append(r.doc.Blocks, grid.Block{Picture: true, Address: attributeOf(c, "src")})
		case c.DataAtom == atom.Title:
			r.pageTitle = strings.TrimSpace(plain(c))
		default:
			if c.DataAtom == atom.H1 || c.Data == "ucaptitle" {
				r.heading = first(r.heading, strings.TrimSpace(plain(c)))
			}
			block := breaksLine(c)
			if block {
				r.flush()
			}
			r.walk(c)
			if block {
				r.flush()
			}
		}
	}
}

func (r *treeReader) flush() {
	if text := collapse(r.text.String()); text != "" {
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Text: text})
	}
	r.text.Reset()
}

// meta keeps the two of the standard tags (国办发〔2017〕47号) that name the report.
func (r *treeReader) meta(n *html.Node) {
	content := strings.TrimSpace(attributeOf(n, "content"))
	switch strings.ToLower(attributeOf(n, "name")) {
	case "articletitle":
		r.articleTitle = content
	case "contentsource":
		r.doc.Issuer = content
	}
}

// table emits the table and, after it, the tables inside its cells.
func (r *treeReader) table(t *html.Node) {
	r.tables++
	number := r.tables
	b := grid.NewBuilder()
	var inner []*html.Node
	for _, tr := range rows(t) {
		if !b.Row() {
			break
		}
		printed := 0
		for td := tr.FirstChild; td != nil; td = td.NextSibling {
			if td.DataAtom != atom.Td && td.DataAtom != atom.Th || hidden(td) {
				continue
			}
			printed++
			text, nested := cellText(td)
			inner = append(inner, nested...)
			row, _ := b.Position()
			b.Cell(spanOf(td, "rowspan"), spanOf(td, "colspan"), text, fmt.Sprintf("table %d, row %d, column %d", number, row+1, printed))
		}
	}
	if g := b.Grid(); g != nil {
		r.doc.Blocks = append(r.doc.Blocks, grid.Block{Grid: g, Locator: fmt.Sprintf("table %d", number)})
	}
	for _, t := range inner {
		r.table(t)
	}
}

// rows returns the tr elements of t itself, not those of tables inside it.
func rows(t *html.Node) []*html.Node {
	var out []*html.Node
	for c := t.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			if !hidden(c) {
				out = append(out, c)
			}
		case atom.Tbody, atom.Thead, atom.Tfoot:
			out = append(out, rows(c)...)
		}
	}
	return out
}

// cellText is the text of a cell as shown, and the tables that stand inside it.
func cellText(td *html.Node) (string, []*html.Node) {
	var text strings.Builder
	var nested []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				text.WriteString(strings.Map(lineToSpace, c.Data))
			case c.Type != html.ElementNode || skipped(c):
			case c.DataAtom == atom.Table:
				if framed, ok := onlyCell(c); ok {
					text.WriteString("\n" + framed + "\n")
				} else {
					nested = append(nested, c)
				}
			default:
				block := breaksLine(c)
				if block {
					text.WriteByte('\n')
				}
				if c.DataAtom == atom.Sup || c.DataAtom == atom.Sub {
					text.WriteByte('^') // what is raised or lowered is no digit of the number beside it
				}
				walk(c)
				if block {
					text.WriteByte('\n')
				}
			}
		}
	}
	walk(td)
	return tidyLines(text.String()), nested
}

// onlyCell is the text of a table that has one cell and no table with cells in it.
func onlyCell(t *html.Node) (text string, ok bool) {
	cells := cellsOf(t)
	if len(cells) != 1 {
		return "", false
	}
	text, nested := cellText(cells[0])
	return text, !slices.ContainsFunc(nested, func(t *html.Node) bool { return len(cellsOf(t)) > 0 })
}

// cellsOf lists the cells of a table that are shown.
func cellsOf(t *html.Node) (cells []*html.Node) {
	for _, tr := range rows(t) {
		for td := tr.FirstChild; td != nil; td = td.NextSibling {
			if (td.DataAtom == atom.Td || td.DataAtom == atom.Th) && !hidden(td) {
				cells = append(cells, td)
			}
		}
	}
	return cells
}

func skipped(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Select, atom.Textarea,
		atom.Del, atom.S, atom.Strike:
		return true
	}
	return hidden(n)
}

// hidden reports whether the element itself says that it is not shown; style sheets
// are not asked.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
		if a.Key == "style" && notDisplayed([]byte(a.Val)) {
			return true
		}
	}
	return false
}

// breaks reports whether the element ends the line of text before it.
func breaksLine(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Br, atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Tr, atom.Td, atom.Th, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Nav, atom.Center, atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Blockquote, atom.Pre, atom.Form:
		return true
	}
	return false
}

func attributeOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// plain is all text below n.
func plain(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(plain(c))
	}
	return collapse(b.String())
}

// collapse trims s and makes each run of white space one space.
func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// tidyLines trims each line and drops empty ones.
func tidyLines(text string) string {
	var out []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = collapse(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func spanOf(n *html.Node, name string) int { return span([]byte(attributeOf(n, name))) }

func lineToSpace(r rune) rune {
	if r == '\n' || r == '\r' || r == '\t' {
		return ' '
	}
	return r
}
