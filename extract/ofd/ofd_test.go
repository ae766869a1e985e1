package ofd

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/zipxml"
)

// pack makes an OFD file of parts; what every file needs is filled in for one
// document of the given number of pages, each on the template 9.
func pack(t *testing.T, pages int, parts map[string]string) []byte {
	t.Helper()
	list := ""
	for i := range pages {
		list += fmt.Sprintf(`<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>`, i+1, i)
	}
	all := map[string]string{
		"OFD.xml": `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Title>示例局年报（虚构）</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
		"Doc_0/Document.xml": `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>` +
			`<ofd:TemplatePage ID="9" BaseLoc="/Doc_0/Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>` + list + `</ofd:Pages></ofd:Document>`,
		"Doc_0/Tpls/Tpl_0/Content.xml": page(""),
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

func page(objects string) string {
	return `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="3"><ofd:PageBlock ID="4">` + objects + `</ofd:PageBlock></ofd:Layer></ofd:Content></ofd:Page>`
}

func onTemplate(objects string) string {
	return strings.Replace(page(objects), "<ofd:Content>", `<ofd:Template TemplateID="9"/><ofd:Content>`, 1)
}

// write draws text of 4 mm with its upper left corner at (x, y).
func write(x, y float64, text string) string {
	return fmt.Sprintf(`<ofd:TextObject Boundary="%g %g 100 4" Size="4"><ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>4460</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="3.4" DeltaX="g %d 3.7">%s</ofd:TextCode></ofd:TextObject>`,
		x, y, utf8.RuneCountInString(text)-1, text)
}

// table draws rows of cells 8 mm high from y down; an empty field "^" belongs to the
// cell above and "<" to that on the left. Rules are strokes, or boxes 0.2 mm thick.
func table(y float64, xs []float64, boxes bool, rows ...string) string {
	var b strings.Builder
	rule := func(x1, y1, x2, y2 float64) {
		switch {
		case !boxes:
			fmt.Fprintf(&b, `<ofd:PathObject Boundary="%g %g %g %g" LineWidth="0.3"><ofd:StrokeColor Value="0 0 0"/><ofd:AbbreviatedData>M 0 0 L %g %g</ofd:AbbreviatedData></ofd:PathObject>`, x1, y1, x2-x1+0.3, y2-y1+0.3, x2-x1, y2-y1)
		case x1 == x2:
			fmt.Fprintf(&b, `<ofd:PathObject Boundary="0 0 210 297" Stroke="false" Fill="true"><ofd:AbbreviatedData>M %g %g L %g %g L %g %g L %g %g C</ofd:AbbreviatedData></ofd:PathObject>`, x1, y1, x1+.2, y1, x1+.2, y2, x1, y2)
		default:
			fmt.Fprintf(&b, `<ofd:PathObject Boundary="0 0 210 297" Stroke="false" Fill="true"><ofd:AbbreviatedData>S %g %g L %g %g L %g %g L %g %g C</ofd:AbbreviatedData></ofd:PathObject>`, x1, y1, x2, y1, x2, y1+.2, x1, y1+.2)
		}
	}
	for r, row := range rows {
		top := y + float64(r)*8
		for c, text := range strings.Split(row, "|") {
			if text != "^" {
				rule(xs[c], top, xs[c+1], top)
			}
			if text != "<" {
				rule(xs[c], top, xs[c], top+8)
			}
			if text != "^" && text != "<" && text != "" {
				b.WriteString(write(xs[c]+1, top+2, text))
			}
		}
		rule(xs[len(xs)-1], top, xs[len(xs)-1], top+8)
	}
	bottom := y + float64(len(rows))*8
	rule(xs[0], bottom, xs[len(xs)-1], bottom)
	return b.String()
}

func draw(g *grid.Grid) string {
	var rows []string
	for _, row := range g.Dense() {
		var fields []string
		for _, c := range row {
			fields = append(fields, strings.ReplaceAll(c.Text, "\n", "~"))
		}
		rows = append(rows, strings.Join(fields, "|"))
	}
	return strings.Join(rows, "\n")
}

// The figures are made up. A page break cuts the table; its second part is ruled by
// thin boxes; the number of each page comes from the template.
func TestReport(t *testing.T) {
	xs := []float64{20, 60, 100, 140, 180}
	doc, err := Read(pack(t, 2, map[string]string{
		"Doc_0/Tpls/Tpl_0/Content.xml": page(write(100, 285, "- 1 -")),
		"Doc_0/Pages/Page_0/Content.xml": onTemplate(write(60, 20, "示例局2022年年报（虚构）") + write(20, 240, "三、申请情况") +
			table(250, xs, false, "项目|<|自然人|总计", "一、新收|<|20|21", "三、结果|（一）公开|7|")),
		"Doc_0/Pages/Page_1/Content.xml": onTemplate(table(20, xs, true, "|（二）部分|0|1608911", "四、结转|<|／|0.5") + write(20, 60, "五、问题")),
	}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			got = append(got, draw(b.Grid))
		} else {
			got = append(got, b.Text)
		}
	}
	want := []string{"示例局2022年年报（虚构）", "三、申请情况",
		"项目|项目|自然人|总计\n一、新收|一、新收|20|21\n三、结果|（一）公开|7|\n|（二）部分|0|1608911\n四、结转|四、结转|／|0.5", "五、问题"}
	if !slices.Equal(got, want) {
		t.Errorf("blocks\n%s\nwant\n%s", strings.Join(got, "\n\n"), strings.Join(want, "\n\n"))
	}
	if doc.Title != "示例局年报（虚构）" {
		t.Errorf("title %q", doc.Title)
	}
	cells := doc.Blocks[2].Grid.Cells
	if l := cells[len(cells)-1].Locator; l != "page 2, box 397 740 511 762" { // 140 to 180.1 mm, 28 to 36 mm from the top, in points
		t.Errorf("locator of the last cell %q", l)
	}
}

// The file holds made-up text; LibreOffice made a PDF of it and easyofd 20260427, a program
// of its own ways (it writes size for Size), made the OFD of that. It draws no rules.
func TestFileOfAnotherProgram(t *testing.T) {
	data, err := os.ReadFile("testdata/easyofd.ofd")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range doc.Blocks {
		got = append(got, b.Text)
	}
	want := []string{"示例局政府信息公开工作年度报告（虚构）", "一、总体情况", "全年收到申请二十件，办结十九件。"}
	if !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
}

// place is where the characters of one text object come to stand, in millimetres.
func place(t *testing.T, object string) string {
	t.Helper()
	c := &content{archive: &archive{Archive: &zipxml.Archive{}}, foot: 100}
	if err := c.read(xml.NewDecoder(strings.NewReader(page(object)))); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, ch := range c.page.Chars {
		out = append(out, fmt.Sprintf("%s %.1f %.1f", ch.Text, ch.Left*25.4/72, 100-ch.Top*25.4/72))
	}
	return strings.Join(out, ", ")
}

// The expected places follow GB/T 33190-2016, 11.3, by hand.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ name, object, want string }{
		{"distances", `<TextObject Boundary="10 20 50 5" Size="4"><TextCode X="1" Y="3.4" DeltaX="4 g 2 5">一二三四</TextCode></TextObject>`, "一 11.0 20.0, 二 15.0 20.0, 三 20.0 20.0, 四 25.0 20.0"},
		{"downwards", `<TextObject Boundary="10 20 5 50" Size="4"><TextCode X="1" Y="3.4" DeltaY="g 1 4.5">一二</TextCode></TextObject>`, "一 11.0 20.0, 二 11.0 24.5"},
		{"no distances", `<TextObject Boundary="10 20 50 5" Size="4"><TextCode X="0" Y="3.4">一2三</TextCode></TextObject>`, "一 10.0 20.0, 2 14.0 20.0, 三 16.0 20.0"},
		{"a second run on the same line", `<TextObject Boundary="10 20 50 5" Size="4"><TextCode X="0" Y="3.4">一</TextCode><TextCode X="9">二</TextCode></TextObject>`, "一 10.0 20.0, 二 19.0 20.0"},
		{"matrix", `<TextObject Boundary="10 20 50 5" CTM="0.5 0 0 0.5 -10 2" Size="8"><TextCode X="20" Y="2.8" DeltaX="8">一二</TextCode></TextObject>`, "一 10.0 20.0, 二 14.0 20.0"},
		{"invisible", `<TextObject Visible="false" Boundary="10 20 50 5" Size="8"><TextCode X="0" Y="0">一</TextCode></TextObject>`, ""},
		{"repeated a thousand million times", `<TextObject Boundary="10 20 50 5" Size="4"><TextCode X="0" Y="3.4" DeltaX="g 1000000000 4">一二</TextCode></TextObject>`, "一 10.0 20.0, 二 14.0 20.0"},
	} {
		if got := place(t, c.object); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPaths(t *testing.T) {
	for data, want := range map[string]int{
		"M 0 0 L 50 0 L 50 20 L 0 20 C":       4,
		"M 0 0 L 50 0 B 1 1 2 2 60 0 L 90 0":  2, // the curve is none
		"M 0 0 Q 1 1 50 50 L 50 90":           1,
		"S 0 0 A 5 5 0 1 0 10 0 L 40 0 M 5 5": 1,
		"M 0 0 L 50 50":                       0,
		"":                                    0,
	} {
		c := &content{archive: &archive{}, foot: 100, object: object{matrix: [6]float64{1, 0, 0, 1, 0, 0}, stroked: true}}
		if err := c.path(data); err != nil || len(c.page.Rules) != want {
			t.Errorf("%q: %d rules (%v), want %d", data, len(c.page.Rules), err, want)
		}
	}
}

func TestHostileFiles(t *testing.T) {
	const content = "Doc_0/Pages/Page_0/Content.xml"
	one := func(objects string) []byte { return pack(t, 1, map[string]string{content: onTemplate(objects)}) }
	text := func(attributes string) string {
		return `<TextObject Boundary="0 0 9 9" Size="3"><TextCode ` + attributes + `>x</TextCode></TextObject>`
	}
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"not a zip", []byte("PK\x03\x04"), grid.ErrCorrupt},
		{"a page is missing", pack(t, 1, nil), grid.ErrCorrupt},
		{"no pages", pack(t, 0, nil), grid.ErrEmpty},
		{"cut page", pack(t, 1, map[string]string{content: "<Page><Content><TextObject>"}), grid.ErrCorrupt},
		{"a picture alone", one(`<ImageObject Boundary="0 0 210 297" ResourceID="5"/>`), grid.ErrImages},
		{"encrypted", pack(t, 1, map[string]string{"Encryptions.xml": "<x/>"}), grid.ErrEncrypted},
		{"no number", one(text(`X="NaN" Y="0"`)), grid.ErrCorrupt},
		{"an endless number", one(text(`X="1e300" Y="0"`)), grid.ErrCorrupt},
		{"an unfinished repetition", one(text(`X="0" Y="0" DeltaX="g 3"`)), grid.ErrCorrupt},
		{"an unknown operator", one(`<PathObject Boundary="0 0 9 9"><AbbreviatedData>M 0 0 X 9</AbbreviatedData></PathObject>`), grid.ErrCorrupt},
		{"a path without end", one(`<PathObject Boundary="0 0 9 9"><AbbreviatedData>M 0 0 L 9</AbbreviatedData></PathObject>`), grid.ErrCorrupt},
		{"too many pages", pack(t, maxPages+1, nil), grid.ErrTooLarge},
		{"a bomb", one(strings.Repeat("<b/>", maxXML/4)), grid.ErrTooLarge},
		{"a long text", one(`<TextObject Size="3"><TextCode X="0" Y="0">` + strings.Repeat("x", maxObjects+1) + `</TextCode></TextObject>`), grid.ErrTooLarge},
		{"deep nesting", one(strings.Repeat("<PageBlock>", 100_000)), grid.ErrCorrupt},
	} {
		started := time.Now()
		if _, err := Read(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s took %v", c.name, took)
		}
	}
}
