package scan

import (
	"image"
	"slices"
	"sort"
)

// A phrase is print that stands close together in one line: a number, a label, or a part
// of one.
type phrase struct {
	print
	high  int    // of a character of the page
	words []word // of the page's reading, that lie in it
	text  string
}

// line is the box of the phrase without what brackets and commas reach out of its line:
// lines that stand close together would touch.
func (p phrase) line() image.Rectangle {
	b := p.box
	if out := b.Dy() - p.high; out > 0 {
		b.Min.Y += out / 2
		b.Max.Y -= out - out/2
	}
	return b
}

// phrases finds those of a page outside its rules, by their ink, from the top down.
func (s *sheet) phrases() []phrase {
	var pieces []blob
	for _, b := range blobs(s.ink, s.grey.Rect, s.ruled) {
		line := b.Dx() > s.u(200) && b.Dy() < s.u(8)
		if len(b.dots) > 2 && !line && b.Dy() < s.u(120) && s.isStrong(b) {
			pieces = append(pieces, b)
		}
	}
	high := s.printHeight(pieces)
	var out []phrase
	for _, group := range together(pieces, high) {
		p := phrase{print: print{sheet: s, blobs: group}, high: high}
		for _, b := range group {
			p.box = p.box.Union(b.Rectangle)
		}
		if max(p.box.Dx(), p.box.Dy()) >= s.u(6) {
			out = append(out, p)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].box.Min, out[j].box.Min
		return a.Y < b.Y || a.Y == b.Y && a.X < b.X
	})
	return out
}

// printHeight is the height of a character of the page.
func (s *sheet) printHeight(pieces []blob) int {
	var heights []int
	for _, b := range pieces {
		if h := b.Dy(); h >= s.u(12) && h <= s.u(60) {
			heights = append(heights, h)
		}
	}
	if len(heights) == 0 {
		return s.u(26)
	}
	slices.Sort(heights)
	return heights[len(heights)*3/4]
}

// together groups the parts of characters, and characters with little room between them.
func together(pieces []blob, high int) [][]blob {
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].Min.X < pieces[j].Min.X })
	groups := newGroups(len(pieces))
	reach := 0 // the first piece that may still touch
	widest := 0
	for _, p := range pieces {
		widest = max(widest, p.Dx())
	}
	for i, a := range pieces {
		for pieces[reach].Min.X+widest+high < a.Min.X {
			reach++
		}
		for k := reach; k < i; k++ {
			if inOneLine(pieces[k].Rectangle, a.Rectangle, high) {
				groups.join(i, k)
			}
		}
	}
	return collected(groups, pieces)
}

// inOneLine reports whether two pieces of ink stand beside each other, with little room
// between them, or one above the other within a character.
func inOneLine(a, b image.Rectangle, high int) bool {
	beside := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	above := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	if beside*10 >= 4*min(a.Dy(), b.Dy()) && -above <= max(room(a, high), room(b, high)) {
		return true
	}
	return above > 0 && -beside*4 <= high && a.Union(b).Dy()*4 <= high*5
}

// room is how far a character of the same line may stand from a piece of ink: a sign such
// as a comma or a bracket is printed at one side of its square.
func room(b image.Rectangle, high int) int {
	if b.Dy()*2 <= high || b.Dx()*3 <= high && b.Dy()*20 >= high*19 {
		return high * 9 / 10
	}
	return high * 6 / 10
}
