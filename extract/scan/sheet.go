package scan

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"math"

	"github.com/nianbao/nianbao/extract/grid"
)

// Limits of the pictures that are read.
const (
	maxPages  = 60
	maxPixels = 40_000_000 // of one page
	maxCells  = 4000       // of a document
	smallest  = 60         // dots; a smaller picture is an ornament
)

// normalWidth is the width in dots of an A4 page at 200 dots to the inch, the
// resolution in which all sizes in this package are thought.
const (
	normalWidth  = 1654
	normalHeight = 2339
)

// sheet is a page made upright, with its rules found.
type sheet struct {
	number   int // from 1
	page     grid.Picture
	quarters int // by which the page as scanned was turned clockwise
	grey     *image.Gray
	ink      *mask   // what is printed, thin strokes and some noise included
	strong   *mask   // what is surely printed
	ruled    *mask   // the rules among it, a dot wider
	unit     float64 // dots of grey for one at 200 to the inch
	frame    frame
	lattices []lattice
}

// newSheet straightens a page and finds its rules.
func newSheet(number int, page grid.Picture) (*sheet, error) {
	page, err := readyPage(number, page)
	if err != nil {
		return nil, err
	}
	unit, _ := resolution(page.Rect.Size())
	return turnedSheet(number, page, skew(inkOf(page.Gray, 0.3, window(unit)))), nil
}

// readyPage refuses a page that is too small or too large, and smooths a black and
// white one.
func readyPage(number int, page grid.Picture) (grid.Picture, error) {
	size := page.Rect.Size()
	switch {
	case size.X < smallest || size.Y < smallest:
		return page, fmt.Errorf("%w: page %d measures %d by %d dots", grid.ErrEmpty, number, size.X, size.Y)
	case size.X > maxPixels/size.Y:
		return page, fmt.Errorf("%w: page %d measures %d by %d dots", grid.ErrTooLarge, number, size.X, size.Y)
	}
	if bilevel(page.Gray) {
		page.Gray = smoothed(page.Gray)
	}
	return page, nil
}

// turnedSheet is the page that lies turned clockwise by degrees, put right, with its
// rules.
func turnedSheet(number int, page grid.Picture, degrees float64) *sheet {
	size := page.Rect.Size()
	unit, scale := resolution(size)
	s := &sheet{number: number, page: page, unit: unit * scale, frame: newFrame(degrees, scale, size)}
	s.grey = straightened(page.Gray, s.frame)
	s.ink, s.strong = inkOf(s.grey, 0.2, window(s.unit)), inkOf(s.grey, 0.35, window(s.unit))
	rules := rulingOf(s.ink, s.unit)
	s.lattices = rules.lattices()
	s.ruled = widened(rules.levelDots, rules.uprightDots)
	return s
}

// bilevel reports whether a page is black and white, as faxes and many scanners make
// them: there are far less dots of grey than of ink.
func bilevel(page *image.Gray) bool {
	dark, grey := 0, 0
	for y := range page.Rect.Dy() {
		for _, v := range page.Pix[y*page.Stride : y*page.Stride+page.Rect.Dx()] {
			switch {
			case v < 48:
				dark++
			case v < 208:
				grey++
			}
		}
	}
	return grey*4 < dark
}

// smoothed spreads each dot over its neighbours, so that the edges of strokes and of
// broken rules, which a threshold has frayed, are smooth again and specks are faint.
func smoothed(page *image.Gray) *image.Gray {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	out := image.NewGray(page.Rect)
	for y := range h {
		rows := [3][]uint8{}
		for k := range rows {
			i := min(max(y+k-1, 0), h-1) * page.Stride
			rows[k] = page.Pix[i : i+w]
		}
		for x := range w {
			left, right := max(x-1, 0), min(x+1, w-1)
			sum := 0
			for k, row := range rows {
				weight := 2 - abs(k-1)
				sum += weight * (int(row[left]) + 2*int(row[x]) + int(row[right]))
			}
			out.Pix[y*out.Stride+x] = uint8((sum + 8) / 16)
		}
	}
	return out
}

// resolution estimates the dots of a picture for one at 200 to the inch, taking it
// for a page of A4 or as much of one, and the scale that makes it fit to be read.
func resolution(size image.Point) (unit, scale float64) {
	unit = float64(size.X) / normalWidth
	if size.X > size.Y {
		unit = float64(size.X) / normalHeight
	}
	switch {
	case unit < 0.5:
		return unit, 2
	case unit < 0.85:
		return unit, 1.5
	case unit > 1.8:
		return unit, 1.5 / unit
	}
	return unit, 1
}

// window is half the width of the neighbourhood that ink is told from paper by.
func window(unit float64) int { return max(8, int(25*unit)) }

// u turns dots at 200 to the inch into dots of the sheet.
func (s *sheet) u(n float64) int { return int(math.Round(n * s.unit)) }

// widened is the union of both masks, each dot with its neighbours.
func widened(a, b *mask) *mask {
	out := newMask(a.w, a.h)
	for y := range a.h {
		for x := range a.w {
			if !a.at(x, y) && !b.at(x, y) {
				continue
			}
			for ny := max(0, y-1); ny <= min(a.h-1, y+1); ny++ {
				for nx := max(0, x-1); nx <= min(a.w-1, x+1); nx++ {
					out.set[ny*a.w+nx] = true
				}
			}
		}
	}
	return out
}

// unruled is the page without its rules, which lead the recogniser astray.
func (s *sheet) unruled() *image.Gray {
	_, paper := levels(s.grey)
	out := image.NewGray(s.grey.Rect)
	copy(out.Pix, s.grey.Pix)
	for i, ruled := range s.ruled.set {
		if ruled {
			out.SetGray(i%s.ruled.w, i/s.ruled.w, color.Gray{Y: uint8(paper)})
		}
	}
	return out
}

// name is what locators call the sheet.
func (s *sheet) name() string { return cmp.Or(s.page.Name, fmt.Sprintf("page %d", s.number)) }

func (s *sheet) locator(box image.Rectangle) string {
	b := turnedBack(s.frame.box(box), s.page.Rect.Size(), s.quarters)
	if s.page.DPI <= 0 {
		return fmt.Sprintf("%s, dots %d %d %d %d", s.name(), b.Min.X, b.Min.Y, b.Max.X, b.Max.Y)
	}
	points := func(dots int) float64 { return float64(dots) / s.page.DPI * 72 }
	height := s.page.Rect.Dy()
	if s.quarters%2 == 1 {
		height = s.page.Rect.Dx()
	}
	return fmt.Sprintf("%s, box %.0f %.0f %.0f %.0f", s.name(), points(b.Min.X), points(height-b.Max.Y), points(b.Max.X), points(height-b.Min.Y))
}
