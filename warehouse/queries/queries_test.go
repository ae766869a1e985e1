package queries

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var update = flag.Bool("update", false, "write docs/queries.md anew")

var placeholder = regexp.MustCompile(`\$(\w+)`)

func TestHeads(t *testing.T) {
	if len(All()) < 12 {
		t.Errorf("only %d queries", len(All()))
	}
	for _, q := range All() {
		if !strings.ContainsFunc(q.TitleZH, func(r rune) bool { return unicode.Is(unicode.Han, r) }) || q.TitleEN == "" || q.About == "" {
			t.Errorf("%s: title_zh, title_en and about are needed", q.Name)
		}
		var declared, used []string
		for _, p := range q.Parameters {
			declared = append(declared, p.Name)
			if p.Type != "text" && p.Type != "integer" {
				t.Errorf("%s: parameter %s is of type %q", q.Name, p.Name, p.Type)
			}
			if p.About == "" || p.Example == "" {
				t.Errorf("%s: parameter %s needs about and an example", q.Name, p.Name)
			}
		}
		for _, m := range placeholder.FindAllStringSubmatch(q.SQL, -1) {
			used = append(used, m[1])
		}
		slices.Sort(declared)
		slices.Sort(used)
		if used = slices.Compact(used); !slices.Equal(declared, used) {
			t.Errorf("%s: the head declares %v, the SQL uses %v", q.Name, declared, used)
		}
		if !strings.Contains(q.SQL, "ORDER BY") {
			t.Errorf("%s: the rows have no order", q.Name)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for head, says := range map[string]string{
		"-- title_zh: 问\n-- titel_en: typo\nSELECT 1": "titel_en",
		"-- title_zh: [\nSELECT 1":                    "head",
	} {
		if _, err := parse("x", head); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", head, err)
		}
	}
}

func TestArguments(t *testing.T) {
	q, _ := Find("provenance")
	for _, c := range []struct {
		given map[string]string
		says  string
	}{
		{map[string]string{"city": "410100", "year": "2022"}, "parameter metric"},
		{map[string]string{"city": "", "year": "2022", "metric": "app_new"}, "parameter city"},
		{map[string]string{"city": "410100", "year": "2022 OR 1=1", "metric": "app_new"}, `year is a whole number, not "2022 OR 1=1"`},
		{map[string]string{"city": "410100", "year": "2022", "metric": "app_new", "town": "x"}, "no parameter town; it takes city, year, metric, applicant"},
	} {
		if _, err := q.Arguments(c.given); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v, want it to say %q", c.given, err, c.says)
		}
	}
	args, err := q.Arguments(map[string]string{"city": "'; DROP TABLE cell; --", "year": "2022", "metric": "app_new"})
	if want := `[{{} city '; DROP TABLE cell; --} {{} year 2022} {{} metric app_new} {{} applicant total}]`; err != nil || fmt.Sprint(args) != want {
		t.Errorf("%v, %v, want %s", args, err, want)
	}
}

// docs/queries.md is made from the files: go test ./warehouse/queries -update
func TestDocsAreCurrent(t *testing.T) {
	const docs = "../../docs/queries.md"
	want := markdown()
	if *update {
		if err := os.WriteFile(docs, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docs)
	if err != nil || string(got) != want {
		t.Errorf("%v; docs/queries.md is not what the files say; run go test ./warehouse/queries -update", err)
	}
}

func markdown() string {
	var s strings.Builder
	s.WriteString(`# Named queries · 命名查询

Made from warehouse/queries/*.sql by go test ./warehouse/queries -update; a query is added as a file there and needs no Go.

    nianbao query --list                   # all of them with their parameters
    nianbao query --show errata            # the SQL of one
    nianbao query                          # on a terminal: a shell with completion and history
    nianbao query errata -o errata.xlsx    # table, csv, json, jsonl, arrow, parquet or xlsx, by the ending or --format
    nianbao query "FROM errata WHERE report_year = \$year" --param year=2018

A parameter is bound to its $name in the SQL, never pasted into it. Where it may be left out, that means any value, or
its default. Rates are plain ratios, in these queries rounded to four places; the views hold all. NULL is a number that
the report does not have; the column status says why. Text and tables are printed as they are: status and grade are
explained in the comments of the warehouse (SELECT column_name, comment FROM duckdb_columns()).

`)
	for _, q := range All() {
		fmt.Fprintf(&s, "## %s\n\n**%s · %s**\n\n%s\n\n", q.Name, q.TitleZH, q.TitleEN, strings.TrimSpace(q.About))
		if len(q.Parameters) > 0 {
			s.WriteString("| parameter | |\n|---|---|\n")
			for _, p := range q.Parameters {
				fmt.Fprintf(&s, "| %s | %s |\n", p.Name, p.Describe())
			}
			s.WriteString("\n")
		}
		fmt.Fprintf(&s, "    %s\n\n[SQL](../warehouse/queries/%s.sql)\n\n", q.Command(), q.Name)
	}
	return strings.TrimSuffix(s.String(), "\n")
}
