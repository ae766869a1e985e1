package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/warehouse/queries"
)

func TestQueryOfAFileAndStandardInput(t *testing.T) {
	dir := sampleRun(t)
	file := filepath.Join(t.TempDir(), "question.sql")
	if err := os.WriteFile(file, []byte("SELECT authority, app_new\nFROM requests WHERE report_year = $year AND adcode = '410100'"), 0o644); err != nil {
		t.Fatal(err)
	}
	answer := filepath.Join(t.TempDir(), "answer.csv")
	// 新收 of 郑州市 2022 as published, see the report's truth.csv.
	want := "authority,app_new\n郑州市人民政府,3325\n"
	if code, out, talk := nianbao(t, "query", "--out", dir, "-f", file, "--param", "year=2022", "-o", answer); code != 0 || out != "" {
		t.Fatalf("exit code %d, output %q\n%s", code, out, talk)
	}
	if got, err := os.ReadFile(answer); err != nil || string(got) != want {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	before, _ := os.Stat(answer)
	if err := os.WriteFile(file, []byte("SELECT 1;\nSELECT\n  nothing FROM requests"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, _, talk := nianbao(t, "query", "--out", dir, "-f", file, "-o", answer)
	after, _ := os.Stat(answer)
	if code != 1 || !os.SameFile(before, after) || !strings.Contains(talk, file) || !strings.Contains(talk, "LINE 3") || !strings.Contains(talk, "nianbao query columns") {
		t.Errorf("bad SQL: exit code %d, the old answer must stay\n%s", code, talk)
	}
	if left, _ := os.ReadDir(filepath.Dir(answer)); len(left) != 1 {
		t.Errorf("left %v", left)
	}
}

// The published values of 郑州市 2022 as its truth.csv has them, asked by name.
func TestQueryByName(t *testing.T) {
	dir := sampleRun(t)
	code, out, talk := nianbao(t, "query", "--out", dir, "provenance", "--param", "city=郑州市", "--param", "year=2022", "--param", "metric=app_new", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if code != 0 || err != nil || len(rows) != 2 || !strings.Contains(out, ",3325,") {
		t.Errorf("exit code %d, %v\n%s%s", code, err, out, talk)
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{2, "nearest: refusal-grounds", []string{"refusals"}},
		{2, "nearest: bodies", []string{"--show", "bodes"}},
		{2, "needs the parameter city", []string{"refusal-grounds", "--param", "year=2022"}},
		{2, "whole number", []string{"errata", "--param", "year=last"}},
		{2, "needs the parameter year", []string{"FROM report WHERE report_year = $year", "--param", "yaer=2022"}},
		{2, "has no parameter year; it takes none", []string{"SELECT 1", "--param", "year=2022"}},
		{2, "name=value", []string{"SELECT 1", "--param", "year"}},
		{2, "--format", []string{"SELECT 1", "-o", "answer.doc"}},
		{0, "query bodies", []string{"errata", "--param", "city=亚特兰蒂斯"}},
	} {
		code, _, talk := nianbao(t, append([]string{"query", "--out", dir}, c.args...)...)
		if code != c.code || !strings.Contains(talk, c.says) {
			t.Errorf("%q: exit code %d, want %d and %q\n%s", c.args, code, c.code, c.says, talk)
		}
	}
}

func TestQueryListsAndShows(t *testing.T) {
	_, out, _ := nianbao(t, "query", "--list")
	for _, q := range queries.All() {
		if !strings.Contains(out, q.Name+"\n    "+q.TitleZH) {
			t.Errorf("the list lacks %s", q.Name)
		}
		if _, sql, _ := nianbao(t, "query", "--show", q.Name); sql != q.SQL {
			t.Errorf("%s is shown as %q", q.Name, sql)
		}
	}
}
