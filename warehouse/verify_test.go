package warehouse

import (
	"strings"
	"testing"
)

// What is derived is right by construction; the promises are tested on a spoilt file.
func TestVerifyDerived(t *testing.T) {
	for promise, spoil := range map[string]string{
		"a quantity stands once in a report":                  "INSERT INTO quantity FROM quantity LIMIT 1",
		"a quantity belongs to a report":                      "INSERT INTO quantity SELECT * REPLACE ('x' AS report_id) FROM quantity LIMIT 1",
		"a number of a report that stands is in a quantity":   "DELETE FROM quantity",
		"an indicator stands once for a body, scope and year": "INSERT INTO indicator_value FROM indicator_value LIMIT 1",
	} {
		path := build(t, input(t, somePapers(t)...)).Path
		pool, conn, err := connect(t.Context(), ":memory:")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.ExecContext(t.Context(), "ATTACH "+literal(path)+" AS nianbao; USE nianbao"); err != nil {
			t.Fatal(err)
		}
		if err := verify(t.Context(), conn, "sql/verify_derived.sql"); err != nil {
			t.Errorf("before it is spoilt: %v", err)
		}
		if _, err := conn.ExecContext(t.Context(), spoil); err != nil {
			t.Fatal(err)
		}
		if err := verify(t.Context(), conn, "sql/verify_derived.sql"); err == nil || !strings.Contains(err.Error(), promise) {
			t.Errorf("%s: %v", promise, err)
		}
		conn.Close()
		pool.Close()
	}
}
