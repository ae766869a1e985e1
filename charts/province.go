package charts

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// A provincePart is what the page of a province shows of its cities.
type provincePart struct {
	Total    template.HTML
	Panel    string // which cities the line stands for
	Subtitle string
	Drill    template.HTML
	Classes  []matrixClass
	Marks    []matrixClass
	Dots     []dotChart
}

// A panelYear is the sum over those cities of a province that have a figure in every year
// in which any of them has one.
type panelYear struct {
	year, bodies int
	sum          float64
}

func (r *reader) panels() error {
	r.st.panels = map[string][]panelYear{}
	query := `WITH v AS (
			SELECT left(adcode, 2) || '0000' AS area, adcode, authority, report_year, numerator::DOUBLE AS x
			FROM indicators WHERE indicator = 'requests_received' AND scope = '` + wholeScope + `' AND value IS NOT NULL AND adcode <> ''
		), span AS (
			SELECT area, count(DISTINCT report_year) AS years FROM v GROUP BY area
		), fixed AS (
			SELECT area, adcode, authority FROM v JOIN span USING (area) GROUP BY area, adcode, authority, years HAVING count(DISTINCT report_year) = years
		)
		SELECT area, report_year, count(*), sum(x) FROM v SEMI JOIN fixed USING (area, adcode, authority) GROUP BY area, report_year ORDER BY ALL`
	return r.each(query, func(scan func(...any) error) error {
		var area string
		var p panelYear
		err := scan(&area, &p.year, &p.bodies, &p.sum)
		r.st.panels[area] = append(r.st.panels[area], p)
		return err
	})
}

// hasProvincePage reports whether a province has a page.
func (v *view) hasProvincePage(g *region) bool {
	return slices.Contains(v.store.places, g)
}

// cities is the part of the section of whole cities that lies in a province.
func (v *view) cities(g *region) *section {
	whole := v.whole()
	if whole == nil {
		return nil
	}
	s := *whole
	s.members = slices.DeleteFunc(slices.Clone(whole.members), func(m *member) bool {
		place := v.store.regions[m.body.adcode]
		return place == nil || v.store.province(place) != g
	})
	if len(s.members) == 0 {
		return nil
	}
	return &s
}

// provincePart is nothing where no city of the province has a report.
func (v *view) provincePart(g *region) *provincePart {
	s := v.cities(g)
	if s == nil {
		return nil
	}
	received := v.indicator("requests_received")
	p := &provincePart{Subtitle: v.subtitle(s, v.pick(received.LabelZH, received.LabelEN), v.unit(received.Unit)), Classes: v.classes(received.ID)}
	p.Total, p.Panel = v.totalLines(g)
	w := &matrixWriter{v: v, s: s, used: map[string]bool{}, up: "../"}
	p.Drill = w.table(func(m *member, year int) (string, string) { return w.figure(m, year, received.ID) })
	p.Marks = w.marks()
	for _, id := range []string{"disclosure_rate", "denial_rate", "review_rate"} {
		if c := v.dots(g, s, id); c.Picture != "" {
			p.Dots = append(p.Dots, c)
		}
	}
	return p
}

// totalLines draws the requests of the fixed panel of cities and of all that report, with
// a strip of how many do. The line of all is dashed where fewer than 80 % report.
func (v *view) totalLines(g *region) (template.HTML, string) {
	p := linePlot{First: v.whole().first, Last: v.whole().last, Width: 1000, Height: 300, Label: v.say("province_total")}
	panel := v.store.panels[g.adcode]
	fixed := plotLine{Class: "series-1"}
	cut := func(year int) bool {
		return len(v.breaks([]string{v.indicator("requests_received").Family}, year-1, year)) > 0
	}
	for _, x := range panel {
		fixed.Points = append(fixed.Points, plotPoint{Year: x.year, Value: x.sum, Cut: cut(x.year), Title: v.say("province_point", x.year, count(x.sum), x.bodies)})
	}
	all := plotLine{Class: "series-2", Shape: 1}
	for _, a := range v.store.areas[areaKey{g.adcode, wholeScope, "requests_received"}] {
		if a.numerator == nil {
			continue
		}
		all.Points = append(all.Points, plotPoint{Year: a.year, Value: *a.numerator, Cut: cut(a.year), Dashed: a.covered() < 0.8, Hollow: a.covered() < 0.8,
			Title: v.say("province_point", a.year, count(*a.numerator), a.bodies)})
		if a.places > 0 { // else nothing is known of the share
			p.Strip = append(p.Strip, stripYear{Year: a.year, Share: a.covered(), Label: fmt.Sprintf("%d/%d", a.bodies, a.places)})
		}
	}
	p.Lines = []plotLine{all}
	words := v.say("province_no_panel")
	if len(panel) > 0 {
		p.Lines = append(p.Lines, fixed)
		words = v.say("province_panel", panel[0].bodies, len(panel))
	}
	for _, b := range v.breaks([]string{v.indicator("requests_received").Family}, p.First, p.Last) {
		p.Breaks = append(p.Breaks, b.Year)
	}
	return p.svg(), words
}

// A dotChart has the rate of each city in one year with its interval.
type dotChart struct {
	Title, Subtitle string
	Picture         template.HTML
	Notes           []string // cities without a figure
}

// A dot is a city's rate.
type dot struct {
	name, href, title string
	value, low, high  float64
	hollow            bool
}

// dots draws the cities of a province by their rate in the newest year, with the rate of
// all of them together. Their order is that of the estimates and no ranking: intervals
// that overlap say so.
func (v *view) dots(g *region, s *section, indicator string) dotChart {
	i := v.indicator(indicator)
	c := dotChart{Title: v.pick(i.LabelZH, i.LabelEN)}
	c.Subtitle = v.say("subtitle", c.Title, v.unit(i.Unit), v.scope(s.scope), strconv.Itoa(s.last))
	var dots []dot
	for _, m := range s.members {
		r := m.reports[s.last]
		if r == nil || !r.rates[indicator].drawable() || r.rates[indicator].low == nil || r.rates[indicator].high == nil {
			why := v.say("absent")
			if r != nil {
				why = v.rateCell(r, indicator).Text
			}
			c.Notes = append(c.Notes, v.say("note_missing", m.label.in(v.lang), s.last, why))
			continue
		}
		x := r.rates[indicator]
		place := v.store.regions[m.body.adcode]
		dots = append(dots, dot{name: m.label.in(v.lang), href: "../" + place.page() + ".html#" + wholeScope + "." + strconv.Itoa(s.last),
			title: v.figure(indicator, *x.value) + " (" + fraction(*x.numerator, *x.denominator) + "; " + v.figure(indicator, *x.low) + "–" + v.figure(indicator, *x.high) + ")",
			value: *x.value, low: *x.low, high: *x.high, hollow: x.grade == "contradicted"})
	}
	if len(dots) == 0 {
		return c
	}
	slices.SortStableFunc(dots, func(a, b dot) int { return cmp.Compare(b.value, a.value) })
	var pooled *float64
	for _, a := range v.store.areas[areaKey{g.adcode, wholeScope, indicator}] {
		if a.year == s.last {
			pooled = a.pooled
		}
	}
	c.Picture = v.dotPicture(indicator, dots, pooled)
	return c
}

func (v *view) dotPicture(indicator string, dots []dot, pooled *float64) template.HTML {
	top := 0.0
	for _, d := range dots {
		top = max(top, d.high)
	}
	end, step := 1.0, 0.25
	if v.indicator(indicator).Kind != "share" || top < 0.5 {
		end, step = steps(top*100, 1)
		end, step = end/100, step/100
	}
	width, left, line := 520.0, 150.0, 24.0
	height := line*float64(len(dots)) + 30
	x := func(value float64) float64 { return left + (width-left-24)*value/end }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="lines dots" viewBox="0 0 %.0f %.0f" role="group" aria-label="%s">`, width, height, template.HTMLEscapeString(v.indicator(indicator).LabelEN))
	for at := 0.0; at <= end+step/2; at += step {
		fmt.Fprintf(&b, `<path class="grid" d="M%.1f 4V%.1f"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, x(at), height-24, x(at), height-8, v.axis(indicator, at))
	}
	if pooled != nil {
		fmt.Fprintf(&b, `<path class="break" d="M%.1f 4V%.1f"/>`, x(*pooled), height-24)
	}
	for i, d := range dots {
		y := line*float64(i) + 16
		class := "series-1"
		if d.hollow {
			class += " hollow"
		}
		lang := ""
		if v.lang == "en" && han(d.name) {
			lang = ` lang="zh-CN"`
		}
		fmt.Fprintf(&b, `<a href="%s"><title%s>%s</title><text%s x="%.1f" y="%.1f" text-anchor="end">%s</text><path class="interval" d="M%.1f %.1fH%.1f"/><path class="point %s" transform="translate(%.1f %.1f) scale(.48)" d="%s"/></a>`,
			template.HTMLEscapeString(d.href), lang, template.HTMLEscapeString(d.name+" "+d.title), lang, left-12, y+4, template.HTMLEscapeString(d.name),
			x(d.low), y, x(d.high), class, x(d.value)-4.8, y-4.8, shapes()[0])
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // texts are escaped above
}

// axis prints a number of an axis of an indicator.
func (v *view) axis(indicator string, x float64) string {
	if v.indicator(indicator).Unit == "ratio" {
		return strconv.FormatFloat(100*x, 'g', 3, 64) + "%"
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
