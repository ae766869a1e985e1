package lattice

import (
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// signs are what a fuzzed page is printed with.
var signs = []rune(" 0123456789，。年第合计一（）-—/x\x00\uFFFD")

// pagesOf draws with every five bytes: the kind of a thing, and its left, bottom, width
// and height in 2 points.
func pagesOf(data []byte) []Page {
	pages := make([]Page, 1)
	for ; len(data) >= 5; data = data[5:] {
		p := &pages[len(pages)-1]
		left, bottom := 2*float64(data[1]), 2*float64(data[2])
		b := Box{left, bottom, left + 2*float64(data[3]), bottom + 2*float64(data[4])}
		switch kind := data[0]; kind {
		case 'p':
			pages = append(pages, Page{})
		case 'i':
			p.Images++
			p.Pictures = append(p.Pictures, b)
		case 'l':
			p.Rules = append(p.Rules, Rules([][]Point{{{b.Left, b.Bottom}, {b.Right, b.Top}}}, true)...)
		case 'b':
			box := []Point{{b.Left, b.Bottom}, {b.Right, b.Bottom}, {b.Right, b.Top}, {b.Left, b.Top}, {b.Left, b.Bottom}}
			p.Rules = append(p.Rules, Rules([][]Point{box}, b.Right-b.Left > thick)...)
		default:
			p.Chars = append(p.Chars, Char{b, string(signs[int(kind)%len(signs)])})
		}
	}
	return pages
}

// FuzzAssemble puts together pages on which anything is drawn anywhere.
func FuzzAssemble(f *testing.F) {
	ruled := "l\x0a\x0a\x3c\x00l\x0a\x1e\x3c\x00l\x0a\x32\x3c\x00l\x0a\x0a\x00\x28l\x28\x0a\x00\x28l\x46\x0a\x00\x28"
	f.Add([]byte(ruled + "\x01\x0c\x0c\x04\x04\x02\x2a\x0c\x04\x04\x03\x2a\x20\x04\x04"))
	f.Add([]byte(ruled + "\x01\x0c\x0c\x04\x04p\x00\x00\x00\x00" + ruled + "\x02\x2a\x0c\x04\x04"))
	f.Add([]byte("\x01\x20\x40\x04\x04\x02\x40\x40\x04\x04\x03\x60\x40\x04\x04\x10\x05\x30\x04\x04\x02\x40\x30\x04\x04\x03\x60\x30\x04\x04"))
	f.Add([]byte("b\x0a\x0a\x3c\x28b\x0a\x0a\x1e\x28b\x28\x0a\x1e\x01i\x00\x80\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		// maxFields is for a part of a table; a page is a part at most.
		gridtest.Check(t, maxFields*(1+len(data)/5), func() (*grid.Document, error) { return Assemble(pagesOf(data)) })
	})
}
