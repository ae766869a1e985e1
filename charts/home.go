package charts

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

// maxFindings is the number of authorities that the home page speaks about.
const maxFindings = 4

// maxErrata is the number of errata that the home page lists.
const maxErrata = 12

// maxOpen is the number of members of a scope above which coverage by year is left to the page of cities.
const maxOpen = 30

// A home is what the home page says beyond its charts.
type home struct {
	Facts    []fact
	Findings []string
	Coverage coverage
	Errata   []errataRow // at most maxErrata
	More     int         // errata in all, if Errata are fewer
	Ways     []way
	Places   []string // how many places of how many have a report
	Build    string
}

// A way leads into the site.
type way struct{ Href, Name, About string }

// A fact is a large number and what it counts.
type fact struct{ Number, Label string }

// A coverage shows for each scope in which years there are reports.
type coverage struct {
	Years  []int
	Scopes []coverageScope
	Long   bool // too long to stand open on the page
}

type coverageScope struct {
	Name, Summary string
	Rows          []coverageRow
}

type coverageRow struct {
	Name   string
	States []coverageState
}

// A coverageState is reported, contradicted, absent or none.
type coverageState struct{ Kind, Label string }

type errataRow struct {
	Name, Identity, Instance, LHS, RHS, Delta, URL string
	Year                                           int
	adcode                                         string
}

func (v *view) home() home {
	h := home{Facts: v.facts(), Findings: v.findings(), Coverage: v.coverage(), Errata: v.errataRows(),
		Build: v.say("home_build", short(v.store.buildID), v.dataDate())}
	if len(h.Errata) > maxErrata {
		h.More, h.Errata = len(h.Errata), h.Errata[:maxErrata]
	}
	for _, name := range []string{"explore", "provinces", "outcomes", "methods"} {
		if slices.Contains(pageNames(), name) || slices.Contains(textPages(), name) {
			h.Ways = append(h.Ways, way{name + ".html", v.say("home_way_" + name), v.say("home_way_" + name + "_about")})
		}
	}
	for i, t := range v.store.totals {
		if i+1 == len(v.store.totals) || v.store.totals[i+1].scope != t.scope { // the newest year of the scope
			h.Places = append(h.Places, v.say("home_places", v.heading(v.scopeOf(t.scope)), t.bodies, t.places, t.year))
		}
	}
	return h
}

func (v *view) facts() []fact {
	bodies, absent := 0, 0
	for _, s := range v.sections {
		bodies += len(s.members)
		absent += s.absences()
	}
	return []fact{
		{count(float64(bodies)), v.say("fact_bodies")},
		{count(float64(len(v.store.reports))), v.say("fact_reports", span(v.first, v.last))},
		{count(float64(v.store.cells)), v.say("fact_cells")},
		{count(float64(len(v.store.errata))), v.say("fact_errata", contradictedReports(v.store), len(v.store.reports))},
		{count(float64(absent)), v.say("fact_absent")},
	}
}

// contradictedReports counts the reports that errata speak about.
func contradictedReports(st *store) int {
	seen := map[string]bool{}
	for _, e := range st.errata {
		seen[e.body.key()+strconv.Itoa(e.year)] = true
	}
	return len(seen)
}

// findings puts the newest figures of the first members into words, each with the
// numbers that it rests on.
func (v *view) findings() []string {
	var out []string
	for _, s := range v.sections {
		for _, m := range s.drawn {
			if len(out) == maxFindings {
				return out
			}
			if f := v.memberFinding(s, m); f != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

func (v *view) memberFinding(s *section, m *member) string {
	r := m.newest()
	received := r.cells["app_new"].number
	if received == nil {
		return ""
	}
	parts := []string{v.say("finding_received", m.label.in(v.lang), r.year, count(*received), v.scope(s.scope))}
	if x := r.rates["disclosure_rate"]; x.drawable() {
		parts = append(parts, v.say("finding_disclosed", percent(*x.value), fraction(*x.numerator, *x.denominator)))
	}
	if x := r.rates["review_rate"]; x.drawable() {
		parts = append(parts, v.say("finding_reviews", percent(*x.value), fraction(*x.numerator, *x.denominator)))
	}
	return strings.Join(parts, v.say("finding_join")) + v.say("full_stop")
}

func (v *view) coverage() coverage {
	var c coverage
	for year := v.first; year <= v.last; year++ {
		c.Years = append(c.Years, year)
	}
	for _, s := range v.sections {
		scope := coverageScope{Name: v.heading(s.scope)}
		scope.Summary = v.say("coverage_summary", len(s.members), s.reports(), span(s.first, s.last), s.absences())
		for _, m := range s.members {
			scope.Rows = append(scope.Rows, v.coverageRow(m))
		}
		c.Scopes = append(c.Scopes, scope)
		c.Long = c.Long || len(s.members) > maxOpen
	}
	return c
}

func (v *view) coverageRow(m *member) coverageRow {
	row := coverageRow{Name: m.label.in(v.lang)}
	for year := v.first; year <= v.last; year++ {
		kind := "none"
		switch r := m.reports[year]; {
		case r != nil && r.grade == "contradicted":
			kind = "contradicted"
		case r != nil:
			kind = "reported"
		case m.absent[year]:
			kind = "absent"
		}
		row.States = append(row.States, coverageState{Kind: kind, Label: v.say("state_" + kind)})
	}
	return row
}

func (v *view) errataRows() []errataRow {
	var rows []errataRow
	for _, e := range v.store.errata {
		rows = append(rows, errataRow{
			Name: e.body.authority.in(v.lang), Year: e.year, Identity: e.label.in(v.lang), Instance: v.instance(e.instance),
			LHS: e.lhs, RHS: e.rhs, Delta: e.delta, URL: e.url, adcode: e.body.adcode,
		})
	}
	return rows
}

// instance names the metric or applicant for which an identity was evaluated.
func (v *view) instance(id string) string {
	for _, a := range v.book.Applicants {
		if a.ID == id {
			return v.pick(a.LabelZH, a.LabelEN)
		}
	}
	if _, ok := v.book.Metric[id]; ok {
		return v.metric(id)
	}
	return id
}

// scopeOf is the scope of that id.
func (v *view) scopeOf(id string) codebook.Scope {
	for _, s := range v.book.Scopes {
		if s.ID == id {
			return s
		}
	}
	return codebook.Scope{ID: id, LabelZH: id, LabelEN: id}
}
