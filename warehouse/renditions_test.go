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
