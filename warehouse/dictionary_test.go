package warehouse

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

//go:generate go test -run ^TestDictionary$ -update .

var update = flag.Bool("update", false, "write docs/data-dictionary.md anew")

const dictionaryHead = `# Data dictionary

Every table, view, macro and column of the warehouse, as the file itself says it in its COMMENTs. Written by
` + "`go generate ./warehouse`" + ` from warehouse/comments.csv and the codebook; a test fails where it is not up to date.
A value of NULL is missing, never zero. How numbers are proved and compared: [methods.md](methods.md).
`

func TestDictionary(t *testing.T) {
	const path = "../docs/data-dictionary.md"
	got := dictionary(t, open(t))
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := string(readFile(t, path)); got != want {
		t.Errorf("%s is not what the warehouse says; run go generate ./warehouse", path)
	}
}

// dictionary prints the comments of the warehouse as Markdown, in the order of the alphabet.
func dictionary(t *testing.T, db *DB) string {
	var out strings.Builder
	out.WriteString(dictionaryHead)
	for _, part := range []struct{ heading, list string }{
		{"Tables", `SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'nianbao' ORDER BY 1`},
		{"Views", `SELECT view_name, comment FROM duckdb_views() WHERE database_name = 'nianbao' AND NOT internal ORDER BY 1`},
		{"Macros", `SELECT function_name, comment FROM duckdb_functions() WHERE database_name = 'nianbao' AND NOT internal ORDER BY 1`},
	} {
		fmt.Fprintf(&out, "\n## %s\n", part.heading)
		for _, o := range records(t, db, part.list) {
			fmt.Fprintf(&out, "\n### %s\n\n%s\n", o[0], escaped(o[1]))
			columns := records(t, db, `SELECT column_name, data_type, comment FROM duckdb_columns()
				WHERE database_name = 'nianbao' AND table_name = ? ORDER BY column_index`, o[0])
			if len(columns) > 0 {
				out.WriteString("\n| column | type | meaning |\n|---|---|---|\n")
			}
			for _, c := range columns {
				fmt.Fprintf(&out, "| `%s` | %s | %s |\n", c[0], c[1], escaped(c[2]))
			}
		}
	}
	return out.String()
}

func escaped(s string) string { return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`).Replace(s) }

func records(t *testing.T, db *DB, sql string, args ...any) [][]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.Join(query(t, db, sql, args...), "\n"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}
