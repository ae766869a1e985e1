package charts

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// outcomeMetrics are the six groups of table 3 part three, in printed order.
func outcomeMetrics() []string {
	return []string{"out_granted", "out_partial", "out_denied", "out_unavail", "out_notproc", "out_other"}
}

// outcomeRates are the indicators of the table on the outcomes page.
func outcomeRates() []string {
	return []string{"disclosure_rate", "merits_disclosure_rate", "denial_rate", "unavailable_rate", "not_processed_rate"}
}

// outcomes shows how requests were answered: for each report the shares of the six
// groups, where all six are numbers.
func (v *view) outcomes(s *section) (figure, error) {
	f := figure{ID: "outcomes." + s.scope.ID, Title: v.say("outcomes_title")}
	f.Subtitle = v.subtitle(s, v.say("outcomes_measure"), "%")
	rows := v.rows(s, []string{"outcome"}, v.describeOutcomes)
	f.Notes = v.rowNotes(s, rows)
	f.Table = v.outcomeTable(rows)
	f.records = v.metricRecords(s, append(outcomeMetrics(), "app_closed_total")...)
	if !anyDrawn(rows) {
		return f, nil
	}
	f.Rows = len(rows)
	x := valueAxis("$share")
	x.Max, x.MinInterval, x.MaxInterval = 1, 0.25, 0.25
	c := rowOption(f.ID, rows, x, "92", barWidth)
	for i, metric := range outcomeMetrics() {
		c.MultiSeries = append(c.MultiSeries, stacked(v.metric(metric), fmt.Sprintf("$out-%d", i+1), barWidth, v.outcomeBars(rows, i)))
		f.Legend = append(f.Legend, legend{Class: fmt.Sprintf("out-%d", i+1), Label: v.metric(metric)})
	}
	f.Keys = v.keys(rowMarks(rows))
	var err error
	f.Option, err = marshal(c)
	return f, err
}

// outcomeSum adds the six groups of a report; ok is false where one is no number.
func outcomeSum(r *report) (sum float64, ok bool) {
	for _, metric := range outcomeMetrics() {
		n := r.cells[metric].number
		if n == nil {
			return 0, false
		}
		sum += *n
	}
	return sum, true
}

func (v *view) describeOutcomes(r *report) (right, note string) {
	sum, ok := outcomeSum(r)
	if !ok {
		return "", v.whyNoOutcomes(r)
	}
	if sum == 0 {
		return "n = 0", v.say("no_requests_closed")
	}
	right = "n = " + count(sum)
	if r.contradictedIn(append(outcomeMetrics(), "app_closed_total")...) {
		right += " ○"
	}
	return right, ""
}

// whyNoOutcomes names the state of the first group that is no number.
func (v *view) whyNoOutcomes(r *report) string {
	for _, metric := range outcomeMetrics() {
		if c, printed := r.cells[metric]; c.number == nil {
			if !printed || c.status == "missing_row" {
				return v.say("not_in_form")
			}
			return v.say("groups_blank", v.missing(c, printed))
		}
	}
	return ""
}

// contradictedIn reports whether the form's arithmetic contradicts one of the metrics.
func (r *report) contradictedIn(metrics ...string) bool {
	for _, metric := range metrics {
		if r.cells[metric].contradicted() {
			return true
		}
	}
	return false
}

// outcomeBars are the shares of the i-th group, one datum a row.
func (v *view) outcomeBars(rows []row, i int) []datum {
	metric := outcomeMetrics()[i]
	bars := make([]datum, len(rows))
	for at, r := range rows {
		if r.report == nil || r.text != "" {
			continue
		}
		sum, _ := outcomeSum(r.report)
		c := r.report.cells[metric]
		share := *c.number / sum
		bars[at] = datum{Value: share, Style: segment("out", i, share), Text: strconv.Itoa(int(100*share+0.5)) + "%"}
		bars[at].Tip = v.tip(r.member, r.year, v.say("share_of", v.metric(metric), percent(share), fraction(*c.number, sum)), v.grade(c.grade))
		if share >= 0.1 {
			bars[at].Label = &opts.Label{Show: opts.Bool(true), Position: "inside", Formatter: "$text", Color: fmt.Sprintf("$on-out-%d", i+1), FontSize: 12}
		}
	}
	return bars
}

// segment is the fill of the i-th part of a stack: every second one has a pattern,
// so that neighbours differ without colour.
func segment(palette string, i int, size float64) *style {
	s := &style{Color: fmt.Sprintf("$%s-%d", palette, i+1)}
	if size > 0 { // a border around nothing would be seen
		s.BorderColor, s.BorderWidth = "$ground", 1
	}
	switch i {
	case 1, 5:
		s.Decal = stripes()
	case 3:
		s.Decal = dots()
	}
	return s
}

// rowMarks are the marks that a chart of rows uses.
func rowMarks(rows []row) map[string]bool {
	used := map[string]bool{}
	for _, r := range rows {
		used["hollow"] = used["hollow"] || strings.HasSuffix(r.right, "○")
		used["dagger"] = used["dagger"] || strings.HasSuffix(r.right, "†")
	}
	return used
}

func (v *view) outcomeTable(rows []row) table {
	t := table{Head: []string{v.say("authority"), v.say("year")}}
	for _, metric := range append(outcomeMetrics(), "app_closed_total") {
		t.Head = append(t.Head, v.metric(metric))
	}
	for _, r := range rows {
		if r.report == nil {
			continue
		}
		line := tableRow{Group: r.member.label.in(v.lang), Head: strconv.Itoa(r.year)}
		sum, ok := outcomeSum(r.report)
		for _, metric := range outcomeMetrics() {
			cell := v.valueCell(r.report, metric)
			if ok && sum > 0 {
				cell.Sub = percent(*r.report.cells[metric].number/sum) + "%"
			}
			line.Cells = append(line.Cells, cell)
		}
		line.Cells = append(line.Cells, v.valueCell(r.report, "app_closed_total"))
		t.Rows = append(t.Rows, line)
	}
	return t.grouped()
}

// rateCell shows a rate with its numerator, denominator and interval, or why there is none.
func (v *view) rateCell(r *report, id string) tableCell {
	x, ok := r.rates[id]
	if !ok || x.value == nil {
		return tableCell{Text: v.noRate(x, ok), Missing: true}
	}
	of := fraction(*x.numerator, *x.denominator)
	if !x.enough {
		return tableCell{Text: v.say("too_few", v.indicator(id).MinN), Sub: of, Missing: true}
	}
	cell := tableCell{Text: percent(*x.value) + "%", Sub: of, Contradicted: x.grade == "contradicted"}
	if x.low != nil && x.high != nil {
		cell.Sub += " · " + percent(*x.low) + "–" + percent(*x.high)
	}
	return cell
}

// noRate says why an indicator has no value in a report.
func (v *view) noRate(x rate, known bool) string {
	if known && x.denominator != nil && *x.denominator == 0 {
		return v.say("no_requests_closed")
	}
	return v.missing(cell{status: x.status}, known)
}
