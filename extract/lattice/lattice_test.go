package lattice

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/extract/grid"
)

func h(y, from, to float64) Rule { return Rule{false, y, from, to} }
func v(x, from, to float64) Rule { return Rule{true, x, from, to} }

// at is a character of 8 points whose lower left corner is (x, y).
func at(x, y float64, text string) Char { return Char{Box{x, y, x + 8, y + 8}, text} }

func only(t *testing.T, p Page) *table {
	t.Helper()
	tables := p.tables()
	if len(tables) != 1 {
		t.Fatalf("%d tables, want one", len(tables))
	}
	for _, c := range p.Chars {
		tables[0].take(c)
	}
	tables[0].page = 1
	return tables[0]
}

func draw(g *grid.Grid) string {
	var rows []string
	for _, row := range g.Dense() {
		var fields []string
		for _, c := range row {
			fields = append(fields, strings.ReplaceAll(c.Text, "\n", "~"))
		}
		rows = append(rows, strings.Join(fields, "|"))
	}
	return strings.Join(rows, " / ")
}

// grid2x3 is two rows and three columns; the upper left cell spans two columns and
// the right one two rows.
var grid2x3 = []Rule{
	h(100, 0, 90), h(80, 0, 60.4), h(60, 0, 90),
	v(0, 60, 100), v(30, 60, 80), v(60, 60, 100), v(90, 60, 100),
}

func TestLatticeMergesFieldsWithoutARuleBetween(t *testing.T) {
	p := Page{Rules: grid2x3, Chars: []Char{at(10, 86, "a"), at(5, 66, "b"), at(40, 66, "c"), at(70, 84, "d"), at(70, 70, "e")}}
	g, err := only(t, p).grid()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := draw(g), "a|a|d~e / b|c|d~e"; got != want {
		t.Errorf("grid %s, want %s", got, want)
	}
}

func TestDoubledAndBrokenRulesAreOne(t *testing.T) {
	rules := append([]Rule{h(80.6, 0, 60), h(100.4, 0, 40), h(100, 41, 90)}, grid2x3[1:]...)
	if got := only(t, Page{Rules: rules}); len(got.ys) != 3 || len(got.xs) != 4 {
		t.Errorf("%d horizontal and %d vertical borders, want 3 and 4", len(got.ys), len(got.xs))
	}
}

func TestAMissingOuterBorderIsClosed(t *testing.T) {
	var rules []Rule
	for _, r := range grid2x3 {
		if r != h(60, 0, 90) { // the border at the foot of the page
			rules = append(rules, r)
		}
	}
	if got := only(t, Page{Rules: rules}); len(got.ys) != 3 {
		t.Errorf("%d horizontal borders, want the lower one added to make 3", len(got.ys))
	}
}

func TestThinBoxesRuleAndBackgroundsDoNot(t *testing.T) {
	if _, ok := thin([]Point{{0, 0}, {100, 0}, {100, 0.5}, {0, 0.5}}); !ok {
		t.Error("a box of 100 by 0.5 is no rule")
	}
	if _, ok := thin([]Point{{0, 0}, {100, 0}, {100, 20}, {0, 20}}); ok {
		t.Error("a background of 100 by 20 is a rule")
	}
	if _, ok := straight(Point{0, 0}, Point{50, 50}); ok {
		t.Error("a diagonal is a rule")
	}
}

func TestPunctuationStaysInItsLine(t *testing.T) {
	comma := Char{Box{18, 10, 21, 12}, "、"} // drawn low
	quote := Char{Box{30, 17, 33, 19}, "”"} // drawn high
	lines, err := textLines([]Char{at(10, 10, "一"), comma, at(22, 10, "本"), quote, at(10, -2, "二")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, l.text())
	}
	if s := strings.Join(got, "/"); s != "一、本”/二" {
		t.Errorf("lines %s, want 一、本”/二", s)
	}
}

func TestTableCutByAPageBreakIsOne(t *testing.T) {
	second := Page{Rules: []Rule{ // the same outer borders, one column fewer
		h(100, 0, 90), h(80, 0, 90), v(0, 80, 100), v(60, 80, 100), v(90, 80, 100),
	}, Chars: []Char{at(10, 86, "f"), at(70, 86, "g")}}
	pages := []Page{
		{Rules: grid2x3, Chars: []Char{at(5, 66, "b"), at(40, 20, "1")}}, // the page number below
		second,
	}
	doc, err := Assemble(pages)
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Blocks) != 1 || draw(doc.Blocks[0].Grid) != "|| / b|| / f|f|g" {
		t.Errorf("%d blocks, first %s; want one table of three rows", len(doc.Blocks), draw(doc.Blocks[0].Grid))
	}
	if l := doc.Blocks[0].Grid.Cells[4].Locator; l != "page 2, box 0 80 60 100" {
		t.Errorf("locator %q, want the cell's own page", l)
	}
	pages[0].Chars = append(pages[0].Chars, at(10, 20, "四")) // a heading between
	if doc, _ = Assemble(pages); len(doc.Blocks) != 3 {
		t.Errorf("%d blocks with a heading between the parts, want 3", len(doc.Blocks))
	}
}

// A page on which every row merges two columns has a border less than the next.
func TestTheNextPageMayHaveMoreColumns(t *testing.T) {
	first := Page{Rules: []Rule{h(100, 0, 90), h(80, 0, 90), v(0, 80, 100), v(60, 80, 100), v(90, 80, 100)}, Chars: []Char{at(10, 86, "f"), at(70, 86, "g")}}
	second := Page{Rules: grid2x3, Chars: []Char{at(10, 86, "a"), at(5, 66, "b"), at(40, 66, "c"), at(70, 84, "d")}}
	doc, err := Assemble([]Page{first, second})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := draw(doc.Blocks[0].Grid), "f|f|g / a|a|d / b|c|d"; got != want || len(doc.Blocks) != 1 {
		t.Errorf("%d blocks, first %s, want %s", len(doc.Blocks), got, want)
	}
}

// Four digits fill a line of 35 points in a cell of 50, two do not.
func TestANumberGoesOnInTheNextLine(t *testing.T) {
	digits := func(y float64, s string) (out []Char) {
		for _, r := range s {
			out = append(out, at(2+9*float64(len(out)), y, string(r)))
		}
		return out
	}
	rules := []Rule{h(100, 0, 80), h(60, 0, 80), v(0, 60, 100), v(50, 60, 100), v(80, 60, 100)}
	for _, c := range []struct{ above, below, want string }{
		{"1234", "567", "1234567"},
		{"12", "15", "12~15"},
		{"1234", "56789", "1234~56789"}, // no line ends before it is full
		{"件件件件", "12", "件件件件~12"},
	} {
		p := Page{Rules: rules, Chars: append(digits(86, c.above), digits(70, c.below)...)}
		g, err := only(t, p).grid()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(g.Cells[0].Text, "\n", "~"); got != c.want {
			t.Errorf("%s above %s is %q, want %q", c.above, c.below, got, c.want)
		}
	}
}

// Columns three points wide, as a doubled border makes them, are nearer to each other
// than borders of the parts of one table may be.
func TestNarrowColumnsKeepTheirCells(t *testing.T) {
	rules := append([]Rule{v(63, 60, 100)}, grid2x3...)
	doc, err := Assemble([]Page{{Rules: rules}, {Rules: rules}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Blocks[0].Grid.Cells {
		if c.ColSpan < 1 || c.Col+c.ColSpan > 4 {
			t.Errorf("cell %+v lies outside 4 columns", c)
		}
	}
	if len(doc.Blocks) != 1 || doc.Blocks[0].Grid.Rows != 4 {
		t.Errorf("%d blocks, want one table of 4 rows", len(doc.Blocks))
	}
}

func TestPagesWithoutTextAreImages(t *testing.T) {
	if _, err := Assemble([]Page{{Images: 1}}); err == nil || !strings.Contains(err.Error(), grid.ErrImages.Error()) {
		t.Errorf("error %v, want tables are images", err)
	}
}

// Each page is as costly as the limits allow.
func TestHostilePages(t *testing.T) {
	var mesh []Rule
	for i := range 10_000 {
		mesh = append(mesh, h(float64(i)*5, 0, 50_000), v(float64(i)*5, 0, 50_000))
	}
	var net []Rule
	for i := range 140 {
		net = append(net, h(float64(i)*5, 0, 700), v(float64(i)*5, 0, 700))
	}
	var scattered []Char
	for i := range 100_000 {
		scattered = append(scattered, Char{Box{10, float64(i), 11, float64(i) + 0.1}, "x"})
	}
	var numbers []Char // two thousand lines of a hundred numbers, in odd and even columns by turns
	for i := range 200_000 {
		line := i / 100
		numbers = append(numbers, Char{Box{float64(i%100*40 + line%2*20), float64(line * 10), float64(i%100*40 + line%2*20 + 5), float64(line*10 + 5)}, "1"})
	}
	for x := range 199 { // which a line of all columns begins
		numbers = append(numbers, Char{Box{float64(x * 20), 20_000, float64(x*20 + 5), 20_005}, "1"})
	}
	for _, c := range []struct {
		name  string
		pages []Page
		want  error
	}{
		{"2,000 lines of numbers", []Page{{Chars: numbers}}, grid.ErrTooLarge},
		{"1,900 lines of numbers", []Page{{Chars: numbers[10_000:]}}, nil},
		{"a mesh of 20,000 rules", []Page{{Rules: mesh}}, grid.ErrEmpty},
		{"a net of 140 by 140", []Page{{Rules: net, Chars: []Char{at(1, 1, "a")}}}, nil},
		{"as many lines as characters", []Page{{Chars: scattered}}, grid.ErrTooLarge},
		{"the same in one field", []Page{{Rules: []Rule{h(0, 0, 90), h(200_000, 0, 90), v(0, 0, 200_000), v(30, 0, 200_000), v(90, 0, 200_000)}, Chars: scattered}}, grid.ErrTooLarge},
		{"too many characters", []Page{{Chars: make([]Char, maxChars+1)}}, grid.ErrTooLarge},
	} {
		started := time.Now()
		if _, err := Assemble(c.pages); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}

// A page break cuts a row: its label goes on at the top of the next page, and so does a
// number that fills its line, below the heading, which is printed again.
func TestARowCutByAPageBreakIsOne(t *testing.T) {
	line := func(x, y float64, s string) (out []Char) {
		for _, r := range s {
			out = append(out, at(x+9*float64(len(out)), y, string(r)))
		}
		return out
	}
	rules := func(ys ...float64) (out []Rule) {
		for _, y := range ys {
			out = append(out, h(y, 0, 130))
		}
		for _, x := range []float64{0, 50, 90, 130} {
			out = append(out, v(x, ys[0], ys[len(ys)-1]))
		}
		return out
	}
	page := func(ys []float64, texts ...[]Char) Page {
		return Page{Rules: rules(ys...), Chars: slices.Concat(texts...)}
	}
	ys := []float64{20, 40, 60}
	heading := slices.Concat(line(2, 46, "项目"), line(55, 46, "甲"), line(95, 46, "乙"))
	first := page(ys, heading, line(2, 26, "确认获取"), line(55, 26, "123"), line(95, 26, "0"))
	for _, c := range []struct {
		name string
		rest [][]Char
		want string
	}{
		{"label and number", [][]Char{line(2, 26, "信息"), line(55, 26, "45")}, "项目|甲|乙 / 确认获取~信息|12345|0 / 确认获取~信息|12345|0"},
		{"a row of its own", [][]Char{line(2, 26, "2.其他"), line(55, 26, "45")}, "项目|甲|乙 / 确认获取|123|0 / 2.其他|45|"},
		{"all cells are printed", [][]Char{line(2, 26, "信息"), line(55, 26, "45"), line(95, 26, "7")}, "项目|甲|乙 / 确认获取|123|0 / 信息|45|7"},
		{"above is room", [][]Char{line(2, 26, "信息"), line(95, 26, "7")}, "项目|甲|乙 / 确认获取|123|0 / 信息||7"},
	} {
		doc, err := Assemble([]Page{first, page(ys, append(c.rest, heading)...)})
		if err != nil {
			t.Fatal(err)
		}
		if got := draw(doc.Blocks[0].Grid); got != c.want || len(doc.Blocks) != 1 {
			t.Errorf("%s: %d blocks, %s, want %s", c.name, len(doc.Blocks), got, c.want)
		}
	}
}

// A frame around a table takes no text from it.
func TestTextBelongsToTheInnermostTable(t *testing.T) {
	frame := []Rule{h(0, 0, 200), h(120, 0, 200), v(0, 0, 120), v(190, 0, 120), v(200, 0, 120)}
	var inner []Rule
	for _, r := range grid2x3 {
		if r.vertical {
			inner = append(inner, v(r.at+20, r.from, r.to))
		} else {
			inner = append(inner, h(r.at, r.from+20, r.to+20))
		}
	}
	doc, err := Assemble([]Page{{Rules: append(frame, inner...), Chars: []Char{at(25, 66, "b"), at(60, 66, "c"), at(192, 66, "x")}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range doc.Blocks {
		got = append(got, draw(b.Grid))
	}
	if want := "|x;|| / b|c|"; strings.Join(got, ";") != want {
		t.Errorf("tables %s, want %s", strings.Join(got, ";"), want)
	}
}
