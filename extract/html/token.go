package html

import (
	"bytes"

	"golang.org/x/net/html"
)

// tokens are the tags of a page and the text between them (html.spec.whatwg.org, 13.2.5),
// as the tokenizer of golang.org/x/net/html finds them. That one makes copies of each
// attribute of each tag; of what word processors write, most is attributes that nobody
// asks for.
type tokens struct {
	page  []byte
	at    int    // where the next token begins
	plain string // element whose content, which comes next, is text alone; empty: none

	// Of the token at hand:
	text       []byte
	name       []byte      // of the tag, in small letters
	attributes []attribute // of a start tag
	closed     bool        // the start tag closes itself
}

type attribute struct{ key, value []byte }

type tokenKind uint8

const (
	endOfPage tokenKind = iota
	textToken
	startTag
	endTag
)

// next reads the next token. Comments and declarations are left out, as is a tag that the
// end of the page cuts off.
func (t *tokens) next() tokenKind {
	if t.plain != "" && t.plainText() {
		return textToken
	}
	for t.at < len(t.page) {
		if n := textLength(t.page[t.at:]); n > 0 {
			t.text = unescaped(t.page[t.at : t.at+n])
			t.at += n
			return textToken
		}
		switch rest := t.page[t.at:]; {
		case isLetter(rest[1]):
			if !t.tag(1) {
				return endOfPage
			}
			t.plain = plainElement(t.name)
			return startTag
		case rest[1] == '/' && isLetter(rest[2]):
			if !t.tag(2) {
				return endOfPage
			}
			return endTag
		default:
			t.at += markupLength(rest)
		}
	}
	return endOfPage
}

// textLength is how much of the page is text before the next tag, comment or declaration.
func textLength(page []byte) int {
	for i := 0; ; i++ {
		at := bytes.IndexByte(page[i:], '<')
		if i += at; at < 0 || len(page)-i < 2 {
			return len(page)
		}
		switch c := page[i+1]; {
		case c == '/' && len(page)-i < 3:
			return len(page)
		case c == '/', c == '!', c == '?', isLetter(c):
			return i
		}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

func endsName(c byte) bool { return isSpace(c) || c == '/' || c == '>' }

// unescaped is text with the characters that its entities stand for. The end of a line
// that is written as such is not one that an entity stands for.
func unescaped(text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 {
		return text
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return []byte(html.UnescapeString(string(bytes.ReplaceAll(text, []byte("\r"), []byte("\n")))))
}

// markupLength is the length of the comment or the declaration that the page begins with.
func markupLength(page []byte) int {
	begins, isEnd := 2, func([]byte) bool { return true }
	if bytes.HasPrefix(page, []byte("<!--")) {
		begins, isEnd = 4, endsComment
	}
	for i := begins; ; i++ {
		at := bytes.IndexByte(page[i:], '>')
		if at < 0 {
			return len(page)
		}
		if i += at; isEnd(page[begins:i]) {
			return i + 1
		}
	}
}

// endsComment reports whether > behind the text of a comment ends it.
func endsComment(text []byte) bool {
	return bytes.HasSuffix(text, []byte("--")) || bytes.HasSuffix(text, []byte("--!")) || len(text) == 0 || string(text) == "-"
}

// tag reads the tag at hand, whose name begins after so many bytes. It reports false where
// the page ends before the tag does.
func (t *tokens) tag(name int) bool {
	page, i := t.page, t.at+name
	for t.name = t.name[:0]; i < len(page) && !endsName(page[i]); i++ {
		t.name = append(t.name, page[i])
	}
	lower(t.name)
	t.attributes = t.attributes[:0]
	valueEnd := 0
	for {
		if i = skipSpace(page, i); i >= len(page) {
			t.at = i
			return false
		}
		if page[i] == '>' {
			break
		}
		var a attribute
		if a, valueEnd, i = readAttribute(page, i); len(a.key) > 0 {
			t.attributes = append(t.attributes, a)
		}
	}
	t.at = i + 1
	t.closed = page[i-1] == '/' && valueEnd != i // else the sign is the end of a value
	return true
}

// readAttribute reads the attribute that begins at i. It returns where its value ends, and
// what follows.
func readAttribute(page []byte, i int) (a attribute, valueEnd, next int) {
	start := i
	if page[i] == '=' {
		i++ // a name may begin with this sign
	}
	for i < len(page) && !endsName(page[i]) && page[i] != '=' {
		i++
	}
	a.key = page[start:i]
	i = skipSpace(page, i)
	switch {
	case i >= len(page) || page[i] != '=':
		if i < len(page) && page[i] == '/' {
			i++
		}
		return a, 0, i
	}
	if i = skipSpace(page, i+1); i >= len(page) || page[i] == '>' {
		return a, 0, i
	}
	start = i
	if quote := page[i]; quote == '"' || quote == '\'' {
		n := bytes.IndexByte(page[i+1:], quote)
		if n < 0 {
			return a, 0, len(page)
		}
		a.value = page[start+1 : start+1+n]
		return a, start + 1 + n, start + n + 2
	}
	for i < len(page) && !isSpace(page[i]) && page[i] != '>' {
		i++
	}
	a.value = page[start:i]
	return a, i, i
}

func skipSpace(page []byte, i int) int {
	for i < len(page) && isSpace(page[i]) {
		i++
	}
	return i
}

func lower(name []byte) {
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			name[i] = c + 'a' - 'A'
		}
	}
}
