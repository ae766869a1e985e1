package charts

import (
	"fmt"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// barWidth is the height of a bar as a share of its row.
const barWidth = "64%"

// disputeRates are the rates that the disputes page draws.
func disputeRates() []string { return []string{"review_rate", "litigation_rate"} }

// A caseload is a kind of dispute: its four results and their total.
type caseload struct {
	id, family, total string
	parts             []string
}

func caseloads() []caseload {
	return []caseload{
		{"reviews", "review", "rev_total", []string{"rev_upheld", "rev_corrected", "rev_other", "rev_pending"}},
		{"lawsuits", "litigation", "lit_total", []string{"lit_upheld", "lit_corrected", "lit_other", "lit_pending"}},
	}
}

// rateChart draws one rate: a dot with its interval for each report.
func (v *view) rateChart(s *section, id string) (figure, error) {
	ind := v.indicator(id)
	label := v.pick(ind.LabelZH, ind.LabelEN)
	f := figure{ID: id + "." + s.scope.ID, Title: label, Half: true, Subtitle: v.subtitle(s, label, v.say("per_100_closed"))}
	rows := v.rows(s, []string{ind.Family}, v.describeRate(id))
	f.Notes = v.rowNotes(s, rows)
	f.Table = v.rateChartTable(rows, id)
	f.records = v.rateRecords(s, id)
	if !anyDrawn(rows) {
		return f, nil
	}
	f.Rows = len(rows)
	x := valueAxis("$per100")
	x.Max, x.MinInterval = steps(largestRate(s), 0.01)
	x.MaxInterval = x.MinInterval
	c := rowOption(f.ID, rows, x, "96", "4")
	c.MultiSeries = append(c.MultiSeries, rateMarks(v, rows, id)...)
	marks := rowMarks(rows)
	marks["interval"] = true
	f.Keys = v.keys(marks)
	var err error
	f.Option, err = marshal(c)
	return f, err
}

func (v *view) describeRate(id string) drawnRow {
	return func(r *report) (right, note string) {
		x, ok := r.rates[id]
		if !ok || x.value == nil || x.numerator == nil || x.denominator == nil {
			return "", v.noRate(x, ok)
		}
		right = fraction(*x.numerator, *x.denominator)
		if x.grade == "contradicted" {
			right += " ○"
		}
		if !x.enough {
			return right, v.say("too_few", v.indicator(id).MinN)
		}
		return right, ""
	}
}

// rateMarks are an invisible bar up to the interval, the interval, and the dots.
func rateMarks(v *view, rows []row, id string) []charts.SingleSeries {
	below, interval := make([]datum, len(rows)), make([]datum, len(rows))
	var dots []datum
	for at, r := range rows {
		if r.report == nil || r.text != "" {
			continue
		}
		x := r.report.rates[id]
		tip := v.rateTip(r, x, id)
		if x.low != nil && x.high != nil {
			below[at] = datum{Value: *x.low}
			interval[at] = datum{Value: *x.high - *x.low, Tip: tip}
		}
		dot := datum{Value: []any{*x.value, at}, Style: solid("$dot"), Tip: tip}
		if x.grade == "contradicted" {
			dot.Style = hollow("$dot")
		}
		dots = append(dots, dot)
	}
	return []charts.SingleSeries{
		stacked("", "", "4", below),
		stacked("", "$interval", "4", interval),
		{Type: "scatter", Data: dots, Symbol: "circle", SymbolSize: 12, ItemStyle: &opts.ItemStyle{Color: "$dot", Opacity: opts.Float(1)}},
	}
}

func (v *view) rateTip(r row, x rate, id string) []string {
	ind := v.indicator(id)
	lines := []string{v.say("share_of", v.pick(ind.LabelZH, ind.LabelEN), percent(*x.value), fraction(*x.numerator, *x.denominator))}
	if x.low != nil && x.high != nil {
		lines = append(lines, v.say("interval", percent(*x.low), percent(*x.high)))
	}
	return v.tip(r.member, r.year, append(lines, v.grade(x.grade))...)
}

// largestRate is the highest end of an interval, for the axis that all dispute rates
// of a section share.
func largestRate(s *section) float64 {
	top := 0.04
	for _, m := range s.drawn {
		for _, r := range m.reports {
			for _, id := range disputeRates() {
				x := r.rates[id]
				if !x.drawable() {
					continue
				}
				top = max(top, *x.value)
				if x.high != nil {
					top = max(top, *x.high)
				}
			}
		}
	}
	return top
}

func (v *view) rateChartTable(rows []row, id string) table {
	ind := v.indicator(id)
	t := table{Head: []string{v.say("authority"), v.say("year"), v.pick(ind.LabelZH, ind.LabelEN)}}
	for _, r := range rows {
		if r.report != nil {
			cells := []tableCell{v.rateCell(r.report, id)}
			t.Rows = append(t.Rows, tableRow{Group: r.member.label.in(v.lang), Head: strconv.Itoa(r.year), Cells: cells})
		}
	}
	return t.grouped()
}

// caseChart draws how disputes ended, as counts.
func (v *view) caseChart(s *section, l caseload) (figure, error) {
	f := figure{ID: l.id + "." + s.scope.ID, Title: v.say(l.id + "_title"), Half: true, Subtitle: v.subtitle(s, v.metric(l.total), v.unit("case"))}
	rows := v.rows(s, []string{l.family}, v.describeCases(l))
	f.Notes = v.rowNotes(s, rows)
	f.Table = v.caseTable(rows, l)
	f.records = v.metricRecords(s, append(l.parts, l.total)...)
	if !anyDrawn(rows) {
		return f, nil
	}
	f.Rows = len(rows)
	x := valueAxis("$count")
	x.Max, x.MinInterval = steps(largestCases(rows, l), 1)
	x.MaxInterval = x.MinInterval
	c := rowOption(f.ID, rows, x, "96", barWidth)
	for i, metric := range l.parts {
		c.MultiSeries = append(c.MultiSeries, stacked(v.metric(metric), fmt.Sprintf("$result-%d", i+1), barWidth, v.caseBars(rows, l, i)))
		f.Legend = append(f.Legend, legend{Class: fmt.Sprintf("result-%d", i+1), Label: v.say(fmt.Sprintf("result_%d", i+1))})
	}
	f.Keys = v.keys(rowMarks(rows))
	var err error
	f.Option, err = marshal(c)
	return f, err
}

// describeCases prints the printed total. A dagger marks parts that are no numbers;
// without any part nothing is drawn.
func (v *view) describeCases(l caseload) drawnRow {
	return func(r *report) (right, note string) {
		total, printed := r.cells[l.total]
		right = v.missing(total, printed)
		if total.number != nil {
			right = count(*total.number)
		}
		numbers, printedParts := 0, 0
		for _, part := range l.parts {
			c, ok := r.cells[part]
			if ok && c.status != "missing_row" {
				printedParts++
			}
			if c.number != nil {
				numbers++
			}
		}
		switch {
		case printedParts == 0:
			return right, v.say("no_parts")
		case numbers == 0:
			return "", v.say("parts_blank")
		case r.contradictedIn(append(l.parts, l.total)...):
			return right + " ○", ""
		case numbers < len(l.parts):
			return right + " †", ""
		}
		return right, ""
	}
}

func (v *view) caseBars(rows []row, l caseload, i int) []datum {
	bars := make([]datum, len(rows))
	for at, r := range rows {
		if r.report == nil || r.text != "" {
			continue
		}
		c := r.report.cells[l.parts[i]]
		if c.number == nil {
			continue
		}
		bars[at] = datum{Value: *c.number, Style: segment("result", i, *c.number)}
		bars[at].Tip = v.tip(r.member, r.year, v.say("label_value", v.metric(l.parts[i]), count(*c.number)), v.grade(c.grade))
	}
	return bars
}

// largestCases is the length of the longest bar.
func largestCases(rows []row, l caseload) float64 {
	top := 1.0
	for _, r := range rows {
		if r.report == nil {
			continue
		}
		sum := 0.0
		for _, part := range l.parts {
			if n := r.report.cells[part].number; n != nil {
				sum += *n
			}
		}
		top = max(top, sum)
	}
	return top
}

func (v *view) caseTable(rows []row, l caseload) table {
	t := table{Head: []string{v.say("authority"), v.say("year")}}
	for i := range l.parts {
		t.Head = append(t.Head, v.say(fmt.Sprintf("result_%d", i+1)))
	}
	t.Head = append(t.Head, v.say("total"))
	for _, r := range rows {
		if r.report == nil {
			continue
		}
		line := tableRow{Group: r.member.label.in(v.lang), Head: strconv.Itoa(r.year)}
		for _, metric := range append(l.parts, l.total) {
			line.Cells = append(line.Cells, v.valueCell(r.report, metric))
		}
		t.Rows = append(t.Rows, line)
	}
	return t.grouped()
}
