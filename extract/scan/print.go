package scan

import (
	"image"
	"image/color"
	"math"
	"slices"
	"sort"
)

// print is what is printed in one cell: its pieces of ink, without the rules around
// the cell and without specks of dust.
type print struct {
	sheet *sheet
	box   image.Rectangle // around the ink
	blobs []blob
}

// printIn finds the ink in a cell; ok is false where there is none. A piece smaller
// than any character counts only beside larger ones, as the decimal point and the
// parts of a broken stroke do.
func (s *sheet) printIn(cell image.Rectangle) (p print, ok bool) {
	p.sheet = s
	inside := cell.Inset(s.u(3))
	var small []blob
	for _, b := range blobs(s.ink, inside, s.ruled) {
		switch {
		case s.remnant(b, inside) || !s.isStrong(b):
		case max(b.Dx(), b.Dy()) < s.u(6) && len(b.dots) < s.u(5)*s.u(5):
			small = append(small, b)
		default:
			p.blobs = append(p.blobs, b)
			p.box = p.box.Union(b.Rectangle)
		}
	}
	around := image.Rect(p.box.Min.X-s.u(4), p.box.Min.Y-1, p.box.Max.X+s.u(4), p.box.Max.Y+1)
	for _, b := range small {
		if b.In(around) && len(p.blobs) > 0 && len(b.dots) > 2 {
			p.blobs = append(p.blobs, b)
			p.box = p.box.Union(b.Rectangle)
		}
	}
	return p, len(p.blobs) > 0
}

// isStrong reports whether a part of the piece is dark enough to be no noise.
func (s *sheet) isStrong(b blob) bool {
	n := 0
	for _, d := range b.dots {
		if s.strong.at(d.X, d.Y) {
			n++
		}
	}
	return n > 2
}

// remnant reports whether the piece is what is left of a rule: thin, and along much
// of an edge of the cell.
func (s *sheet) remnant(b blob, inside image.Rectangle) bool {
	near := s.u(3)
	level := b.Dy() <= s.u(4) && b.Dx()*3 > inside.Dx() && (b.Min.Y <= inside.Min.Y+near || b.Max.Y >= inside.Max.Y-near)
	upright := b.Dx() <= s.u(4) && b.Dy()*9 > inside.Dy()*5 && (b.Min.X <= inside.Min.X+near || b.Max.X >= inside.Max.X-near)
	return level || upright
}

// lines counts the lines of text.
func (p print) lines() int {
	blobs := slices.Clone(p.blobs)
	sort.SliceStable(blobs, func(i, j int) bool { return blobs[i].Min.Y < blobs[j].Min.Y })
	n, bottom := 0, math.MinInt
	for _, b := range blobs {
		if b.Min.Y > bottom && b.Dy() > p.sheet.u(2) {
			n++
		}
		bottom = max(bottom, b.Max.Y)
	}
	return max(n, 1)
}

// picture draws the print alone, black on white with a margin, scaled so that a
// line of text is high dots high.
func (p print) picture(high float64) *image.Gray {
	tall := float64(max(p.box.Dy()/p.lines(), p.sheet.u(14)))
	scale := math.Min(4, math.Max(0.5, high/tall))
	clean := p.clean()
	const margin = 14
	w, h := int(float64(clean.Rect.Dx())*scale)+1, int(float64(clean.Rect.Dy())*scale)+1
	out := image.NewGray(image.Rect(0, 0, w+2*margin, h+2*margin))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := range h {
		for x := range w {
			v := blend(clean, (float64(x)+0.5)/scale-0.5, (float64(y)+0.5)/scale-0.5, 255)
			out.SetGray(x+margin, y+margin, color.Gray{Y: v})
		}
	}
	return out
}

// clean draws the pieces of ink with what is close around them, spread from black to
// white, on white.
func (p print) clean() *image.Gray {
	edge := max(2, p.sheet.u(3))
	box := p.box.Inset(-edge)
	out := image.NewGray(image.Rect(0, 0, box.Dx(), box.Dy()))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	dark, light := p.levels()
	for _, b := range p.blobs {
		for _, d := range b.dots {
			for y := d.Y - edge; y <= d.Y+edge; y++ {
				for x := d.X - edge; x <= d.X+edge; x++ {
					if !image.Pt(x, y).In(p.sheet.grey.Rect) || p.sheet.ruled.at(x, y) {
						continue
					}
					v := (float64(p.sheet.grey.GrayAt(x, y).Y) - dark) / (light - dark) * 255
					out.SetGray(x-box.Min.X, y-box.Min.Y, color.Gray{Y: uint8(math.Max(0, math.Min(255, v)))})
				}
			}
		}
	}
	return out
}

// levels are the grey of the darkest of the ink and of the paper around it.
func (p print) levels() (dark, light float64) {
	var count [256]int
	n := 0
	box := p.box.Inset(-p.sheet.u(3)).Intersect(p.sheet.grey.Rect)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if !p.sheet.ruled.at(x, y) {
				count[p.sheet.grey.GrayAt(x, y).Y]++
				n++
			}
		}
	}
	d, l := quantile(count, n/50), quantile(count, n*6/10)
	return float64(d), float64(max(l, d+1))
}
