package charts

import (
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// A total is what all bodies of a scope received in a year: all that report it, and the
// panel of those that report every year from from on, so that a rise is not one of coverage.
type total struct {
	scope               string
	year, from          int
	all, panel          *float64
	bodies, panelBodies int
	places              int // that the scope counts whole
}

// totals adds up, since the last break of all forms, the requests of scopes that count
// whole places.
func (r *reader) totals() error {
	query := `
		WITH body AS (
			SELECT scope, report_year, adcode, authority, value FROM indicators
			WHERE indicator = 'requests_received' AND value IS NOT NULL AND adcode <> ''
		), era AS (
			SELECT scope, ifnull(max(report_year) FILTER (report_year IN (SELECT year FROM form_break WHERE family = '*')), min(report_year)) AS first, max(report_year) AS last
			FROM body GROUP BY scope
		), panel AS (
			SELECT scope, adcode, authority FROM body JOIN era USING (scope) WHERE report_year >= first
			GROUP BY scope, adcode, authority, first, last HAVING count(*) = last - first + 1
		)
		SELECT b.scope, b.report_year, any_value(e.first), sum(b.value)::DOUBLE, count(*),
			sum(b.value) FILTER (p.adcode IS NOT NULL AND b.report_year >= e.first)::DOUBLE, count(p.adcode) FILTER (b.report_year >= e.first), any_value(c.places)
		FROM body b JOIN era e USING (scope) LEFT JOIN panel p USING (scope, adcode, authority)
		JOIN place_count c ON c.scope = b.scope AND c.area = '000000' AND c.report_year = b.report_year
		GROUP BY b.scope, b.report_year ORDER BY ALL`
	return r.each(query, func(scan func(...any) error) error {
		var t total
		err := scan(&t.scope, &t.year, &t.from, &t.all, &t.bodies, &t.panel, &t.panelBodies, &t.places)
		r.st.totals = append(r.st.totals, t)
		return err
	})
}

// panelled is the first section whose panel has at least minSpread bodies and two years,
// with its totals; nil where there is none.
func (v *view) panelled() (*section, []total) {
	for _, s := range v.sections {
		var of []total
		panel := 0
		for _, t := range v.store.totals {
			if t.scope == s.scope.ID {
				of = append(of, t)
				panel = max(panel, t.panelBodies)
			}
		}
		if panel >= minSpread && of[len(of)-1].from < of[len(of)-1].year {
			return s, of
		}
	}
	return nil, nil
}

// totalFigure draws the totals as lines over a strip of the share of places that report.
func (v *view) totalFigure(s *section, totals []total) (figure, error) {
	last := totals[len(totals)-1]
	f := figure{ID: "total." + s.scope.ID, Title: v.say("home_total"), Rows: 12, records: v.metricRecords(s, "app_new")}
	f.Subtitle = v.subtitle(s, v.say("home_total_measure"), v.unit(v.book.Metric["app_new"].Unit))
	f.Notes = []string{v.say("home_total_note", last.panelBodies, span(last.from, last.year), last.bodies, last.places, last.year)}
	x := v.yearAxis()
	strip := x
	x.AxisLabel = &opts.AxisLabel{Show: opts.Bool(false)}
	strip.GridIndex = 1
	top := 1.0
	for _, t := range totals {
		top = max(top, *t.all)
	}
	share := countAxis(1)
	share.GridIndex, share.Max, share.MinInterval, share.MaxInterval = 1, 1, 1, 1
	share.AxisLabel = &opts.AxisLabel{Formatter: "$share", Color: "$muted", FontSize: 12}
	c := newOption(f.ID, opts.Grid{Left: "64", Right: "24", Top: "34", Bottom: "104"}, x, countAxis(top), share)
	c.GridList = append(c.GridList, opts.Grid{Left: "64", Right: "24", Height: "44", Bottom: "32"})
	c.ExtendXAxis(strip)
	all, panel, coverage := v.totalLine(0, "circle"), v.totalLine(1, "diamond"), charts.SingleSeries{Name: v.say("home_coverage_share"), Type: "bar", XAxisIndex: 1, YAxisIndex: 1, BarWidth: "14"}
	all.LineStyle.Type = "dashed"
	f.Table.Head = []string{v.say("year"), v.say("home_total_panel"), v.say("home_total_all"), v.say("home_coverage_share")}
	for i, t := range totals {
		if gap := i > 0 && (t.year > totals[i-1].year+1 || len(v.breaks([]string{"app_flow"}, totals[i-1].year, t.year)) > 0); gap {
			for _, l := range []*charts.SingleSeries{&all, &panel} {
				l.Data = append(l.Data.([]datum), datum{Value: []any{float64(t.year) - 0.5, nil}})
			}
		}
		v.addTotal(&f, t, &all, &panel, &coverage)
	}
	panel.MarkLines = v.breakLines("app_flow")
	c.MultiSeries = append(c.MultiSeries, all, panel, coverage)
	f.Legend = []legend{
		{Class: "series-2", Path: shapes()[3], Label: v.say("home_total_panel")},
		{Class: "series-1", Path: shapes()[0], Label: v.say("home_total_all")},
		{Class: "result-4", Label: v.say("home_coverage_share")},
	}
	f.Keys = v.keys(map[string]bool{"break": panel.MarkLines != nil})
	var err error
	f.Option, err = marshal(c)
	return f, err
}

// totalLine is a line without points yet, in the i-th colour.
func (v *view) totalLine(i int, symbol string) charts.SingleSeries {
	color := "$series-" + strconv.Itoa(i+1)
	return charts.SingleSeries{Type: "line", Data: []datum{}, Symbol: symbol, SymbolSize: 8, ShowSymbol: opts.Bool(true), ConnectNulls: opts.Bool(false),
		LineStyle: &opts.LineStyle{Color: color, Width: 2}, ItemStyle: &opts.ItemStyle{Color: color}}
}

// addTotal adds a year to the lines, the strip and the table.
func (v *view) addTotal(f *figure, t total, all, panel, coverage *charts.SingleSeries) {
	at := v.say("home_year", t.year)
	point := func(l *charts.SingleSeries, n *float64, key string, bodies int) tableCell {
		if n == nil || bodies == 0 {
			l.Data = append(l.Data.([]datum), datum{Value: []any{t.year, nil}})
			return tableCell{Text: v.say("home_no_panel"), Missing: true}
		}
		of := v.say("home_bodies", count(float64(bodies)))
		l.Data = append(l.Data.([]datum), datum{Value: []any{t.year, *n}, Tip: []string{at, v.say("label_value", v.say(key), count(*n)), of}})
		return tableCell{Text: count(*n), Sub: of}
	}
	row := tableRow{Head: strconv.Itoa(t.year), Cells: []tableCell{
		point(panel, t.panel, "home_total_panel", t.panelBodies), point(all, t.all, "home_total_all", t.bodies),
	}}
	share := float64(t.bodies) / float64(t.places)
	of := fraction(float64(t.bodies), float64(t.places))
	bars, _ := coverage.Data.([]datum)
	coverage.Data = append(bars, datum{Value: []any{t.year, share}, Style: &style{Color: "$result-4"}, Tip: []string{at, v.say("share_of", v.say("home_coverage_share"), percent(share), of)}})
	row.Cells = append(row.Cells, tableCell{Text: percent(share) + "%", Sub: of})
	f.Table.Rows = append(f.Table.Rows, row)
}
