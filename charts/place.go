package charts

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/nianbao/nianbao/codebook"
)

// A place is what the page of a region shows.
type place struct {
	Code     string
	Above    []placeLink // from the list of places down
	Province *provincePart
	Figures  []placeBlock
	Below    []belowRow
	Errata   []errataRow
	Restated []restatedRow
}

type placeLink struct{ Href, Label string }

// A placeBlock is one body of the place, in one scope.
type placeBlock struct {
	ID, Heading, Body string
	Lines             template.HTML // requests over the years
	LineKeys          []legend
	LineNotes         []string
	Portrait          portrait
	Rates             table
	Tables            []numberTable
	Sources           []source
}

// A belowRow is a body whose documents the page lists without their numbers.
type belowRow struct {
	Name, Href string // Href of a page of its own
	Scope      string
	Reports    []belowReport
}

type belowReport struct {
	Year         int
	URL, SHA256  string
	Contradicted bool
}

type restatedRow struct {
	Year                        int
	Scope, Measure, Applicant   string
	Before, After, URL, OldNote string
}

// places puts the page of every place in both languages, with its data. The numbers
// stream from the warehouse in the order of the places; the pages are made side by side.
func (s *site) places(ctx context.Context) error {
	raw, err := s.formsScript()
	if err != nil {
		return err
	}
	if err := s.output.put("data/forms.js", raw); err != nil {
		return err
	}
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(runtime.NumCPU())
	err = s.views[0].store.streamPlaces(ctx, func(g *region, cells []printed) error {
		tasks.Go(func() error {
			if err := s.place(g, cells); err != nil {
				return fmt.Errorf("page of %s %s: %w", g.adcode, g.name.ZH, err)
			}
			return nil
		})
		return ctx.Err()
	})
	return cmp.Or(tasks.Wait(), err)
}

func (s *site) place(g *region, cells []printed) error {
	if err := s.evidence(g, cells); err != nil {
		return err
	}
	var records []record
	for _, v := range s.views {
		p := v.placePage(g, cells)
		html, err := execute(s.tmpl, "page.html", p)
		if err != nil {
			return err
		}
		if err := s.output.put(v.lang+"/"+g.page()+".html", html); err != nil {
			return err
		}
		if v.lang == "zh" {
			records = v.placeRecords(g)
		}
	}
	raw, err := writeCSV(s.views[0].store.buildID, g.name, records)
	if err != nil {
		return err
	}
	return s.output.put("data/"+g.page()+".csv", raw)
}

// placePage composes the page of a region.
func (v *view) placePage(g *region, cells []printed) page {
	p := v.frame(g.page(), "cities")
	p.Title, p.Lead = g.name.in(v.lang), v.placeLead(g)
	pl := &place{Code: file(g.adcode)}
	if top := v.store.province(g); top != g {
		pl.Above = append(pl.Above, placeLink{Label: top.name.in(v.lang)})
	}
	if above := v.store.regions[g.parent]; above != nil && len(above.reports) > 0 {
		pl.Above = append(pl.Above[:0], placeLink{Href: "../" + above.page() + ".html", Label: above.name.in(v.lang)})
	}
	if g.level == "province" {
		pl.Province = v.provincePart(g)
	}
	full := g.inFull()
	for _, m := range v.placeMembers(g) {
		if slices.Contains(full, m.member.newest()) {
			pl.Figures = append(pl.Figures, v.placeBlock(g, m.section, m.member, cells))
		} else {
			pl.Below = append(pl.Below, v.belowRow(m.section, m.member, ""))
		}
	}
	for _, b := range g.below {
		for _, m := range v.placeMembers(b) {
			if m.member.body.stands() && (pl.Province == nil || m.section.scope.ID != wholeScope) {
				pl.Below = append(pl.Below, v.belowRow(m.section, m.member, "../"+b.page()+".html"))
			}
		}
	}
	for _, row := range v.errataRows() {
		if row.adcode == g.adcode {
			pl.Errata = append(pl.Errata, row)
		}
	}
	pl.Restated = v.restatedRows(g)
	p.Place = pl
	return p
}

// A placeMember is a member together with its section.
type placeMember struct {
	section *section
	member  *member
}

// placeMembers are the bodies of a region in the order of their scopes.
func (v *view) placeMembers(g *region) []placeMember { return v.byPlace[g.adcode] }

// placeLead says in one sentence what the page has.
func (v *view) placeLead(g *region) string {
	if len(g.reports) == 0 {
		return v.say("province_lead")
	}
	first, last := 0, 0
	for _, r := range g.reports {
		if first == 0 || r.year < first {
			first = r.year
		}
		last = max(last, r.year)
	}
	return v.say("city_lead", len(g.reports), span(first, last))
}

func (v *view) placeBlock(g *region, s *section, m *member, cells []printed) placeBlock {
	b := placeBlock{ID: s.scope.ID, Heading: v.heading(s.scope), Body: m.body.authority.in(v.lang)}
	if first := v.placeMembers(g)[slices.IndexFunc(v.placeMembers(g), func(x placeMember) bool { return x.section == s })]; first.member != m {
		b.ID += "." + strconv.Itoa(slices.IndexFunc(v.placeMembers(g), func(x placeMember) bool { return x.member == m }))
	}
	own := slices.DeleteFunc(slices.Clone(cells), func(c printed) bool { return m.reports[c.report.year] != c.report })
	b.Lines, b.LineKeys = v.requestLines(g, s, m)
	b.LineNotes = v.undrawn([]*member{m}, "app_new")
	b.Portrait = v.portrait(g, m)
	b.Rates = v.memberRates(m)
	b.Tables = v.numberTables(b.ID, own)
	for _, year := range m.years() {
		if r := m.reports[year]; r != nil {
			b.Sources = append(b.Sources, v.source(m, r))
		}
	}
	return b
}

// placeRates are the rates of a place's page.
func placeRates() []string { return append(outcomeRates(), disputeRates()...) }

func (v *view) memberRates(m *member) table {
	t := table{Head: []string{v.say("year")}}
	for _, id := range placeRates() {
		i := v.indicator(id)
		t.Head = append(t.Head, v.pick(i.LabelZH, i.LabelEN))
	}
	for _, year := range m.years() {
		r := m.reports[year]
		if r == nil {
			continue
		}
		row := tableRow{Head: strconv.Itoa(year)}
		for _, id := range placeRates() {
			row.Cells = append(row.Cells, v.rateCell(r, id))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (v *view) belowRow(s *section, m *member, href string) belowRow {
	row := belowRow{Name: m.body.authority.in(v.lang), Href: href, Scope: v.scope(s.scope)}
	for _, year := range m.years() {
		if r := m.reports[year]; r != nil {
			row.Reports = append(row.Reports, belowReport{Year: year, URL: weblink(r.url), SHA256: r.sha256, Contradicted: r.grade == "contradicted"})
		}
	}
	return row
}

func (v *view) restatedRows(g *region) []restatedRow {
	var rows []restatedRow
	for _, r := range g.reports {
		for _, x := range r.restated {
			rows = append(rows, restatedRow{
				Year: r.year, Scope: v.scopeName(r.body.scope), Measure: v.metric(x.metric), Applicant: v.instance(x.applicant),
				Before: cmp.Or(x.before, v.status(x.beforeState)), After: cmp.Or(x.after, v.status(x.nextState)), URL: r.url,
			})
		}
	}
	return rows
}

// scopeName is the name of a scope in the view's language.
func (v *view) scopeName(id string) string {
	i := slices.IndexFunc(v.book.Scopes, func(s codebook.Scope) bool { return s.ID == id })
	if i < 0 {
		return id
	}
	return v.scope(v.book.Scopes[i])
}

// placeRecords are the metrics and rates of the place's bodies, for its CSV file.
func (v *view) placeRecords(g *region) []record {
	var out []record
	full := g.inFull()
	for _, m := range v.placeMembers(g) {
		if !slices.Contains(full, m.member.newest()) {
			continue
		}
		one := *m.section
		one.members = []*member{m.member}
		out = append(out, v.metricRecords(&one, shownMetrics...)...)
		out = append(out, v.rateRecords(&one, placeRates()...)...)
	}
	return out
}
