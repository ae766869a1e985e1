package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

func TestParseValue(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ metric, raw, value, status string }{
		{"app_new", "3126", "3126", "number"},
		{"app_new", " 2\u00a00 ", "20", "number"},
		{"app_new", "３１２６", "3126", "number"},
		{"app_new", "1,608,911", "1608911", "number"},
		{"app_new", "1，608", "1608", "number"},
		{"app_new", "12,34", "", "text"}, // no thousands separator, and no decimal comma in Chinese forms
		{"app_new", "0", "0", "number"},
		{"app_new", "", "", "blank"},
		{"app_new", "\u00a0\u3000", "", "blank"},
		{"app_new", "/", "", "slash"},
		{"app_new", "／", "", "slash"},
		{"app_new", "-", "", "dash"},
		{"app_new", "——", "", "dash"},
		{"app_new", "－", "", "dash"},
		{"app_new", "无", "", "text"},
		{"app_new", "30余", "", "text"},
		{"app_new", "11.2万", "", "text"},
		{"app_new", "12件", "12", "number"},
		{"app_new", "12元", "", "text"}, // money is no count
		{"normdocs_in_force", "22（其中修订16件）", "22", "number"},
		{"permit_items_delta", "+1036", "1036", "number"},
		{"permit_items_delta", "-8", "-8", "number"},
		{"fee_amount_wanyuan", "160391.4077", "160391.4077", "number"},
		{"fee_amount_wanyuan", "1.5亿元", "15000", "number"},
		{"fee_amount_wanyuan", "96171.6万元", "96171.6", "number"},
		{"procurement_amount_wanyuan", "251000元", "25.1", "number"},
		{"procurement_amount_wanyuan", "0.00000000001", "", "text"}, // would lose a digit
	} {
		v, status := parseValue(book, book.Metric[c.metric], c.raw)
		got := ""
		if v != nil {
			got = record.DecimalString(*v)
		}
		if got != c.value || status != c.status {
			t.Errorf("%s %q: %q %s, want %q %s", c.metric, c.raw, got, status, c.value, c.status)
		}
	}
}

// form writes table 3 of the 2021 form for a made-up body; edit may change a row's
// label or drop it (empty) and returns the values' cells.
func form(t *testing.T, edit func(label string) (string, []string)) string {
	t.Helper()
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("<h1>示例市示例局2022年政府信息公开工作年度报告（虚构）</h1><table><tr><th rowspan=2 colspan=3>项目<th rowspan=2>自然人<th colspan=5>法人或其他组织<th rowspan=2>总计</tr>")
	b.WriteString("<tr><th>商业企业<th>科研机构<th>社会公益组织<th>法律服务机构<th>其他</tr>")
	for _, table := range book.Tables {
		if table.Form != "D" || table.ID != "t3" {
			continue
		}
		for _, row := range table.Cells {
			label, values := edit(row.Row)
			if label == "" {
				continue
			}
			b.WriteString("<tr><td colspan=3>" + label)
			for _, v := range values {
				b.WriteString("<td>" + v)
			}
			b.WriteString("</tr>")
		}
	}
	b.WriteString("</table>")
	return b.String()
}

var zeros = []string{"0", "0", "0", "0", "0", "0", "0"}

func find(cells []record.Cell, metric, applicant string) *record.Cell {
	for i := range cells {
		if cells[i].Metric == metric && cells[i].Applicant == applicant {
			return &cells[i]
		}
	}
	return nil
}

func hasFinding(x *record.Extraction, code string) bool {
	for _, f := range x.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestUnusualRowsAreNeverShifted(t *testing.T) {
	e := newExtractor(t)
	extract := func(page string) *record.Extraction {
		t.Helper()
		x, err := e.Extract(t.Context(), []byte(page))
		if err != nil || x.Report == nil {
			t.Fatalf("no report: %v %+v", err, x)
		}
		return x
	}
	seven := []string{"1", "2", "3", "4", "5", "6", "21"}

	t.Run("inserted row", func(t *testing.T) {
		x := extract(form(t, func(label string) (string, []string) {
			if strings.HasPrefix(label, "7.") {
				return label + "<tr><td colspan=3>8.属于工作秘密<td>9<td>9<td>9<td>9<td>9<td>9<td>9</tr><tr><td colspan=3>9." + "属于行政查询事项", seven
			}
			if strings.HasPrefix(label, "8.") {
				return "", nil
			}
			return label, zeros
		}))
		if !hasFinding(x, "unmapped_row") {
			t.Errorf("findings %+v, want unmapped_row", x.Findings)
		}
		if c := find(x.Cells, "out_denied_admin_query", "total"); c == nil || c.Raw != "21" {
			t.Errorf("row after the inserted one: %+v, want its own 21", c)
		}
		if c := find(x.Cells, "out_unavail_not_held", "total"); c == nil || c.Raw != "0" {
			t.Errorf("two rows after: %+v, want 0", c)
		}
	})
	t.Run("missing row", func(t *testing.T) {
		x := extract(form(t, func(label string) (string, []string) {
			if strings.HasPrefix(label, "4.保护") {
				return "", nil
			}
			return label, zeros
		}))
		if c := find(x.Cells, "out_denied_third_party", "total"); c != nil {
			t.Errorf("a row that is not printed has a cell: %+v", c)
		}
		if !hasFinding(x, "missing_row") {
			t.Errorf("findings %+v, want missing_row", x.Findings)
		}
		for _, c := range x.Checks {
			if c.Identity == "T3_OUTCOME_SUM_D" && c.Outcome != "untestable" {
				t.Errorf("sum with a missing row is %s, want untestable", c.Outcome)
			}
		}
	})
	t.Run("row with a cell too few", func(t *testing.T) {
		x := extract(form(t, func(label string) (string, []string) {
			if strings.HasPrefix(label, "2.重复") {
				return label, seven[:6]
			}
			return label, zeros
		}))
		if c := find(x.Cells, "out_notproc_duplicate", "natural_person"); c != nil {
			t.Errorf("a row that lacks a cell was placed: %+v", c)
		}
	})
	t.Run("blank is not zero", func(t *testing.T) {
		x := extract(form(t, func(label string) (string, []string) {
			if strings.HasPrefix(label, "一、") {
				return label, []string{"5", "", "/", "-", "无", "&nbsp;", "5"}
			}
			return label, zeros
		}))
		for applicant, status := range map[string]string{"org_enterprise": "blank", "org_research": "slash", "org_public_welfare": "dash", "org_legal_service": "text", "org_other": "blank", "total": "number"} {
			if c := find(x.Cells, "app_new", applicant); c == nil || c.Status != status || (c.Value == nil) != (status != "number") {
				t.Errorf("app_new %s: %+v, want status %s", applicant, c, status)
			}
		}
	})
	t.Run("a source's own error is kept and said", func(t *testing.T) {
		x := extract(form(t, func(label string) (string, []string) {
			if strings.HasPrefix(label, "一、") {
				return label, []string{"5", "0", "0", "0", "0", "0", "6"}
			}
			return label, zeros
		}))
		c := find(x.Cells, "app_new", "total")
		if c.Raw != "6" || c.Grade != "contradicted" || !hasFinding(x, "identity_failed") {
			t.Errorf("cell %+v with findings %+v; want 6, contradicted, identity_failed", c, x.Findings)
		}
		if c := find(x.Cells, "app_carried_in", "natural_person"); c.Grade != "contradicted" {
			t.Errorf("5 + 0 against 0 + 0 holds no balance; grade %s", c.Grade)
		}
		if c := find(x.Cells, "out_granted", "total"); c.Grade != "proved" {
			t.Errorf("a row that adds up has grade %s, want proved", c.Grade)
		}
	})
}

func TestBlankFormIsNoReport(t *testing.T) {
	x, err := newExtractor(t).Extract(t.Context(), []byte(form(t, func(label string) (string, []string) {
		return label, []string{"", "", "", "", "", "", "/"}
	})))
	if err != nil || x.Report != nil || x.Document.Reason != "not_a_report" || len(x.Cells) > 0 {
		t.Errorf("reason %q, %d cells (%v), want not_a_report and none", x.Document.Reason, len(x.Cells), err)
	}
}

func TestExtraColumnIsReportedAndNotRead(t *testing.T) {
	page := form(t, func(label string) (string, []string) { return label, append(slices.Clone(zeros), "99") })
	page = strings.Replace(page, "<th rowspan=2>总计", "<th rowspan=2>总计<th rowspan=2>历年累计", 1)
	x, err := newExtractor(t).Extract(t.Context(), []byte(page))
	if err != nil || x.Report == nil {
		t.Fatalf("no report: %v %+v", err, x.Document)
	}
	if !hasFinding(x, "unmapped_column") || len(x.Cells) != 25*7 {
		t.Errorf("%d cells, findings %+v; want 175 and unmapped_column", len(x.Cells), x.Findings)
	}
	for _, c := range x.Cells {
		if c.Raw == "99" {
			t.Errorf("a cumulative value is taken for %s %s", c.Metric, c.Applicant)
		}
	}
}

// The second table is of a made-up form; its layout is that of the HTML, its truth below.
func TestTableOfUnknownFormIsKeptRaw(t *testing.T) {
	page := form(t, func(label string) (string, []string) { return label, zeros })
	const odd = `<table><tr><td rowspan=2>窗口<td colspan=2>接待（虚构）</tr><tr><td>一季度 3<td>4</tr>
		<tr><td>5<td>6<td>7</tr><tr><td>8<td>9<td>&nbsp;</tr></table>`
	e := newExtractor(t)
	x, err := e.Extract(t.Context(), []byte(page+odd))
	if err != nil || x.Report == nil {
		t.Fatalf("no report: %v", err)
	}
	var got []string
	for _, c := range x.RawCells {
		if c.ReportID != x.Report.ReportID || c.TableNo != 1 || c.Locator == "" {
			t.Errorf("raw cell %+v", c)
		}
		got = append(got, fmt.Sprintf("%d,%d %dx%d %s", c.Row, c.Column, c.RowSpan, c.ColumnSpan, codebook.Squeeze(c.Raw)))
	}
	want := []string{"1,1 2x1 窗口", "1,2 1x2 接待(虚构)", "2,2 1x1 一季度3", "2,3 1x1 4",
		"3,1 1x1 5", "3,2 1x1 6", "3,3 1x1 7", "4,1 1x1 8", "4,2 1x1 9", "4,3 1x1 "}
	if !slices.Equal(got, want) || !hasFinding(x, "unknown_table") || len(x.Cells) != 175 {
		t.Errorf("%d cells, raw cells %q, findings %+v; want 175, %q and unknown_table", len(x.Cells), got, x.Findings, want)
	}

	x, err = e.Extract(t.Context(), []byte(page+"<table>"+strings.Repeat("<tr><td>1<td>2<td>3<td>4<td>5<td>6</tr>", maxRawCells/6+1)+"</table>"+odd))
	if err != nil || x.Report == nil {
		t.Fatalf("no report: %v", err)
	}
	if len(x.RawCells) != len(want) || x.RawCells[0].TableNo != 2 {
		t.Errorf("%d raw cells, want only the %d of the small table, which is the second", len(x.RawCells), len(want))
	}
	if x, err = e.Extract(t.Context(), []byte("<h1>示例局2022年政府信息公开工作年度报告</h1>"+odd)); err != nil || x.Report != nil || len(x.RawCells) > 0 {
		t.Errorf("a document without a report has raw cells %+v (%v)", x.RawCells, err)
	}
}

func TestTransposedTable(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	var head strings.Builder
	var metrics []string
	for _, table := range book.Tables {
		if table.Form == "D" && table.ID == "t3" {
			for _, row := range table.Cells {
				head.WriteString("<th>" + row.Row)
				metrics = append(metrics, row.Metric)
			}
		}
	}
	page := "<h1>示例市示例局2022年政府信息公开工作年度报告（虚构）</h1><table><tr><th>申请人" + head.String()
	for i, a := range book.Applicants {
		page += "<tr><td>" + a.LabelZH
		for j := range metrics {
			page += fmt.Sprintf("<td>%d", 100*i+j)
		}
	}
	x, err := newExtractor(t).Extract(t.Context(), []byte(page+"</table>"))
	if err != nil || x.Report == nil {
		t.Fatalf("no report: %v %+v", err, x.Document)
	}
	for i, a := range book.Applicants {
		for j, m := range metrics {
			if c := find(x.Cells, m, a.ID); c == nil || c.Raw != fmt.Sprint(100*i+j) {
				t.Fatalf("%s %s: %+v, want %d", m, a.ID, c, 100*i+j)
			}
		}
	}
}

func TestNarrativeIsComparedAndKeptApart(t *testing.T) {
	table := form(t, func(label string) (string, []string) {
		switch {
		case strings.HasPrefix(label, "一、"):
			return label, []string{"5", "0", "0", "0", "0", "0", "5"}
		case strings.HasPrefix(label, "二、"), strings.HasPrefix(label, "四、"):
			return label, []string{"1", "0", "0", "0", "0", "0", "1"}
		case strings.HasPrefix(label, "（一）"), strings.HasPrefix(label, "（七）"):
			return label, []string{"5", "0", "0", "0", "0", "0", "5"}
		}
		return label, zeros
	})
	e := newExtractor(t)
	for text, differs := range map[string]bool{
		"全年共收到政府信息公开申请5件，办结5件，予以公开5件。": false,
		"全年共收到政府信息公开申请6件。":             false, // with the one carried in
		"全年共收到政府信息公开申请7件。":             true,
		"其中不予公开2件。":                    true, // a sum of eight rows
	} {
		x, err := e.Extract(t.Context(), []byte(table+"<p>"+text))
		if err != nil || x.Report == nil {
			t.Fatalf("no report: %v", err)
		}
		if hasFinding(x, "narrative_differs") != differs || len(x.Cells) != 175 {
			t.Errorf("%s: %d cells, findings %+v; want 175 and a difference: %v", text, len(x.Cells), x.Findings, differs)
		}
	}
}

func TestUnitIsThatOfTheRecords(t *testing.T) {
	if got := record.DecimalString(decimal128.FromI64(unit)); got != "1" {
		t.Errorf("a decimal column reads unit as %s", got)
	}
}

// An open table is read as it stands or not at all: without lines, neither its columns
// nor the order of a row's cells can be trusted to be rows.
func TestOpenTablesAreReadAsTheyStand(t *testing.T) {
	e := newExtractor(t)
	cell := func(row, col int, text string) grid.Cell {
		return grid.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: 1, Text: text, Locator: "page 1"}
	}
	open := &grid.Grid{Open: true, Rows: 3, Cols: 3, Cells: []grid.Cell{
		cell(0, 1, "结果维持"), cell(0, 2, "结果纠正"), cell(1, 0, "行政复议"), cell(2, 1, "3"), cell(2, 2, "4"),
	}}
	if got := matchForms(e.book, &grid.Document{Blocks: []grid.Block{{Grid: open}}}, nil, map[string]string{}); len(got) != 0 {
		t.Errorf("found %v in a table of two columns", got)
	}
}
