package extract

import (
	"strings"
	"testing"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// The damage is what recognition did to degraded prints of the practice reports; the
// makers of titles and names beside that are made up.
func TestIdentifyFromAPicture(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name            string
		lines           []string
		authority, code string
		year            int32
		findings        []string
	}{
		{"one sign wrong", []string{"淮安市人民政府", "2024年政府信息公开一作年度报告", "统计期限自2024年1月1日至2024年12月31日"}, "淮安市人民政府", "320800", 2024, nil},
		{"headings of the page above", []string{"。政务公开", "。政府信息公开年报", "平潭综合实验区2021年度政府信息公开工作年度报告", "数据的统计期限自2021年1月1日起"}, "平潭综合实验区管委会", "350128", 2021, nil},
		{"over two lines, inside a word", []string{"郑州市人民政府2022年政府信", "息公开工作年度报吉", "2022年,全市"}, "郑州市人民政府", "410100", 2022, nil},
		{"the name of the place is damaged, and stands in the text", []string{"洪泽广人民政府", "2023年政府信息公开二作年度报告", "统计期限自2023年1月1日", "2023年,洪泽区人民政府坚持"}, "淮安市洪泽区人民政府", "320813", 2023, []string{"authority_recognised"}},
		{"it does not", []string{"洪泽广人民政府", "2023年政府信息公开工作年度报告", "统计期限自2023年1月1日"}, "洪泽广人民政府", "", 2023, []string{"authority_recognised"}},
		{"the text has two names as near", []string{"邪州市人民政府2023年政府信息公开工作年度报告", "2023年,郑州市人民政府与邓州市人民政府"}, "邪州市人民政府", "", 2023, []string{"authority_recognised"}},
		{"a department that the text names again", []string{"郑州市教育局2022年政府信息公开工作年度报告", "统计期限自2022年1月1日", "联系郑州市教育局"}, "郑州市教育局", "410100", 2022, nil},
		{"a department named once", []string{"郑州市教肓局2022年政府信息公开工作年度报告", "统计期限自2022年1月1日"}, "郑州市教肓局", "410100", 2022, []string{"authority_recognised"}},
		{"the year in one place alone", []string{"郑州市人民政府2022年政府信息公开工作年度报告"}, "郑州市人民政府", "410100", 2022, []string{"year_recognised"}},
		{"title and text differ", []string{"郑州市人民政府2021年政府信息公开工作年度报告", "统计期限自2022年1月1日", "2022年,全市"}, "郑州市人民政府", "410100", 2022, []string{"year_conflict"}},
		{"no year of a report", []string{"郑州市人民政府2094年政府信息公开工作年度报告"}, "郑州市人民政府", "410100", 0, []string{"year_unknown"}},
		{"too much is lost", []string{"郑州市人民政府2022年玫肘估恩公开一作年发报告", "统计期限自2022年1月1日"}, "", "", 2022, []string{"year_recognised", "authority_unknown"}},
	} {
		doc := &grid.Document{}
		for _, l := range c.lines {
			doc.Blocks = append(doc.Blocks, grid.Block{Text: l, Recognised: true})
		}
		id := identify(book, doc, documentText(doc))
		year := int32(0)
		if id.year != nil {
			year = *id.year
		}
		if id.authority != c.authority || id.adcode != c.code || year != c.year {
			t.Errorf("%s: %q %q %d, want %q %q %d", c.name, id.authority, id.adcode, year, c.authority, c.code, c.year)
		}
		if id.scopeConfidence > recognisedConfidence {
			t.Errorf("%s: as confident, %g, as of text", c.name, id.scopeConfidence)
		}
		var got []string
		for _, f := range id.findings {
			if f.code != "scope_unknown" && f.code != "scope_inferred" {
				got = append(got, f.code)
			}
		}
		if len(got) != len(c.findings) {
			t.Errorf("%s: findings %v, want %v", c.name, got, c.findings)
			continue
		}
		for i := range got {
			if got[i] != c.findings[i] {
				t.Errorf("%s: findings %v, want %v", c.name, got, c.findings)
			}
		}
	}
}

// A report in pictures that yields no table says why: no rules, or labels that cannot be
// read.
func TestAScanWithoutTablesSaysWhy(t *testing.T) {
	e := newExtractor(t)
	b := grid.NewBuilder()
	for range 4 {
		b.Row()
		for range 10 {
			b.Cell(1, 1, "〓", "")
		}
	}
	table := b.Grid()
	for i := range table.Cells {
		table.Cells[i].Recognised = &grid.Recognition{Readings: []grid.Reading{{By: "cell"}}}
	}
	title := grid.Block{Text: "郑州市人民政府2022年政府信息公开工作年度报吉", Recognised: true}
	for want, doc := range map[string]*grid.Document{
		"ruling lines": {Blocks: []grid.Block{title}},
		"labels":       {Blocks: []grid.Block{title, {Grid: table}}},
	} {
		x := &record.Extraction{Document: record.Document{SHA256: strings.Repeat("0", 64)}}
		if err := e.interpret(t.Context(), nil, doc, x); err != nil {
			t.Fatal(err)
		}
		if x.Document.Reason != "tables_are_images" || !strings.Contains(x.Document.Detail, want) {
			t.Errorf("%s: %+v", want, x.Document)
		}
	}
}
