package xlsx

import (
	"bytes"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// FuzzRead reads whatever bytes. What is no archive is the sheet of a sound workbook,
// where the fuzzer does not have to find its way through the compression first.
func FuzzRead(f *testing.F) {
	gridtest.Seed(f, "testdata/*.xlsx")
	for _, sheet := range []string{
		`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"/></row><row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1.608911E6</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`,
		`<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row><c><f>A1+B2</f></c><c t="b"><v>1</v></c><c t="s"><v>9</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2:C9"/></mergeCells></worksheet>`,
	} {
		f.Add([]byte(sheet))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !bytes.HasPrefix(data, []byte("PK")) {
			data = workbook(t, map[string]string{
				"xl/worksheets/sheet1.xml": string(data),
				"xl/sharedStrings.xml":     `<sst><si><r><t>甲</t></r><rPh><t>x</t></rPh></si></sst>`,
				"xl/styles.xml":            `<styleSheet><borders><border/><border><left style="thin"/><top style="thin"/></border></borders><cellXfs><xf borderId="0"/><xf borderId="1"/></cellXfs></styleSheet>`,
			})
		}
		gridtest.Check(t, maxFields, func() (*grid.Document, error) { return Read(data) })
	})
}
