package grid

import (
	"strings"
	"testing"
)

// draw prints a dense grid, one word a field, "." where there is no cell.
func draw(g *Grid) string {
	var rows []string
	for _, row := range g.Dense() {
		var fields []string
		for _, c := range row {
			if c == nil {
				fields = append(fields, ".")
			} else {
				fields = append(fields, c.Text)
			}
		}
		rows = append(rows, strings.Join(fields, " "))
	}
	return strings.Join(rows, "/")
}

func TestBuilderLaysCellsOutAsHTMLDoes(t *testing.T) {
	b := NewBuilder()
	b.Row()
	b.Cell(2, 1, "a", "")
	b.Cell(1, 2, "b", "")
	b.Row()
	b.Cell(1, 1, "c", "") // goes right of a, which spans down
	b.Row()
	b.Skip(1)
	b.Cell(1, 99999, "d", "") // clamped
	g := b.Grid()
	if want := "a b b/a c ./. d d"; draw(&Grid{Rows: g.Rows, Cols: 3, Cells: g.Cells}) != want {
		t.Errorf("laid out %q, want %q", draw(g), want)
	}
	if g.Cols != MaxCols {
		t.Errorf("a span of 99999 makes %d columns, want the limit %d", g.Cols, MaxCols)
	}
}

func TestOverlapKeepsTheFirstCell(t *testing.T) {
	g := &Grid{Rows: 1, Cols: 2, Cells: []Cell{{RowSpan: 1, ColSpan: 2, Text: "a"}, {Col: 1, RowSpan: 1, ColSpan: 1, Text: "b"}}}
	if got := draw(g); got != "a a" {
		t.Errorf("drew %q, want the first cell to keep its place", got)
	}
}

// blocks draws the blocks of lines: paragraphs as they are, tables in brackets.
func blocks(text string) string {
	var lines []Line
	for _, l := range strings.Split(text, "\n") {
		lines = append(lines, Line{Text: l})
	}
	var out []string
	for _, b := range FromLines(lines) {
		if b.Grid == nil {
			out = append(out, b.Text)
			continue
		}
		var rows []string
		for _, row := range b.Grid.Dense() {
			var cells []string
			for _, c := range row {
				if c != nil {
					cells = append(cells, c.Text)
				}
			}
			rows = append(rows, strings.Join(cells, ";"))
		}
		out = append(out, "["+strings.Join(rows, " / ")+"]")
	}
	return strings.Join(out, " # ")
}

func TestFromLines(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"prose with numbers", "截至 2022 年 12 月 31 日\n共收到申请 5 件", "截至 2022 年 12 月 31 日 # 共收到申请 5 件"},
		{"rows", "说明一行\n自然人 总计\n一、新收 3 4\n二、结转 0 /", "说明一行 # [自然人;总计 / 一、新收;3;4 / 二、结转;0;/]"},
		{"label over two lines", "自然人 总计\n一、新收 3 4\n（二）部分公开\n（只计这一情形） 1 2", "[自然人;总计 / 一、新收;3;4 / （二）部分公开 / （只计这一情形）;1;2]"},
		{"values below their label", "自然人 总计\n一、新收 3 4\n二、结转\n0 0", "[自然人;总计 / 一、新收;3;4 / 二、结转 / 0;0]"},
		{"number run into its label", "自然人 总计\n一、新收3 4", "[自然人;总计 / 一、新收;3;4]"},
		{"tabs", "\t自然人\t总计\n一、新收\t\t4", "[;自然人;总计 / 一、新收;;4]"},
		{"bars", "|  | 自然人 | 总计 |\n|---|:--|--:|\n| 一、新收 | 3 | 1,234 |", "[;自然人;总计 / 一、新收;3;1,234]"},
		{"prose ends the table", "自然人 总计\n一、新收 3 4\n" + strings.Repeat("长", 50) + "\n1 2", "[自然人;总计 / 一、新收;3;4] # [" + strings.Repeat("长", 50) + " / 1;2]"},
	} {
		if got := blocks(c.text); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", c.name, got, c.want)
		}
	}
}
