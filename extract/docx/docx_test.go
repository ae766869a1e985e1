package docx

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

// word wraps body in the least that Read wants of a Word file.
func word(t *testing.T, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cell is a w:tc; properties such as gridSpan come before its paragraphs.
func cell(properties string, paragraphs ...string) string {
	s := "<w:tc><w:tcPr>" + properties + "</w:tcPr>"
	for _, p := range paragraphs {
		s += "<w:p><w:r><w:t>" + p + "</w:t></w:r></w:p>"
	}
	return s + "</w:tc>"
}

func TestMergedCells(t *testing.T) {
	doc, err := Read(word(t, `<w:p><w:r><w:t>标</w:t></w:r><w:del><w:r><w:t>x</w:t></w:r></w:del><w:r><w:t>题</w:t></w:r></w:p><w:tbl>`+
		`<w:tr>`+cell(`<w:vMerge w:val="restart"/>`, "a", "b")+cell(`<w:gridSpan w:val="2"/>`, "c")+`</w:tr>`+
		`<w:tr>`+cell(`<w:vMerge/>`)+cell("", "2")+cell("", "0")+`</w:tr>`+
		`<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>`+cell("", "d")+cell("", "<w:br/>")+`</w:tr></w:tbl>`))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Blocks[0].Text != "标题" {
		t.Errorf("paragraph %q, want 标题 without the deleted run", doc.Blocks[0].Text)
	}
	g := doc.Blocks[1].Grid
	var rows []string
	for _, row := range g.Dense() {
		var fields []string
		for _, c := range row {
			if c == nil {
				fields = append(fields, ".")
			} else {
				fields = append(fields, strings.ReplaceAll(c.Text, "\n", "~"))
			}
		}
		rows = append(rows, strings.Join(fields, "|"))
	}
	if got, want := strings.Join(rows, " / "), "a~b|c|c / a~b|2|0 / .|d|"; got != want {
		t.Errorf("grid %s, want %s", got, want)
	}
	if l := g.Cells[3].Locator; l != "table 1, row 2, column 3" {
		t.Errorf("locator of the 0 is %q; cells count as Word stores them", l)
	}
}

func TestNestedTableIsItsOwn(t *testing.T) {
	inner := `<w:tbl><w:tr>` + cell("", "in") + cell("", "ner") + `</w:tr></w:tbl>`
	doc, err := Read(word(t, `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>out</w:t></w:r></w:p>`+inner+`<w:p><w:r><w:t>er</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`))
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Blocks) != 2 || doc.Blocks[0].Grid.Cells[0].Text != "out\ner" || doc.Blocks[1].Grid.Cells[1].Text != "ner" {
		t.Errorf("blocks %+v", doc.Blocks)
	}
}

func TestDeepNestingIsRefused(t *testing.T) {
	if _, err := Read(word(t, strings.Repeat("<w:tbl><w:tr><w:tc>", 100)+strings.Repeat("</w:tc></w:tr></w:tbl>", 100))); err == nil || !strings.Contains(err.Error(), grid.ErrTooLarge.Error()) {
		t.Errorf("error %v, want too large", err)
	}
}
