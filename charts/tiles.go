package charts

import (
	_ "embed"
	"fmt"
	"html/template"

	"github.com/jszwec/csvutil"
)

// tilesCSV says where each province stands in the grid, and what is no like of the others.
//
//go:embed tiles.csv
var tilesCSV []byte

// A tilePlace is a line of tiles.csv. Kind is empty, municipality or outside; the names
// are of those that the warehouse has no region for.
type tilePlace struct {
	Adcode string `csv:"adcode"`
	Row    int    `csv:"row"`
	Column int    `csv:"column"`
	Kind   string `csv:"kind"`
	NameZH string `csv:"name_zh"`
	NameEN string `csv:"name_en"`
}

func tilePlaces() ([]tilePlace, error) {
	var out []tilePlace
	if err := csvutil.Unmarshal(tilesCSV, &out); err != nil {
		return nil, fmt.Errorf("tiles.csv: %w", err)
	}
	return out, nil
}

// An areaYear is an indicator of a province's or the country's cities together in a year.
type areaYear struct {
	year           int
	bodies, places int      // that have a figure, and that there are; places 0: not known
	pooled, median *float64 // sum over sum, and the middle city
	numerator      *float64
}

// covered is the share of the places that have a figure.
func (a areaYear) covered() float64 {
	if a.places == 0 {
		return 1
	}
	return float64(a.bodies) / float64(a.places)
}

// An areaKey is a scope's sum over an area.
type areaKey struct{ adcode, scope, indicator string }

func (r *reader) areas() error {
	r.st.areas = map[areaKey][]areaYear{}
	ids := []string{}
	for _, m := range mapped() {
		ids = append(ids, m.indicator)
	}
	query := `SELECT adcode, scope, indicator, report_year, bodies, coalesce(places, 0), numerator::DOUBLE, pooled, median FROM pooled
		WHERE indicator IN ` + inList(ids) + ` AND scope IN ('` + wholeScope + `', 'province_aggregate') ORDER BY ALL`
	return r.each(query, func(scan func(...any) error) error {
		var k areaKey
		var a areaYear
		err := scan(&k.adcode, &k.scope, &k.indicator, &a.year, &a.bodies, &a.places, &a.numerator, &a.pooled, &a.median)
		r.st.areas[k] = append(r.st.areas[k], a)
		return err
	})
}

// A tile is a province in the grid.
type tile struct {
	Row, Column int
	Href, Name  string
	Kind        string // municipality, outside or empty
	Few         bool   // fewer than half of the places report
	Year        int
	Value       string
	Median      string
	Coverage    string
	Spark       template.HTML
}

type tileGrid struct {
	Tabs     []navItem
	Subtitle string
	Tiles    []tile
}

func (v *view) provincesPages() []page {
	var pages []page
	for _, m := range mapped() {
		p := v.frame("provinces"+m.suffix, "provinces")
		p.Title, p.Lead = v.say("provinces_title"), v.say("provinces_lead")
		i := v.indicator(m.indicator)
		t := &tileGrid{Tabs: v.matrixTabs("provinces", p.Name, false)}
		if s := v.whole(); s != nil {
			t.Subtitle = v.subtitle(s, v.pick(i.LabelZH, i.LabelEN), v.unit(i.Unit))
		}
		for _, at := range v.tiles {
			t.Tiles = append(t.Tiles, v.tile(at, m.indicator))
		}
		p.Tiles = t
		pages = append(pages, p)
	}
	return pages
}

func (v *view) tile(at tilePlace, indicator string) tile {
	t := tile{Row: at.Row, Column: at.Column, Kind: at.Kind, Name: Text{at.NameZH, at.NameEN}.in(v.lang)}
	if g := v.store.regions[at.Adcode]; g != nil {
		t.Name = g.name.in(v.lang)
		if v.hasProvincePage(g) {
			t.Href = g.page() + ".html"
		}
	}
	if known := v.book.Region[at.Adcode]; t.Name == "" {
		t.Name = v.pick(known.Name, known.NameEN)
	}
	if at.Kind == "outside" {
		return t
	}
	scope := wholeScope
	if at.Kind == "municipality" { // is a city itself
		scope = "province_aggregate"
	}
	years := v.store.areas[areaKey{at.Adcode, scope, indicator}]
	if len(years) == 0 {
		return t
	}
	last := years[len(years)-1]
	t.Year, t.Few = last.year, last.covered() < 0.5
	if last.places > 0 {
		t.Coverage = fmt.Sprintf("%d/%d", last.bodies, last.places)
	}
	if last.pooled != nil {
		t.Value = v.figure(indicator, *last.pooled)
	}
	if last.median != nil {
		t.Median = v.figure(indicator, *last.median)
	}
	t.Spark = spark(years, v.first, v.last)
	return t
}

// spark draws the sum of an area over the years as a small line without scale, from zero.
func spark(years []areaYear, first, last int) template.HTML {
	top := 0.0
	for _, a := range years {
		if a.pooled != nil {
			top = max(top, *a.pooled)
		}
	}
	if top == 0 {
		return ""
	}
	d, before := "", 0
	for _, a := range years {
		if a.pooled == nil {
			continue
		}
		pen := "L"
		if before != a.year-1 {
			pen = "M"
		}
		d += fmt.Sprintf("%s%.1f %.1f", pen, 2+76*float64(a.year-first)/float64(max(last-first, 1)), 20-18**a.pooled/top)
		before = a.year
	}
	return template.HTML(`<svg class="spark" viewBox="0 0 80 22" aria-hidden="true"><path d="` + d + `"/></svg>`)
}
