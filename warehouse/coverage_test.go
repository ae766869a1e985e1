package warehouse

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// The bodies, addresses and titles of this file are made up: 甲市 lies in 示例省, 乙区
// in 甲市. A portal of 甲市 owed the reports of 2019 to 2025.

const site = "https://www.jiashi.gov.cn/"

func expected(portal, name, adcode, level, needs string, years ...int32) (all []record.Expectation) {
	own := record.Expectation{Portal: portal, PortalName: name, Authority: name, RegionCode: adcode, AdminLevel: level, Needs: needs}
	all = append(all, own)
	for _, year := range years {
		e := own
		e.ReportYear, e.DueOn = &year, "2030-03-31"
		all = append(all, e)
	}
	return all
}

func entry(portal, kind, path, title, state, reason, sha string) record.LedgerEntry {
	return record.LedgerEntry{URL: site + path, Portal: portal, Kind: kind, Title: title, State: state, Reason: reason, SHA256: sha}
}

// said is what extract reads in the titles of this file.
var said = map[string]struct {
	authority, adcode string
	year              int32
}{
	"甲市2018年政府信息公开工作年度报告":            {"甲市", "990100", 2018},
	"甲市2018年政府信息公开工作年度报告.pdf":        {"甲市", "990100", 2018},
	"甲市2019年政府信息公开工作年度报告":            {"甲市", "990100", 2019},
	"甲市人民政府办公室2020年政府信息公开工作年度报告":     {"甲市人民政府办公室", "990100", 2020},
	"乙区2021年政府信息公开工作年度报告":            {"甲市乙区", "990101", 2021},
	"甲市财政局2022年政府信息公开工作年度报告":         {"甲市财政局", "990100", 2022},
	"示例省甲市人民政府关于2023年政府信息公开工作的年度报告":  {"示例省甲市人民政府", "990100", 2023},
	"甲市〔2025〕3号 甲市2024年政府信息公开工作年度报告": {"甲市", "990100", 2024},
	"示例省2024年政府信息公开工作年度报告":           {"示例省", "990000", 2024},
	"甲市2024年政府信息公开工作年度报告":            {"甲市", "990100", 2024},
	"甲市财政局2019年政府信息公开工作年度报告":         {"甲市财政局", "990100", 2019},
	"2024年政府信息公开工作年度报告":              {"", "", 2024},
}

// coverageOf builds a warehouse of papers, with made-up places.
func coverageOf(t *testing.T, ledger []record.LedgerEntry, expected []record.Expectation, papers ...*paper) *DB {
	t.Helper()
	in := input(t, papers...)
	var links []record.Link
	for _, e := range ledger {
		if e.Kind != "document" || e.Reason == "title_excluded" {
			continue
		}
		l := record.Link{URL: e.URL, Title: e.Title, Authority: said[e.Title].authority, Adcode: said[e.Title].adcode, Scope: "unknown"}
		if year := said[e.Title].year; year != 0 {
			l.ReportYear = &year
		}
		links = append(links, l)
	}
	in.Links = saying(links)
	book := *in.Book
	book.Regions = append(slices.Clone(book.Regions),
		codebook.Region{Adcode: "990000", Name: "示例省", Level: "province"},
		codebook.Region{Adcode: "990100", Name: "甲市", Level: "prefecture", Parent: "990000"},
		codebook.Region{Adcode: "990101", Name: "乙区", Level: "county", Parent: "990100"})
	in.Book, in.Ledger, in.Expected = &book, ledger, expected
	db, err := Open(context.Background(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestPortalCoverage(t *testing.T) {
	const p = "cn-990100-jia"
	whole := newPaper(t, "2019", "甲市人民政府", "990100", 2019, "city_aggregate", "C", anyCells)
	office := newPaper(t, "2020", "甲市人民政府办公室", "990100", 2020, "general_office", "C", anyCells)
	district := newPaper(t, "2021", "乙区人民政府", "990101", 2021, "district_aggregate", "D", anyCells)
	bureau := newPaper(t, "2022", "甲市财政局", "990100", 2022, "department", "D", anyCells)
	scan := newPaper(t, "2023", "", "", 0, "unknown", "", "") // tables are pictures
	scan.document.Reason = "tables_are_images"
	file := newPaper(t, "2017", "甲市人民政府", "990100", 2017, "city_aggregate", "B", anyCells)
	early := newPaper(t, "2018", "甲市人民政府", "990100", 2018, "city_aggregate", "B", anyCells)
	sha := func(x *paper) string { return x.report.SHA256 }
	ledger := []record.LedgerEntry{
		entry(p, "list", "", "", "fetched", "", "00"),
		entry(p, "document", "18", "甲市2018年政府信息公开工作年度报告", "fetched", "", sha(early)),
		entry(p, "document", "19", "甲市2019年政府信息公开工作年度报告", "fetched", "", sha(whole)),
		entry(p, "document", "20", "甲市人民政府办公室2020年政府信息公开工作年度报告", "failed", "http_error", sha(office)),
		entry(p, "document", "21", "乙区2021年政府信息公开工作年度报告", "fetched", "", sha(district)),
		entry(p, "document", "22", "甲市财政局2022年政府信息公开工作年度报告", "fetched", "", sha(bureau)),
		entry(p, "document", "23", "示例省甲市人民政府关于2023年政府信息公开工作的年度报告", "fetched", "", sha(scan)),
		entry(p, "document", "24", "甲市〔2025〕3号 甲市2024年政府信息公开工作年度报告", "failed", "unreachable", ""),
		entry(p, "document", "24b", "示例省2024年政府信息公开工作年度报告", "rejected", "off_site", ""),
		entry(p, "document", "25", "甲市2025年度政府网站工作年度报表", "rejected", "title_excluded", ""),
	}
	attached := func(path, title string, of *paper) { // to the page of 2018
		l := entry(p, "document", path, title, "fetched", "", "")
		if l.FoundOn = site + "18"; of != nil {
			l.SHA256 = sha(of)
		}
		ledger = append(ledger, l)
	}
	attached("18.pdf", "甲市2018年政府信息公开工作年度报告.pdf", nil)
	attached("17.pdf", "附件", file)
	db := coverageOf(t, ledger, expected(p, "甲市人民政府", "990100", "city", "", 2019, 2020, 2021, 2022, 2023, 2024, 2025),
		whole, office, district, bureau, scan, early, file)
	const columns = `report_year, expected, state, reason, located, fetched, reports, scopes, withdrawn`
	expect(t, db, `SELECT `+columns+` FROM portal_coverage WHERE own ORDER BY 1`,
		"2017,,accepted,,0,0,1,city_aggregate,0", // an attachment that is a report
		"2018,,accepted,,1,1,1,city_aggregate,0", // an attachment that is none
		"2019,law,accepted,,1,1,1,city_aggregate,0",
		"2020,law,accepted,,1,1,1,general_office,1", // it was there and is gone
		"2021,law,missing,,0,0,0,,0",                // that of 乙区 is not the city's
		"2022,law,missing,,0,0,0,,0",                // nor that of a department
		"2023,law,fetched,tables_are_images,1,1,0,,0",
		"2024,law,located,unreachable,1,0,0,,0", // the year is not that of the 文号; the province's is not the city's
		"2025,law,missing,,0,0,0,,0")            // a website report is none
	expect(t, db, `SELECT authority, adcode, `+columns+` FROM portal_coverage WHERE NOT own ORDER BY 1, 3`,
		"乙区人民政府,990101,2021,portal,accepted,,1,1,1,district_aggregate,0",
		"乙区人民政府,990101,2022,portal,missing,,0,0,0,,0", // what was listed once is expected again
		"甲市财政局,990100,2022,portal,accepted,,1,1,1,department,0",
		"甲市财政局,990100,2023,portal,missing,,0,0,0,,0",
		"示例省,990000,2024,portal,located,off_site,1,0,0,,0",
		"示例省,990000,2025,portal,missing,,0,0,0,,0")
	c, err := db.Coverage(t.Context())
	want := Coverage{Due: 7, States: map[string]int64{"accepted": 2, "missing": 3, "fetched": 1, "located": 1},
		Others:    map[string]int64{"accepted": 2, "located": 1, "missing": 3},
		Withdrawn: []Withdrawn{{Portal: p, ReportYear: 2020, Documents: 1, Fetched: 1}}}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, %v, want %+v", c, err, want)
	}
}

// Where a list could not be read, or nobody read it, nothing is called missing.
func TestPortalCoverageSaysWhatIsNotKnown(t *testing.T) {
	var all []record.Expectation
	all = append(all, expected("a-unread", "甲市人民政府", "990100", "city", "", 2024)...)
	all = append(all, expected("b-challenged", "甲市人民政府", "990100", "city", "", 2024)...)
	all = append(all, expected("c-needs", "甲市人民政府", "990100", "city", "the address of the column")...)
	all = append(all, expected("d-no-level", "甲市人民政府", "990100", "", "")...)
	all = append(all, expected("e-dept", "甲市财政局", "990100", "dept", "", 2024)...)
	all = append(all, expected("f-half-read", "甲市人民政府", "990100", "city", "", 2024)...)
	all = append(all, expected("g-guessed", "甲市人民政府", "990100", "city", "", 2024)...)
	all = append(all, expected("h-moved", "甲市人民政府", "990100", "city", "", 2024)...)
	old := entry("h-moved", "list", "h-old", "", "failed", "http_error", "")
	old.Stale = true
	db := coverageOf(t, []record.LedgerEntry{
		entry("f-half-read", "list", "f", "", "fetched", "", "00"),
		entry("f-half-read", "list", "f2", "", "failed", "list_short", ""),
		entry("g-guessed", "list", "g", "", "fetched", "", "00"),
		entry("g-guessed", "list", "g_2", "", "rejected", "not_a_list_page", ""),
		entry("h-moved", "list", "h", "", "fetched", "", "00"), old,
		entry("b-challenged", "list", "b", "", "failed", "challenge_page", ""),
		entry("e-dept", "list", "e", "", "fetched", "", "00"),
		entry("e-dept", "document", "e24", "甲市2024年政府信息公开工作年度报告", "failed", "http_error", ""), // the government's
	}, all)
	expect(t, db, `SELECT portal, report_year, state, reason, detail FROM portal_coverage WHERE own ORDER BY 1`,
		"a-unread,2024,unknown,,no list has been asked for",
		"b-challenged,2024,unknown,challenge_page,not every list could be read",
		"c-needs,,unknown,,not crawled; to be found out: the address of the column",
		"d-no-level,,unknown,,nothing is expected: the profile has no admin_level",
		"e-dept,2024,missing,,no row of that year on the lists",
		"f-half-read,2024,unknown,list_short,not every list could be read",
		"g-guessed,2024,missing,,no row of that year on the lists", // a guess that is no page of the list hides nothing
		"h-moved,2024,missing,,no row of that year on the lists")   // nor does a list of an address given up
	if c, err := db.Coverage(t.Context()); err != nil || c.NotCrawled != 1 {
		t.Errorf("%+v, %v, want one portal that is not crawled", c, err)
	}
}

// The same bytes at several addresses are one document; it is withdrawn only if all of
// them lost it, and the earliest day that a list gives it counts.
func TestCoverageCountsDocumentsOnce(t *testing.T) {
	const p = "cn-990100-jia"
	one := newPaper(t, "2019", "甲市人民政府", "990100", 2019, "city_aggregate", "C", anyCells)
	bureau := newPaper(t, "bureau", "甲市财政局", "990100", 2019, "department", "C", anyCells)
	sha := one.report.SHA256
	at := func(path, state, reason, day string) record.LedgerEntry {
		l := entry(p, "document", path, "甲市2019年政府信息公开工作年度报告", state, reason, sha)
		l.PublishedOn = day
		return l
	}
	nobody := entry(p, "document", "x", "2024年政府信息公开工作年度报告", "failed", "http_error", "")
	nobody.PublishedOn = "2030-04-01"
	ledger := []record.LedgerEntry{
		entry(p, "list", "", "", "fetched", "", "00"),
		at("a", "fetched", "", "2020-03-30"), at("b", "failed", "http_error", "2021-05-01"), at("m/a", "fetched", "", ""), nobody,
		entry(p, "document", "c", "甲市财政局2019年政府信息公开工作年度报告", "fetched", "", bureau.report.SHA256),
	}
	db := coverageOf(t, ledger, expected(p, "甲市人民政府", "990100", "city", "", 2019, 2024), one, bureau)
	expect(t, db, `SELECT report_year, authority, state, located, fetched, reports, withdrawn, published_on, late FROM portal_coverage WHERE own ORDER BY 1`,
		"2019,甲市人民政府,accepted,1,1,1,0,2020-03-30,false",
		"2024,甲市人民政府,located,1,0,0,0,2030-04-01,true") // a link that names nobody leads to the portal's own
	if c, err := db.Coverage(t.Context()); err != nil || c.Late != 1 || len(c.Withdrawn) != 0 {
		t.Errorf("%+v, %v, want one late and none withdrawn", c, err)
	}
}
