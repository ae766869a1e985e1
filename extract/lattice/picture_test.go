package lattice

import (
	"fmt"
	"strings"
	"testing"
)

func TestPicturesThatMayBeTables(t *testing.T) {
	var text []Char
	for _, y := range []float64{240, 220, 200} {
		text = append(text, print(40, y, "正文")...)
	}
	for _, c := range []struct {
		name string
		page Page
		want string
	}{
		{"a large one and a seal", Page{Pictures: []Box{{0, 100, 400, 300}, {0, 0, 50, 50}}}, "page 1, box 0 100 400 300"},
		{"strips, the middle one last", Page{Pictures: []Box{{0, 200, 400, 230}, {0, 140, 400, 170}, {0, 170, 400, 199}}}, "page 1, box 0 140 400 230"},
		{"halves side by side", Page{Pictures: []Box{{0, 0, 200, 300}, {201, 0, 400, 290}}}, "page 1, box 0 0 400 300"},
		{"two with room between", Page{Pictures: []Box{{0, 200, 400, 300}, {0, 0, 400, 190}}}, "page 1, box 0 200 400 300|page 1, box 0 0 400 190"},
		{"touching at a corner", Page{Pictures: []Box{{0, 200, 200, 300}, {190, 90, 400, 198}}}, "page 1, box 0 200 200 300|page 1, box 190 90 400 198"},
		{"text on a background", Page{Pictures: []Box{{0, 100, 400, 300}}, Chars: text}, "正文|正文|正文"},
		{"a mark on a picture", Page{Pictures: []Box{{0, 100, 400, 300}}, Chars: print(40, 240, "正文")}, "page 1, box 0 100 400 300|正文"},
		{"a table on a background", Page{Pictures: []Box{{-100, -100, 400, 300}}, Rules: grid2x3}, "table"},
	} {
		c.page.Images = len(c.page.Pictures)
		c.page.Chars = append(c.page.Chars, print(40, 700, "标题")...)
		doc, err := Assemble([]Page{c.page})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		for _, b := range doc.Blocks[1:] {
			switch {
			case b.Grid != nil:
				got = append(got, "table")
			case b.Picture:
				got = append(got, b.Address)
			default:
				got = append(got, fmt.Sprint(b.Text))
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
