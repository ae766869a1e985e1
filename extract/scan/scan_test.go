package scan

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"os/exec"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

// paper is an empty page of A4 at 200 dots to the inch.
func paper() *image.Gray {
	m := image.NewGray(image.Rect(0, 0, normalWidth, normalHeight))
	for i := range m.Pix {
		m.Pix[i] = 245
	}
	return m
}

func fill(m *image.Gray, left, top, right, bottom int, grey uint8) {
	for y := top; y < bottom; y++ {
		for x := left; x < right; x++ {
			m.SetGray(x, y, color.Gray{Y: grey})
		}
	}
}

// drawnTable is a table of made-up shape, two dots a rule: a head over all three
// columns, and a first column whose second and third row are one cell.
//
//	+-----------+
//	|           |
//	+---+---+---+
//	|   |   |   |
//	|   +---+---+
//	|   |   |   |
//	+---+---+---+
func drawnTable() *image.Gray {
	m := paper()
	level := func(y, from, to int) { fill(m, from, y, to+2, y+2, 40) }
	upright := func(x, from, to int) { fill(m, x, from, x+2, to+2, 40) }
	level(400, 200, 1400)
	level(460, 200, 1400)
	level(520, 600, 1400)
	level(580, 200, 1400)
	upright(200, 400, 580)
	upright(600, 460, 580)
	upright(1000, 460, 580)
	upright(1400, 400, 580)
	return m
}

// turned is the page rotated clockwise by degrees, as a scanner does it.
func turned(m *image.Gray, degrees float64) *image.Gray {
	return straightened(m, newFrame(-degrees, 1, m.Rect.Size()))
}

// An error of 0.06 degrees moves the end of a rule across the page by less than the
// rule is thick.
func TestSkewIsFound(t *testing.T) {
	for _, degrees := range []float64{0, 0.4, -0.28, 1.7, -3} {
		page := turned(drawnTable(), degrees)
		if got := skew(inkOf(page, 0.3, 25)); math.Abs(got-degrees) > 0.06 {
			t.Errorf("a page turned by %g degrees is taken for %g", degrees, got)
		}
	}
}

func TestAFrameMapsBackToThePageAsScanned(t *testing.T) {
	page := turned(drawnTable(), 2)
	f := newFrame(2, 1, page.Rect.Size())
	// The table's upper left corner stands 627 left of and 769.5 above the middle.
	x, y := f.back(200, 400)
	sin, cos := math.Sincos(2 * math.Pi / 180)
	if wantX, wantY := 827-627*cos+769.5*sin, 1169.5-627*sin-769.5*cos; math.Abs(x-wantX) > 0.01 || math.Abs(y-wantY) > 0.01 {
		t.Errorf("(%.2f, %.2f), want (%.2f, %.2f)", x, y, wantX, wantY)
	}
}

func shape(l lattice) string {
	var cells []string
	for _, c := range l.cells {
		cells = append(cells, fmt.Sprintf("%d,%d %dx%d", c.row, c.col, c.rows, c.cols))
	}
	return strings.Join(cells, "; ")
}

func TestRulesMakeCells(t *testing.T) {
	const want = "0,0 1x3; 1,0 2x1; 1,1 1x1; 1,2 1x1; 2,1 1x1; 2,2 1x1"
	pages := map[string]*image.Gray{"upright": drawnTable(), "turned": turned(drawnTable(), 1.3)}
	broken := drawnTable()
	for x := 210; x < 1400; x += 90 {
		fill(broken, x, 395, x+2, 590, 245) // rules with gaps
	}
	pages["broken"] = broken
	shaded := drawnTable()
	fill(shaded, 202, 402, 1400, 460, 190)
	pages["shaded"] = shaded
	strokes := drawnTable()
	fill(strokes, 700, 480, 760, 483, 40) // a dash
	fill(strokes, 1100, 476, 1103, 506, 40)
	pages["strokes of characters"] = strokes
	for name, page := range pages {
		s, err := newSheet(1, grid.Picture{Gray: page})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.lattices) != 1 {
			t.Errorf("%s: %d tables, want 1", name, len(s.lattices))
			continue
		}
		if got := shape(s.lattices[0]); got != want {
			t.Errorf("%s: cells %s, want %s", name, got, want)
		}
	}
}

func TestInkDecidesWhetherACellIsBlank(t *testing.T) {
	for _, c := range []struct {
		name string
		draw func(m *image.Gray)
		inky bool
	}{
		{"nothing", func(m *image.Gray) {}, false},
		{"speck", func(m *image.Gray) { fill(m, 800, 490, 803, 493, 0) }, false},
		{"rule twice as thick", func(m *image.Gray) { fill(m, 602, 462, 605, 520, 40) }, false},
		{"one", func(m *image.Gray) { fill(m, 800, 480, 803, 502, 40) }, true},
		{"dash", func(m *image.Gray) { fill(m, 800, 490, 812, 492, 40) }, true},
		{"faint", func(m *image.Gray) { fill(m, 800, 480, 804, 502, 150) }, true},
	} {
		page := drawnTable()
		c.draw(page)
		s, err := newSheet(1, grid.Picture{Gray: page})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := s.printIn(s.lattices[0].cells[2].box); ok != c.inky {
			t.Errorf("%s: ink %v, want %v", c.name, ok, c.inky)
		}
	}
}

func TestASmallPieceCountsOnlyBesideLargeOnes(t *testing.T) {
	page := drawnTable()
	fill(page, 800, 480, 806, 502, 40)
	fill(page, 810, 498, 814, 502, 40) // decimal point
	fill(page, 818, 480, 824, 502, 40)
	fill(page, 900, 484, 903, 487, 40) // dust
	s, err := newSheet(1, grid.Picture{Gray: page})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := s.printIn(s.lattices[0].cells[2].box)
	if len(p.blobs) != 3 || p.box.Max.X > 830 {
		t.Errorf("%d pieces within %v, want the two figures and the point", len(p.blobs), p.box)
	}
}

// TestPartsOfATableAreJoined cuts the drawn table over two pages; the second part
// lacks the border between its first two columns.
func TestPartsOfATableAreJoined(t *testing.T) {
	first, err := newSheet(1, grid.Picture{Gray: drawnTable(), DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	below := paper()
	fill(below, 205, 100, 1407, 102, 40)
	fill(below, 205, 160, 1407, 162, 40)
	for _, x := range []int{205, 1005, 1405} {
		fill(below, x, 100, x+2, 162, 40)
	}
	second, err := newSheet(2, grid.Picture{Gray: below, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, between := range []string{"—4—", "四、行政复议情况"} {
		var d document
		keep := func([]textLine) error { return nil }
		number := []word{{text: between, confidence: 0.9, box: image.Rect(800, 2200, 900, 2230), line: "1"}}
		if err := errors.Join(d.add(first, number, keep), d.add(second, nil, keep)); err != nil {
			t.Fatal(err)
		}
		doc, err := d.grid()
		if err != nil {
			t.Fatal(err)
		}
		g := doc.Blocks[0].Grid
		if want := han(between) == 0; (len(doc.Blocks) == 1) != want {
			t.Errorf("%q between the parts: %d blocks", between, len(doc.Blocks))
			continue
		}
		if han(between) > 0 {
			continue
		}
		if g.Rows != 4 || g.Cols != 3 || len(g.Cells) != 8 || g.Cells[6].ColSpan != 2 || g.Cells[6].Row != 3 {
			t.Errorf("%d rows, %d columns, %d cells: %+v", g.Rows, g.Cols, len(g.Cells), g.Cells[6:])
		}
		if want := "page 2, box"; !strings.HasPrefix(g.Cells[6].Locator, want) {
			t.Errorf("locator %q, want %q", g.Cells[6].Locator, want)
		}
	}
}

func TestParseTSV(t *testing.T) {
	tsv := "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
		"1\t1\t0\t0\t0\t0\t0\t0\t90\t40\t-1\t\n" +
		"5\t2\t1\t1\t1\t1\t10\t5\t30\t20\t96.5\t42\n" +
		"5\t2\t1\t1\t2\t1\t10\t35\t30\t20\t50\t件\n"
	words, err := parseTSV([]byte(tsv), 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(words[0]) != 0 || len(words[1]) != 2 {
		t.Fatalf("words %v", words)
	}
	if r := reading("cell", words[1]); r.Text != "42\n件" || math.Abs(r.Confidence-0.7325) > 1e-9 {
		t.Errorf("reading %+v", r)
	}
	for _, bad := range []string{"5\t3\t1\t1\t1\t1\t10\t5\t30\t20\t96\t42", "5\t1\t1\t1\t1\t1\tx\t5\t30\t20\t96\t42"} {
		if _, err := parseTSV([]byte(bad), 2); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestRefusals(t *testing.T) {
	if _, err := Read(t.Context(), nil); !errors.Is(err, grid.ErrEmpty) {
		t.Errorf("no pages: %v", err)
	}
	if _, err := newSheet(1, grid.Picture{Gray: image.NewGray(image.Rect(0, 0, 20, 20))}); !errors.Is(err, grid.ErrEmpty) {
		t.Errorf("an ornament is taken for a page: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	_, err := Read(t.Context(), []grid.Picture{{Gray: paper()}})
	if !errors.Is(err, ErrNoRecogniser) || !errors.Is(err, grid.ErrImages) || !strings.Contains(err.Error(), "tesseract-ocr-chi-sim") {
		t.Errorf("without tesseract: %v", err)
	}
}

func TestABlankTableIsRead(t *testing.T) {
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Fatal("tesseract is missing: run scripts/setup")
	}
	doc, err := Read(t.Context(), []grid.Picture{{Gray: turned(drawnTable(), 0.5)}})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Blocks) != 1 || doc.Blocks[0].Grid == nil {
		t.Fatalf("blocks %+v, want one table", doc.Blocks)
	}
	for _, c := range doc.Blocks[0].Grid.Cells {
		if c.Text != "" || c.Recognised == nil || len(c.Recognised.Readings) != 0 {
			t.Errorf("a blank cell is read as %q, %+v", c.Text, c.Recognised)
		}
		if !strings.HasPrefix(c.Locator, "page 1, dots ") {
			t.Errorf("locator %q", c.Locator)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ended, []grid.Picture{{Gray: drawnTable()}}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
	}
}

func TestBlackAndWhitePagesAreSmoothed(t *testing.T) {
	page := image.NewGray(image.Rect(0, 0, 60, 60))
	fill(page, 0, 0, 60, 60, 255)
	fill(page, 10, 10, 30, 30, 0)
	fill(page, 20, 20, 21, 21, 255) // a hole in a stroke
	fill(page, 45, 45, 46, 46, 0)   // a speck
	if !bilevel(page) {
		t.Error("black and white is taken for grey")
	}
	out := smoothed(page)
	for _, c := range []struct {
		name     string
		x, y     int
		from, to uint8
	}{{"stroke", 12, 12, 0, 0}, {"hole", 20, 20, 0, 90}, {"speck", 45, 45, 165, 255}, {"paper", 50, 20, 255, 255}} {
		if v := out.GrayAt(c.x, c.y).Y; v < c.from || v > c.to {
			t.Errorf("%s: %d, want %d to %d", c.name, v, c.from, c.to)
		}
	}
	if bilevel(turned(drawnTable(), 1.3)) {
		t.Error("a page in grey is taken for black and white")
	}
}

// TestARowCutByAPageBreakIsMended draws a table whose second row begins on one page and
// ends on the next, as browsers print it: no rule closes either part.
func TestARowCutByAPageBreakIsMended(t *testing.T) {
	above, below := paper(), paper()
	for _, y := range []int{400, 460} {
		fill(above, 205, y, 1407, y+2, 40)
	}
	for _, y := range []int{160, 220} {
		fill(below, 205, y, 1407, y+2, 40)
	}
	for _, x := range []int{205, 1005, 1405} {
		fill(above, x, 400, x+2, 540, 40)
		fill(below, x, 90, x+2, 222, 40)
	}
	for _, c := range []struct {
		name string
		rows int
		rule func()
	}{
		{"no rule at the break", 3, func() {}},
		{"a rule at the break", 4, func() { fill(below, 205, 90, 1407, 92, 40) }},
	} {
		c.rule()
		first, err := newSheet(1, grid.Picture{Gray: above})
		if err != nil {
			t.Fatal(err)
		}
		second, err := newSheet(2, grid.Picture{Gray: below})
		if err != nil {
			t.Fatal(err)
		}
		var d document
		keep := func([]textLine) error { return nil }
		if err := errors.Join(d.add(first, nil, keep), d.add(second, nil, keep)); err != nil {
			t.Fatal(err)
		}
		read := func(text string) []grid.Reading { return []grid.Reading{{Text: text, By: "cell", Confidence: 0.9}} }
		for i, c := range d.cells { // by row: 0 and 1 on the first page, 0 and 1 on the second
			if text := []string{"", "", "结果", "", "维持", "12", "", ""}[i]; text != "" {
				c.inked, c.readings = true, read(text)
			}
		}
		doc, err := d.grid()
		if err != nil {
			t.Fatal(err)
		}
		g := doc.Blocks[0].Grid
		if len(doc.Blocks) != 1 || g.Rows != c.rows || len(g.Cells) != 2*c.rows {
			t.Errorf("%s: %d rows, %d cells, want %d rows", c.name, g.Rows, len(g.Cells), c.rows)
			continue
		}
		if c.rows == 3 && (g.Cells[2].Text != "结果\n维持" || g.Cells[3].Text != "12" || !strings.HasPrefix(g.Cells[3].Locator, "page 2")) {
			t.Errorf("%s: %+v", c.name, g.Cells[2:4])
		}
	}
}
