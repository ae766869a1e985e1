package extract

import (
	"fmt"
	"testing"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// tableOf lays out table 3 of the 2021 form, a made-up figure in each cell; edit may
// change a row: its label, as several readings, or the rows it is cut into.
func tableOf(t *testing.T, edit func(order int, label string) (readings []string, pieces int)) *match {
	t.Helper()
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	b := grid.NewBuilder()
	b.Row()
	b.Cell(1, 1, "项目", "")
	for _, a := range book.Applicants {
		b.Cell(1, 1, a.LabelZH, "")
	}
	readings := map[string][]string{}
	for _, table := range book.Tables {
		for _, row := range table.Cells {
			if table.Form != "D" || table.ID != "t3" {
				break
			}
			labels, pieces := edit(row.Order, row.Row)
			readings[labels[0]] = labels
			b.Row()
			b.Cell(1, 1, labels[0], "")
			for range book.Applicants {
				b.Cell(pieces, 1, fmt.Sprint(row.Order), "")
			}
			for range pieces - 1 {
				b.Row()
				b.Cell(1, 1, "", "")
			}
		}
	}
	g := b.Grid()
	for i := range g.Cells {
		c := &g.Cells[i]
		r := &grid.Recognition{}
		for k, text := range readings[c.Text] {
			r.Readings = append(r.Readings, grid.Reading{Text: text, By: []string{"page", "cell"}[k%2], Confidence: 0.9})
		}
		c.Recognised = r
	}
	doc := &grid.Document{Blocks: []grid.Block{{Grid: g}}}
	keys, _ := recognisedKeys(book, doc)
	return matchForms(book, doc, nil, keys)["t3"]
}

// A rule that goes through the first column only cuts the rows of a table in two, as
// where a browser prints a cell over the break of a page.
func TestARowCutByARuleIsReadOnce(t *testing.T) {
	for _, recognised := range []bool{true, false} {
		m := tableOf(t, func(order int, label string) ([]string, int) { return []string{label}, 1 + order%2 })
		if m == nil || len(m.cells) != 175 || m.unknown > 0 || len(m.findings) > 0 {
			t.Fatalf("recognised %v: %+v", recognised, m)
		}
	}
}

// The labels are those that recognition made of a page of 150 dots to the inch.
func TestRowsWithRuinedLabels(t *testing.T) {
	for _, c := range []struct {
		order    int
		readings []string
		found    bool
		cells    int
	}{
		{11, []string{"芍于行政执去党基", "芍于行玫执去党基"}, true, 175},
		{24, []string{"七臣计", "七臣计"}, true, 175},
		{24, []string{"臣十", "七巨"}, false, 168},             // too little is left, and nobody can say of what
		{24, []string{"另行研究情况", "另行研究情况"}, false, 175},     // a row of its own, surely read: kept as such
		{11, []string{"另行研究情况", "另行妍究情况"}, false, 168},     // and not surely
		{11, []string{"8.属于行政查询", "8.属于行政查间"}, false, 168}, // nearer to another row
	} {
		official := ""
		m := tableOf(t, func(order int, label string) ([]string, int) {
			if order == c.order {
				official = label
				return c.readings, 1
			}
			return []string{label}, 1
		})
		if m == nil {
			t.Fatal("no table")
		}
		if m.found[c.order] != c.found || len(m.cells) != c.cells {
			t.Errorf("%q for %s: found %v, %d cells, want %v, %d: %v", c.readings, official, m.found[c.order], len(m.cells), c.found, c.cells, m.findings)
		}
	}
}
