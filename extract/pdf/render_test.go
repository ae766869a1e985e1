package pdf

import (
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pictureFile is a one-page PDF, w by h points, on which lies one grey picture of
// 4 by 2 dots, black on the left and white on the right. Corner is where the lower left
// corner of the page lies in PDF's own count; turn is by how many degrees the page is
// turned clockwise when it is shown.
func pictureFile(w, h int) []byte { return pictureFileAt(image.Point{}, w, h, 0) }

func pictureFileAt(corner image.Point, w, h, turn int) []byte {
	page := fmt.Sprintf("/MediaBox[%d %d %d %d]/Rotate %d", corner.X, corner.Y, corner.X+w, corner.Y+h, turn)
	return onePage(page, "/XObject<</P 5 0 R>>", fmt.Sprintf("q %d 0 0 %d %d %d cm /P Do Q", w, h, corner.X, corner.Y),
		stream("/Type/XObject/Subtype/Image/Width 4/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode", "0000FFFF0000FFFF>"))
}

func testReader(t *testing.T) *Reader {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	r := New(filepath.Join(cache, "nianbao"))
	t.Cleanup(func() { r.Close() })
	return r
}

func TestRenderDrawsAPictureAtItsOwnResolution(t *testing.T) {
	r := testReader(t)
	pages, err := r.Render(t.Context(), pictureFile(72, 36), 200)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 1 || pages[0].Rect.Dx() != 4 || pages[0].Rect.Dy() != 2 {
		t.Fatalf("drew %v, want one page of 4 by 2 dots", pages)
	}
	if dpi := pages[0].DPI; dpi != 4 {
		t.Errorf("%g dots per inch, want 4: the page is an inch wide", dpi)
	}
	if left, right := pages[0].GrayAt(0, 0).Y, pages[0].GrayAt(3, 0).Y; left > 60 || right < 195 {
		t.Errorf("left dot %d, right dot %d, want black and white", left, right)
	}
}

// The left half of the picture is black, wherever PDF counts the page from and however
// it is turned.
func TestCellsAreFoundOnTheDrawnPage(t *testing.T) {
	r := testReader(t)
	for _, c := range []struct {
		corner image.Point
		turn   int
	}{{image.Point{}, 0}, {image.Pt(300, -40), 0}, {image.Point{}, 90}, {image.Pt(-7, 500), 180}} {
		x, y := c.corner.X, c.corner.Y
		cell := func(left, right int) string {
			return fmt.Sprintf("page 1, box %d %d %d %d", x+left, y+4, x+right, y+32)
		}
		pages, at, err := r.RenderCells(t.Context(), pictureFileAt(c.corner, 72, 36, c.turn), []string{cell(4, 20), cell(52, 68)}, 72)
		if err != nil {
			t.Fatal(err)
		}
		for i, black := range []bool{true, false} {
			middle := at[i].Box.Min.Add(at[i].Box.Max).Div(2)
			if grey := pages[at[i].Picture].GrayAt(middle.X, middle.Y).Y; (grey < 128) != black {
				t.Errorf("corner %v, turned %d: cell %d is at %v, of grey %d", c.corner, c.turn, i+1, at[i].Box, grey)
			}
		}
	}
	for _, locator := range []string{"page 2, box 1 1 2 2", "table 1, row 2, column 3"} {
		if _, _, err := r.RenderCells(t.Context(), pictureFile(72, 36), []string{locator}, 72); !errors.Is(err, ErrNoPlace) {
			t.Errorf("%s: error %v, want no such place", locator, err)
		}
	}
}

func TestRenderRefusesAndRecovers(t *testing.T) {
	r := testReader(t)
	if _, err := r.Render(t.Context(), []byte("%PDF-1.4 and no more"), 200); err == nil || !strings.Contains(err.Error(), "corrupt") {
		t.Errorf("error %v, want corrupt", err)
	}
	if _, err := r.Render(t.Context(), pictureFile(72, 36), 200); err != nil {
		t.Errorf("after a corrupt file: %v", err)
	}
}

func TestPagesAreDrawnWithinLimits(t *testing.T) {
	for _, c := range []struct {
		width, height float64
		dpi, want     int
	}{
		{595, 842, 200, 200},
		{595, 842, 1200, 300},
		{14400, 14400, 300, 25}, // the largest page PDF allows: 25 million dots
	} {
		if got, err := fittingDPI(c.width, c.height, c.dpi); err != nil || got != c.want {
			t.Errorf("%g by %g points at %d: %d, %v, want %d", c.width, c.height, c.dpi, got, err, c.want)
		}
	}
	if _, err := fittingDPI(0, 842, 200); err == nil {
		t.Error("a page without width is drawn")
	}
}
