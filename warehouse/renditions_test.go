package warehouse

import (
	"testing"

	"github.com/nianbao/nianbao/record"
)

// rendered is a document of 甲市财政局 for 2022 at an address of its own.
type rendered struct {
	name, media string
	day         int
	cells       string
	path        string // "": the name
	on          string // path of the page that it belongs to; "": none
	of          string // another authority; "": 甲市财政局
}

// renditionsOf builds a warehouse of documents and returns their report ids, too.
func renditionsOf(t *testing.T, all ...rendered) (*DB, map[string]string) {
	t.Helper()
	var papers []*paper
	ids := map[string]string{}
	for _, r := range all {
		of := "甲市财政局"
		if r.of != "" {
			of = r.of
		}
		p := newPaper(t, r.name, of, "990100", 2022, "department", "D", r.cells).fetchedOn(r.day)
		p.document.MediaType = r.media
		papers = append(papers, p)
		ids[r.name] = p.report.ReportID
	}
	in := input(t, papers...)
	for i, r := range all {
		path := r.name
		if r.path != "" {
			path = r.path
		}
		in.Locations[i].URL = site + path
		if r.on != "" {
			in.Locations[i].FoundOn = site + r.on
		}
	}
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db, ids
}

const (
	page, pdf, word = "text/html", "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	figures         = "t2 normdocs_issued - 3\nt3 app_new natural_person 7\nt3 app_new total 8\nt4 rev_total - 0"
	corrected       = "t2 normdocs_issued - 3\nt3 app_new natural_person 8\nt3 app_new total 9\nt4 rev_total - 0"
	misread         = "t2 normdocs_issued - 3\nt3 app_new natural_person 7\nt3 app_new total 3\nt4 rev_total - 0"
	oneTable        = "t2 normdocs_issued - 3"
)

// A report in several renditions is one; which of them stands for it does not depend on
// when it came, and the others are no earlier versions.
func TestRenditions(t *testing.T) {
	for name, c := range map[string]struct {
		documents []rendered
		want      []string // title, the one that stands for it, current, superseded
	}{
		"page and attachment": {[]rendered{{"a", page, 1, figures, "", "", ""}, {"b", pdf, 2, figures, "", "a", ""}},
			[]string{"a,,true,", "b,a,false,"}},
		"attachment that came first": {[]rendered{{"a", page, 2, figures, "", "", ""}, {"b", pdf, 1, figures, "", "a", ""}},
			[]string{"a,,true,", "b,a,false,"}},
		"attachment that is read otherwise": {[]rendered{{"a", page, 1, figures, "", "", ""}, {"b", pdf, 2, misread, "", "a", ""}},
			[]string{"a,,true,", "b,a,false,"}},
		"page without the tables": {[]rendered{{"a", page, 1, oneTable, "", "", ""}, {"b", pdf, 2, figures, "", "a", ""}},
			[]string{"a,b,false,", "b,,true,"}},
		"page, file and picture": {[]rendered{{"a", page, 3, figures, "", "", ""}, {"b", word, 2, figures, "", "a", ""}, {"c", "image/png", 1, figures, "", "a", ""}},
			[]string{"a,,true,", "b,a,false,", "c,a,false,"}},
		"attachment of the same kind that came first": {[]rendered{{"a", page, 2, figures, "", "", ""}, {"b", page, 1, figures, "", "a", ""}},
			[]string{"a,,true,", "b,a,false,"}},
		"mirror": {[]rendered{{"a", page, 1, figures, "", "", ""}, {"m", page, 2, figures, "", "", ""}},
			[]string{"a,,true,", "m,a,false,"}},
		"correction at the same address": {[]rendered{{"a1", page, 1, figures, "a", "", ""}, {"a2", page, 2, corrected, "a", "", ""}},
			[]string{"a1,,false,", "a2,,true,a1"}},
		"new bytes with the same figures": {[]rendered{{"a1", page, 1, figures, "a", "", ""}, {"a2", page, 2, figures, "a", "", ""}},
			[]string{"a1,,false,", "a2,,true,a1"}},
		"correction at another address": {[]rendered{{"a", page, 1, figures, "", "", ""}, {"b", page, 2, corrected, "", "", ""}},
			[]string{"a,,false,", "b,,true,a"}},
		"attachment of the first version": {[]rendered{{"a1", page, 1, figures, "a", "", ""}, {"a2", page, 3, corrected, "a", "", ""}, {"b", pdf, 2, figures, "", "a", ""}},
			[]string{"a1,,false,", "a2,,true,a1", "b,a1,false,"}},
		"attachment of the second version": {[]rendered{{"a1", page, 1, figures, "a", "", ""}, {"a2", page, 3, corrected, "a", "", ""}, {"b", pdf, 4, corrected, "", "a", ""}},
			[]string{"a1,,false,", "a2,,true,a1", "b,a2,false,"}},
		"mirror of the first version that reads better, after the correction": {[]rendered{{"a1", pdf, 1, figures, "a", "", ""}, {"a2", pdf, 2, corrected, "a", "", ""}, {"m", page, 3, figures, "", "", ""}},
			[]string{"a1,m,false,", "a2,,true,m", "m,,false,"}},
		"report of another body attached": {[]rendered{{"a", page, 1, figures, "", "", ""}, {"b", pdf, 2, figures, "", "a", "甲市司法局"}},
			[]string{"a,,true,", "b,,true,"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, _ := renditionsOf(t, c.documents...)
			expect(t, db, `
				SELECT r.title, o.title, r.is_current, s.title FROM report r
				LEFT JOIN report o ON o.report_id = r.rendition_of LEFT JOIN report s ON s.report_id = r.supersedes ORDER BY 1`, c.want...)
		})
	}
}

// How far two renditions agree is told; they are no restatement of each other.
func TestRenditionsAreCompared(t *testing.T) {
	db, ids := renditionsOf(t, rendered{"a", page, 1, figures, "", "", ""}, rendered{"b", pdf, 2, misread, "", "a", ""},
		rendered{"c", word, 2, oneTable + "\nt3 app_new total blank", "", "a", ""})
	expect(t, db, `SELECT report_id, rendition_of, media_type, compared, differing FROM renditions ORDER BY media_type`,
		ids["b"]+","+ids["a"]+",application/pdf,4,1", ids["c"]+","+ids["a"]+","+word+",1,0")
	expect(t, db, `SELECT count(*) FROM restatements`, "0")
	expect(t, db, `SELECT app_new FROM requests`, "8")
}

// In coverage a report counts once, in however many renditions and at however many
// addresses it stands.
func TestCoverageCountsRenditionsOnce(t *testing.T) {
	const p = "cn-990100-jia"
	a := newPaper(t, "a", "甲市财政局", "990100", 2022, "department", "D", figures)
	b := newPaper(t, "b", "甲市财政局", "990100", 2022, "department", "D", figures)
	b.document.MediaType = pdf
	in := func(path, foundOn string, of *paper) record.LedgerEntry {
		l := entry(p, "document", path, "甲市财政局2022年政府信息公开工作年度报告", "fetched", "", of.report.SHA256)
		if foundOn != "" {
			l.FoundOn = site + foundOn
		}
		return l
	}
	db := coverageOf(t, []record.LedgerEntry{entry(p, "list", "", "", "fetched", "", "00"), in("a", "", a), in("m/a", "", a), in("a.pdf", "a", b)},
		expected(p, "甲市财政局", "990100", "dept", "", 2022), a, b)
	expect(t, db, `SELECT located, fetched, reports FROM portal_coverage WHERE own`, "1,1,1")
}

// A report that is divided over pages is one: its cells stand in their order, each with
// the page that prints it, and the checks of all pages are its own. A page that repeats a
// table is a rendition.
func TestDividedReport(t *testing.T) {
	of := func(name, path, on, forms, cells string) (*paper, string, string) {
		p := newPaper(t, name, "", "", 0, "unknown", "D", cells)
		p.report.Forms = forms
		return p, path, on
	}
	var papers []*paper
	var paths, ons []string
	add := func(p *paper, path, on string) {
		papers, paths, ons = append(papers, p), append(paths, path), append(ons, on)
	}
	first, path, on := of("first", "a.html", "", "t2:D", "t2 normdocs_issued - 3\nt2 normdocs_issued - 3")
	first.report.Authority, first.report.Adcode, first.report.Scope = "甲市财政局", "990100", "department"
	year := int32(2022)
	first.report.ReportYear = &year
	add(first, path, on)
	add(of("second", "a_1.html", "a.html", "t3:D", "t3 app_new natural_person 7\nt3 app_new total 8"))
	papers[1].check("T3_BALANCE", "total", "held", 9, 9)
	papers[1].report.IdentitiesHeld = 1
	papers[1].raw = []record.RawCell{{ReportID: papers[1].report.ReportID, TableNo: 1, Row: 1, Column: 1, RowSpan: 1, ColumnSpan: 1, Raw: "x"}}
	add(of("third", "a_2.html", "a.html", "t4:D", "t4 rev_total - 0"))
	add(of("pdf", "a_3.pdf", "a.html", "t3:D t4:D", "t3 app_new natural_person 7\nt3 app_new total 8\nt4 rev_total - 0"))
	papers[3].document.MediaType = pdf
	in := input(t, papers...)
	var links []record.Link
	for i := range papers {
		in.Locations[i].URL = site + paths[i]
		if ons[i] != "" {
			in.Locations[i].FoundOn = site + ons[i]
		}
		links = append(links, record.Link{URL: site + paths[i], Title: "甲市财政局2022年政府信息公开工作年度报告", Authority: "甲市财政局", Adcode: "990100", ReportYear: &year, Scope: "department"})
	}
	in.Links = saying(links)
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	id := first.report.ReportID
	expect(t, db, `SELECT d.title, r.is_current, r.part_of = '`+id+`', r.rendition_of = '`+id+`' FROM report r JOIN document d USING (sha256) ORDER BY 1`,
		"first,true,,", "pdf,false,,true", "second,false,true,", "third,false,true,")
	expect(t, db, `SELECT c.cell_no, c.metric, c.applicant, d.title FROM current_cell c JOIN document d USING (sha256) ORDER BY 1`,
		"1,normdocs_issued,,first", "2,normdocs_issued,,first", "3,app_new,natural_person,second", "4,app_new,total,second", "5,rev_total,,third")
	expect(t, db, `SELECT forms, identities_held, grade FROM report WHERE is_current`, "t2:D t3:D t4:D,1,proved")
	expect(t, db, `SELECT report_id, identity FROM check_result`, id+",T3_BALANCE")
	expect(t, db, `SELECT report_id, table_no FROM raw_cell`, id+",1")
	expect(t, db, `SELECT sha256, url FROM lineage WHERE metric = 'app_new' AND applicant = 'total'`, papers[1].report.SHA256+","+site+"a_1.html")
	all, err := db.Explain(t.Context(), Key{Region: "甲市财政局", Year: 2022, Metric: "app_new"})
	if err != nil || len(all) != 1 || all[0].SHA256 != papers[1].report.SHA256 || all[0].Cell.CellNo != 4 || len(all[0].Others) != 1 || all[0].Others[0].Compared != 3 {
		t.Errorf("%+v, %v, want the second page's cell and the PDF as rendition", all, err)
	}
}
