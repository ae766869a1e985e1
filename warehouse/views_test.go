package warehouse

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/record"
)

// formats.md sections 11 and 12 state these figures for 郑州 2022, worked out from the
// printed report without this code.
func TestIndicatorsOfPublishedReport(t *testing.T) {
	db := open(t, zhengzhou(t))
	expect(t, db, `SELECT indicator, value FROM indicators JOIN indicator_definition ON id = indicator WHERE kind = 'count' ORDER BY indicator`,
		"lawsuits,161", "requests_carried_over,57", "requests_closed,3366", "requests_received,3325", "reviews,146")
	expect(t, db, `SELECT indicator, round(100 * value, 1) FROM indicators JOIN indicator_definition ON id = indicator WHERE unit = 'ratio' ORDER BY indicator`,
		"carry_over_rate,1.7", "clearance_rate,98.3", "denial_rate,6.3", "disclosure_rate,53.1", "dispute_rate,8",
		"full_disclosure_rate,46.2", "litigation_correction_rate,5.5", "litigation_rate,4.8", "merits_disclosure_rate,89.4",
		"natural_person_share,94", "not_held_rate,27.9", "not_processed_rate,2", "other_rate,9.4",
		"review_correction_rate,13.8", "review_rate,4.3", "unavailable_rate,29.2")
	// 郑州日报, 2023-02-25: 1282.8 万 residents at the end of 2022; 3325 / 128.28
	expect(t, db, `SELECT denominator, round(value, 4), status, grade FROM indicators WHERE indicator = 'apps_per_100k'`, "12828000,25.9199,number,unproved")
	expect(t, db, `SELECT region_zh, province_zh, authority_en, app_new, app_new_natural_person, app_carried_in,
		app_closed_total, app_carried_out, app_replied FROM requests`,
		"郑州市,河南省,Zhengzhou Municipal People's Government,3325,3126,98,3366,57,")
	expect(t, db, `SELECT rev_total, lit_total FROM disputes`, "146,161")
	expect(t, db, `SELECT app_closed_total - out_granted - out_partial - out_denied - out_unavail - out_notproc - out_other FROM outcomes`, "0")
	expect(t, db, `SELECT value FROM metric_value WHERE metric = 'fee_amount_wanyuan'`, "160391.4077")
}

// What governments say in prose of their own figures.
func TestIndicatorsAgainstProse(t *testing.T) {
	// 淮安市 2024, section 一 of the report: 受理 3119 件, 答复 3050 件 (含上年度结转 34 件, 另有 103 件顺延); 行政复议: 维持 72, 纠正 64,
	// 其他 178, 未审结 37; 行政诉讼 46 件: 维持 25, 纠正 5, 其他 9, 未审结 7.
	db := open(t, published(t, "huaian-2024", "淮安市人民政府", "320800", 2024))
	expect(t, db, `SELECT indicator, numerator, denominator FROM indicators WHERE indicator IN ('requests_received', 'requests_closed', 'requests_carried_over',
		'carry_over_rate', 'reviews', 'review_correction_rate', 'lawsuits', 'litigation_correction_rate') ORDER BY 1`,
		"carry_over_rate,103,3153", "lawsuits,46,", "litigation_correction_rate,5,39", "requests_carried_over,103,", "requests_closed,3050,",
		"requests_received,3119,", "review_correction_rate,64,314", "reviews,351,")
	// 高淳区 2022, www.nanjing.gov.cn/zzb/zfxxgk/zfxxgknb/gqzf_72697/gcqrmzf/202302/t20230220_3830939.html: 130 件, 办复率 100%; 不予公开
	// 32 件、占 24.6%; 无法提供 26 件、占 20%; 不予处理 1 件、占 0.7%; 其他处理 12 件、占 9.2%. It cuts digits off rather than rounding.
	db = open(t, newPaper(t, "prose", "南京市高淳区人民政府", "320118", 2022, "district_aggregate", "D", `
		t3 app_new total 130
		t3 app_closed_total total 130
		t3 out_denied total 32
		t3 out_unavail total 26
		t3 out_notproc total 1
		t3 out_other total 12`))
	expect(t, db, `SELECT indicator, floor(1000 * value) / 10 FROM indicators
		WHERE indicator IN ('denial_rate', 'unavailable_rate', 'not_processed_rate', 'other_rate') ORDER BY 1`,
		"denial_rate,24.6", "not_processed_rate,0.7", "other_rate,9.2", "unavailable_rate,20")
}

// Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics
// in Medicine 17:857-872, Table I, method 3.
func TestWilsonAgainstNewcombe(t *testing.T) {
	db := open(t)
	expect(t, db, `SELECT x, n, format('{:.4f}', wilson_low(x, n)), format('{:.4f}', wilson_high(x, n))
		FROM (VALUES (81, 263), (15, 148), (0, 20), (1, 29)) v(x, n)`,
		"81,263,0.2553,0.3662", "15,148,0.0624,0.1605", "0,20,0.0000,0.1611", "1,29,0.0061,0.1718")
	expect(t, db, `SELECT wilson_low(x, n), wilson_high(x, n) FROM (VALUES (3, 2), (-1, 2), (0, 0), (NULL, 2), (2, NULL)) v(x, n)`,
		",", ",", ",", ",", ",")
	expect(t, db, `SELECT wilson_high(20, 20), wilson_low(0::DECIMAL(28,8), 20::DECIMAL(28,8))`, "1,0")
}

// Garwood's exact limits of 10 events on 1 are 4.7954 and 18.3904; the score limits are the roots of
// (10 - r)^2 = 1.96^2 r, which anyone may solve: 5.4320 and 18.4095.
func TestPoissonScoreInterval(t *testing.T) {
	db := open(t)
	expect(t, db, `SELECT x, n, format('{:.4f}', poisson_low(x, n)), format('{:.4f}', poisson_high(x, n))
		FROM (VALUES (10, 1), (10, 5), (0, 1)) v(x, n)`,
		"10,1,5.4320,18.4095", "10,5,1.0864,3.6819", "0,1,0.0000,3.8415")
	expect(t, db, `SELECT poisson_low(x, n), poisson_high(x, n) FROM (VALUES (-1, 2), (1, 0), (NULL, 2), (2, NULL)) v(x, n)`, ",", ",", ",", ",")
}

// A blank part makes the computed sum, and every ratio above it, blank.
func TestBlankNeverBecomesANumber(t *testing.T) {
	db := open(t, newPaper(t, "blank", "甲市人民政府", "990100", 2022, "city_aggregate", "D", `
		t3 app_new natural_person 0
		t3 app_new total slash
		t3 app_carried_in total 0
		t3 app_closed_total total 20
		t3 out_granted total 12
		t3 out_partial total dash
		t3 out_unavail_not_held total 1
		t3 out_unavail_needs_creation total blank
		t3 out_unavail_unclear total 2
		t3 out_notproc_petition total 5
		t4 rev_upheld - 0
		t4 rev_corrected - 0
		t4 rev_other - 0
		t4 rev_total - text`))
	expect(t, db, `SELECT app_new, app_new_natural_person, app_carried_in, app_carried_out FROM requests`, ",0,0,")
	expect(t, db, `SELECT out_granted, out_partial, out_unavail, out_unavail_not_held, out_notproc, out_denied FROM outcomes`, "12,,,1,,")
	expect(t, db, `SELECT rev_upheld, rev_total, rev_pending, lit_total FROM disputes`, "0,,,")
	expect(t, db, `SELECT value, status, grade, cell_no FROM metric_value WHERE metric = 'out_unavail'`, ",blank,unproved,")
	expect(t, db, `SELECT count(*) FROM metric_value WHERE metric IN ('out_notproc', 'out_denied', 'lit_total')`, "0")
	expect(t, db, `SELECT indicator, numerator, denominator, value, wilson_low, wilson_high, enough, status FROM indicators WHERE indicator IN
		('disclosure_rate', 'full_disclosure_rate', 'unavailable_rate', 'not_processed_rate', 'natural_person_share', 'review_correction_rate', 'review_rate')
		ORDER BY indicator`,
		"disclosure_rate,,20,,,,true,dash",
		"full_disclosure_rate,12,20,0.6,"+strings.Join(query(t, db, "SELECT wilson_low(12, 20), wilson_high(12, 20)"), "")+",true,number",
		"natural_person_share,0,,,,,false,slash",
		"not_processed_rate,,20,,,,true,missing_row",
		"review_correction_rate,0,0,,,,false,number",
		"review_rate,,20,,,,true,text",
		"unavailable_rate,,20,,,,true,blank")
	expect(t, db, `SELECT series, value, status FROM harmonised WHERE series IN ('H_new', 'H_granted', 'H_unavailable', 'H_denied') ORDER BY series`,
		"H_denied,,missing_row", "H_granted,12,number", "H_new,,slash", "H_unavailable,,blank")
	expect(t, db, `SELECT count(*) FROM indicators`, query(t, db, `SELECT count(*) FROM indicator_definition`)...)
	expect(t, db, `SELECT count(*) FROM current_cell WHERE value IS NULL AND status <> 'number'`, "4")
	expect(t, db, `SELECT metric FROM lineage WHERE value IS NULL ORDER BY cell_no`, "app_new", "out_partial", "out_unavail_needs_creation", "rev_total")
}

func TestComputedSumIsSeparateFromPrinted(t *testing.T) {
	parts := `
		t3 out_unavail_not_held total 1
		t3 out_unavail_needs_creation total 2 unproved
		t3 out_unavail_unclear total 4 contradicted
		t3 out_unavail_not_held natural_person 1`
	db := open(t,
		newPaper(t, "sum", "甲市人民政府", "990100", 2022, "city_aggregate", "D", parts),
		newPaper(t, "printed", "乙市人民政府", "990200", 2022, "city_aggregate", "D", parts+`
		t3 out_unavail total 9`))
	expect(t, db, `SELECT authority, applicant, value, status, grade, cell_no FROM metric_value WHERE metric = 'out_unavail' ORDER BY authority DESC`,
		"甲市人民政府,total,7,computed,contradicted,", "乙市人民政府,total,9,number,proved,5")
}

func TestMetricPrintedTwice(t *testing.T) {
	db := open(t,
		newPaper(t, "differs", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t4 rev_total - 4\nt4 rev_total - 5"),
		newPaper(t, "agrees", "乙市人民政府", "990200", 2022, "city_aggregate", "D", "t4 rev_total - 4\nt4 rev_total - 4\nstat app_new - 3\nt3 app_new total 2"))
	expect(t, db, `SELECT authority, metric, applicant, value, status, cell_no FROM metric_value ORDER BY authority DESC, metric, applicant`,
		"甲市人民政府,rev_total,,,illegible,1",
		"乙市人民政府,app_new,,3,number,3", "乙市人民政府,app_new,total,2,number,4", "乙市人民政府,rev_total,,4,number,1")
	expect(t, db, `SELECT authority, app_new FROM requests ORDER BY authority DESC`, "甲市人民政府,", "乙市人民政府,2")
}

func TestVersionsOfAReport(t *testing.T) {
	key := func(name string, cells string) *paper {
		return newPaper(t, name, "甲市人民政府", "990100", 2022, "city_aggregate", "D", cells)
	}
	first := key("v1", "t3 app_new total 8\nt3 app_carried_in total 1\nt3 app_closed_total total blank").fetchedOn(1)
	second := key("v2", "t3 app_new total 9\nt3 app_carried_in total 1\nt3 app_closed_total total 7").fetchedOn(2)
	third := key("v3", "t3 app_new total 9").fetchedOn(3)
	noYear := newPaper(t, "no year", "甲市人民政府", "990100", 0, "city_aggregate", "D", "t3 app_new total 1")
	noBody := newPaper(t, "no body", "", "", 2022, "unknown", "D", "t3 app_new total 1")
	otherScope := newPaper(t, "own", "甲市人民政府", "990100", 2022, "city_own", "D", "t3 app_new total 2")
	db := open(t, third, noYear, first, otherScope, second, noBody)

	expect(t, db, `SELECT title, is_current, supersedes FROM report ORDER BY title`,
		"no body,false,", "no year,false,", "own,true,", "v1,false,",
		"v2,false,"+first.report.ReportID, "v3,true,"+second.report.ReportID)
	expect(t, db, `SELECT scope, app_new FROM requests ORDER BY scope`, "city_aggregate,9", "city_own,2")
	expect(t, db, `SELECT metric, old_report_id, old_value, old_status, new_report_id, new_value, new_status FROM restatements ORDER BY metric`,
		"app_closed_total,"+first.report.ReportID+",,blank,"+second.report.ReportID+",7,number",
		"app_new,"+first.report.ReportID+",8,number,"+second.report.ReportID+",9,number") // what v2 and v3 both print is equal
	expect(t, db, `SELECT fetched_at, url FROM report WHERE title = 'v2'`, "2026-01-02T00:00:00,https://example.invalid/"+second.report.ReportID)
}

func TestAsOfATime(t *testing.T) {
	key := func(name, cells string) *paper {
		return newPaper(t, name, "甲市人民政府", "990100", 2022, "city_aggregate", "D", cells)
	}
	first := key("v1", "t3 app_new total 8\nt3 app_new natural_person 7\nt3 app_carried_in total 1").fetchedOn(2)
	second := key("v2", "t3 app_new total 9\nt3 app_carried_in total blank\nstat app_carried_in - 6").fetchedOn(4)
	other := newPaper(t, "old form", "甲市人民政府", "990100", 2016, "city_aggregate", "B", "stat app_new - 3\nstat app_replied - 2").fetchedOn(3)
	db := open(t, second, other, first)
	for day, want := range map[string][]string{
		"2026-01-01": {},
		"2026-01-02": {"2022,v1,8,7,1,"},
		"2026-01-03": {"2016,old form,3,,,2", "2022,v1,8,7,1,"},
		"2026-01-04": {"2016,old form,3,,,2", "2022,v2,9,,,"},
	} {
		expect(t, db, `SELECT report_year, title, app_new, app_new_natural_person, app_carried_in, app_replied FROM requests_as_of(TIMESTAMP '`+day+`')
			JOIN report USING (report_id, report_year) ORDER BY 1`, want...)
		expect(t, db, `SELECT count(*) FROM as_of(TIMESTAMP '`+day+`')`, strconv.Itoa(len(want)))
	}
	expect(t, db, `SELECT value FROM cells_as_of(TIMESTAMP '2026-01-03 12:00:00') WHERE metric = 'app_new' AND applicant = 'total'`, "8")
	expect(t, db, `SELECT app_new FROM requests ORDER BY report_year`, "3", "9")
	expect(t, db, `SELECT count(*) FROM metric_value WHERE report_year = 2022`, "3")
	// now is as of now
	const same = "report_year, app_new, app_new_natural_person, app_carried_in, app_closed_total, app_carried_out, app_replied"
	expect(t, db, `SELECT `+same+` FROM requests_as_of(TIMESTAMP '2030-01-01') ORDER BY 1`, query(t, db, `SELECT `+same+` FROM requests ORDER BY 1`)...)
}

func TestVersionsTieByHash(t *testing.T) {
	a := newPaper(t, "tie 1", "甲市人民政府", "990100", 2022, "city_aggregate", "D", anyCells)
	b := newPaper(t, "tie 2", "甲市人民政府", "990100", 2022, "city_aggregate", "D", anyCells)
	expect(t, open(t, a, b), `SELECT report_id FROM current_report`, max(a.report.ReportID, b.report.ReportID))
}

func TestReportGrade(t *testing.T) {
	paperOf := func(name string) *paper {
		return newPaper(t, name, name, "990100", 2022, "department", "D", anyCells)
	}
	db := open(t,
		paperOf("1 held").check("T3_BALANCE", "total", "held", 9, 9).check("T4_REV_SUM", "", "untestable", 0, 0),
		paperOf("2 failed").check("T3_BALANCE", "total", "failed", 9, 8).check("T4_REV_SUM", "", "held", 1, 1),
		paperOf("3 warned").check("B_REPLIES", "", "failed", 9, 8).check("T4_REV_SUM", "", "held", 1, 1),
		paperOf("4 open").check("T3_BALANCE", "total", "untestable", 0, 0),
		paperOf("5 none"))
	expect(t, db, `SELECT authority, grade FROM report ORDER BY authority`,
		"1 held,proved", "2 failed,contradicted", "3 warned,unproved", "4 open,unproved", "5 none,unproved")
	expect(t, db, `SELECT authority, verdict, confirmed_by FROM errata`, "2 failed,unconfirmed,")
	expect(t, db, `SELECT authority, identity, label_zh, instance, lhs, rhs, delta FROM errata`,
		"2 failed,T3_BALANCE,第一项加第二项之和等于第三项加第四项之和,total,9,8,1")
}

// The same failure read from a page and from a PDF is the publisher's; read from two
// pages, or with other figures, it may be the reader's.
func TestSecondRouteTellsWhoseErrorItIs(t *testing.T) {
	of := func(name, authority, media string, day int, lhs int64) *paper {
		p := newPaper(t, name, authority, "990100", 2022, "department", "D", anyCells).fetchedOn(day).
			check("T3_BALANCE", "total", "failed", lhs, 8).check("T4_REV_SUM", "", "failed", 3, 2)
		p.document.MediaType = media
		return p
	}
	pdf := of("a pdf", "甲局", "application/pdf", 1, 9)
	page := of("a page", "甲局", "text/html", 2, 9)
	page.checks[1].Outcome = "held" // the page alone corrects table 4
	page.report.IdentitiesHeld, page.report.IdentitiesFailed = 1, 1
	db := open(t, pdf, page,
		of("b page", "乙局", "text/html", 1, 9), of("b page again", "乙局", "text/html", 2, 9),
		of("c pdf", "丙局", "application/pdf", 1, 7), of("c page", "丙局", "text/html", 2, 9),
		of("other body", "丁局", "application/pdf", 1, 9))
	expect(t, db, `SELECT authority, identity, lhs, verdict, confirmed_by FROM errata ORDER BY ALL`,
		"丁局,T3_BALANCE,9,unconfirmed,", "丁局,T4_REV_SUM,3,unconfirmed,",
		"丙局,T3_BALANCE,9,unconfirmed,", "丙局,T4_REV_SUM,3,source,"+query(t, db, "SELECT report_id FROM report WHERE title = 'c pdf'")[0],
		"乙局,T3_BALANCE,9,unconfirmed,", "乙局,T4_REV_SUM,3,unconfirmed,",
		"甲局,T3_BALANCE,9,source,"+pdf.report.ReportID)
}

// What a second route within the document says of a failure, and where it says nothing: a
// row that no form has may be what is missing in the sum.
func TestCellsReadAgainTellWhoseErrorItIs(t *testing.T) {
	of := func(name, cells, reread string) *paper {
		p := newPaper(t, name, name, "990100", 2022, "department", "D", cells).check("T3_BALANCE", "total", "failed", 9, 8)
		p.checks[0].Reread = reread
		return p
	}
	inserted := "t3 unmapped:示例 total 1\nt3 app_new total 9"
	alike, other := of("1 alike", anyCells, "alike"), of("5 alike, a strange row in table 2", "t2 unmapped:示例 - 1\nt3 app_new total 9", "alike")
	db := open(t, alike, other, of("2 differs", anyCells, "differs"), of("3 unread", anyCells, ""), of("4 alike, a strange row", inserted, "alike"))
	expect(t, db, `SELECT authority, verdict, confirmed_by FROM errata ORDER BY ALL`,
		"1 alike,source,"+alike.report.ReportID, "2 differs,disputed,", "3 unread,unconfirmed,", `"4 alike, a strange row",unconfirmed,`,
		`"5 alike, a strange row in table 2",source,`+other.report.ReportID)
}

// The figures of table 3 are made up; what each line must give follows from the identity.
func TestContinuityFromYearToYear(t *testing.T) {
	of := func(year int32, forms, cells string) *paper {
		p := newPaper(t, "year "+forms+cells, "甲市人民政府", "990100", year, "city_aggregate", "D", cells)
		p.report.Forms = forms
		return p
	}
	db := open(t,
		of(2019, "t2:C t3:C", `
			t2 permit_items_prev - 100
			t2 permit_items_delta - -8
			t3 app_carried_out total 5
			t3 app_carried_out natural_person 3`),
		of(2020, "t2:C t3:C", `
			t2 permit_items_prev - 92
			t3 app_carried_in total 5
			t3 app_carried_in natural_person 4
			t3 app_carried_out total slash`),
		of(2021, "t2:D t3:D", `
			t2 rules_in_force - 10
			t3 app_carried_in total 7
			t3 app_carried_out total 7`),
		of(2022, "t2:D t3:D", `
			t2 rules_issued - 3
			t2 rules_repealed - 1
			t2 rules_in_force - 13
			t3 app_carried_in total 6`),
		of(2024, "t2:D t3:D", `t3 app_carried_in total 0`))
	expect(t, db, `SELECT report_year, identity, instance, severity, lhs, rhs, delta, outcome FROM continuity
		WHERE lhs IS NOT NULL OR rhs IS NOT NULL ORDER BY report_year, identity, instance`,
		"2020,X_CARRY,natural_person,info,3,4,-1,failed", "2020,X_CARRY,total,warn,5,5,0,held",
		"2020,X_T2_ITEMS_PERMIT,,info,92,92,0,held",
		"2021,X_CARRY,total,warn,,7,,untestable",
		"2022,X_CARRY,total,warn,7,6,1,failed", "2022,X_T2_STOCK_RULES,,info,10,11,-1,failed")
	expect(t, db, `SELECT DISTINCT report_year FROM continuity WHERE identity LIKE 'X_T2_STOCK%'`, "2022") // not from form C to D
	expect(t, db, `SELECT severity, code, message FROM problem ORDER BY ALL`,
		`info,X_CARRY,"X_CARRY natural_person: 3 against 4, the report of 2019 against this one"`,
		`info,X_T2_STOCK_RULES,"X_T2_STOCK_RULES: 10 against 11, the report of 2021 against this one"`,
		`warn,X_CARRY,"X_CARRY total: 7 against 6, the report of 2021 against this one"`)
	expect(t, db, `SELECT DISTINCT grade FROM report`, "unproved")
}

func TestCoverageShowsGaps(t *testing.T) {
	of := func(year int32, scope string) *paper {
		return newPaper(t, strings.Repeat("x", int(year))+scope, "甲市人民政府", "990100", year, scope, "D", anyCells)
	}
	db := open(t, of(2019, "city_aggregate"), of(2022, "city_aggregate"), of(2020, "city_own"))
	expect(t, db, `SELECT scope, report_year, state, report_id IS NULL FROM coverage ORDER BY scope, report_year`,
		"city_aggregate,2019,reported,false", "city_aggregate,2020,absent,true", "city_aggregate,2021,absent,true",
		"city_aggregate,2022,reported,false", "city_own,2020,reported,false")
}

func TestBreaksAndSmallDenominators(t *testing.T) {
	of := func(year int32, closed string) *paper {
		return newPaper(t, "break"+closed, "甲市人民政府", "990100", year, "city_aggregate", "D",
			"t3 out_granted total 9\nt3 app_closed_total total "+closed+"\nt4 rev_total - 30\nt3 app_carried_out total 1")
	}
	db := open(t, of(2019, "9"), of(2021, "10"), of(2022, "11"), of(2024, "12"))
	expect(t, db, `SELECT report_year, indicator, comparable_with_prev, enough, wilson_low IS NULL FROM indicators
		WHERE indicator IN ('full_disclosure_rate', 'review_rate') ORDER BY 2, 1`,
		"2019,full_disclosure_rate,false,false,false", "2021,full_disclosure_rate,false,true,false",
		"2022,full_disclosure_rate,true,true,false", "2024,full_disclosure_rate,true,true,false",
		"2019,review_rate,false,false,true", "2021,review_rate,true,true,true",
		"2022,review_rate,true,true,true", "2024,review_rate,false,true,true")
	expect(t, db, `SELECT DISTINCT low IS NULL FROM indicators WHERE indicator = 'review_rate'`, "false")
}

// What the form of the year would have: the old form and the law before it break a series too.
func TestBreaksLieBetweenTheFormsThatBodiesFollow(t *testing.T) {
	of := func(year int32, era string) *paper {
		return newPaper(t, era+strings.Repeat("x", int(year)), "甲市人民政府", "990100", year, "city_aggregate", era,
			"stat app_new - 9\nstat app_replied - 9\nt3 app_closed_total total 9\nt3 out_granted total 1\nstat out_agreed - 1\nstat out_already_public - 0")
	}
	db := open(t, of(2012, "A"), of(2013, "B"), of(2014, "B"), of(2018, "B"), of(2019, "C"), of(2020, "C"), of(2021, "C"), of(2022, "D"), of(2023, "D"), of(2024, "D"))
	expect(t, db, `SELECT report_year, comparable_with_prev FROM indicators WHERE indicator = 'full_disclosure_rate' ORDER BY 1`,
		"2012,true", "2013,false", "2014,false", "2018,true", "2019,false", "2020,true", "2021,false", "2022,false", "2023,true", "2024,true")
	expect(t, db, `SELECT report_year FROM harmonised WHERE series = 'H_denied' AND NOT comparable_with_prev ORDER BY 1`, "2013", "2014", "2019")
	expect(t, db, `SELECT report_year FROM harmonised WHERE series = 'H_litigation_total' AND NOT comparable_with_prev ORDER BY 1`, "2024")
	expect(t, db, `SELECT report_year, value FROM indicators WHERE indicator = 'requests_closed' ORDER BY 1`,
		"2012,9", "2013,9", "2014,9", "2018,9", "2019,9", "2020,9", "2021,9", "2022,9", "2023,9", "2024,9")
	expect(t, db, `SELECT DISTINCT status FROM indicators WHERE indicator = 'not_held_rate' AND report_year = 2014`, "missing_row")
}

func TestHarmonisedReadsEachEraByItsForm(t *testing.T) {
	db := open(t,
		newPaper(t, "era B", "甲市人民政府", "990100", 2016, "city_aggregate", "B", `
			stat app_new - 40
			stat app_replied - 30
			stat out_already_public - 5
			stat out_agreed - 7
			stat out_denied - 6
			stat out_denied_not_gov_info - 2
			stat lit_total - 3`),
		newPaper(t, "era D", "甲市人民政府", "990100", 2022, "city_aggregate", "D", `
			t3 app_new total 50
			t3 app_closed_total total 45
			t3 out_granted total 20
			t4 lit_direct_total - 1
			t4 lit_post_total - 2`))
	expect(t, db, `SELECT report_year, series, value FROM harmonised WHERE value IS NOT NULL ORDER BY 1, 2`,
		"2016,H_base,30", "2016,H_denied,4", "2016,H_granted,12", "2016,H_litigation_total,3", "2016,H_new,40",
		"2022,H_base,45", "2022,H_granted,20", "2022,H_litigation_total,3", "2022,H_new,50")
	expect(t, db, `SELECT DISTINCT status FROM harmonised WHERE value IS NULL`, "missing_row")
	expect(t, db, `SELECT app_replied, app_closed_total FROM requests ORDER BY report_year`, "30,", ",45")
}

func TestUnmappedRowsAreKeptButCountNowhere(t *testing.T) {
	db := open(t, newPaper(t, "unmapped", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 unmapped:自造行 total 5\nt3 app_new total 1"))
	expect(t, db, `SELECT metric, value FROM lineage ORDER BY cell_no`, "unmapped:自造行,5", "app_new,1")
	expect(t, db, `SELECT metric FROM metric_value`, "app_new")
}

func TestRawCellsCountNowhere(t *testing.T) {
	p := newPaper(t, "raw", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 app_new total 1")
	bare := open(t, p)
	views := query(t, bare, "SELECT view_name FROM duckdb_views() WHERE database_name = 'nianbao' AND NOT internal ORDER BY 1")
	p.raw = []record.RawCell{
		{ReportID: p.report.ReportID, TableNo: 1, Row: 2, Column: 1, RowSpan: 1, ColumnSpan: 2, Raw: "收到申请数", Locator: "table 4"},
		{ReportID: p.report.ReportID, TableNo: 1, Row: 1, Column: 1, RowSpan: 1, ColumnSpan: 1, Raw: "77", Locator: "table 4"},
	}
	db := open(t, p)
	expect(t, db, `SELECT table_no, "row", "column", row_span, column_span, raw, locator FROM raw_cell JOIN current_report USING (report_id) ORDER BY "row"`,
		"1,1,1,1,1,77,table 4", "1,2,1,1,2,收到申请数,table 4")
	for _, view := range append(views, "quantity", "cell") {
		if got, want := query(t, db, "FROM "+view+" ORDER BY ALL"), query(t, bare, "FROM "+view+" ORDER BY ALL"); !slices.Equal(got, want) {
			t.Errorf("%s: with raw cells %q, without %q", view, got, want)
		}
	}
}

func TestAuthoritiesAndPlaces(t *testing.T) {
	db := open(t,
		newPaper(t, "1", "某某局", "410100", 2022, "department", "D", anyCells),
		newPaper(t, "2", "某某局", "320800", 2022, "department", "D", anyCells),
		newPaper(t, "3", "淮安市人民政府", "", 2022, "city_aggregate", "D", anyCells),
		newPaper(t, "4", "甲市人民政府", "990100", 2022, "city_aggregate", "D", anyCells))
	expect(t, db, `SELECT * FROM authority ORDER BY adcode`,
		"淮安市人民政府,Huai'an Municipal People's Government,320800", "甲市人民政府,,990100", "某某局,,")
	expect(t, db, `SELECT authority, region_zh, province_en FROM requests ORDER BY adcode`,
		"淮安市人民政府,,", "某某局,淮安市,Jiangsu", "某某局,郑州市,Henan", "甲市人民政府,,")
}

// A name that fits several places is settled by the region of the portal alone.
func TestPortalDecidesBetweenRegions(t *testing.T) {
	places := "320106 320302 350102 410204" // of 鼓楼区
	of := func(name string) *paper {
		p := newPaper(t, name, "鼓楼区教育局", "", 2022, "department", "D", anyCells)
		p.report.AdcodeCandidates = places
		return p
	}
	municipality := newPaper(t, "municipality", "朝阳区教育局", "", 2022, "department", "D", anyCells)
	municipality.report.AdcodeCandidates = "110105 220104"
	papers := []*paper{of("city"), of("county"), of("province"), of("elsewhere"), of("nowhere"), of("two portals"), municipality}
	portals := []string{"320300", "350102", "410000", "330000", "", "320100", "110000"}
	in := input(t, papers...)
	for i := range in.Locations {
		in.Locations[i].RegionCode = portals[i]
	}
	second := in.Locations[5]
	second.URL, second.RegionCode = "https://example.invalid/second", "410200"
	in.Locations = append(in.Locations, second)
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	expect(t, db, `SELECT title, adcode, adcode_evidence, authority FROM report ORDER BY title`,
		"city,320302,portal,徐州市鼓楼区教育局", "county,350102,portal,福州市鼓楼区教育局", "elsewhere,,,鼓楼区教育局",
		"municipality,110105,portal,北京市朝阳区教育局", "nowhere,,,鼓楼区教育局", "province,410204,portal,开封市鼓楼区教育局", "two portals,,,鼓楼区教育局")
}

// portals.md 6.5, vector 11: neither title nor text names the year, the address does.
func TestLinkNamesTheYear(t *testing.T) {
	of := func(name string) *paper {
		return newPaper(t, name, "甲市人民政府", "990100", 0, "city_aggregate", "D", anyCells)
	}
	in := input(t, of("address"), of("title"), of("neither"), of("both"))
	in.Locations[0].URL = "https://example.invalid/xxgkAnnualReport.jsp?fbtime=2017"
	in.Locations[1].Title = "甲市2019年政府信息公开工作年度报告"
	in.Locations[2].Title = "甲发〔2025〕2号"
	in.Locations[3].Title, in.Locations[3].URL = "甲市2019年政府信息公开工作年度报告", "https://example.invalid/a.jsp?fbtime=2020"
	var links []record.Link
	for _, l := range in.Locations {
		links = append(links, record.Link{URL: l.URL, Title: l.Title})
	}
	in.Links = saying(links)
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	expect(t, db, `SELECT title, report_year, year_evidence FROM report ORDER BY title`,
		"address,2017,link: https://example.invalid/xxgkAnnualReport.jsp?fbtime=2017", "both,,", "neither,,",
		"title,2019,link: 甲市2019年政府信息公开工作年度报告")
}

func TestRegionsHaveTheirYears(t *testing.T) {
	db := open(t)
	expect(t, db, `SELECT valid_from, valid_to, predecessors, successors FROM region WHERE adcode = '371200'`, ",2017,,370100")
	expect(t, db, `SELECT name, valid_from, predecessors FROM region WHERE adcode IN ('370100', '320813') ORDER BY adcode`,
		"洪泽区,2016,320829", "济南市,,371200")
	expect(t, db, `SELECT name, valid_to FROM region_name WHERE adcode = '420600'`, "襄樊市,2009")
}

func TestLineageNamesTheFirstAddress(t *testing.T) {
	p := newPaper(t, "lineage", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 app_new total 5")
	in := input(t, p)
	later := in.Locations[0]
	later.URL, later.FetchedAt = "https://example.invalid/0", p.fetched.AddDate(0, 0, 1).Format(time.RFC3339)
	later.Title = "no UTF-8: \xff"
	in.Locations = append(in.Locations, later)
	in.Ledger = []record.LedgerEntry{{URL: "u", State: "failed", Reason: "unreachable"}, {URL: "v", State: "fetched", FetchedAt: p.fetched.Format(time.RFC3339)}}
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	expect(t, db, `SELECT "table", metric, raw, locator, row_label, sha256, url, fetched_at, media_type FROM lineage`,
		"t3,app_new,5,table t3 cell 1,行 app_new,"+p.report.SHA256+",https://example.invalid/"+p.report.ReportID+",2026-01-02T03:04:05,text/html")
	expect(t, db, `SELECT url, http_status, fetched_at FROM crawl_ledger ORDER BY url`, "u,,", "v,,2026-01-02T03:04:05")
	expect(t, db, `SELECT title FROM location WHERE title <> ''`, "no UTF-8: \uFFFD")
	expect(t, db, `SELECT count(*) FROM location`, "2")
}

func TestHealthCountsTheReportsThatStand(t *testing.T) {
	old := newPaper(t, "old", "甲市人民政府", "990100", 2022, "city_aggregate", "D", anyCells).fetchedOn(1).check("T3_BALANCE", "total", "failed", 9, 8)
	now := newPaper(t, "now", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 app_new total 8\nt3 app_carried_in total blank").
		fetchedOn(2).check("T3_BALANCE", "total", "untestable", 0, 0).check("T4_REV_SUM", "", "held", 1, 1)
	now.findings = []record.Finding{
		{SHA256: now.report.SHA256, Code: "missing_row", Severity: "warn"}, {SHA256: now.report.SHA256, Code: "unmapped_row", Severity: "warn"},
	}
	got, err := open(t, old, now).Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := Health{Reports: 1, Cells: 2, Numbers: 1, Outcomes: Outcomes{Held: 1, Untestable: 1},
		BetweenFailed: map[string]int64{}, Findings: map[string]int64{"warn": 2}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A report that names nobody is that of the body which all links that name one name; its
// scope follows, unless the document tells it.
func TestLinkNamesTheBody(t *testing.T) {
	of := func(name, authority, scope string) *paper {
		return newPaper(t, name, authority, "", 2024, scope, "D", anyCells)
	}
	in := input(t, of("code", "", "unknown"), of("told", "", "city_own"), of("signed", "甲市财政局", "department"), of("two", "", "unknown"), of("none", "", "unknown"))
	var links []record.Link
	link := func(i int, url, authority, evidence string) {
		l := in.Locations[i]
		l.URL = url
		in.Locations = append(in.Locations, l)
		links = append(links, record.Link{URL: url, Title: "附件", Authority: authority, AuthorityEvidence: evidence, Adcode: "320813", Scope: "district_aggregate", ScopeConfidence: 0.4})
	}
	link(0, "https://example.invalid/nb/hz.pdf", "淮安市洪泽区人民政府", "publisher: 淮安市洪泽区人民政府")
	link(0, "https://example.invalid/nb/x.pdf", "", "")
	link(1, "https://example.invalid/nb/told.pdf", "淮安市洪泽区人民政府", "publisher: 淮安市洪泽区人民政府")
	link(2, "https://example.invalid/nb/signed.pdf", "淮安市洪泽区人民政府", "title: x")
	link(3, "https://example.invalid/nb/1.pdf", "淮安市洪泽区人民政府", "title: y")
	link(3, "https://example.invalid/nb/2.pdf", "淮安市人民政府", "title: z")
	in.Links = saying(links)
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	expect(t, db, `SELECT title, authority, authority_evidence, adcode, scope, is_current FROM report ORDER BY title`,
		"code,淮安市洪泽区人民政府,link: publisher: 淮安市洪泽区人民政府,320813,district_aggregate,true",
		"none,,,,unknown,false",
		"signed,甲市财政局,,,department,true",
		"told,淮安市洪泽区人民政府,link: publisher: 淮安市洪泽区人民政府,320813,city_own,true",
		"two,,,,unknown,false")
}
