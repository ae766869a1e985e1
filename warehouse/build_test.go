package warehouse

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/record"
)

const anyCells = `
	t3 app_new natural_person 7
	t3 app_new total 8
	t3 app_closed_total total 9`

func somePapers(t *testing.T) []*paper {
	return []*paper{
		newPaper(t, "a", "甲市人民政府", "990100", 2021, "city_aggregate", "D", anyCells).check("T3_BALANCE", "total", "held", 9, 9),
		newPaper(t, "b", "乙市人民政府", "990200", 2022, "city_aggregate", "D", anyCells),
		newPaper(t, "c", "乙市人民政府", "990200", 2023, "city_own", "D", anyCells),
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSameInputsGiveSameBytes(t *testing.T) {
	first := input(t, append(somePapers(t), manyPapers(t)...)...)
	second := input(t, append(somePapers(t), manyPapers(t)...)...)
	slices.Reverse(second.Locations)
	a, b := build(t, first), build(t, second)
	if a.BuildID != b.BuildID {
		t.Errorf("build ids %s and %s", a.BuildID, b.BuildID)
	}
	if !bytes.Equal(readFile(t, a.Path), readFile(t, b.Path)) {
		t.Error("two builds of the same inputs differ")
	}
	// Equal bytes may be luck where a compression samples at random.
	db, err := Open(context.Background(), a.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, table := range query(t, db, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'nianbao'") {
		expect(t, db, "SELECT DISTINCT compression FROM pragma_storage_info('"+table+"') WHERE compression ILIKE '%fsst%'")
	}
}

// manyPapers fills several DuckDB row groups' worth of strings, where compression by
// sampling would show.
func manyPapers(t *testing.T) []*paper {
	var out []*paper
	for i := range 60 {
		name := "many " + strings.Repeat("x", i)
		out = append(out, newPaper(t, name, "甲市第"+strings.Repeat("一", i+1)+"局", "990100", 2022, "department", "D", strings.Repeat(anyCells, 100)))
	}
	return out
}

func TestBuildSkipsWhatItHas(t *testing.T) {
	in := input(t, somePapers(t)...)
	first := build(t, in)
	if first.Unchanged || first.Documents != 3 || first.Reports != 3 || first.Cells != 9 {
		t.Errorf("first build: %+v", first)
	}
	start := time.Now()
	second := build(t, in)
	if took := time.Since(start); !second.Unchanged || took > time.Second {
		t.Errorf("second build: unchanged %v in %v", second.Unchanged, took)
	}
	in.Ledger = []record.LedgerEntry{{URL: "https://example.invalid/new", Portal: "made-up", State: "failed", Reason: "unreachable"}}
	if third := build(t, in); third.Unchanged || third.BuildID == first.BuildID {
		t.Error("a new ledger entry did not make a new build")
	}
	extra := newPaper(t, "d", "甲市人民政府", "990100", 2022, "city_aggregate", "D", anyCells)
	writeShard(t, filepath.Join(in.Parts, "00"), []*paper{extra})
	in.Locations = nil
	if fourth := build(t, in); fourth.Unchanged || fourth.Reports != 4 {
		t.Errorf("after a new part: %+v", fourth)
	}
}

func TestFailedBuildKeepsTheOld(t *testing.T) {
	in := input(t, somePapers(t)...)
	old := readFile(t, build(t, in).Path)
	check := func(what string, err error) {
		t.Helper()
		if err == nil {
			t.Fatalf("%s: built", what)
		}
		if !bytes.Equal(old, readFile(t, filepath.Join(in.Dir, FileName))) {
			t.Errorf("%s: the old file changed", what)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(in.Dir), "*", tempPattern)); len(left) > 0 {
			t.Errorf("%s: left %v", what, left)
		}
	}

	orphan := newPaper(t, "e", "甲市人民政府", "990100", 2024, "city_aggregate", "D", anyCells)
	orphan.cells[0].ReportID = "no such report"
	writeShard(t, filepath.Join(in.Parts, "00"), []*paper{orphan})
	_, err := Build(context.Background(), in)
	check("orphan cell", err)
	if err != nil && (!strings.Contains(err.Error(), "a cell belongs to a report") || !strings.Contains(err.Error(), "no such report")) {
		t.Errorf("the error does not name the promise and the row: %v", err)
	}

	for _, limit := range []time.Duration{0, time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		_, err := Build(ctx, in)
		cancel()
		check("interrupted after "+limit.String(), err)
	}
}

func TestBuildRefusesBrokenParts(t *testing.T) {
	for promise, spoil := range map[string]func(*paper, *Input){
		"a cell number stands once in a report": func(p *paper, _ *Input) { p.cells[1].CellNo = 1 },
		"a check stands once in a report": func(p *paper, _ *Input) {
			p.check("T3_BALANCE", "total", "held", 9, 9).check("T3_BALANCE", "total", "held", 9, 9)
		},
		"a check belongs to a report":                func(p *paper, _ *Input) { p.check("T3_BALANCE", "total", "held", 9, 9).checks[0].ReportID = "x" },
		"a raw cell belongs to a report":             func(p *paper, _ *Input) { p.raw = []record.RawCell{{ReportID: "x"}} },
		"every identity of a report is evaluated":    func(p *paper, _ *Input) { p.report.IdentitiesHeld = 7 },
		"a check has both sides":                     func(p *paper, _ *Input) { p.check("T3_BALANCE", "total", "held", 9, 9).checks[0].RHS = nil },
		"a check names an identity of the codebook":  func(p *paper, _ *Input) { p.check("NO_SUCH", "", "held", 9, 9) },
		"a report belongs to a document":             func(p *paper, _ *Input) { p.document.SHA256 = strings.Repeat("0", 64) },
		"a finding belongs to a document":            func(p *paper, _ *Input) { p.findings = []record.Finding{{SHA256: "x"}} },
		"a cell has a value only if its status says": func(p *paper, _ *Input) { p.cells[0].Status = "blank" },
		"a cell names a metric of the codebook":      func(p *paper, _ *Input) { p.cells[0].Metric = "app_newest" },
		"a report has a location":                    func(_ *paper, in *Input) { in.Locations[0].SHA256 = "x" },
	} {
		p := somePapers(t)[1]
		in := input(t, p)
		spoil(p, &in)
		writeShard(t, filepath.Join(in.Parts, p.report.SHA256[:2]), []*paper{p})
		if _, err := Build(context.Background(), in); err == nil || !strings.Contains(err.Error(), promise) {
			t.Errorf("%s: error is %v", promise, err)
		}
	}
}

func TestBuildClearsLeftovers(t *testing.T) {
	in := input(t, somePapers(t)...)
	left := filepath.Join(in.Dir, ".build-123")
	if err := os.MkdirAll(left, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, FileName), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	build(t, in)
	entries, err := os.ReadDir(in.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || entries[0].Name() != BuildsDir || entries[1].Name() != FileName {
		t.Errorf("the folder holds %v, want %s and %s", entries, BuildsDir, FileName)
	}
}

func TestBuildReplacesADamagedFile(t *testing.T) {
	in := input(t, somePapers(t)...)
	want := readFile(t, build(t, in).Path)
	if err := os.WriteFile(filepath.Join(in.Dir, FileName), want[:len(want)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if r := build(t, in); r.Unchanged || !bytes.Equal(want, readFile(t, r.Path)) {
		t.Errorf("a file cut in half was taken for the build: %+v", r)
	}
}

func TestBuildOfNothing(t *testing.T) {
	db := open(t)
	for _, name := range query(t, db, `SELECT table_name FROM information_schema.tables ORDER BY 1`) {
		query(t, db, "SELECT * FROM "+name)
	}
	expect(t, db, "SELECT documents, reports, cells, extractor FROM run", "0,0,0,")
	expect(t, db, "SELECT count(*) FROM requests", "0")
	expect(t, db, "SELECT count(*) > 3000 FROM region", "true")
}

func TestEveryColumnHasAComment(t *testing.T) {
	db := open(t, somePapers(t)...)
	expect(t, db, `SELECT count(*) > 200 FROM duckdb_columns() WHERE database_name = 'nianbao'`, "true")
	for _, bare := range []string{
		`SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE database_name = 'nianbao' AND length(trim(coalesce(comment, ''))) < 5`,
		`SELECT table_name FROM duckdb_tables() WHERE database_name = 'nianbao' AND comment IS NULL`,
		`SELECT function_name FROM duckdb_functions() WHERE database_name = 'nianbao' AND NOT internal AND comment IS NULL`,
		`SELECT view_name FROM duckdb_views() WHERE database_name = 'nianbao' AND NOT internal AND comment IS NULL`,
	} {
		if got := query(t, db, bare); len(got) > 0 {
			t.Errorf("without comment: %q", got)
		}
	}
	expect(t, db, `SELECT comment FROM duckdb_columns() WHERE table_name = 'disputes' AND column_name = 'rev_total'`,
		"Administrative reviews (行政复议/总计). Unit: cases. NULL where the report has no number for it. Source: codebook metric.csv")
}

func TestNoteFor(t *testing.T) {
	notes := map[place]string{{"*", "a"}: "any a", {"t", "a"}: "the a of t", {"*", "b"}: ""}
	for p, want := range map[place]string{{"t", "a"}: "the a of t", {"u", "a"}: "any a"} {
		if got, ok := noteFor(p, notes, map[place]bool{}, nil); got != want || !ok {
			t.Errorf("%v: %q, %v", p, got, ok)
		}
	}
	if got := stale(notes, map[place]bool{{"*", "a"}: true, {"t", "a"}: true}); len(got) != 1 {
		t.Errorf("stale notes: %v, want that of b", got)
	}
}

// DuckDB's view over an Arrow stream returns wrong values without an error, and a
// default in place of a missing number would be a guess.
func TestForbiddenWords(t *testing.T) {
	var names []string
	for _, pattern := range []string{"*.go", "sql/*.sql", "sql/explain/*.sql"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text := strings.ToLower(string(readFile(t, name)))
		for _, word := range []string{"registerview", "coalesce", "arrow_scan"} {
			if strings.Contains(text, word) {
				t.Errorf("%s contains %s", name, word)
			}
		}
	}
	if len(names) < 15 {
		t.Errorf("scanned only %q", names)
	}
}
