package charts

import (
	"database/sql"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// above returns the nearest element of a name that n stands in.
func above(n *html.Node, name string) *html.Node {
	for n != nil && n.Data != name {
		n = n.Parent
	}
	return n
}

// cellsOf are the cells of a table's row.
func cellsOf(row *html.Node) []*html.Node {
	var out []*html.Node
	for c := range row.ChildNodes() {
		if c.Type == html.ElementNode {
			out = append(out, c)
		}
	}
	return out
}

// shownNumbers reads the numbers of a place's page back from its tables: what is shown,
// by block, year, metric and applicant.
func shownNumbers(t *testing.T, page string) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, n := range nodes(t, page) {
		if n.Data != "button" || above(n, "table") == nil {
			continue
		}
		cell, row, table := n.Parent, above(n, "tr"), above(n, "table")
		var head *html.Node
		for d := range table.Descendants() {
			if d.Data == "tr" && attr(d, "class") == "heads" {
				head = cellsOf(d)[slices.Index(cellsOf(row), cell)]
			}
		}
		year, applicant := attr(head, "data-year"), attr(head, "data-applicant")
		if year == "" {
			year = attr(table, "data-year")
		}
		if applicant == "" {
			applicant = "total"
		}
		shown := strings.TrimSpace(strings.ReplaceAll(text(n), ",", ""))
		key := strings.Join([]string{attr(table, "data-block"), year, attr(row, "data-metric"), applicant}, ".")
		if again, ok := got[key]; ok && again != shown { // the total stands in both tables
			t.Errorf("%s is %q and %q", key, again, shown)
		}
		got[key] = shown
	}
	return got
}

// TestEveryNumberIsTheCells wants the page of a place to show each cell of the warehouse
// as it is, with its mark, and no other number.
func TestEveryNumberIsTheCells(t *testing.T) {
	warehouse := fixture(t)
	files := siteFiles(t, build(t, warehouse))
	db, err := sql.Open("duckdb", warehouse)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, adcode := range []string{"990100", "990200"} {
		got := shownNumbers(t, files["zh/city/"+adcode+".html"])
		rows, err := db.Query(`SELECT scope || '.' || report_year || '.' || metric || '.' || CASE WHEN applicant = '' THEN 'total' ELSE applicant END,
				CASE WHEN grade = 'contradicted' THEN '○ ' ELSE '' END || coalesce(value::BIGINT::VARCHAR, '空白') || coalesce('→ ' || corrected::BIGINT, '')
			FROM (SELECT scope, report_year, metric, applicant, grade, value, corrected FROM current_cell WHERE adcode = $1
				UNION ALL SELECT scope, report_year, metric, applicant, grade, value, NULL FROM metric_value WHERE cell_no IS NULL AND adcode = $1)`, adcode)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		want := 0
		for rows.Next() {
			var key, value string
			if err := rows.Scan(&key, &value); err != nil {
				t.Fatal(err)
			}
			if want++; got[key] != value {
				t.Errorf("%s %s: have %q, want %q", adcode, key, got[key], value)
			}
		}
		if want < 50 || want != len(got) {
			t.Errorf("%s: the page has %d numbers, the warehouse %d", adcode, len(got), want)
		}
	}
}

// TestPointsResolve wants each value that a chart's CSV has to lead to its document on the
// page of its place (A16); those of a picker: TestPickPointsResolve.
func TestPointsResolve(t *testing.T) {
	files := siteFiles(t, build(t, fixture(t)))
	values := 0
	for name, raw := range files {
		if path.Dir(name) != "data" || path.Ext(name) != ".csv" {
			continue
		}
		for _, row := range readCSV(t, raw) {
			if row["value"] == "" {
				continue
			}
			values++
			page := files["en/city/"+row["adcode"]+".html"]
			if !strings.Contains(page, row["sha256"]) || strings.HasPrefix(row["url"], "https:") && !strings.Contains(page, `href="`+row["url"]+`"`) {
				t.Fatalf("%s: %s of %s %s has no document on its place's page", name, row["measure"], row["authority"], row["report_year"])
			}
		}
	}
	if values < 50 {
		t.Errorf("only %d values", values)
	}
}

// TestEvidenceInBrowser opens numbers by an address and by their button.
func TestEvidenceInBrowser(t *testing.T) {
	dir := build(t, fixture(t))
	browser := chromium(t)
	click := `document.querySelector('[data-metric="app_new"] button').click()`
	for _, x := range []struct {
		at, do string
		want   []string
	}{
		{"zh/city/990100.html#n=990100.2021.rev_total.total", "", []string{"34", "33 (made-up-correction)", "行 <i>rev_total", "table 2 row 9",
			"a210000000000000000", "20 = 20", "成立", "2026-01-02", "#n=990100.2021.rev_total.total.city_aggregate"}},
		{"en/city/990100.html#n=990100.2020.app_new.total.city_aggregate", "", []string{"1,200", "contradicted by", "a200000000000000000", "nianbao explain 990100 2020 app_new"}},
		{"en/city/990100.html", click, []string{"800", "table 2 row 7", "a180000000000000000", "#n=990100.2018.app_new.total.city_aggregate"}},
		{"en/city/990100.html#n=990100.2022.out_denied.natural_person", "", []string{"5", "Requests received in the year 3"}},
	} {
		tab, w := visit(t, browser, dir, x.at, 320)
		script := `new Promise((done) => { ` + x.do + `; const look = () => { const box = document.getElementById("evidence");
			if (box.open) done(box.innerText + location.hash); else setTimeout(look, 20); }; look(); })`
		got, err := chromedp.Run(tab, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatalf("%s: %v", x.at, err)
		}
		for _, piece := range x.want {
			if !strings.Contains(got, piece) {
				t.Errorf("%s says %q, not %q", x.at, got, piece)
			}
		}
		if len(w.problems) > 0 {
			t.Errorf("%s reports %q", x.at, w.problems)
		}
	}
}
