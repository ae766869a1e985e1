package scan

import "image"

// mask marks dots of a page.
type mask struct {
	w, h int
	set  []bool // by row
}

func newMask(w, h int) *mask { return &mask{w, h, make([]bool, w*h)} }

func (m *mask) at(x, y int) bool { return m.set[y*m.w+x] }

// transposed exchanges rows and columns.
func (m *mask) transposed() *mask {
	t := newMask(m.h, m.w)
	for y := range m.h {
		for x := range m.w {
			if m.set[y*m.w+x] {
				t.set[x*m.h+y] = true
			}
		}
	}
	return t
}

// inkOf marks the dots that are darker than the paper around them by the given
// share of the page's contrast. Shaded cells are paper: the contrast is measured
// against the neighbourhood, and what is nearly as light as the page is never ink.
func inkOf(page *image.Gray, share float64, window int) *mask {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	dark, light := levels(page)
	offset := max(8, share*float64(light-dark))
	ceiling := float64(dark) + 0.75*float64(light-dark)
	sums := integral(page)
	m := newMask(w, h)
	for y := range h {
		top, bottom := max(0, y-window), min(h, y+window+1)
		for x := range w {
			left, right := max(0, x-window), min(w, x+window+1)
			sum := sums[bottom*(w+1)+right] - sums[top*(w+1)+right] - sums[bottom*(w+1)+left] + sums[top*(w+1)+left]
			mean := float64(sum) / float64((bottom-top)*(right-left))
			v := float64(page.Pix[y*page.Stride+x])
			m.set[y*w+x] = v < mean-offset && v < ceiling
		}
	}
	return m
}

// integral holds at (x, y) the sum of all dots left of and above it.
func integral(page *image.Gray) []uint64 {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	sums := make([]uint64, (w+1)*(h+1))
	for y := range h {
		row := uint64(0)
		for x := range w {
			row += uint64(page.Pix[y*page.Stride+x])
			sums[(y+1)*(w+1)+x+1] = sums[y*(w+1)+x+1] + row
		}
	}
	return sums
}

// levels are the grey of the ink and of the paper: 1 dot in 1000 is darker than the
// one, half of the dots are lighter than the other.
func levels(page *image.Gray) (dark, light int) {
	var count [256]int
	w, h := page.Rect.Dx(), page.Rect.Dy()
	for y := range h {
		for _, v := range page.Pix[y*page.Stride : y*page.Stride+w] {
			count[v]++
		}
	}
	return quantile(count, w*h/1000), quantile(count, w*h/2)
}

func quantile(count [256]int, below int) int {
	n := 0
	for v, c := range count {
		if n += c; n > below {
			return v
		}
	}
	return 255
}

// blob is a connected piece of ink; its box leaves right and bottom out.
type blob struct {
	image.Rectangle
	dots []image.Point
}

// blobs finds the connected pieces of ink inside box that without does not cover.
func blobs(ink *mask, box image.Rectangle, without ...*mask) []blob {
	box = box.Intersect(image.Rect(0, 0, ink.w, ink.h))
	w := box.Dx()
	seen := make([]bool, w*box.Dy())
	free := func(x, y int) bool {
		for _, m := range without {
			if m.at(x, y) {
				return false
			}
		}
		return ink.at(x, y)
	}
	var out []blob
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if seen[(y-box.Min.Y)*w+x-box.Min.X] || !free(x, y) {
				continue
			}
			out = append(out, flood(image.Pt(x, y), box, seen, free))
		}
	}
	return out
}

func flood(start image.Point, box image.Rectangle, seen []bool, free func(x, y int) bool) blob {
	b := blob{Rectangle: image.Rect(start.X, start.Y, start.X+1, start.Y+1)}
	index := func(p image.Point) int { return (p.Y-box.Min.Y)*box.Dx() + p.X - box.Min.X }
	seen[index(start)] = true
	b.dots = append(b.dots, start)
	for i := 0; i < len(b.dots); i++ {
		p := b.dots[i]
		b.Rectangle = b.Union(image.Rect(p.X, p.Y, p.X+1, p.Y+1))
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				n := image.Pt(p.X+dx, p.Y+dy)
				if n.In(box) && !seen[index(n)] && free(n.X, n.Y) {
					seen[index(n)] = true
					b.dots = append(b.dots, n)
				}
			}
		}
	}
	return b
}
