package warehouse

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/rows"
)

// gated is an input under the thresholds of gate.csv.
func gated(t *testing.T, papers ...*paper) Input {
	t.Helper()
	gate, err := Thresholds("")
	if err != nil {
		t.Fatal(err)
	}
	in := input(t, papers...)
	in.Gate = gate
	return in
}

// again is the input with other papers, in the same folder.
func again(t *testing.T, in Input, papers ...*paper) Input {
	t.Helper()
	next := gated(t, papers...)
	next.Dir, next.Book = in.Dir, in.Book
	return next
}

func provedPapers(t *testing.T) []*paper {
	all := somePapers(t)
	for _, p := range all {
		p.unchecked().check("T3_BALANCE", "total", "held", 9, 9)
	}
	return all
}

// Each measure is broken by one change of otherwise equal papers, and says where.
func TestTheGateRefuses(t *testing.T) {
	two := *number(2)
	for name, c := range map[string]struct {
		measure, says string
		spoil         func(all []*paper) []*paper
	}{
		"document left out":  {"documents_gone", "1 of 3, at most 0", func(all []*paper) []*paper { return all[1:] }},
		"body without":       {"authority_years_gone", "甲市人民政府 2021", func(all []*paper) []*paper { return all[1:] }},
		"year without":       {"coverage 2021 no level", "甲市人民政府 2021", func(all []*paper) []*paper { return all[1:] }},
		"no report any more": {"reports_gone", "甲市人民政府 2021", func(all []*paper) []*paper { all[0].report.ReportID = ""; return all }},
		"another year": {"reports_renamed", "2021 city_aggregate became 甲市人民政府", func(all []*paper) []*paper {
			year := int32(2019)
			all[0].report.ReportYear = &year
			return all
		}},
		"another value":   {"values_changed", "甲市人民政府 2021 app_new total: 8 became 2 (table t3 cell 2 of document ", func(all []*paper) []*paper { all[0].cells[1].Value = &two; return all }},
		"a blank instead": {"values_changed", "8 became blank", func(all []*paper) []*paper { all[0].cells[1].Value, all[0].cells[1].Status = nil, "blank"; return all }},
		"another metric":  {"values_gone", "甲市人民政府 2021 app_new total: was 8", func(all []*paper) []*paper { all[0].cells[1].Metric = "app_carried_in"; return all }},
		"another sum":     {"quantities_changed", "甲市人民政府 2021 app_new total: 8 became 2", func(all []*paper) []*paper { all[0].cells[1].Value = &two; return all }},
		"an identity that fails": {"identities_lost", "T3_BALANCE total: 9 = 9 held, 9 = 8 failed", func(all []*paper) []*paper {
			all[0].unchecked().check("T3_BALANCE", "total", "failed", 9, 8)
			return all
		}},
		"a grade that falls": {"grades_lost", "甲市人民政府 2021 city_aggregate proved became contradicted", func(all []*paper) []*paper {
			all[0].unchecked().check("T3_BALANCE", "total", "failed", 9, 8)
			return all
		}},
		"findings lost": {"rows_gone finding", "1 of 1", func(all []*paper) []*paper { all[0].findings = nil; return all }},
	} {
		t.Run(name, func(t *testing.T) {
			first := provedPapers(t)
			first[0].findings = []record.Finding{{SHA256: first[0].report.SHA256, Code: "made_up", Severity: "info"}}
			in := gated(t, first...)
			was := build(t, in).BuildID
			next := provedPapers(t)
			next[0].findings = first[0].findings
			next = c.spoil(next)
			if name == "no report any more" {
				next[0].unchecked().cells = nil
			}
			r := refusal(t, again(t, in, next...))
			broken := slices.IndexFunc(r.Reasons, func(reason string) bool {
				return strings.HasPrefix(reason, c.measure+": ") && strings.Contains(reason, c.says)
			})
			if broken < 0 || serves(t, in) != was {
				t.Errorf("no %s with %q in\n%v", c.measure, c.says, r)
			}
		})
	}
}

func TestTheGateRefusesOtherDefinitions(t *testing.T) {
	in := gated(t, provedPapers(t)...)
	build(t, in)
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	i := &book.Indicators[0]
	i.Numerator, i.Denominator = i.Denominator, i.Numerator
	in.Book = book
	if r := refusal(t, in); !strings.HasPrefix(r.Reasons[0], "definitions_changed: 1 of ") || !strings.Contains(r.Reasons[0], "indicator "+i.ID+": ") {
		t.Errorf("%v", r)
	}
}

// Replaced reports are let pass if few.
func TestTheGateRefusesManyRestatements(t *testing.T) {
	bodies := strings.Split("甲乙丙丁戊己庚", "")
	papers := func(version string, n int) (all []*paper) {
		for _, body := range bodies[:n] {
			p := newPaper(t, version+body, body+"市人民政府", "990100", 2021, "city_aggregate", "D", anyCells).fetchedOn(1)
			if version == "new" { // of the same figures it would be a rendition
				p.fetchedOn(20).cells[1].Value = number(2)
			}
			all = append(all, p)
		}
		return all
	}
	in := gated(t, papers("old", 7)...)
	build(t, in)
	build(t, again(t, in, append(papers("old", 7), papers("new", 5)...)...))
	if r, err := Rollback(t.Context(), in.Dir, ""); err != nil || r.serial != 1 {
		t.Fatal(err)
	}
	if err := os.RemoveAll(store(in.Dir).builds()); err != nil { // forgets that it was rolled back
		t.Fatal(err)
	}
	r := refusal(t, again(t, in, append(papers("old", 7), papers("new", 6)...)...))
	if len(r.Reasons) != 1 || !strings.HasPrefix(r.Reasons[0], "restated: 6 of 7, at most 5.") {
		t.Errorf("%v", r)
	}
}

func TestTheGateLetsPass(t *testing.T) {
	in := gated(t)
	build(t, in) // of nothing
	build(t, again(t, in, provedPapers(t)[:1]...))
	build(t, again(t, in, provedPapers(t)...)) // new reports
	better := provedPapers(t)
	better[0].fetched = better[0].fetched.AddDate(0, 0, -1)
	better[1].cells = append(better[1].cells, newCell(t, better[1], strings.Fields("t4 rev_total - 3"))) // read in addition
	if build(t, again(t, in, better...)); states(t, in) != "1 served, 2 served, 3 served, 4 serves" {
		t.Errorf("kept: %s", states(t, in))
	}
}

// What was refused stays so night after night, until it is accepted or the thresholds allow it.
func TestARefusedBuild(t *testing.T) {
	in := gated(t, provedPapers(t)...)
	build(t, in)
	next := again(t, in, provedPapers(t)[1:]...)
	for range 2 {
		if r := refusal(t, next); r.Build.State != Refused || states(t, in) != "1 serves, 2 refused" {
			t.Errorf("%v; kept: %s", r, states(t, in))
		}
	}
	if r, err := Build(t.Context(), next); err == nil || r.Reports != 3 || r.Path != store(in.Dir).serving() {
		t.Errorf("after a refusal the result is not that of the build that serves: %+v, %v", r, err)
	}
	lax := filepath.Join(t.TempDir(), "gate.csv")
	text := "measure,max_share,max_count,reason\n"
	for _, m := range []string{"documents_gone", "reports_gone", "authority_years_gone", "coverage", "rows_gone"} {
		text += m + ",0,100,made up\n"
	}
	if err := os.WriteFile(lax, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var err error
	if next.Gate, err = Thresholds(lax); err != nil {
		t.Fatal(err)
	}
	if build(t, next); states(t, in) != "1 served, 2 serves" {
		t.Errorf("under other thresholds: %s", states(t, in))
	}
	back := again(t, in, provedPapers(t)[2:]...)
	refusal(t, back)
	if _, err := Accept(t.Context(), in.Dir, ""); err != nil {
		t.Fatal(err)
	}
	if build(t, back); states(t, in) != "1 served, 2 served, 3 serves" {
		t.Errorf("accepted: %s", states(t, in))
	}
}

// Where the file that serves is damaged, the last that served is what a build is compared with.
func TestTheGateDoesWithoutTheFileThatServes(t *testing.T) {
	in := gated(t, provedPapers(t)...)
	build(t, in)
	build(t, again(t, in, append(provedPapers(t), newPaper(t, "z", "丙市人民政府", "990300", 2021, "city_aggregate", "D", anyCells))...))
	if err := os.WriteFile(store(in.Dir).serving(), []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := refusal(t, again(t, in, provedPapers(t)[1:]...))
	if !strings.Contains(r.Error(), "nothing serves") || !strings.Contains(r.Error(), "documents_gone: 1 of 3") {
		t.Errorf("%v", r)
	}
}

func TestThresholdsOfAUser(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gate.csv")
	for text, want := range map[string]string{
		"measure,max_share,max_count,reason\nno_such,0,0,x":                "row 1",
		"measure,max_share,max_count,reason\ncoverage,NaN,0,x":             "share from 0 to 1",
		"measure,max_share,max_count,reason\ncoverage,0,0,\nrestated,2,0,": "row 2",
		"measure,max_share,max_count,reason\ncoverage,many,0,x":            "columns",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Thresholds(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Thresholds(path + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
}

// Every measure of the SQL has a threshold, and every threshold a measure.
func TestMeasuresHaveThresholds(t *testing.T) {
	in := gated(t, provedPapers(t)...)
	build(t, in)
	build(t, nextNight(&in))
	var out bytes.Buffer
	if err := Diff(t.Context(), &out, rows.CSV, in.Dir, "gate", in.Gate); err != nil {
		t.Fatal(err)
	}
	measured := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(out.String()), "\n")[1:] {
		fields := strings.Split(line, ",")
		if measured[fields[0]] = true; fields[5] != "false" {
			t.Errorf("without a change: %s", line)
		}
	}
	for _, threshold := range in.Gate {
		if !measured[threshold.Measure] {
			t.Errorf("nothing measures %s", threshold.Measure)
		}
	}
	if len(measured) != len(in.Gate) {
		t.Errorf("%d measures, %d thresholds", len(measured), len(in.Gate))
	}
}

func TestDiffPrints(t *testing.T) {
	in := gated(t, provedPapers(t)...)
	build(t, in)
	next := provedPapers(t)
	next[0].cells[1].Value = number(2)
	next[0].unchecked().check("T3_BALANCE", "total", "failed", 9, 8)
	next = append(next, newPaper(t, "z", "丙市人民政府", "990300", 2021, "city_aggregate", "D", anyCells))
	refusal(t, again(t, in, next...))
	for what, want := range map[string][]string{
		"summary":    {"rows,cell,9,12,3\n", "cells of the same documents,changed,1,1,0", "grades,contradicted,0,1,1", "coverage,2021 no level,1,2,1", "failed and did not before,0,1,1"},
		"reports":    {"new,", ",丙市人民政府 990300 2021 city_aggregate,", "changed,", "proved,contradicted"},
		"cells":      {"changed,甲市人民政府,2021,city_aggregate,t3,app_new,total,8,number,8,2,number,8,table t3 cell 2,"},
		"identities": {"T3_BALANCE,total,held,9,9,failed,9,8,https://example.invalid/"},
		"gate":       {"values_changed,,9,1,0,true,"},
	} {
		var out bytes.Buffer
		if err := Diff(t.Context(), &out, rows.CSV, in.Dir, what, in.Gate); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(out.String(), w) {
				t.Errorf("%s lacks %q:\n%s", what, w, &out)
			}
		}
	}
	var same, reverse bytes.Buffer
	if err := Diff(t.Context(), &same, rows.CSV, in.Dir, "cells", nil, "1", "2"); err != nil {
		t.Fatal(err)
	}
	if err := Diff(t.Context(), &reverse, rows.CSV, in.Dir, "cells", nil, "2"); err != nil || same.String() != reverse.String() {
		t.Errorf("named alone: %v\n%s", err, &reverse)
	}
	if err := Diff(t.Context(), &out{}, rows.CSV, in.Dir, "colours", nil); err == nil || !strings.Contains(err.Error(), "summary, reports") {
		t.Errorf("nothing such: %v", err)
	}
}

type out struct{ bytes.Buffer }
