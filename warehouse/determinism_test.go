package warehouse

import (
	"regexp"
	"testing"
)

// A number that may be NULL must be compressed by runs; see sql/01_tables.sql. What
// goes wrong without is only sometimes seen in the bytes of two builds.
func TestNullableNumbersAreCompressedByRuns(t *testing.T) {
	sql, err := files.ReadFile("sql/01_tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	column := regexp.MustCompile(`(?m)^ +"?(\w+)"? +(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|FLOAT|DOUBLE|DATE|TIMESTAMP|DECIMAL\([^)]*\))([^,\n]*)`)
	nullable := 0
	for _, m := range column.FindAllSubmatch(sql, -1) {
		switch string(m[3]) {
		case " NOT NULL", " NOT NULL PRIMARY KEY", " PRIMARY KEY":
		case " USING COMPRESSION rle":
			nullable++
		default:
			t.Errorf("column %s %s%s: say NOT NULL or USING COMPRESSION rle", m[1], m[2], m[3])
		}
	}
	if nullable == 0 {
		t.Error("found no nullable number; does the pattern still read the file?")
	}
}
