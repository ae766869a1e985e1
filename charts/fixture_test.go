package charts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/nianbao/nianbao/codebook"
)

// scratch is a folder for what several tests share.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "nianbao-charts-"); err != nil {
		panic(err)
	}
	code := m.Run()
	stopBrowser()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// The warehouse of the tests is what tables makes, changed by further statements, with
// the views of package warehouse over several bodies.
var (
	tables = []string{"testdata/warehouse.sql", "testdata/places.sql"}
	views  = []string{"../warehouse/sql/10_comparison.sql"}
)

// writeFixture makes a warehouse in a folder.
func writeFixture(dir string, statements ...string) (string, error) {
	path := filepath.Join(dir, "nianbao.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		return "", err
	}
	defer db.Close()
	first, err := readAll(tables)
	last, err2 := readAll(views)
	if err := errors.Join(err, err2); err != nil {
		return "", err
	}
	for _, s := range slices.Concat(first, statements, last) {
		if _, err := db.Exec(s); err != nil {
			return "", fmt.Errorf("fixture: %w", err)
		}
	}
	return path, nil
}

func readAll(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, string(raw))
	}
	return out, nil
}

// fixture makes a warehouse for one test.
func fixture(t *testing.T, statements ...string) string {
	t.Helper()
	path, err := writeFixture(t.TempDir(), statements...)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func book(t *testing.T) *codebook.Book {
	t.Helper()
	b, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// build builds the site of a warehouse and returns its folder.
func build(t *testing.T, warehouse string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	if _, err := Build(t.Context(), Input{Warehouse: warehouse, Book: book(t), Dir: dir}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fixtureInput is what the site that tests share is built from.
func fixtureInput(dir string) (Input, error) {
	var err error
	in := Input{Dir: filepath.Join(dir, "site"), Changes: madeUpChanges()}
	in.Queries = []Query{{"bodies", "机关（虚构）", "Bodies (made up)"}}
	if in.Book, err = codebook.Load(); err == nil {
		in.Warehouse, err = writeFixture(dir)
	}
	return in, err
}

// madeUpChanges have one of each kind.
func madeUpChanges() *Changes {
	p := func(s string) *string { return &s }
	year := 2022
	c := &Changes{Before: "made-up-0", Cells: []CellChange{{Authority: p("甲市人民政府（虚构）"), Year: &year, Metric: "app_new", Applicant: "total",
		OldRaw: p("1300"), OldStatus: p("number"), NewRaw: p(""), NewStatus: p("blank"), Locator: p("table 2 row 3"), URL: p("javascript:x")}}}
	for _, change := range []string{"new", "gone", "restates", "replaced", "changed"} {
		c.Reports = append(c.Reports, ReportChange{Change: change, OldName: p("</script><script>window.x=1</script> " + change), OldGrade: p("proved"), NewGrade: p("contradicted")})
	}
	return c
}

// sharedSite is the site of the fixture, built once.
var sharedSite = sync.OnceValues(func() (string, error) {
	in, err := fixtureInput(scratch)
	if err == nil {
		_, err = Build(context.Background(), in)
	}
	return in.Dir, err
})

// sharedDir returns the folder of the shared site, which tests must not change.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir, err := sharedSite()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
