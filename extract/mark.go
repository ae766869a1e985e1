package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/pdf"
)

// ErrNoCell says that a document has no cell at a locator.
var ErrNoCell = errors.New("no cell at this place")

// Mark shows the cell at a locator, marked. Of a PDF it draws the page, as PNG; of
// anything else it writes the table in which the cell stands, as an HTML page that
// holds nothing of the document but text. Ext is the ending of a file for it, such as
// ".png". It fails with ErrNoCell where the document has no such cell.
func (e *Extractor) Mark(ctx context.Context, data []byte, locator string) (page []byte, ext string, err error) {
	mediaType := sniff(data)
	if mediaType == typePDF {
		page, err = e.pdf.Mark(ctx, data, locator)
		if errors.Is(err, pdf.ErrNoPlace) {
			err = fmt.Errorf("%w: %v", ErrNoCell, err)
		}
		return page, ".png", err
	}
	doc, err := e.read(ctx, mediaType, data)
	if err != nil {
		return nil, "", err
	}
	page, err = markTable(doc, locator)
	return page, ".html", err
}

func markTable(doc *grid.Document, locator string) ([]byte, error) {
	for _, b := range doc.Blocks {
		if b.Grid == nil || !hasCell(b.Grid, locator) {
			continue
		}
		var page bytes.Buffer
		title, _ := title(doc)
		err := markPage.Execute(&page, marked{Title: title, Locator: locator, Rows: markedRows(b.Grid, locator)})
		return page.Bytes(), err
	}
	return nil, fmt.Errorf("%w: %s", ErrNoCell, locator)
}

func hasCell(g *grid.Grid, locator string) bool {
	for _, c := range g.Cells {
		if c.Locator == locator {
			return true
		}
	}
	return false
}

// marked is what the page shows.
type marked struct {
	Title, Locator string
	Rows           [][]markedCell
}

type markedCell struct {
	grid.Cell
	Marked bool
}

// markedRows lists the cells by the row in which they begin.
func markedRows(g *grid.Grid, locator string) [][]markedCell {
	rows := make([][]markedCell, g.Rows)
	for _, c := range g.Cells {
		rows[c.Row] = append(rows[c.Row], markedCell{c, c.Locator == locator})
	}
	return rows
}

var markPage = template.Must(template.New("mark").Parse(`<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Locator}} – {{.Title}}</title>
<style>
body { font: 15px/1.5 sans-serif; margin: 2rem; }
table { border-collapse: collapse; }
td { border: 1px solid #999; padding: .2rem .5rem; white-space: pre-line; }
td.marked { outline: 3px solid #b3261e; outline-offset: -1px; font-weight: bold; }
</style>
<h1>{{.Title}}</h1>
<p>{{.Locator}}</p>
<table>
{{- range .Rows}}
<tr>{{range .}}<td rowspan="{{.RowSpan}}" colspan="{{.ColSpan}}"{{if .Marked}} class="marked" id="cell"{{end}}>{{.Text}}</td>{{end}}</tr>
{{- end}}
</table>
</html>
`))
