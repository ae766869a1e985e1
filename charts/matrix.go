package charts

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// mapped are the indicators that the pages of cities and provinces show, each on a page
// of its own: the first on the page itself.
func mapped() []mappedMeasure {
	return []mappedMeasure{
		{"", "requests_received"}, {"-disclosure", "disclosure_rate"}, {"-refusal", "denial_rate"}, {"-review", "review_rate"},
	}
}

type mappedMeasure struct{ suffix, indicator string }

// wholeScope is the scope in which cities and provinces are compared: that of reports that
// count a whole city.
const wholeScope = "city_aggregate"

// A matrix has a row a city and a column a year.
type matrix struct {
	Tabs      []navItem
	Subtitle  string
	Classes   []matrixClass
	Marks     []matrixClass
	Table     template.HTML
	Cities    int
	Elsewhere []placeLink // places that are not in the table
}

// A matrixClass explains a colour or a letter.
type matrixClass struct{ Class, Mark, Label string }

// thresholds are the four thresholds between five classes of as many figures each, by
// indicator: those of all cities and years.
func (r *reader) thresholds() error {
	r.st.thresholds = map[string][]float64{}
	query := `SELECT indicator, unnest(quantile_cont(value, [0.2, 0.4, 0.6, 0.8])) FROM indicators
		WHERE scope = '` + wholeScope + `' AND enough AND value IS NOT NULL GROUP BY indicator ORDER BY 1, 2`
	return r.each(query, func(scan func(...any) error) error {
		var id string
		var at float64
		err := scan(&id, &at)
		r.st.thresholds[id] = append(r.st.thresholds[id], at)
		return err
	})
}

// links reads for which reports a link was found.
func (r *reader) links() error {
	r.st.found = map[foundKey]bool{}
	query := `SELECT DISTINCT adcode, scope, report_year FROM link WHERE report_year IS NOT NULL AND adcode <> '' ORDER BY ALL`
	return r.each(query, func(scan func(...any) error) error {
		var k foundKey
		err := scan(&k.adcode, &k.scope, &k.year)
		r.st.found[k] = true
		return err
	})
}

// A foundKey is a report that a portal lists.
type foundKey struct {
	adcode, scope string
	year          int
}

// citiesPages are the pages of the table of cities: one a measure, and that of coverage.
func (v *view) citiesPages() []page {
	var pages []page
	for _, m := range mapped() {
		pages = append(pages, v.matrixPage("cities"+m.suffix, m.indicator))
	}
	return append(pages, v.matrixPage("cities-coverage", ""))
}

func (v *view) matrixPage(name, indicator string) page {
	p := v.frame(name, "cities")
	p.Title, p.Lead = v.say("cities_title"), v.say("cities_lead")
	m := &matrix{Tabs: v.matrixTabs("cities", name, true)}
	if s := v.whole(); s != nil {
		m.Cities = len(s.members)
		w := &matrixWriter{v: v, s: s, used: map[string]bool{}}
		if indicator == "" {
			m.Subtitle = v.subtitle(s, v.say("coverage"), v.say("cities_state"))
			m.Table = w.table(w.coverage)
			for _, k := range coverageKinds() {
				m.Marks = append(m.Marks, matrixClass{"state " + k, "", v.say("matrix_" + k)})
			}
		} else {
			i := v.indicator(indicator)
			m.Subtitle = v.subtitle(s, v.pick(i.LabelZH, i.LabelEN), v.unit(i.Unit))
			m.Table = w.table(func(m *member, year int) (string, string) { return w.figure(m, year, indicator) })
			m.Classes = v.classes(indicator)
			m.Marks = w.marks()
		}
	}
	for _, g := range v.store.places {
		if !slices.ContainsFunc(v.byPlace[g.adcode], func(m placeMember) bool { return m.section.scope.ID == wholeScope }) {
			m.Elsewhere = append(m.Elsewhere, placeLink{g.page() + ".html", g.name.in(v.lang)})
		}
	}
	p.Matrix = m
	return p
}

// whole is the section of whole cities.
func (v *view) whole() *section {
	i := slices.IndexFunc(v.sections, func(s *section) bool { return s.scope.ID == wholeScope })
	if i < 0 {
		return nil
	}
	return v.sections[i]
}

// matrixTabs lead to the pages of the other measures.
func (v *view) matrixTabs(base, here string, coverage bool) []navItem {
	var tabs []navItem
	for _, m := range mapped() {
		i := v.indicator(m.indicator)
		tabs = append(tabs, navItem{base + m.suffix, v.pick(i.LabelZH, i.LabelEN), base+m.suffix == here})
	}
	if coverage {
		tabs = append(tabs, navItem{base + "-coverage", v.say("coverage"), base+"-coverage" == here})
	}
	return tabs
}

// classes explain the colours by the thresholds between them.
func (v *view) classes(indicator string) []matrixClass {
	at := v.store.thresholds[indicator]
	if len(at) != 4 {
		return nil
	}
	show := func(x float64) string { return v.figure(indicator, x) }
	out := []matrixClass{{Class: "q1", Label: v.say("matrix_below", show(at[0]))}}
	for i := range 3 {
		out = append(out, matrixClass{Class: fmt.Sprintf("q%d", i+2), Label: show(at[i]) + "–" + show(at[i+1])})
	}
	return append(out, matrixClass{Class: "q5", Label: v.say("matrix_above", show(at[3]))})
}

// figure prints a value of an indicator: a ratio in percent, a count as a whole number.
func (v *view) figure(indicator string, x float64) string {
	switch i := v.indicator(indicator); {
	case i.Unit == "ratio":
		return percent(x) + "%"
	case i.Kind != "count":
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return count(float64(int64(x + 0.5)))
}

// A matrixWriter writes the table of a section's members, which is long.
type matrixWriter struct {
	v    *view
	s    *section
	b    strings.Builder
	used map[string]bool // marks
	up   string          // the way to the folder of the language
}

// table has a group a province; cell gives the class and text of a member's year.
func (w *matrixWriter) table(cell func(m *member, year int) (class, text string)) template.HTML {
	v, s := w.v, w.s
	fmt.Fprintf(&w.b, `<table class="matrix"><thead><tr><th scope="col">%s</th>`, template.HTMLEscapeString(v.say("cities_city")))
	for year := s.first; year <= s.last; year++ {
		fmt.Fprintf(&w.b, `<th scope="col"%s>%d</th>`, w.era(year), year)
	}
	w.b.WriteString("</tr></thead>\n")
	province := ""
	for _, m := range s.members {
		g := v.store.regions[m.body.adcode]
		if g == nil { // a report of no known place
			continue
		}
		if top := v.store.province(g); province != top.adcode || province == "" {
			if province != "" {
				w.b.WriteString("</tbody>\n")
			}
			province = top.adcode
			fmt.Fprintf(&w.b, `<tbody id="p%s"><tr class="scope"><th scope="rowgroup" colspan="%d"><a href="%s%s.html">%s</a></th></tr>`+"\n", file(province), s.last-s.first+2, w.up, top.page(), words(v.lang, top.name.in(v.lang)))
		}
		fmt.Fprintf(&w.b, `<tr data-key="%s"><th scope="row"><a href="%s%s.html">%s</a></th>`, template.HTMLEscapeString(searchKey(m.label)+" "+strings.ToLower(m.label.ZH+" "+m.label.EN)+" "+g.adcode), w.up, g.page(), words(v.lang, m.label.in(v.lang)))
		for year := s.first; year <= s.last; year++ {
			class, text := cell(m, year)
			if w.era(year) != "" {
				class += " era"
			}
			fmt.Fprintf(&w.b, `<td class="%s">%s`, class, text)
		}
		w.b.WriteString("</tr>\n")
	}
	if province != "" {
		w.b.WriteString("</tbody>")
	}
	w.b.WriteString("</table>")
	return template.HTML(w.b.String()) // every text is escaped above
}

// era marks the first year of a new form.
func (w *matrixWriter) era(year int) string {
	if year > w.s.first && len(w.v.breaks(nil, year-1, year)) > 0 {
		return ` class="era"`
	}
	return ""
}

// figure is an indicator's value in its class, or a letter for why there is none.
func (w *matrixWriter) figure(m *member, year int, indicator string) (class, text string) {
	r := m.reports[year]
	mark := func(key string) (string, string) {
		w.used[key] = true
		return "x", template.HTMLEscapeString(w.v.say("matrix_mark_" + key))
	}
	if r == nil {
		if m.absent[year] {
			return mark("absent")
		}
		return mark("unknown")
	}
	x, ok := r.rates[indicator]
	switch {
	case !ok || x.value == nil && x.status == "missing_row":
		return mark("form")
	case x.value == nil && x.denominator != nil && *x.denominator == 0:
		return mark("none")
	case x.value == nil:
		return mark("blank")
	case !x.enough:
		return mark("few")
	}
	n := 1
	for _, at := range w.v.store.thresholds[indicator] {
		if *x.value >= at {
			n++
		}
	}
	text = w.v.figure(indicator, *x.value)
	if x.grade == "contradicted" {
		w.used["contradicted"] = true
		text = "○" + text
	}
	return fmt.Sprintf("q%d", n), text
}

func (w *matrixWriter) marks() []matrixClass {
	var out []matrixClass
	for _, key := range []string{"absent", "unknown", "form", "none", "blank", "few"} {
		if w.used[key] {
			out = append(out, matrixClass{"x", w.v.say("matrix_mark_" + key), w.v.say("matrix_why_" + key)})
		}
	}
	if w.used["contradicted"] {
		out = append(out, matrixClass{"", "○", w.v.say("grade_contradicted")})
	}
	return out
}

func coverageKinds() []string {
	return []string{"reconciled", "parsed", "flagged", "found", "absent", "none"}
}

// coverage says how far a member's year got; a report leads to its document.
func (w *matrixWriter) coverage(m *member, year int) (class, text string) {
	kind := "none"
	r := m.reports[year]
	switch {
	case r != nil && r.grade == "contradicted":
		kind = "flagged"
	case r != nil && r.grade == "proved":
		kind = "reconciled"
	case r != nil:
		kind = "parsed"
	case w.v.store.found[foundKey{m.body.adcode, m.body.scope, year}]:
		kind = "found"
	case m.absent[year]:
		kind = "absent"
	}
	label := template.HTMLEscapeString(w.v.say("matrix_" + kind))
	if r == nil {
		return "state " + kind, "<span>" + label + "</span>"
	}
	g := w.v.store.regions[m.body.adcode]
	return "state " + kind, fmt.Sprintf(`<a href="%s.html#%s.%d"><span>%d %s</span></a>`, g.page(), wholeScope, year, year, label)
}

// matrices puts the pages of cities and provinces.
func (s *site) matrices() error {
	for _, v := range s.views {
		for _, p := range append(v.citiesPages(), v.provincesPages()...) {
			html, err := execute(s.tmpl, "page.html", p)
			if err := cmp.Or(err, s.output.put(v.lang+"/"+p.Name+".html", html)); err != nil {
				return fmt.Errorf("%s/%s: %w", v.lang, p.Name, err)
			}
		}
	}
	return nil
}
