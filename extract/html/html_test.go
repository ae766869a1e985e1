package html

import (
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

func read(t *testing.T, page string) *grid.Document {
	t.Helper()
	doc, err := Read([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func grids(doc *grid.Document) []*grid.Grid {
	var out []*grid.Grid
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			out = append(out, b.Grid)
		}
	}
	return out
}

func TestCellText(t *testing.T) {
	for cell, want := range map[string]string{
		"<p><span>2</span><span>0</span></p>":            "20", // a figure cut over spans
		"<span>0</span><span>&nbsp;&nbsp; </span>":       "0",  // padding
		"<p>（三）不予</p><p>公开</p>":                          "（三）不予\n公开",
		"（三）不予<br>公开":                                    "（三）不予\n公开",
		"商业\n   企业":                                      "商业 企业", // a line break of the source is a space
		"1<!-- 2 --><script>3</script>":                  "1",
		"<o:p> </o:p>":                                   "",
		"a<table><tr><td>one</td></tr></table>b":         "a\none\nb", // a frame
		"a<table><tr><td>1</td><td>2</td></tr></table>b": "ab",
		"&lt;b&gt;": "<b>",
	} {
		g := grids(read(t, "<table><tr><td>"+cell+"</td><td>x</td></tr></table>"))
		if got := g[0].Cells[0].Text; got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
}

func TestTables(t *testing.T) {
	doc := read(t, `<p>before</p>
		<table><tr><td>layout<table id=inner><tr><td rowspan=2>a<td>b<tr><td>c</table></td></tr></table>
		<p>after`)
	g := grids(doc)
	if len(g) != 2 {
		t.Fatalf("%d tables, want the outer and the inner", len(g))
	}
	inner := g[1]
	if inner.Rows != 2 || inner.Cols != 2 || inner.Cells[0].RowSpan != 2 {
		t.Errorf("inner table %dx%d, first cell spans %d rows; want 2x2, 2", inner.Rows, inner.Cols, inner.Cells[0].RowSpan)
	}
	if last := inner.Cells[2]; last.Text != "c" || last.Locator != "table 2, row 2, column 1" || last.Col != 1 {
		t.Errorf("last cell %+v; want c in column 1 of the grid, printed first in its row", last)
	}
	if first := doc.Blocks[0].Text; first != "before" {
		t.Errorf("first block %q", first)
	}
}

func TestTitle(t *testing.T) {
	for page, want := range map[string]string{
		`<title>t - site</title><h1>h</h1><meta name="ArticleTitle" content="m">x`: "m",
		`<title>t - site</title><h1>h</h1>x`:                                       "h",
		`<title>t - site</title><ucaptitle>u</ucaptitle>x`:                         "u",
		`<title>t - site</title>x`:                                                 "t - site",
	} {
		if got := read(t, page).Title; got != want {
			t.Errorf("%s: title %q, want %q", page, got, want)
		}
	}
}
