package charts

import (
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

// A chapter is a part of a page of text. Its ID is the anchor that charts link to.
type chapter struct {
	ID, Heading string
	Text        []string // paragraphs
	Entries     []entry
	Listing     *listing
}

// An entry says what one thing is. ID is its anchor and its name in the codebook.
type entry struct {
	ID, Name, Text string
	Facts          []labelled
}

type labelled struct {
	Label string
	Value []item
}

// A listing is a table of text.
type listing struct {
	Head []string
	Rows []listed
}

// A listed row begins with its heading. ID is its anchor, or empty.
type listed struct {
	ID    string
	Cells [][]item
}

// An item is a run of text: plain, code or a link.
type item struct {
	Text, Href string
	Code       bool
}

func plain(text string) []item { return []item{{Text: text}} }

func code(text string) []item {
	if text == "" {
		return nil
	}
	return []item{{Text: text, Code: true}}
}

// textRow makes a row of plain cells.
func textRow(id string, texts ...string) listed {
	r := listed{ID: id}
	for _, t := range texts {
		r.Cells = append(r.Cells, plain(t))
	}
	return r
}

// textPages are the pages without charts, in the order of the footer.
func textPages() []string { return []string{"methods", "definitions", "changes", "data"} }

// chapters are those of a page of text.
func (v *view) chapters(name string) []chapter {
	switch name {
	case "methods":
		return v.methods()
	case "definitions":
		return v.definitionChapters()
	case "changes":
		return v.changes()
	case "data":
		return v.dataChapters()
	}
	return nil
}

// says are the paragraphs of a chapter: the phrases key_1, key_2 and so on.
func (v *view) says(key string, args ...any) []string {
	var out []string
	for _, n := range "123456789" {
		if _, ok := v.phrases[key+"_"+string(n)]; !ok {
			break
		}
		out = append(out, v.say(key+"_"+string(n), args...))
	}
	return out
}

// methods explains the site to readers of its charts. docs/methods.md is the long form.
func (v *view) methods() []chapter {
	var out []chapter
	for _, id := range strings.Fields("report forms scope missing identities rates pooled funnel not_claimed trace cite") {
		out = append(out, chapter{ID: id, Heading: v.say("methods_" + id), Text: v.says("methods_" + id)})
	}
	out[len(out)-1].Listing = &listing{Rows: []listed{{Cells: [][]item{plain(v.say("build")), code(v.store.buildID)}}}}
	return out
}

// definitionChapters lists everything that the codebook defines, each with its anchor.
func (v *view) definitionChapters() []chapter {
	return []chapter{
		{ID: "indicators", Heading: v.say("definitions_indicators"), Text: v.says("definitions_indicators"), Entries: v.indicatorEntries()},
		{ID: "series", Heading: v.say("definitions_series"), Text: v.says("definitions_series"), Entries: v.seriesEntries()},
		{ID: "identities", Heading: v.say("definitions_identities"), Text: v.says("definitions_identities"), Entries: v.identityEntries()},
		{ID: "scopes", Heading: v.say("definitions_scopes"), Text: v.says("definitions_scopes"), Listing: v.scopeListing()},
		{ID: "statuses", Heading: v.say("definitions_statuses"), Text: v.says("definitions_statuses"), Listing: v.statusListing()},
		{ID: "grades", Heading: v.say("definitions_grades"), Listing: v.gradeListing()},
		{ID: "forms", Heading: v.say("definitions_forms"), Listing: v.eraListing()},
		{ID: "breaks", Heading: v.say("definitions_breaks"), Text: v.says("definitions_breaks"), Listing: v.breakListing()},
		{ID: "metrics", Heading: v.say("definitions_metrics"), Text: v.says("definitions_metrics"), Listing: v.metricListing()},
	}
}

func (v *view) indicatorEntries() []entry {
	var out []entry
	for _, i := range v.book.Indicators {
		e := entry{ID: i.ID, Name: v.pick(i.LabelZH, i.LabelEN), Text: v.pick(i.NoteZH, i.NoteEN)}
		if i.Kind == "count" {
			e.Facts = append(e.Facts, labelled{v.say("definitions_counts"), v.formula(i.Numerator)})
		} else {
			e.Facts = append(e.Facts, labelled{v.say("definitions_numerator"), v.formula(i.Numerator)},
				labelled{v.say("definitions_denominator"), v.formula(i.Denominator)},
				labelled{v.say("definitions_interval"), plain(v.say("definitions_interval_" + i.Kind))},
				labelled{v.say("definitions_min_n"), plain(count(float64(i.MinN)))})
		}
		e.Facts = append(e.Facts, labelled{v.say("definitions_unit"), plain(v.unit(i.Unit))}, labelled{v.say("definitions_id"), code(i.ID)})
		out = append(out, e)
	}
	return out
}

func (v *view) seriesEntries() []entry {
	var out []entry
	for _, h := range v.book.Harmonised {
		e := entry{ID: h.ID, Name: v.pick(h.LabelZH, h.LabelEN), Text: v.pick(h.NoteZH, h.NoteEN)}
		for _, of := range []struct {
			eras string
			expr codebook.Expr
		}{{"A", h.A}, {"B", h.B}, {"C, D", h.CD}} {
			if len(of.expr) > 0 {
				e.Facts = append(e.Facts, labelled{v.say("definitions_in_form", of.eras), v.formula(of.expr)})
			}
		}
		e.Facts = append(e.Facts, labelled{v.say("definitions_comparability"), plain(v.say("definitions_comparability_" + h.Comparability))},
			labelled{v.say("definitions_id"), code(h.ID)})
		out = append(out, e)
	}
	return out
}

func (v *view) identityEntries() []entry {
	var out []entry
	for _, i := range v.book.Identities {
		formula := append(v.formula(i.LHS), item{Text: " " + strings.Replace(i.Op, "<=", "≤", 1) + " "})
		out = append(out, entry{ID: i.ID, Name: v.pick(i.LabelZH, i.LabelEN), Facts: []labelled{
			{v.say("definitions_formula"), append(formula, v.formula(i.RHS)...)},
			{v.say("definitions_forms"), plain(strings.Join(i.Forms, ", "))},
			{v.say("definitions_source"), plain(i.Source)},
			{v.say("definitions_id"), code(i.ID)},
		}})
	}
	return out
}

// formula writes an expression with the names of its terms, each linked to its definition.
func (v *view) formula(e codebook.Expr) []item {
	var out []item
	for n, t := range e {
		switch {
		case t.Sign < 0:
			out = append(out, item{Text: " − "})
		case n > 0:
			out = append(out, item{Text: " + "})
		}
		if t.Metric != "" {
			out = append(out, v.term(t.Metric))
		}
		if t.Applicant != "" {
			name := v.instance(t.Applicant)
			if t.Metric != "" {
				name = v.say("definitions_of_applicant", name)
			}
			out = append(out, item{Text: name})
		}
	}
	return out
}

// term names a metric, a series or the residents.
func (v *view) term(id string) item {
	if id == codebook.Residents {
		return item{Text: v.say("definitions_residents")}
	}
	for _, h := range v.book.Harmonised {
		if h.ID == id {
			return item{Text: v.pick(h.LabelZH, h.LabelEN), Href: "#" + id}
		}
	}
	return item{Text: v.metric(id), Href: "#" + id}
}

func (v *view) scopeListing() *listing {
	l := &listing{Head: []string{v.say("definitions_scope"), v.say("definitions_held"), v.say("definitions_id")}}
	held := map[string]string{}
	for _, s := range v.sections {
		held[s.scope.ID] = v.say("coverage_summary", len(s.members), s.reports(), span(s.first, s.last), s.absences())
	}
	for _, s := range v.book.Scopes {
		r := textRow(s.ID, v.heading(s), held[s.ID])
		r.Cells = append(r.Cells, code(s.ID))
		l.Rows = append(l.Rows, r)
	}
	return l
}

func (v *view) statusListing() *listing {
	l := &listing{Head: []string{v.say("definitions_status"), v.say("definitions_marks"), v.say("definitions_id")}}
	for _, s := range v.book.Statuses {
		l.Rows = append(l.Rows, listed{"status-" + s.ID, [][]item{plain(v.status(s.ID)), code(strings.Join(s.Marks, " ")), code(s.ID)}})
	}
	return l
}

func (v *view) gradeListing() *listing {
	l := &listing{Head: []string{v.say("definitions_grade"), v.say("definitions_id")}}
	for _, id := range []string{"proved", "contradicted", "unproved"} {
		l.Rows = append(l.Rows, listed{"grade-" + id, [][]item{plain(v.grade(id)), code(id)}})
	}
	return l
}

func (v *view) eraListing() *listing {
	l := &listing{Head: []string{v.say("definitions_form"), v.say("definitions_source")}}
	for _, e := range v.book.Eras {
		l.Rows = append(l.Rows, textRow("form-"+e.ID, v.say("label_value", e.ID, v.era(e.ID)), e.Source))
	}
	return l
}

func (v *view) breakListing() *listing {
	l := &listing{Head: []string{v.say("definitions_break"), v.say("definitions_family"), v.say("definitions_source")}}
	for _, b := range v.book.Breaks {
		family := b.Family
		if family == "*" {
			family = v.say("definitions_all_families")
		}
		l.Rows = append(l.Rows, textRow("", v.pick(b.LabelZH, b.LabelEN), family, b.Source))
	}
	return l
}

func (v *view) metricListing() *listing {
	l := &listing{Head: []string{v.say("definitions_metric"), v.say("definitions_unit"), v.say("definitions_family"), v.say("definitions_id")}}
	for _, m := range v.book.Metrics {
		l.Rows = append(l.Rows, listed{m.ID, [][]item{plain(v.metric(m.ID)), plain(v.unit(m.Unit)), code(m.Family), code(m.ID)}})
	}
	return l
}
