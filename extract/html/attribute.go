package html

import (
	"bytes"
	"slices"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attributes are those of a start tag that this package asks for.
type attributes struct {
	hidden           bool
	rowSpan, colSpan int
	name, content    string
	address          string // of a picture
}

// attributesOf reads the attributes of the start tag at hand, of an element. Of several with one name the first
// counts.
func (t *tokens) attributesOf(a atom.Atom) attributes {
	out := attributes{rowSpan: 1, colSpan: 1}
	for i := range t.attributes {
		cell := a == atom.Td || a == atom.Th
		switch {
		case cell && t.is(i, "rowspan"):
			out.rowSpan = span(t.attributes[i].meaning())
		case cell && t.is(i, "colspan"):
			out.colSpan = span(t.attributes[i].meaning())
		case a == atom.Meta && t.is(i, "name"):
			out.name = string(t.attributes[i].meaning())
		case a == atom.Meta && t.is(i, "content"):
			out.content = string(t.attributes[i].meaning())
		case t.is(i, "hidden"):
			out.hidden = true
		case t.is(i, "style"):
			out.hidden = out.hidden || mentionsDisplay(t.attributes[i].value) && notDisplayed(t.attributes[i].meaning())
		case a == atom.Img && t.is(i, "src"):
			out.address = string(t.attributes[i].meaning())
		}
	}
	return out
}

// is reports whether attribute i has that name, in small letters, and none before it has.
func (t *tokens) is(i int, name string) bool {
	key := t.attributes[i].key
	return len(key) == len(name) && bytes.EqualFold(key, []byte(name)) &&
		!slices.ContainsFunc(t.attributes[:i], func(a attribute) bool { return bytes.EqualFold(a.key, key) })
}

// meaning is the value of an attribute with the characters that its entities stand for,
// which are not those that they stand for in text.
func (a attribute) meaning() []byte {
	if !bytes.ContainsAny(a.value, "&\r\x00") {
		return a.value
	}
	quote := []byte{'"'}
	switch {
	case bytes.IndexByte(a.value, '"') < 0:
	case bytes.IndexByte(a.value, '\'') < 0:
		quote[0] = '\''
	default:
		quote = nil // it had none
	}
	z := html.NewTokenizer(bytes.NewReader(slices.Concat([]byte("<a a="), quote, a.value, quote, []byte(">"))))
	z.Next()
	_, value, _ := z.TagAttr()
	return value
}

// mentionsDisplay reports whether a style attribute has the word in it, in any case.
func mentionsDisplay(style []byte) bool {
	const word, last = "display", len("display") - 1
	for _, y := range []byte("yY") { // which few others have
		for from := 0; ; {
			at := bytes.IndexByte(style[from:], y)
			if at < 0 {
				break
			}
			from += at + 1
			if from > last && bytes.EqualFold(style[from-1-last:from], []byte(word)) {
				return true
			}
		}
	}
	return false
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

func span(value []byte) int {
	v, err := strconv.Atoi(string(bytes.TrimSpace(value)))
	if err != nil {
		return 1
	}
	return v
}
