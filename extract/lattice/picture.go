package lattice

import "math"

// A picture smaller than this is a seal or a mark, and no table.
const (
	tableWidth  = 150.0
	tableHeight = 40.0
)

const (
	maxPictures = 500 // of a page, that are looked at
	maxMarks    = 2   // lines of text on a picture; with more it is their background
	strip       = 3.0 // points between the strips that one picture is cut into
)

// tablePictures are the pictures of a page that may be tables. Pictures that lie side by
// side or one below the other are one, for programs cut scans into strips.
func (p Page) tablePictures(tables []*table, lines []*textLine) []Box {
	var joined []Box
	for _, b := range p.Pictures[:min(len(p.Pictures), maxPictures)] {
		for i := 0; i < len(joined); i++ {
			if joins(joined[i], b) {
				b = union(joined[i], b)
				joined = append(joined[:i], joined[i+1:]...)
				i = -1 // it may reach others now
			}
		}
		joined = append(joined, b)
	}
	var out []Box
	for _, b := range joined {
		if b.Right-b.Left >= tableWidth && b.Top-b.Bottom >= tableHeight && !b.isBackground(tables, lines) {
			out = append(out, b)
		}
	}
	return out
}

// joins reports whether two boxes touch along most of the shorter side.
func joins(a, b Box) bool {
	width := math.Min(a.Right, b.Right) - math.Max(a.Left, b.Left)
	height := math.Min(a.Top, b.Top) - math.Max(a.Bottom, b.Bottom)
	level := height >= -strip && width*5 >= 4*math.Min(a.Right-a.Left, b.Right-b.Left)
	upright := width >= -strip && height*5 >= 4*math.Min(a.Top-a.Bottom, b.Top-b.Bottom)
	return level || upright
}

func union(a, b Box) Box {
	return Box{math.Min(a.Left, b.Left), math.Min(a.Bottom, b.Bottom), math.Max(a.Right, b.Right), math.Max(a.Top, b.Top)}
}

// isBackground reports whether a table or text is printed on the picture.
func (b Box) isBackground(tables []*table, lines []*textLine) bool {
	holds := func(x, y float64) bool { return x > b.Left && x < b.Right && y > b.Bottom && y < b.Top }
	for _, t := range tables {
		if holds(t.bounds().Centre()) {
			return true
		}
	}
	n := 0
	for _, l := range lines {
		if holds(l.box().Centre()) {
			n++
		}
	}
	return n > maxMarks
}
