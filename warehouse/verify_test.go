package warehouse

import (
	"strings"
	"testing"
)

// What is derived is right by construction; the promises are tested on a spoilt file.
func TestVerifyDerived(t *testing.T) {
	for promise, spoil := range map[string]string{
		"a settled quantity stands once in a report":          "INSERT INTO settled_quantity FROM settled_quantity LIMIT 1",
		"a settled quantity belongs to a version of a report": "INSERT INTO settled_quantity SELECT * REPLACE ('x' AS report_id) FROM settled_quantity LIMIT 1",
		"a number of a settled report is in a quantity":       "DELETE FROM settled_quantity WHERE cell_no = 1",
		"every report that stands has its totals":             "DELETE FROM total",
		"an indicator stands once for a body, scope and year": "INSERT INTO indicator_value FROM indicator_value LIMIT 1",
	} {
		twice := newPaper(t, "d", "丙市人民政府", "990300", 2023, "city_aggregate", "D", anyCells+anyCells)
		path := build(t, input(t, append(somePapers(t), twice)...)).Path
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
