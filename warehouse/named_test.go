package warehouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/warehouse/queries"
)

// ask runs a named query and returns its rows as CSV lines.
func ask(t *testing.T, db *DB, name string, given map[string]string) []string {
	t.Helper()
	q, ok := queries.Find(name)
	if !ok {
		t.Fatalf("no query %s", name)
	}
	args, err := q.Arguments(given)
	if err != nil {
		t.Fatal(err)
	}
	return query(t, db, q.SQL, args...)
}

// closed is a report of 甲市 (made up) of which so many requests were closed and disclosed.
func closed(t *testing.T, year int32, disclosed, total int) *paper {
	return newPaper(t, fmt.Sprint(year), "甲市人民政府", "990100", year, "city_aggregate", "D",
		fmt.Sprintf("t3 app_closed_total total %d\nt3 out_granted total %d\nt3 out_partial total 0", total, disclosed))
}

// 56 of 70 against 48 of 80 is the first example of table II of Newcombe, Statistics in
// Medicine 17 (1998) 873-890; method 10 gives 0.0524 to 0.3339.
func TestChangeIsNewcombes(t *testing.T) {
	db := open(t, closed(t, 2019, 5, 90), closed(t, 2020, 9, 90), closed(t, 2021, 40, 80), closed(t, 2022, 48, 80), closed(t, 2023, 56, 70), closed(t, 2024, 3, 4))
	want := []string{
		"990100,甲市人民政府,city_aggregate,2019,disclosure_rate,5,90,0.0556,,,,,,no report of the year before,proved",
		"990100,甲市人民政府,city_aggregate,2021,disclosure_rate,40,80,0.5,0.1,,,,,forms or law changed,proved",
		"990100,甲市人民政府,city_aggregate,2023,disclosure_rate,56,70,0.8,0.6,0.2,0.0524,0.3339,true,,proved",
		"990100,甲市人民政府,city_aggregate,2024,disclosure_rate,3,4,0.75,0.8,,,,,too few requests,proved",
	}
	got := ask(t, db, "change", map[string]string{"city": "990100"})
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("no row %s in\n%q", line, got)
		}
	}
	if len(got) != 6 {
		t.Errorf("%d rows, want one a year", len(got))
	}
}

// Bodies stand in the order of their codes, against what they make together: 60 of 300.
func TestProvinceIsComparedWithoutRanking(t *testing.T) {
	body := func(name, adcode string, disclosed, total int) *paper {
		return newPaper(t, name, name, adcode, 2022, "city_aggregate", "D",
			fmt.Sprintf("t3 app_closed_total total %d\nt3 out_granted total %d\nt3 out_partial total 0", total, disclosed))
	}
	db := open(t, body("丙市人民政府", "990300", 50, 100), body("甲市人民政府", "990100", 2, 100), body("乙市人民政府", "990200", 8, 100), body("丁市人民政府", "990400", 0, 3),
		newPaper(t, "other scope", "甲市人民政府", "990100", 2022, "general_office", "D", "t3 app_closed_total total 100\nt3 out_granted total 100\nt3 out_partial total 0"))
	got := ask(t, db, "compare-province", map[string]string{"province": "990000", "year": "2022", "indicator": "disclosure_rate"})
	want := []string{
		"990100,,甲市人民政府,2,100,0.02,0.0055,0.07,0.2,3,below,number,proved",
		"990200,,乙市人民政府,8,100,0.08,0.0411,0.15,0.2,3,below,number,proved",
		"990300,,丙市人民政府,50,100,0.5,0.4038,0.5962,0.2,3,above,number,proved",
		"990400,,丁市人民政府,0,3,,,,0.2,3,not shown,number,proved",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestRestatementsNameBothAddresses(t *testing.T) {
	db := open(t,
		newPaper(t, "old", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 app_new total 7").fetchedOn(3),
		newPaper(t, "new", "甲市人民政府", "990100", 2022, "city_aggregate", "D", "t3 app_new total 8").fetchedOn(4))
	got := ask(t, db, "restatements", map[string]string{"city": "甲市人民政府"})
	if want := "990100,甲市人民政府,city_aggregate,2022,t3,app_new,total,7,number,7,8,number,8,"; len(got) != 1 || got[0][:len(want)] != want {
		t.Errorf("got %q, want %s…", got, want)
	}
	if none := ask(t, db, "restatements", map[string]string{"city": "乙市人民政府"}); len(none) > 0 {
		t.Errorf("another body has %q", none)
	}
}

func TestParameters(t *testing.T) {
	db := open(t)
	for sql, want := range map[string]string{
		"SELECT 1": "", "SELECT $b, $a, $b": "b a", "SELECT ?": "1", "SET VARIABLE x = 1; SELECT $y": "y", "SELECT '$no'": "",
	} {
		if got, err := db.Parameters(context.Background(), sql); err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v, want %q", sql, got, err, want)
		}
	}
	if _, err := db.Parameters(context.Background(), "SELEC $a"); err == nil || !strings.Contains(err.Error(), "LINE 1") {
		t.Errorf("no SQL: %v", err)
	}
}

func TestNearest(t *testing.T) {
	got, err := Nearest(context.Background(), "refusals", queries.Names())
	if err != nil || len(got) != 3 || got[0] != "refusal-grounds" {
		t.Errorf("%q, %v", got, err)
	}
}
