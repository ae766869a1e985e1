package lattice

import (
	"slices"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

// print sets text in characters of 8 points, the first at (x, y).
func print(x, y float64, text string) []Char {
	var out []Char
	for _, r := range text {
		out = append(out, at(x, y, string(r)))
		x += 8
	}
	return out
}

func openGrids(t *testing.T, parts ...[]Char) []string {
	t.Helper()
	doc, err := Assemble([]Page{{Chars: slices.Concat(parts...)}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			if !b.Grid.Open {
				t.Error("a table without lines is not marked as open")
			}
			out = append(out, draw(fill(b.Grid)))
		}
	}
	return out
}

// fill puts ∅ where the grid has no cell, so that draw can tell it from a blank one.
func fill(g *grid.Grid) *grid.Grid {
	out := *g
	out.Cells = slices.Clone(g.Cells)
	for r, row := range g.Dense() {
		for c, cell := range row {
			if cell == nil {
				out.Cells = append(out.Cells, grid.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: "∅"})
			}
		}
	}
	return &out
}

// twoRows are a heading over three columns and two rows of values, ten points high.
var twoRows = slices.Concat(
	print(100, 100, "甲"), print(150, 100, "乙"), print(200, 100, "丙"),
	print(0, 80, "头"), print(100, 80, "1"), print(150, 80, "2"), print(200, 80, "3"),
)

func TestOpenTables(t *testing.T) {
	for _, c := range []struct {
		name string
		more []Char
		want string // the row that follows; empty: none
	}{
		{"every column", slices.Concat(print(0, 60, "尾"), print(96, 60, "44"), print(150, 60, "5"), print(200, 60, "6")), " / 尾|44|5|6"},
		{"a blank between", slices.Concat(print(0, 60, "尾"), print(100, 60, "4"), print(200, 60, "6")), " / 尾|4||6"},
		{"a blank at either side", slices.Concat(print(0, 60, "尾"), print(150, 60, "5")), " / 尾||5|"},
		{"a label above and below", slices.Concat(print(0, 68, "第一"), print(100, 60, "4"), print(150, 60, "5"), print(200, 60, "6"), print(0, 52, "第二")), " / 第一第二|4|5|6"},
		{"no label", slices.Concat(print(100, 60, "4"), print(150, 60, "5"), print(200, 60, "6")), " / ∅|4|5|6"},
		{"a number between two columns", slices.Concat(print(0, 60, "尾"), print(125, 60, "4")), ""},
		{"a number under two columns", slices.Concat(print(0, 60, "尾"), print(104, 60, "4567890")), ""},
		{"two numbers in a column", slices.Concat(print(0, 60, "尾"), print(94, 60, "4"), print(106, 60, "5")), ""},
		{"a word among the values", slices.Concat(print(0, 60, "尾"), print(100, 60, "无"), print(150, 60, "5"), print(200, 60, "6")), ""},
		{"the values at two heights", slices.Concat(print(200, 64, "6"), print(0, 50, "尾"), print(100, 50, "4"), print(150, 50, "5")), ""},
		{"a number run into the label", slices.Concat(print(60, 60, "尾部部部4"), print(150, 60, "5"), print(200, 60, "6")), ""},
	} {
		want := "∅|甲|乙|丙 / 头|1|2|3" + c.want
		if got := openGrids(t, twoRows, c.more); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

func TestAHeadingStandsOverTheColumnsOnBothSides(t *testing.T) {
	got := openGrids(t, print(142, 120, "甲乙丙"), twoRows)
	if len(got) != 1 || got[0] != "∅|甲乙丙|甲乙丙|甲乙丙 / ∅|甲|乙|丙 / 头|1|2|3" {
		t.Errorf("%q, want the upper heading over all columns", got)
	}
}

// A column without a heading of its own may be no column of the row: nothing is blank in it.
func TestABlankNeedsAHeading(t *testing.T) {
	one := slices.Concat(print(0, 60, "目"), print(150, 60, "乙"), print(0, 40, "尾"), print(150, 40, "5"))
	want := "∅|甲|乙|丙 / 头|1|2|3 / 目|乙|乙|乙 / 尾|∅|5|∅"
	if got := openGrids(t, twoRows, one); len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNumbersWithoutWidthAreNoColumns(t *testing.T) {
	thin := Char{Box{100, 100, 100, 108}, "1"}
	if got := openGrids(t, print(0, 120, "头"), []Char{thin}, print(150, 100, "2"), print(0, 80, "尾"), []Char{thin}); len(got) != 0 {
		t.Errorf("%q, want no table", got)
	}
}

func TestPagesWithARuledTableHaveNoOpenOnes(t *testing.T) {
	doc, err := Assemble([]Page{{Chars: twoRows}, {Rules: grid2x3, Chars: []Char{at(5, 66, "b")}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range doc.Blocks {
		if b.Grid != nil && b.Grid.Open {
			t.Error("an open table beside a ruled one")
		}
	}
}

func TestDashesRule(t *testing.T) {
	var rules []Rule
	for _, r := range grid2x3 {
		for from := r.from; from < r.to; from += 3.7 {
			rules = append(rules, Rule{r.vertical, r.at, from, min(from+2.2, r.to)})
		}
	}
	if got := only(t, Page{Rules: rules}); len(got.xs) != 4 || len(got.ys) != 3 {
		t.Errorf("%d vertical and %d horizontal borders, want 4 and 3", len(got.xs), len(got.ys))
	}
	if got := (Page{Rules: []Rule{h(10, 0, 2), h(10, 9, 11), v(0, 9, 11), v(9, 9, 11)}}).tables(); got != nil {
		t.Error("a few short strokes are a table")
	}
}
