package html

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/html"
)

// ours and theirs write the tokens of a page, one a line: as this package reads them, and
// as the tokenizer of golang.org/x/net/html does. Text that nothing stands between is one.

func ours(page []byte) string {
	var w tokenWriter
	t := tokens{page: page}
	for {
		switch t.next() {
		case endOfPage:
			return w.end()
		case textToken:
			w.text(t.text)
		case startTag:
			w.tag("<", t.name)
			once := distinct(t.attributes)
			for _, a := range once {
				w.attribute(a.key, a.meaning())
			}
			if t.closed && len(once) == len(t.attributes) {
				w.WriteString(" /")
			}
		case endTag:
			w.tag("</", t.name)
		}
	}
}

func theirs(page []byte) string {
	var w tokenWriter
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return w.end()
		case html.TextToken:
			w.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			closed := kind == html.SelfClosingTagToken && !repeats(z.Raw())
			name, more := z.TagName()
			w.tag("<", name)
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				w.attribute(key, value)
			}
			if closed {
				w.WriteString(" /")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			w.tag("</", name)
		}
	}
}

// distinct is the first attribute of each name.
func distinct(attributes []attribute) (once []attribute) {
	seen := map[string]bool{}
	for _, a := range attributes {
		key := bytes.Clone(a.key)
		if lower(key); !seen[string(key)] {
			seen[string(key)] = true
			once = append(once, attribute{key, a.value})
		}
	}
	return once
}

// repeats reports whether an attribute of the tag is named twice. Theirs takes <a b=1 b=/>
// to close itself, the standard does not.
func repeats(tag []byte) bool {
	t := tokens{page: tag}
	t.next()
	return len(distinct(t.attributes)) < len(t.attributes)
}

type tokenWriter struct {
	bytes.Buffer
	pending []byte // text
}

var nul = []byte{0}

func (w *tokenWriter) text(text []byte) {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	w.pending = append(w.pending, bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))...)
}

func (w *tokenWriter) tag(sign string, name []byte) {
	w.end()
	fmt.Fprintf(w, "\n%s %q", sign, bytes.ReplaceAll(name, nul, []byte("\uFFFD")))
}

func (w *tokenWriter) attribute(key, value []byte) {
	fmt.Fprintf(w, " %q=%q", bytes.ReplaceAll(key, nul, []byte("\uFFFD")), value)
}

func (w *tokenWriter) end() string {
	if len(w.pending) > 0 {
		fmt.Fprintf(w, "\n%q", w.pending)
		w.pending = nil
	}
	return w.String()
}

// sources are the pages of the corpus and of the practice reports.
func sources(t testing.TB) (pages [][]byte) {
	t.Helper()
	for _, pattern := range []string{"../testdata/corpus/*/source.html", "../../../shared/reports/practice/*/source.html"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			page, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page)
		}
	}
	return pages
}

// oddMarkup is where tags, comments and text of elements such as script do not end as it seems.
var oddMarkup = []string{
	`a<b c='>' d=">"e=1/>f</b\ng>`, `<x/>`, `<x / >`, `<x a=/>`, `<x a=b/>`, `<x a="/"/>`, `<x =a =b>`, `<x ==c>`, `<x a = "b" c= 'd' e =f>`, `<x a"b'c=d">e`,
	`<X A=1 a=2 A=3>`, `<x a=1 a=/>`, `<x a=1 b`, `<x a="1`, `</x a='>'>b`, `</>a</ x>b</3>c</`, `a<`, `a<1<2`, `<`, `<a`, `</a`, `<!`, `<?`, `<!->a`,
	`<!-->a<!--->b<!---->c<!-- -->d<!-- --!>e<!----!>f<!---!>g-->h<!--!>i-->j<!-- --!-->k<!-- --!- -->l<!--x`, `<!DOCTYPE html>a<!doctype>b<!x>c<!>d<?xml ?>e<![CDATA[f]]>`,
	`<title>a<b>c</b></titlex></TITLE >d`, `<title></title>a`, `<textarea>&lt;</textarea>&lt;`, `<style>&lt;</style>`, `<script/>a<b></script>c`, `<SCRIPT>a</Script>b`,
	`<script><!--<script></script>--></script>a`, `<script><!-- <script > </script> </script>a`, `<script><!--</script>a`, `<script>"<!--"<script</script>a`, `<script>a`,
	`<xmp><b></xmp>`, `<plaintext><b></plaintext>`, `<iframe><b></iframe>`, `<noscript><p></noscript>`, `<title>a`, `<title>a</titl`,
	`&amp;&nbsp;&copy&copy=1&#65;&#x42;&#13;&bogus;`, `<a b="&copy=1&amp;&#13;" c='&nbsp;' d=&lt;>`, "\r&#10;", "a\r\nb\rc<a b='\r\n\x00'>", "a\x00b<t\x00d \x00=1><title>\x00</title>",
}

// The tokenizer of golang.org/x/net/html is the judge: it is slower, and known to be right.
func TestTokensAreThoseOfTheStandard(t *testing.T) {
	pages := sources(t)
	for _, page := range oddMarkup {
		pages = append(pages, []byte(page))
	}
	for _, page := range pages {
		compareTokens(t, page)
		for cut := range min(len(page), 300) {
			compareTokens(t, page[:cut])
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, page := range oddMarkup {
		f.Add([]byte(page))
	}
	for _, page := range sources(f) {
		f.Add(page[:min(len(page), 2<<10)])
	}
	f.Fuzz(func(t *testing.T, page []byte) { compareTokens(t, page) })
}

func compareTokens(t *testing.T, page []byte) {
	t.Helper()
	got, want := ours(page), theirs(page)
	if got == want {
		return
	}
	a, b := bytes.Split([]byte(got), []byte("\n")), bytes.Split([]byte(want), []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			t.Fatalf("%.300q: token %d is %s, want %s", page, i, a[i], b[i])
		}
	}
	t.Fatalf("%.300q: %d tokens, want %d", page, len(a), len(b))
}
