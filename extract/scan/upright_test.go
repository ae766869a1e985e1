package scan

import (
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

func TestAQuarterTurnMapsBack(t *testing.T) {
	page := grid.Picture{Gray: image.NewGray(image.Rect(0, 0, 7, 4))}
	page.Pix[2*page.Stride+5] = 200 // the dot at (5, 2)
	for quarters := range 4 {
		turned := quarterTurned(page, quarters)
		found := image.Rectangle{}
		for i, v := range turned.Pix {
			if v == 200 {
				at := image.Pt(i%turned.Stride, i/turned.Stride)
				found = image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))}
			}
		}
		if got := turnedBack(found, turned.Rect.Size(), quarters); got != image.Rect(5, 2, 6, 3) {
			t.Errorf("%d quarters: the dot is said to come from %v", quarters, got)
		}
	}
}

// The picture has three lines of a made-up report.
func TestPagesAreTurnedUpright(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Fatal("tesseract is missing: run scripts/setup")
	}
	f, err := os.Open("testdata/lines.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	drawn, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	page := grid.Picture{Gray: image.NewGray(drawn.Bounds())}
	draw.Draw(page.Gray, page.Rect, drawn, image.Point{}, draw.Src)
	r, err := newRecogniser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for quarters := range 4 {
		s, words, err := r.readPage(t.Context(), 1, quarterTurned(page, quarters))
		if err != nil {
			t.Fatal(err)
		}
		if want := (4 - quarters) % 4; s.quarters != want {
			t.Errorf("turned by %d quarters: turned on by %d, want %d", quarters, s.quarters, want)
		}
		lines := linesByLayout(words)
		if len(lines) != 3 || han(lines[0].text) < 18 {
			t.Errorf("turned by %d quarters: read %+v", quarters, lines)
		}
	}
}
