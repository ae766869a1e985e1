package charts

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// trend compares a metric of the section's members over the years.
func (v *view) trend(s *section, metric string) (figure, error) {
	drawn := s.drawn
	f := figure{ID: metric + "." + s.scope.ID, Title: v.metric(metric), Rows: 11}
	if !anyLine(drawn) {
		f.Rows, f.Half = 7, true
	}
	f.Subtitle = v.subtitle(s, v.metric(metric), v.unit(v.book.Metric[metric].Unit))
	f.Table = v.trendTable(drawn, metric)
	undrawn := v.undrawn(drawn, metric)
	f.Notes = append(v.drawnNote(len(drawn), len(s.members)), undrawn...)
	f.records = v.metricRecords(s, metric)
	if !anyPoint(drawn, metric) {
		f.Rows = 0
		return f, nil
	}
	family := v.book.Metric[metric].Family
	c := newOption(f.ID, opts.Grid{Left: "56", Right: "24", Top: "34", Bottom: "32"}, v.yearAxis(), countAxis(largest(drawn, metric)))
	for i, m := range drawn {
		c.MultiSeries = append(c.MultiSeries, v.trendLine(m, i, metric, family, lone(drawn, m, metric)))
		f.Legend = append(f.Legend, legend{Class: fmt.Sprintf("series-%d", i+1), Path: shapes()[i], Label: m.label.in(v.lang)})
	}
	c.MultiSeries[0].MarkLines = v.breakLines(family)
	f.Keys = v.keys(map[string]bool{
		"hollow": anyContradicted(drawn, metric), "gap": len(undrawn) > 0, "break": c.MultiSeries[0].MarkLines != nil,
	})
	var err error
	f.Option, err = marshal(c)
	return f, err
}

// anyReport reports whether a report of the members satisfies ok.
func anyReport(members []*member, ok func(*report) bool) bool {
	for _, m := range members {
		for _, r := range m.reports {
			if ok(r) {
				return true
			}
		}
	}
	return false
}

func anyPoint(members []*member, metric string) bool {
	return anyReport(members, func(r *report) bool { return r.cells[metric].number != nil })
}

func anyContradicted(members []*member, metric string) bool {
	return anyReport(members, func(r *report) bool { return r.cells[metric].number != nil && r.cells[metric].contradicted() })
}

// anyLine reports whether a member has more than one point.
func anyLine(drawn []*member) bool {
	return slices.ContainsFunc(drawn, func(m *member) bool { return len(m.reports) > 1 })
}

// trendLine is the series of the i-th member: a point a year, nothing between years
// of which one is absent or that a break separates.
func (v *view) trendLine(m *member, i int, metric, family string, lone bool) charts.SingleSeries {
	color := fmt.Sprintf("$series-%d", i+1)
	var data []datum
	last := -1 // place of the last drawn point
	for year := v.first; year <= v.last; year++ {
		if len(v.breaks([]string{family}, year-1, year)) > 0 {
			data = append(data, datum{Value: []any{float64(year) - 0.5, nil}})
		}
		d := v.trendPoint(m, year, metric, color)
		if d.Style != nil {
			last = len(data)
		}
		data = append(data, d)
	}
	if last >= 0 {
		data[last].Text, data[last].Label = v.pointLabel(m, metric, color, lone)
	}
	return charts.SingleSeries{
		Name: m.label.in(v.lang), Type: "line", Data: data,
		Symbol: "path://" + shapes()[i], SymbolSize: 9, ShowSymbol: opts.Bool(true), ConnectNulls: opts.Bool(false),
		LineStyle: &opts.LineStyle{Color: color, Width: 2}, ItemStyle: &opts.ItemStyle{Color: color},
	}
}

// lone reports whether a member has one point and no other member has one that year.
func lone(drawn []*member, m *member, metric string) bool {
	year := m.newest().year
	others := func(o *member) bool {
		return o != m && o.reports[year] != nil && o.reports[year].cells[metric].number != nil
	}
	return len(m.reports) == 1 && !slices.ContainsFunc(drawn, others)
}

// pointLabel names a member at its last point. A single point also says its value, and
// a lone one says it above itself where there is little room to the right.
func (v *view) pointLabel(m *member, metric, color string, lone bool) (string, *opts.Label) {
	text := m.label.in(v.lang)
	label := &opts.Label{Show: opts.Bool(true), Position: "right", Formatter: "$text", Color: color, FontSize: 12, FontWeight: "bold"}
	if len(m.reports) == 1 {
		r := m.newest()
		text += " " + count(*r.cells[metric].number)
		if lone && 2*r.year > v.first+v.last {
			label.Position = "top"
		}
	}
	return text, label
}

// trendPoint is a member's value of one year; without a style it is a gap.
func (v *view) trendPoint(m *member, year int, metric, color string) datum {
	r := m.reports[year]
	if r == nil || r.cells[metric].number == nil {
		return datum{Value: []any{year, nil}}
	}
	c := r.cells[metric]
	d := datum{Value: []any{year, *c.number}, Style: solid(color)}
	if c.contradicted() {
		d.Style = hollow(color)
	}
	d.Tip = v.tip(m, year, v.say("label_value", v.metric(metric), count(*c.number)), v.grade(c.grade))
	return d
}

// yearPadding keeps the first and last points off the edges of the plot, in years.
const yearPadding = 0.25

func (v *view) yearAxis() opts.XAxis {
	first, last := v.first, v.last
	if first == last {
		first, last = first-1, last+1
	}
	x := valueAxis("$year")
	x.Min, x.Max, x.MinInterval, x.SplitNumber = float64(first)-yearPadding, float64(last)+yearPadding, 1, min(last-first, 9)
	x.SplitLine = &opts.SplitLine{Show: opts.Bool(false)}
	x.AxisLine = &opts.AxisLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: "$axis"}}
	return x
}

// largest is the largest value of a metric that the members have.
func largest(drawn []*member, metric string) float64 {
	top := 1.0
	for _, m := range drawn {
		for _, r := range m.reports {
			if n := r.cells[metric].number; n != nil {
				top = max(top, *n)
			}
		}
	}
	return top
}

func countAxis(top float64) opts.YAxis {
	x := valueAxis("$count")
	end, step := steps(top, 1)
	return opts.YAxis{Type: "value", Min: 0, Max: end, MinInterval: step, MaxInterval: step, AxisLabel: x.AxisLabel, AxisLine: x.AxisLine, SplitLine: x.SplitLine}
}

// breakLines are the vertical lines between the years that a break separates.
func (v *view) breakLines(family string) *opts.MarkLines {
	lines := &opts.MarkLines{MarkLineStyle: opts.MarkLineStyle{
		Symbol:    []string{"none", "none"},
		Label:     &opts.Label{Show: opts.Bool(true), Position: "end", Formatter: "{b}", Color: "$muted", FontSize: 11, Align: "left"},
		LineStyle: &opts.LineStyle{Color: "$break", Type: "dashed", Width: 1},
	}}
	for _, b := range v.breaks([]string{family}, v.first, v.last) {
		lines.Data = append(lines.Data, opts.MarkLineNameXAxisItem{Name: v.pick(b.LabelZH, b.LabelEN), XAxis: float64(b.Year) - 0.5})
	}
	if lines.Data == nil {
		return nil
	}
	return lines
}

// trendTable has a row a year and a column a member.
func (v *view) trendTable(drawn []*member, metric string) table {
	t := table{Head: []string{v.say("year")}}
	years := map[int]bool{}
	for _, m := range drawn {
		t.Head = append(t.Head, m.label.in(v.lang))
		for _, y := range m.years() {
			years[y] = true
		}
	}
	for year := v.first; year <= v.last; year++ {
		if !years[year] {
			continue
		}
		row := tableRow{Head: strconv.Itoa(year)}
		for _, m := range drawn {
			row.Cells = append(row.Cells, v.yearCell(m, year, metric))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v *view) yearCell(m *member, year int, metric string) tableCell {
	if r := m.reports[year]; r != nil {
		return v.valueCell(r, metric)
	}
	if m.absent[year] {
		return tableCell{Text: v.say("absent"), Missing: true}
	}
	return tableCell{Text: v.say("not_collected"), Missing: true}
}

// undrawn says for each year of a member that has no point why.
func (v *view) undrawn(drawn []*member, metric string) []string {
	var notes []string
	for _, m := range drawn {
		for _, year := range m.years() {
			if cell := v.yearCell(m, year, metric); cell.Missing {
				notes = append(notes, v.say("note_missing", m.label.in(v.lang), year, cell.Text))
			}
		}
	}
	return notes
}

// keys explains the marks that a figure uses, in a fixed order.
func (v *view) keys(used map[string]bool) []key {
	var keys []key
	for _, kind := range []string{"hollow", "gap", "break", "interval", "dagger"} {
		if used[kind] {
			keys = append(keys, key{Kind: kind, Label: v.say("key_" + kind)})
		}
	}
	return keys
}
