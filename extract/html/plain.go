package html

import (
	"bytes"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// plainElement is the name of the element if tags in it are text, else empty.
func plainElement(name []byte) string {
	switch s := string(name); s {
	case "iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp":
		return s
	}
	return ""
}

// plainText reads the text of the element plain, if it has any, up to its end tag.
func (t *tokens) plainText() bool {
	name, rest := t.plain, t.page[t.at:]
	t.plain = ""
	n := plainLength(rest, name)
	t.at += n
	t.text = bytes.ReplaceAll(rest[:n], []byte{0}, []byte("\uFFFD"))
	if name == "textarea" || name == "title" {
		t.text = unescaped(t.text)
	}
	return n > 0
}

// plainLength is how much of the page stands before the end tag of such an element. Of a
// script in which a comment begins the tokenizer of x/net decides: there an end tag may be
// part of the script.
func plainLength(page []byte, name string) int {
	n := len(page)
	for i := 0; name != "plaintext"; i++ {
		at := bytes.Index(page[i:], []byte("</"))
		if at < 0 {
			break
		}
		i += at
		if end := i + 2 + len(name); end < len(page) && bytes.EqualFold(page[i+2:end], []byte(name)) && endsName(page[end]) {
			n = i
			break
		}
	}
	if name != "script" || !bytes.Contains(page[:n], []byte("<!--")) {
		return n
	}
	z := html.NewTokenizer(io.MultiReader(strings.NewReader("<script>"), bytes.NewReader(page)))
	z.Next()
	z.Next()
	return len(z.Raw())
}
