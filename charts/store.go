package charts

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

// maxDrawn is the number of authorities that one chart draws at most.
const maxDrawn = 8

// A store is what the site shows of one warehouse.
type store struct {
	db       *sql.DB // the warehouse, open read-only while the site is built
	buildID  string
	cells    int64
	sample   sample
	reports  []*report
	absent   []absence
	sections []*section
	errata   []erratum
	regions  map[string]*region
	places   []*region // with a report, in order of adcode

	totals      []total // by scope and year
	corrections []correction
	changes     *Changes // nil: no build before is known
	queries     []Query
	downloads   []download
	forms       forms
	found       map[foundKey]bool
	thresholds  map[string][]float64 // by indicator
	areas       map[areaKey][]areaYear
	panels      map[string][]panelYear // by province
}

// A report is one authority's current report of one year.
type report struct {
	id, title, era, forms, grade string
	url, sha256, fetched         string
	year                         int
	body                         body
	received                     *float64        // requests
	cells                        map[string]cell // by metric; total of all applicants; of reports in detail only
	rates                        map[string]rate // by indicator; of reports in detail only
	findings                     []string        // finding.csv ids, without those of severity info
	checks                       []check         // of a report that stands for its place
	restated                     []restatement   // against the version that this one replaced
}

// A body is an authority together with the scope it reports for.
type body struct {
	authority Text
	region    Text
	adcode    string
	scope     string
}

func (b body) key() string { return b.adcode + "|" + b.authority.ZH + "|" + b.scope }

// label is the short name in a chart: the region where the report stands for it
// as a whole, else the authority.
func (b body) label() Text {
	aggregate := strings.HasSuffix(b.scope, "_aggregate") || strings.HasSuffix(b.scope, "_own")
	if !aggregate || b.region.ZH == "" {
		return b.authority
	}
	if b.region.EN == "" {
		return Text{b.region.ZH, b.authority.EN}
	}
	return b.region
}

// A cell is a metric's value in a report. number is nil unless a value was printed
// or could be computed from printed ones; status says which, or what stood there.
type cell struct {
	number        *float64
	exact         string // the decimal as the warehouse has it; empty when number is nil
	status, grade string
	locator       string
}

func (c cell) contradicted() bool { return c.grade == "contradicted" }

// A rate is an indicator's value in a report; the pointers are nil where it cannot
// be computed.
type rate struct {
	numerator, denominator, value, low, high *float64
	enough                                   bool // the denominator reaches the indicator's minimum
	status, grade                            string
}

// drawable reports whether a chart may show the rate.
func (r rate) drawable() bool {
	return r.value != nil && r.numerator != nil && r.denominator != nil && r.enough
}

// An absence is a year for which no report of a body was found.
type absence struct {
	body body
	year int
}

// An erratum is an identity that a report's printed numbers contradict.
type erratum struct {
	body            body
	year            int
	identity        string
	verdict         string // source, unconfirmed or disputed
	label           Text
	instance        string
	lhs, rhs, delta string
	url             string
}

// A section is everything the site shows of one scope.
type section struct {
	scope   codebook.Scope
	members []*member // by region code and name
	drawn   []*member // that charts show, see draw
	first   int       // first and last year with a report
	last    int
}

// A member is one body of a section with its years.
type member struct {
	body    body
	label   Text // unique within the section
	reports map[int]*report
	absent  map[int]bool
}

func (m *member) years() []int {
	years := make([]int, 0, len(m.reports)+len(m.absent))
	for y := range m.reports {
		years = append(years, y)
	}
	for y := range m.absent {
		if m.reports[y] == nil {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	return years
}

func (m *member) newest() *report {
	var newest *report
	for _, r := range m.reports {
		if newest == nil || r.year > newest.year {
			newest = r
		}
	}
	return newest
}

// draw chooses the members that charts show: all, or the maxDrawn of them with the most
// reports and then the most requests in the newest one, in the order of the section.
func (s *section) draw() {
	if s.drawn = s.members; len(s.members) <= maxDrawn {
		return
	}
	size := map[*member]float64{}
	for _, m := range s.members {
		size[m] = -1
		if n := m.newest().received; n != nil {
			size[m] = *n
		}
	}
	ranked := slices.Clone(s.members)
	slices.SortStableFunc(ranked, func(a, b *member) int {
		return cmp.Or(cmp.Compare(len(b.reports), len(a.reports)), cmp.Compare(size[b], size[a]))
	})
	s.drawn = ranked[:maxDrawn]
	slices.SortFunc(s.drawn, compareMembers)
}

// reports counts the reports of the section.
func (s *section) reports() (n int) {
	for _, m := range s.members {
		n += len(m.reports)
	}
	return n
}

// absences counts the years for which a report is missing.
func (s *section) absences() (n int) {
	for _, m := range s.members {
		n += len(m.years()) - len(m.reports)
	}
	return n
}

func compareMembers(a, b *member) int {
	return cmp.Or(cmp.Compare(a.body.adcode, b.body.adcode), cmp.Compare(a.body.authority.ZH, b.body.authority.ZH))
}

// sections groups the reports by scope: whole cities first, then in the codebook's order.
func sections(st *store, book *codebook.Book) []*section {
	byScope := map[string]map[string]*member{}
	of := func(b body) *member {
		if byScope[b.scope] == nil {
			byScope[b.scope] = map[string]*member{}
		}
		m := byScope[b.scope][b.key()]
		if m == nil {
			m = &member{body: b, reports: map[int]*report{}, absent: map[int]bool{}}
			byScope[b.scope][b.key()] = m
		}
		return m
	}
	for _, r := range st.reports {
		of(r.body).reports[r.year] = r
	}
	for _, a := range st.absent {
		if m := byScope[a.body.scope][a.body.key()]; m != nil {
			m.absent[a.year] = true
		}
	}
	var out []*section
	for _, scope := range scopeOrder(book) {
		if members := byScope[scope.ID]; members != nil {
			out = append(out, newSection(scope, members))
		}
	}
	return out
}

func newSection(scope codebook.Scope, members map[string]*member) *section {
	s := &section{scope: scope}
	for _, m := range members {
		s.members = append(s.members, m)
		for y := range m.reports {
			if s.first == 0 || y < s.first {
				s.first = y
			}
			s.last = max(s.last, y)
		}
	}
	slices.SortFunc(s.members, compareMembers)
	s.nameMembers()
	s.draw()
	return s
}

// nameMembers gives each member its short label, or its full name where two share one.
func (s *section) nameMembers() {
	count := map[string]int{}
	for _, m := range s.members {
		count[m.body.label().ZH]++
	}
	for _, m := range s.members {
		m.label = m.body.label()
		if count[m.label.ZH] > 1 {
			m.label = Text{m.body.authority.ZH + " " + m.body.adcode, m.body.authority.in("en") + " " + m.body.adcode}
		}
	}
}

func scopeOrder(book *codebook.Book) []codebook.Scope {
	scopes := slices.Clone(book.Scopes)
	rank := func(s codebook.Scope) int {
		if s.ID == "city_aggregate" {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(scopes, func(a, b codebook.Scope) int { return cmp.Compare(rank(a), rank(b)) })
	return scopes
}
