package charts

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/codebook"
)

// fixture makes the warehouse of testdata/warehouse.sql, changed by further statements,
// with the views of package warehouse over several bodies.
func fixture(t *testing.T, statements ...string) string {
	t.Helper()
	var schema []string
	for _, name := range []string{"testdata/warehouse.sql", "testdata/places.sql"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		schema = append(schema, string(raw))
	}
	comparison, err := os.ReadFile("../warehouse/sql/10_comparison.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "nianbao.duckdb")
	db, err := sql.Open("duckdb", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range append(append(schema, statements...), string(comparison)) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("fixture: %v", err)
		}
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
