package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/extract/grid"
)

func draw(g *grid.Grid) string {
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
		rows = append(rows, strings.Join(fields, "|"))
	}
	return strings.Join(rows, "\n")
}

// The workbooks hold the same made-up figures: one as openpyxl wrote it, which
// stores no value for the formula, and one that LibreOffice made of it by way of XLS.
func TestWorkbooksOfOtherPrograms(t *testing.T) {
	const title = "示例局2022年政府信息公开工作年度报告（虚构）"
	rows := []string{
		".|.|.|.|.",
		".|" + strings.Join([]string{title, title, title, title}, "|"),
		".|.|.|.|.",
		".|信息内容|信息内容|本年制发件数|现行有效件数",
		".|规章|规章|3|1608911",        // shown as 1.61E+06
		".|行政收费|行政收费|160391.4077|", // shown as 160,391; the last cell has a border and is blank
		".|合计|合计|{sum}|／",
		".|.|.|.|.",
		".|.|.|.|.",
		".|甲|1||4", // no borders: blank between texts is a cell
		".|乙||2.5|",
	}
	for file, sum := range map[string]string{"openpyxl.xlsx": "=D5+D6", "libreoffice.xlsx": "160394.4077"} {
		doc := read(t, file)
		if b := doc.Blocks[0]; b.Text != title || b.Locator != "sheet 统计表, cell B2" {
			t.Errorf("%s: first block %+v, want the title of the visible sheet", file, b)
		}
		want := strings.ReplaceAll(strings.Join(rows, "\n"), "{sum}", sum)
		if got := draw(doc.Blocks[1].Grid); got != want {
			t.Errorf("%s: grid\n%s\nwant\n%s", file, got, want)
		}
		if b := doc.Blocks[2]; b.Text != "示例局填表说明（虚构）" {
			t.Errorf("%s: third block %+v, want the text of the hidden sheet", file, b)
		}
	}
}

func read(t *testing.T, file string) *grid.Document {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read(data)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return doc
}

// Spreadsheets store the nearest binary number with 17 digits and show 15.
func TestDecimal(t *testing.T) {
	for v, want := range map[string]string{
		"3": "3", "0": "0", "-8": "-8", "3.50": "3.50", "1.608911E6": "1608911", "1.608911E+06": "1608911",
		"160391.40770000001": "160391.4077", "0.10000000000000001": "0.1", "2.9999999999999999E-2": "0.03", "1E300": "1E300", "x": "x",
	} {
		if got := decimal(v); got != want {
			t.Errorf("decimal(%s) = %s, want %s", v, got, want)
		}
	}
}

// workbook makes a file of the given parts; the workbook itself and its
// relationships are filled in for one sheet.
func workbook(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="s" r:id="1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	}
	maps.Copy(all, parts)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(all[name]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sheetOf(cells string) map[string]string {
	return map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + cells + `</sheetData></worksheet>`}
}

func TestHostileWorkbooks(t *testing.T) {
	far := strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 3000)
	million := `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>` +
		`<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="A1:B2"/><mergeCell ref="ZZZZ1:"/></mergeCells></worksheet>`
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"not a zip", []byte("PK\x03\x04"), grid.ErrCorrupt},
		{"no workbook", workbook(t, map[string]string{"xl/workbook.xml": ""}), grid.ErrEmpty},
		{"cut sheet", workbook(t, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c>"}), grid.ErrCorrupt},
		{"missing sheet", workbook(t, nil), grid.ErrCorrupt},
		{"only column XFD", workbook(t, sheetOf(far)), grid.ErrEmpty},
		{"a sheet of a million rows", workbook(t, map[string]string{"xl/worksheets/sheet1.xml": million}), nil},
		{"a bomb", workbook(t, sheetOf(strings.Repeat("<row/>", 6<<20))), grid.ErrTooLarge},
		{"a large text a million times", workbook(t, map[string]string{
			"xl/sharedStrings.xml":     "<sst><si><t>" + strings.Repeat("x", 1<<20) + "</t></si></sst>",
			"xl/worksheets/sheet1.xml": "<worksheet>" + strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 200)+`</row>`, 1000) + "</worksheet>",
		}), grid.ErrTooLarge},
		{"every field filled", workbook(t, sheetOf(strings.Repeat(`<row>`+strings.Repeat(`<c><v>1</v></c>`, 200)+`</row>`, 4900))), nil},
	} {
		started := time.Now()
		if _, err := Read(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s took %v", c.name, took)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.Sys > 500<<20 {
		t.Errorf("the workbooks took %d MB", m.Sys>>20)
	}
}

func TestCellsWithoutReferenceFollowOn(t *testing.T) {
	doc, err := Read(workbook(t, sheetOf(`<row><c><v>1</v></c><c><v>2</v></c></row><row r="3"><c r="B3" t="s"><v>9</v></c><c t="b"><v>0</v></c></row>`)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := draw(doc.Blocks[0].Grid), "1|2|.\n.|.|.\n.|#9|FALSE"; got != want {
		t.Errorf("grid %q, want %q", got, want)
	}
}
