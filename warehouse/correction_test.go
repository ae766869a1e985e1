package warehouse

import (
	"context"
	"strings"
	"testing"
)

// correcting adds made-up corrections to the input.
func correcting(t *testing.T, in *Input, text string) {
	t.Helper()
	all, err := in.Book.Corrections("some/mine.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	in.Corrections = all
}

const slip = `
- id: made-up-1
  adcode: "990100"
  year: 2022
  scope: city_aggregate
  metric: out_granted
  applicant: total
  printed: "12"
  corrected: "15"
  reason: 印刷错误
  evidence: 甲市更正说明（虚构）
  status: accepted
  reporter: 读者甲
  reviewed_by: 编者乙
  date: 2026-02-03
`

func wrongPaper(t *testing.T) *paper {
	return newPaper(t, "wrong", "甲市人民政府", "990100", 2022, "city_aggregate", "D", `
		t3 app_closed_total total 20
		t3 out_granted total 12
		t3 out_partial total 1`)
}

func TestAcceptedCorrectionIsUsedAndLabelled(t *testing.T) {
	in := input(t, wrongPaper(t))
	correcting(t, &in, slip+strings.NewReplacer("made-up-1", "made-up-2", "accepted", "proposed", "out_granted", "out_partial").Replace(slip)+`
- {id: elsewhere, url: "https://example.invalid/none", metric: rev_total, printed: "1", corrected: "2", reason: r, evidence: e, status: accepted, reporter: a, reviewed_by: b, date: 2026-02-03}
`)
	db, err := Open(t.Context(), build(t, in).Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	expect(t, db, `SELECT metric, value, status, grade FROM metric_value WHERE metric LIKE 'out%' ORDER BY metric`, "out_granted,15,corrected,unproved", "out_partial,1,number,proved")
	expect(t, db, `SELECT metric, value, raw, corrected, correction FROM current_cell WHERE metric = 'out_granted'`, "out_granted,12,12,15,made-up-1")
	expect(t, db, `SELECT numerator, value, status, grade FROM indicators WHERE indicator = 'full_disclosure_rate'`, "15,0.75,corrected,unproved")
	expect(t, db, `SELECT id, file, line, reports, report_id IS NULL FROM correction ORDER BY id`, "elsewhere,mine.yaml,32,0,true", "made-up-1,mine.yaml,2,1,false", "made-up-2,mine.yaml,17,1,false")
}

// A report that was published anew prints another number: the correction has to be looked at again.
func TestGuardStopsTheBuild(t *testing.T) {
	in := input(t, wrongPaper(t), newPaper(t, "anew", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 out_granted total 15").fetchedOn(20))
	correcting(t, &in, slip)
	_, err := Build(context.Background(), in)
	if err == nil || !strings.Contains(err.Error(), `corrections mine.yaml line 2 (made-up-1): out_granted total of report `) || !strings.Contains(err.Error(), `expected "12" as printed, found "15"`) {
		t.Errorf("error is %v", err)
	}
	for text, want := range map[string]string{
		strings.Replace(slip, "out_granted", "out_other", 1):  "found no such cell",
		slip + strings.Replace(slip, "made-up-1", "again", 1): "2 accepted corrections",
	} {
		in := input(t, wrongPaper(t))
		correcting(t, &in, text)
		if _, err := Build(context.Background(), in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, error is %v", want, err)
		}
	}
}
