package text

import (
	"strings"
	"testing"
)

func TestTabbedLinesAreARaggedTable(t *testing.T) {
	doc, err := Read([]byte("标题\r\n\r\n\t二、上年结转\r\n\t96\r\n\t\r\n\t2\r\n\r\n\t\r\n\t（三）不予\r\n\r\n公开\r\n\t1.属于国家秘密\r\n\t1\r\n\r\n\r\n三、收到和处理\r\n\r\n\t另一表\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			got = append(got, b.Text)
			continue
		}
		for _, row := range b.Grid.Dense() {
			var cells []string
			for _, c := range row {
				if c != nil {
					cells = append(cells, strings.ReplaceAll(c.Text, "\n", "~"))
				}
			}
			got = append(got, "["+strings.Join(cells, "|")+"]")
		}
	}
	// A blank cell stays a cell; a paragraph inside a cell goes on with it although a
	// blank line precedes; a heading ends the table.
	want := "标题 [二、上年结转|96||2] [|（三）不予~公开|1.属于国家秘密|1] 三、收到和处理 [另一表]"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("read  %s\nwant %s", s, want)
	}
	if l := doc.Blocks[1].Grid.Cells[1].Locator; l != "line 4" {
		t.Errorf("locator of 96 is %q, want line 4", l)
	}
}
