package scan

import (
	"image"
	"image/color"
	"math"
)

// maxSkew is the largest rotation, in degrees, that is put right. Feeders and
// copiers stay far below it; a page lying on its side is turned by quarters first.
const maxSkew = 5.0

// skew estimates by how many degrees the page is turned clockwise: the angle along
// which its ink, rules above all, falls into the sharpest rows.
func skew(ink *mask) float64 {
	points := sample(ink, 150_000)
	best := search(points, ink, 0, maxSkew, 0.25)
	best = search(points, ink, best, 0.25, 0.05)
	return search(points, ink, best, 0.05, 0.01)
}

func search(points []image.Point, ink *mask, around, width, step float64) float64 {
	best, most := around, -1.0
	n := int(math.Round(width / step))
	for i := 0; i <= 2*n; i++ {
		// From the middle outwards, so that of equal angles the smallest is taken.
		k := (i + 1) / 2
		if i%2 == 0 {
			k = -k
		}
		angle := around + float64(k)*step
		if s := sharpness(points, ink, angle); s > most {
			best, most = angle, s
		}
	}
	return best
}

// sharpness is the sum of squared steps between neighbouring rows of ink.
func sharpness(points []image.Point, ink *mask, degrees float64) float64 {
	slope := math.Tan(degrees * math.Pi / 180)
	margin := int(math.Abs(slope)*float64(ink.w)) + 2
	rows := make([]float64, ink.h+2*margin)
	for _, p := range points {
		rows[margin+int(math.Round(float64(p.Y)-float64(p.X)*slope))]++
	}
	total := 0.0
	for i := 1; i < len(rows); i++ {
		d := rows[i] - rows[i-1]
		total += d * d
	}
	return total
}

// sample takes about n of the dots, evenly.
func sample(ink *mask, n int) []image.Point {
	count := 0
	for _, set := range ink.set {
		if set {
			count++
		}
	}
	every := max(1, count/n)
	var points []image.Point
	count = 0
	for i, set := range ink.set {
		if !set {
			continue
		}
		if count%every == 0 {
			points = append(points, image.Pt(i%ink.w, i/ink.w))
		}
		count++
	}
	return points
}

// frame maps the dots of a straightened page back to the page as scanned.
type frame struct {
	sin, cos float64
	scale    float64 // dots of the straightened page for one of the scanned
	from, to image.Point
}

func newFrame(degrees, scale float64, from image.Point) frame {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	to := image.Pt(int(math.Round(float64(from.X)*scale)), int(math.Round(float64(from.Y)*scale)))
	return frame{sin, cos, scale, from, to}
}

func (f frame) back(x, y float64) (float64, float64) {
	dx, dy := (x-float64(f.to.X)/2)/f.scale, (y-float64(f.to.Y)/2)/f.scale
	return float64(f.from.X)/2 + dx*f.cos - dy*f.sin, float64(f.from.Y)/2 + dx*f.sin + dy*f.cos
}

// box is the smallest box of the scanned page around one of the straightened page.
func (f frame) box(b image.Rectangle) image.Rectangle {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range []image.Point{b.Min, b.Max, {b.Min.X, b.Max.Y}, {b.Max.X, b.Min.Y}} {
		x, y := f.back(float64(p.X), float64(p.Y))
		left, right = math.Min(left, x), math.Max(right, x)
		top, bottom = math.Min(top, y), math.Max(bottom, y)
	}
	return image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom)))
}

// level is where a box of a page that was not turned lies once it is drawn at the
// frame's scale.
func (f frame) level(b image.Rectangle) image.Rectangle {
	scaled := func(v int) int { return int(math.Round(float64(v) * f.scale)) }
	return image.Rect(scaled(b.Min.X), scaled(b.Min.Y), scaled(b.Max.X), scaled(b.Max.Y))
}

// straightened draws the page upright and at the frame's scale.
func straightened(page *image.Gray, f frame) *image.Gray {
	_, paper := levels(page)
	out := image.NewGray(image.Rectangle{Max: f.to})
	for y := range f.to.Y {
		for x := range f.to.X {
			sx, sy := f.back(float64(x)+0.5, float64(y)+0.5)
			out.SetGray(x, y, color.Gray{Y: blend(page, sx-0.5, sy-0.5, uint8(paper))})
		}
	}
	return out
}

// blend is the grey between the four dots around a place; paper lies outside.
func blend(page *image.Gray, x, y float64, paper uint8) uint8 {
	left, top := int(math.Floor(x)), int(math.Floor(y))
	fx, fy := x-float64(left), y-float64(top)
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= page.Rect.Dx() || y >= page.Rect.Dy() {
			return float64(paper)
		}
		return float64(page.Pix[y*page.Stride+x])
	}
	v := (at(left, top)*(1-fx)+at(left+1, top)*fx)*(1-fy) + (at(left, top+1)*(1-fx)+at(left+1, top+1)*fx)*fy
	return uint8(math.Round(v))
}
