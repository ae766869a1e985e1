package warehouse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/rows"
)

func output(t *testing.T, db *DB, format rows.Format, sql string, args ...any) string {
	t.Helper()
	var out bytes.Buffer
	if err := db.Query(context.Background(), &out, format, sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out.String()
}

func TestQueryKeepsTypesExact(t *testing.T) {
	db := open(t)
	const sql = `SELECT 160391.4077::DECIMAL(28,8) AS amount, 100::DECIMAL(28,8) AS round, -0.5::DECIMAL(9,4) AS small,
		(SELECT sum(i) FROM range(3) r(i)) AS sum, 170141183460469231731687303715884105727::HUGEINT AS huge, 0.1::DOUBLE AS ratio,
		DATE '2022-03-04' AS day, TIMESTAMP '2022-03-04 05:06:07' AS at, TRUE AS yes, 'a,"b' AS text, NULL::INTEGER AS none, [1, 2] AS list`
	want := map[rows.Format]string{
		rows.CSV: "amount,round,small,sum,huge,ratio,day,at,yes,text,none,list\n" +
			`160391.4077,100,-0.5,3,170141183460469231731687303715884105727,0.1,2022-03-04,2022-03-04T05:06:07,true,"a,""b",,"[1,2]"` + "\n",
		rows.JSON: "[\n" + `{"amount":160391.4077,"round":100,"small":-0.5,"sum":3,"huge":170141183460469231731687303715884105727,"ratio":0.1,` +
			`"day":"2022-03-04","at":"2022-03-04T05:06:07","yes":true,"text":"a,\"b","none":null,"list":[1,2]}` + "\n]\n",
	}
	for format, want := range want {
		if got := output(t, db, format, sql); got != want {
			t.Errorf("%s\n got %s\nwant %s", format, got, want)
		}
	}
}

func TestQueryTableAlignsWideCharacters(t *testing.T) {
	db := open(t)
	got := output(t, db, rows.Table, `SELECT * FROM (VALUES ('甲市', 5, NULL), ('abc', 12345, 'x'||chr(27)||'[31m'||chr(10)||'y')) v(name, n, note)`)
	want := "name  n      note\n" +
		"----  -----  --------\n" +
		"甲市      5  NULL\n" +
		"abc   12345  x\uFFFD[31m y\n"
	if got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if got := output(t, db, rows.Table, "SELECT 1 AS a WHERE false"); got != "a\n-\n" {
		t.Errorf("no rows: %q", got)
	}
}

func TestQueryOfManyRows(t *testing.T) {
	db := open(t)
	var all []struct{ I, J *int }
	if err := json.Unmarshal([]byte(output(t, db, rows.JSON, "SELECT i, CASE WHEN i % 2 = 0 THEN i END AS j FROM range(100000) r(i)")), &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 100000 || *all[99998].J != 99998 || all[99999].J != nil {
		t.Errorf("%d rows", len(all))
	}
	if got := output(t, db, rows.JSON, "SELECT 1 AS a WHERE false"); got != "[\n]\n" {
		t.Errorf("no rows: %q", got)
	}
}

// A warehouse that readers open cannot be changed, and lets SQL from elsewhere neither
// read nor write files.
func TestOpenedWarehouseIsSealed(t *testing.T) {
	db := open(t, somePapers(t)...)
	outside := filepath.Join(t.TempDir(), "outside.csv")
	for _, sql := range []string{
		"DELETE FROM report", "CREATE TABLE x (i INTEGER)", "CREATE VIEW x AS SELECT 1", "DROP VIEW requests",
		"UPDATE run SET build_id = ''", "COMMENT ON TABLE run IS 'x'",
		"COPY run TO " + literal(outside), "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')",
		"ATTACH " + literal(outside) + " AS other", "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access = true",
		"EXPORT DATABASE " + literal(t.TempDir()),
	} {
		if err := db.Query(context.Background(), &bytes.Buffer{}, rows.CSV, sql); err == nil {
			t.Errorf("%s: allowed", sql)
		}
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file was written")
	}
	expect(t, db, "SELECT count(*) FROM report", "3")
}

func TestQueryArgumentsAndErrors(t *testing.T) {
	db := open(t, somePapers(t)...)
	if got := query(t, db, "SELECT authority FROM report WHERE report_year = ? AND scope = ?", 2022, "city_aggregate"); strings.Join(got, "|") != "乙市人民政府" {
		t.Errorf("got %q", got)
	}
	var out bytes.Buffer
	if err := db.Query(context.Background(), &out, "yaml", "SELECT 1"); err == nil || !strings.Contains(err.Error(), rows.Formats) {
		t.Errorf("unknown format: %v", err)
	}
	if err := db.Query(context.Background(), &out, rows.CSV, "SELECT nothing FROM nowhere"); err == nil || out.Len() > 0 {
		t.Errorf("bad SQL: error %v, output %q", err, out.String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := db.Query(ctx, &out, rows.CSV, "SELECT * FROM range(100000000)"); err == nil {
		t.Error("a cancelled query printed everything")
	}
	expect(t, db, "SELECT 1", "1") // the connection still serves
}

func TestOpenRefusesOtherFiles(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(context.Background(), filepath.Join(dir, FileName))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nianbao run") {
		t.Errorf("missing file: %v", err)
	}
	for name, content := range map[string]string{"empty": "", "text": "not a database, but longer than its head", "half": "12345678DUCK and no more"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(context.Background(), path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "nianbao build") {
			t.Errorf("%s: %v", name, err)
		}
		if got := string(readFile(t, path)); got != content {
			t.Errorf("%s: Open changed the file", name)
		}
	}
}
