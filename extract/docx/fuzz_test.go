package docx

import (
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

func FuzzRead(f *testing.F) {
	gridtest.Seed(f, "../testdata/corpus/*/source.docx")
	f.Fuzz(func(t *testing.T, data []byte) {
		gridtest.Check(t, maxXML, func() (*grid.Document, error) { return Read(data) }) // a cell costs more than a byte, unpacked
	})
}

// FuzzMainText puts whatever XML into a sound Word file, where the fuzzer does not
// have to find its way through the compression first.
func FuzzMainText(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>x</w:t></w:r></w:p><w:tbl><w:tr>` + cell(`<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>`, "a") + `</w:tr></w:tbl>`)
	f.Add(`<w:tbl><w:tr>` + cell(`<w:vMerge/>`) + `<w:tc><w:tbl><w:tr><w:trPr><w:gridBefore w:val="9"/></w:trPr>` + cell("", "b") + `</w:tr></w:tbl></w:tc></w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, body string) {
		data := word(t, body)
		gridtest.Check(t, len(body), func() (*grid.Document, error) { return Read(data) })
	})
}
