package warehouse

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// balanced is made up; its sums hold, but for out_denied, where one ground is blank.
func balanced(t *testing.T) *paper {
	p := newPaper(t, "balanced", "甲市人民政府", "990100", 2022, "city_aggregate", "D", `
		t3 app_new natural_person 6
		t3 app_new org_enterprise 2
		t3 app_new total 8
		t3 app_carried_in total 2
		t3 out_unavail_not_held total 1
		t3 out_unavail_needs_creation total 2
		t3 out_unavail_unclear total 4
		t3 app_closed_total total 9
		t3 app_carried_out total blank`)
	return p.check("T3_ROW_SUM", "app_new", "held", 8, 8).check("T3_BALANCE", "total", "untestable", 0, 0).
		check("T3_BALANCE", "natural_person", "untestable", 0, 0).check("T3_OUTCOME_SUM_D", "total", "failed", 7, 9)
}

func explain(t *testing.T, db *DB, k Key) string {
	t.Helper()
	all, err := db.Explain(context.Background(), k)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, e := range all {
		if err := e.WriteText(&out); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestExplainAPrintedNumber(t *testing.T) {
	p := balanced(t)
	db := open(t, p)
	want := `number    8 request  proved
metric    app_new  本年新收政府信息公开申请数量  Requests received in the year
applicant total
report    甲市人民政府  2022  scope city_aggregate  form D  ID  contradicted
cell      t3  row "行 app_new"  column "总计"  printed "8" (number)  at table t3 cell 3  cell 3
file      sha256 SHA  text/html  8 bytes  objects/AB/SHA
address   https://example.invalid/ID  fetched 2026-01-02T03:04:05Z  portal made-up  live portal
check     T3_BALANCE total: app_new 8 + app_carried_in 2 = ? | app_closed_total 9 + app_carried_out [blank] = ?  untestable
check     T3_ROW_SUM app_new: natural_person 6 + org_enterprise 2 + org_research [missing_row] + org_public_welfare [missing_row] + org_legal_service [missing_row] + org_other [missing_row] = 8 | total 8  held
`
	want = strings.NewReplacer("SHA", p.report.SHA256, "ID", p.report.ReportID, "AB", p.report.SHA256[:2]).Replace(want)
	for _, region := range []string{"990100", "甲市人民政府"} {
		if got := explain(t, db, Key{Region: region, Year: 2022, Metric: "app_new"}); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	natural := explain(t, db, Key{Region: "990100", Year: 2022, Metric: "app_new", Applicant: "natural_person"})
	for _, part := range []string{"number    6 request", "T3_BALANCE natural_person: app_new 6 + app_carried_in [missing_row]", "T3_ROW_SUM app_new"} {
		if !strings.Contains(natural, part) {
			t.Errorf("%q is not in\n%s", part, natural)
		}
	}
}

func TestExplainAComputedNumber(t *testing.T) {
	db := open(t, balanced(t))
	got := explain(t, db, Key{Region: "990100", Year: 2022, Metric: "out_unavail", Scope: "city_aggregate"})
	for _, part := range []string{
		"number    7 request  proved\n", "computed  not printed; the sum of\n",
		"  part    + out_unavail_not_held 1  t3  row", "  part    + out_unavail_unclear 4  t3  row",
		"T3_OUTCOME_SUM_D total: out_granted [missing_row] +", "+ out_unavail 7 +", "| app_closed_total 9  failed",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in\n%s", part, got)
		}
	}
	leaf := explain(t, db, Key{Region: "990100", Year: 2022, Metric: "out_unavail_unclear"})
	if !strings.Contains(leaf, "T3_OUTCOME_SUM_D") {
		t.Errorf("the check of a sum is not shown for its part:\n%s", leaf)
	}
	blank := explain(t, db, Key{Region: "990100", Year: 2022, Metric: "app_carried_out"})
	if !strings.HasPrefix(blank, "number    [blank] request  unproved\n") {
		t.Errorf("a blank cell:\n%s", blank)
	}
}

func TestExplainKeepsCrawledTextOnItsLine(t *testing.T) {
	p := balanced(t)
	p.cells[2].Raw = "8\x1b[2J\nnumber    9"
	got := explain(t, open(t, p), Key{Region: "990100", Year: 2022, Metric: "app_new"})
	if strings.Contains(got, "\x1b") || strings.Count(got, "\nnumber") > 0 {
		t.Errorf("crawled text broke out:\n%q", got)
	}
}

func TestExplainUnknownKeyListsWhatExists(t *testing.T) {
	db := open(t, balanced(t), newPaper(t, "own", "甲市人民政府", "990100", 2023, "city_own", "D", anyCells))
	for _, c := range []struct {
		key  Key
		want string
	}{
		{Key{"甲市人民", 2022, "app_new", "", ""}, `no report of "甲市人民": not in the warehouse; there is: 甲市人民政府`},
		{Key{"990100", 2030, "app_new", "", ""}, `no report of 990100 for 2030: not in the warehouse; there is: 2022, 2023`},
		{Key{"990100", 2022, "app_new", "", "city_own"}, `no report of 990100 for 2022 with scope "city_own": not in the warehouse; there is: city_aggregate`},
		{Key{"990100", 2022, "app_newly", "", ""}, `no metric "app_newly" in the report of 990100 for 2022: not in the warehouse; there is: app_new, `},
		{Key{"990100", 2022, "app_new", "org_other", ""}, `no applicant "org_other" of app_new in the report of 990100 for 2022: not in the warehouse; there is: natural_person, org_enterprise, total`},
	} {
		_, err := db.Explain(context.Background(), c.key)
		if !errors.Is(err, ErrNotFound) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%+v\n got %v\nwant %s", c.key, err, c.want)
		}
	}
	all, err := db.Explain(context.Background(), Key{Region: "990100", Year: 2023, Metric: "app_new"})
	if err != nil || len(all) != 1 || all[0].Scope != "city_own" || all[0].Value != "8" {
		t.Errorf("%v, %+v", err, all)
	}
}

// The published report of 郑州 2022 prints all four terms of the balance.
func TestExplainPublished(t *testing.T) {
	db := open(t, zhengzhou(t).check("T3_BALANCE", "total", "held", 3423, 3423))
	got := explain(t, db, Key{Region: "郑州市", Year: 2022, Metric: "app_new"})
	const want = "T3_BALANCE total: app_new 3325 + app_carried_in 98 = 3423 | app_closed_total 3366 + app_carried_out 57 = 3423  held\n"
	if !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}
