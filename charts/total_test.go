package charts

import (
	"path/filepath"
	"testing"

	"golang.org/x/net/html"
)

// TestTotal wants the line of the whole to hold the same bodies in every year: of twelve
// made-up districts, which received 100, 110 … 210 in 2022, eleven received half of that
// the year before and one says nothing.
func TestTotal(t *testing.T) {
	warehouse := fixture(t,
		`INSERT INTO region SELECT '9904' || i, '第' || i || '区（虚构）', 'county', '990100', '', NULL, NULL FROM range(10, 30) r(i)`,
		`INSERT INTO report SELECT * REPLACE (report_id || 'x' AS report_id, 2021 AS report_year) FROM report WHERE scope = 'district_aggregate' AND adcode <> '990421'`,
		`INSERT INTO indicators SELECT * REPLACE (report_id || 'x' AS report_id, 2021 AS report_year, value / 2 AS value, numerator / 2 AS numerator)
			FROM indicators WHERE scope = 'district_aggregate' AND indicator = 'requests_received' AND adcode <> '990421'`)
	store, err := read(t.Context(), warehouse, book(t))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, x := range store.totals {
		if x.scope != "district_aggregate" {
			continue
		}
		found++
		want := map[int][5]float64{2021: {825, 825, 11, 11, 20}, 2022: {1860, 1650, 12, 11, 20}}[x.year]
		if have := [5]float64{*x.all, *x.panel, float64(x.bodies), float64(x.panelBodies), float64(x.places)}; have != want {
			t.Errorf("%d: all, panel, bodies, bodies of the panel, places: have %v, want %v", x.year, have, want)
		}
	}
	if found != 2 {
		t.Errorf("%d years, want 2", found)
	}
	dir := build(t, warehouse)
	page := siteFiles(t, dir)["en/index.html"]
	cells := map[string]bool{}
	for _, n := range nodes(t, page) {
		if n.Data == "td" && n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
			cells[n.FirstChild.Data] = true
		}
	}
	for _, want := range []string{"825", "1,860", "1,650", "55.0%", "60.0%"} {
		if !cells[want] {
			t.Errorf("the table lacks %s", want)
		}
	}
	tab, w := visit(t, chromium(t), filepath.Clean(dir), "zh/index.html", 1280)
	if tab == nil || len(w.problems) > 0 {
		t.Errorf("the page reports %q", w.problems)
	}
}
