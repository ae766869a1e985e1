package charts

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// Pictures of the pages of places are drawn here and not by ECharts, because there are
// many: lines over the years, and bars of shares. Colours come from the style sheet.

// A linePlot is a chart of lines over years.
type linePlot struct {
	Label         string // of the picture, for those who do not see it
	First, Last   int
	Lines         []plotLine
	Breaks        []int // years before which a dashed line stands
	Strip         []stripYear
	Width, Height float64
}

// A stripYear is how many of the bodies there are have a figure: a bar below the plot.
type stripYear struct {
	Year  int
	Share float64
	Label string
}

// A plotLine has points in order of year. A year without one is a gap.
type plotLine struct {
	Class  string
	Shape  int
	Points []plotPoint
}

type plotPoint struct {
	Year   int
	Value  float64
	Hollow bool   // contradicted
	Cut    bool   // no line leads here from the year before
	Dashed bool   // the line that leads here rests on few bodies
	Href   string // what the point opens
	Title  string
}

const (
	plotLeft, plotRight, plotTop, plotBottom = 52.0, 16.0, 12.0, 26.0
)

func (p linePlot) x(year int) float64 {
	span := max(p.Last-p.First, 1)
	return plotLeft + 12 + (p.Width-plotLeft-plotRight-24)*float64(year-p.First)/float64(span)
}

// svg draws the plot. Numbers have one decimal, so that the same values give the same bytes.
func (p linePlot) svg() template.HTML {
	top := 1.0
	for _, l := range p.Lines {
		for _, q := range l.Points {
			top = max(top, q.Value)
		}
	}
	end, step := steps(top, 1)
	full := p.Height
	if p.Strip != nil {
		full += 44
	}
	y := func(v float64) float64 { return p.Height - plotBottom - (p.Height-plotTop-plotBottom)*v/end }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="lines" viewBox="0 0 %.0f %.0f" role="group" aria-label="%s">`, p.Width, full, template.HTMLEscapeString(p.Label))
	p.strip(&b)
	for v := 0.0; v <= end+step/2; v += step {
		fmt.Fprintf(&b, `<path class="grid" d="M%.1f %.1fH%.1f"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`, plotLeft, y(v), p.Width-plotRight, plotLeft-8, y(v)+4, count(v))
	}
	every := 1 + (p.Last-p.First)/9
	for year := p.Last; year >= p.First; year -= every {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle">%d</text>`, p.x(year), p.Height-6, year)
	}
	for _, year := range p.Breaks {
		x := (p.x(year-1) + p.x(year)) / 2
		fmt.Fprintf(&b, `<path class="break" d="M%.1f %.1fV%.1f"/>`, x, plotTop, p.Height-plotBottom)
	}
	for _, l := range p.Lines {
		p.line(&b, l, y)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // texts are escaped above
}

// strip draws the share of bodies that have a figure, one bar a year.
func (p linePlot) strip(b *strings.Builder) {
	for _, s := range p.Strip {
		high := 22 * min(s.Share, 1)
		fmt.Fprintf(b, `<rect class="strip" x="%.1f" y="%.1f" width="22" height="%.1f"/><text class="small" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`,
			p.x(s.Year)-11, p.Height+26-high, high, p.x(s.Year), p.Height+39, s.Label)
	}
}

func (p linePlot) line(b *strings.Builder, l plotLine, y func(float64) float64) {
	for i, q := range l.Points {
		if i == 0 || q.Cut || l.Points[i-1].Year != q.Year-1 {
			continue
		}
		class := l.Class
		if q.Dashed {
			class += " few"
		}
		fmt.Fprintf(b, `<path class="stroke %s" d="M%.1f %.1fL%.1f %.1f"/>`, class, p.x(q.Year-1), y(l.Points[i-1].Value), p.x(q.Year), y(q.Value))
	}
	for _, q := range l.Points {
		class := l.Class
		if q.Hollow {
			class += " hollow"
		}
		mark := fmt.Sprintf(`<path class="point %s" transform="translate(%.1f %.1f) scale(.48)" d="%s"><title>%s</title></path>`,
			class, p.x(q.Year)-4.8, y(q.Value)-4.8, shapes()[l.Shape], template.HTMLEscapeString(q.Title))
		if q.Href != "" {
			mark = fmt.Sprintf(`<a href="%s" aria-label="%s">%s</a>`, template.HTMLEscapeString(q.Href), template.HTMLEscapeString(q.Title), mark)
		}
		b.WriteString(mark)
	}
}

// requestLines draws the requests that a body received and closed. A point opens its number.
func (v *view) requestLines(g *region, s *section, m *member) (template.HTML, []legend) {
	p := linePlot{First: v.first, Last: v.last, Width: 520, Height: 270, Label: v.say("city_lines")}
	var keys []legend
	for i, metric := range []string{"app_new", "app_closed_total"} {
		family := v.book.Metric[metric].Family
		l := plotLine{Class: "series-" + strconv.Itoa(i+1), Shape: i}
		for year := v.first; year <= v.last; year++ {
			r := m.reports[year]
			if r == nil || r.cells[metric].number == nil {
				continue
			}
			c := r.cells[metric]
			l.Points = append(l.Points, plotPoint{Year: year, Value: *c.number, Hollow: c.contradicted(),
				Cut:  len(v.breaks([]string{family}, year-1, year)) > 0,
				Href: numberLink(g, year, metric, s.scope.ID), Title: strings.Join([]string{strconv.Itoa(year), v.say("label_value", v.metric(metric), count(*c.number)), v.grade(c.grade)}, "\n")})
		}
		if l.Points == nil {
			continue
		}
		p.Lines = append(p.Lines, l)
		keys = append(keys, legend{Class: l.Class, Path: shapes()[i], Label: v.metric(metric)})
		if i == 0 {
			for _, b := range v.breaks([]string{family}, v.first, v.last) {
				p.Breaks = append(p.Breaks, b.Year)
			}
		}
	}
	if p.Lines == nil {
		return "", nil
	}
	return p.svg(), keys
}

// numberLink is the address on a place's page that opens a number.
func numberLink(g *region, year int, metric, scope string) string {
	return fmt.Sprintf("#n=%s.%d.%s.total.%s", file(g.adcode), year, metric, scope)
}

// A portrait shows the shares of the six groups of outcomes, one row a year.
type portrait struct {
	Legend []legend
	Rows   []portraitRow
}

// A portraitRow is a year or, with a Change, what changed before it. Without a Bar, Note says why.
type portraitRow struct {
	Year                int
	Bar                 template.HTML
	Right, Note, Change string
}

func (v *view) portrait(g *region, m *member) portrait {
	var p portrait
	for _, r := range v.memberRows(m, m.years(), []string{"outcome"}, v.describeOutcomes)[1:] {
		row := portraitRow{Year: r.year, Right: r.right}
		switch {
		case r.isBreak:
			row.Change = r.text
		case r.text != "" || r.report == nil:
			row.Note = r.text
		default:
			row.Bar = v.shareBar(g, r)
		}
		p.Rows = append(p.Rows, row)
	}
	if anyBar(p.Rows) {
		for i, metric := range outcomeMetrics() {
			p.Legend = append(p.Legend, legend{Class: fmt.Sprintf("out-%d", i+1), Label: v.metric(metric)})
		}
	}
	return p
}

func anyBar(rows []portraitRow) bool {
	for _, r := range rows {
		if r.Bar != "" {
			return true
		}
	}
	return false
}

// shareBar draws the six groups of a report as parts of one bar. A part opens its number.
func (v *view) shareBar(g *region, r row) template.HTML {
	var b strings.Builder
	sum, _ := outcomeSum(r.report)
	b.WriteString(`<svg class="bar" role="group" aria-label="` + template.HTMLEscapeString(v.say("outcomes_title")) + `">`)
	at := 0.0
	for i, metric := range outcomeMetrics() {
		n := *r.report.cells[metric].number
		share := 100 * n / sum
		if n == 0 {
			continue
		}
		title := v.say("share_of", v.metric(metric), percent(n/sum), fraction(n, sum))
		fmt.Fprintf(&b, `<a href="%s" aria-label="%s"><title>%s</title><rect class="part-%d" x="%.3f%%" width="%.3f%%" height="100%%"/>`,
			template.HTMLEscapeString(numberLink(g, r.year, metric, r.report.body.scope)), template.HTMLEscapeString(title), template.HTMLEscapeString(title), i+1, at, share)
		if pattern := map[int]string{1: "stripes", 3: "dots", 5: "stripes"}[i]; pattern != "" {
			fmt.Fprintf(&b, `<rect fill="url(#%s)" x="%.3f%%" width="%.3f%%" height="100%%"/>`, pattern, at, share)
		}
		if share >= 10 {
			fmt.Fprintf(&b, `<text class="on-%d" x="%.3f%%" y="17" text-anchor="middle">%s%%</text>`, i+1, at+share/2, percent(n/sum))
		}
		b.WriteString("</a>")
		at += share
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // texts are escaped above
}
