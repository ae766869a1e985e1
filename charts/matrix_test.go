package charts

import (
	"strings"
	"testing"
)

// TestMatrixStates wants every city and year in the pages of cities: a value as in the
// city's report, a letter and no zero where there is none, and a link to each report.
func TestMatrixStates(t *testing.T) {
	files := siteFiles(t, build(t, fixture(t)))
	want := map[string]map[string][]string{
		"en/cities.html":          {"990100": {"800", "1,000", "○1,200", "1,500", "1,400"}, "990200": {"·", "0", "–", "7", "b"}},
		"en/cities-refusal.html":  {"990100": {"b", "12.2%", "○12.6%", "12.8%", "12.9%"}, "990200": {"·", "0", "–", "n", "12.5%"}},
		"zh/cities-coverage.html": {"990100": {"2018 已读取，尚无勾稽关系可验证", "2019 已读取，勾稽关系成立", "2020 已读取，有不成立的勾稽关系", "2021 已读取，勾稽关系成立", "2022 已读取，勾稽关系成立"}, "990200": {"已发现，未能读取", "2019 已读取，勾稽关系成立", "没有找到", "2021 已读取，勾稽关系成立", "2022 已读取，尚无勾稽关系可验证"}},
	}
	for name, cities := range want {
		for _, n := range nodes(t, files[name]) {
			if n.Data != "tr" || attr(n, "data-key") == "" {
				continue
			}
			code := attr(n, "data-key")[strings.LastIndex(attr(n, "data-key"), " ")+1:]
			for i, cell := range cellsOf(n)[1:] {
				if got := text(cell); strings.TrimSpace(got) != cities[code][i] {
					t.Errorf("%s: %s in %d is %q, want %q", name, code, 2018+i, got, cities[code][i])
				}
				if strings.HasPrefix(cities[code][i], "20") && !strings.Contains(files["zh/city/"+code+".html"], `id="city_aggregate.`+cities[code][i][:4]+`"`) {
					t.Errorf("%s: %s in %d leads nowhere", name, code, 2018+i)
				}
			}
			delete(cities, code)
		}
		for code := range cities {
			t.Errorf("%s has no row of %s", name, code)
		}
	}
}

// TestTiles wants all provinces once, at places of their own, and three that are hatched.
func TestTiles(t *testing.T) {
	tiles, err := tilePlaces()
	if err != nil {
		t.Fatal(err)
	}
	at, outside, municipalities := map[[2]int]bool{}, 0, 0
	seen := map[string]bool{}
	for _, x := range tiles {
		if at[[2]int{x.Row, x.Column}] || seen[x.Adcode] || x.Row < 1 || x.Row > 8 || x.Column < 1 || x.Column > 8 {
			t.Errorf("%s stands badly", x.Adcode)
		}
		at[[2]int{x.Row, x.Column}], seen[x.Adcode] = true, true
		switch x.Kind {
		case "outside":
			outside++
		case "municipality":
			municipalities++
		}
	}
	for _, r := range book(t).Regions {
		if r.Level == "province" && !seen[r.Adcode] {
			t.Errorf("%s has no tile", r.Name)
		}
	}
	if len(tiles) != 34 || outside != 3 || municipalities != 4 {
		t.Errorf("%d tiles, %d outside, %d municipalities", len(tiles), outside, municipalities)
	}
}
