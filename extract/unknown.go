package extract

import (
	"fmt"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// minNumbers is how many numbers make a table worth a person's look.
const minNumbers = 6

// Of a report no more raw cells and bytes of their text are kept; a form has 200 cells.
const (
	maxRawCells = 20_000
	maxRawBytes = 1 << 20
)

// unknownTables finds tables with numbers of which no form knows a cell. Their cells
// are kept as they are, table by table, as far as the limits go.
func unknownTables(doc *grid.Document, matches map[string]*match, reportID string) ([]record.RawCell, []finding) {
	placed := 0
	for _, m := range matches {
		placed += len(m.cells)
	}
	used := make(map[*grid.Cell]bool, placed)
	for _, m := range matches {
		for _, p := range m.cells {
			used[p.cell] = true
		}
	}
	var raw []record.RawCell
	var found []finding
	size := 0
	for _, b := range doc.Blocks {
		if b.Grid == nil || anyUsed(b.Grid, used) {
			continue
		}
		numbers := countNumbers(b.Grid)
		if numbers < minNumbers {
			continue
		}
		kept := "its cells are kept as they are"
		if size += textSize(b.Grid); size > maxRawBytes || len(raw)+len(b.Grid.Cells) > maxRawCells {
			kept = "it is too large to be kept"
		} else {
			raw = append(raw, rawCells(b.Grid, reportID, len(found)+1)...)
		}
		found = append(found, finding{"unknown_table", fmt.Sprintf("table %d, with %d numbers, is of no known form; it begins %q; %s", len(found)+1, numbers, firstText(b.Grid), kept), b.Locator})
	}
	return raw, found
}

func anyUsed(g *grid.Grid, used map[*grid.Cell]bool) bool {
	for i := range g.Cells {
		if used[&g.Cells[i]] {
			return true
		}
	}
	return false
}

func rawCells(g *grid.Grid, reportID string, table int) []record.RawCell {
	out := make([]record.RawCell, len(g.Cells))
	for i, c := range g.Cells {
		out[i] = record.RawCell{
			ReportID: reportID, TableNo: int32(table),
			Row: int32(c.Row + 1), Column: int32(c.Col + 1), RowSpan: int32(c.RowSpan), ColumnSpan: int32(c.ColSpan),
			Raw: c.Text, Locator: c.Locator,
		}
	}
	return out
}

func textSize(g *grid.Grid) int {
	n := 0
	for i := range g.Cells {
		n += len(g.Cells[i].Text)
	}
	return n
}

func countNumbers(g *grid.Grid) int {
	n := 0
	for i := range g.Cells {
		if printedNumber.MatchString(codebook.Squeeze(g.Cells[i].Text)) {
			n++
		}
	}
	return n
}

func firstText(g *grid.Grid) string {
	for _, c := range g.Cells {
		if !codebook.IsBlank(c.Text) {
			return codebook.Squeeze(c.Text)
		}
	}
	return ""
}
