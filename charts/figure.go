package charts

import (
	"html/template"
	"slices"

	"github.com/nianbao/nianbao/codebook"
)

// A figure is one chart with everything that stands around it.
type figure struct {
	ID       string // of the element and the files
	Title    string
	Subtitle string        // measure, unit, scope, years
	Rows     int           // height of the plot; 0: nothing can be drawn
	Half     bool          // two stand side by side where there is room
	Plain    bool          // a table without a chart
	Option   []byte        // JSON
	Hash     string        // sha256 of Option: the picture and the live chart come from it
	Picture  template.HTML // of Option, without scripts; an svg element
	Legend   []legend
	Keys     []key
	Notes    []string // what is not drawn and why
	Table    table
	records  []record
}

// A legend names a series. Class gives its colour, Path its symbol; without Path it is a swatch.
type legend struct{ Class, Path, Label string }

// A key explains a mark. Kind is gap, hollow, break, interval or dagger.
type key struct{ Kind, Label string }

// A table has the values that the chart draws.
type table struct {
	Head []string
	Rows []tableRow
}

// A tableRow starts with the name of its group, where it is the first of the group's
// Rows, and with a heading of its own.
type tableRow struct {
	Group string
	Rows  int // 0: the group's name stands in a row above, or there are no groups
	Head  string
	Cells []tableCell
}

// grouped fills in Rows for rows of equal group that follow each other.
func (t table) grouped() table {
	first := 0
	for i, r := range t.Rows {
		if r.Group != t.Rows[first].Group {
			first = i
		}
		t.Rows[first].Rows++
	}
	return t
}

// A tableCell is a value or, with Missing, the words that stand for none.
type tableCell struct {
	Text         string
	Sub          string // numerator, denominator and interval, or share
	Missing      bool
	Contradicted bool
}

// shapes are the symbols of series, as SVG paths in a square of 20.
func shapes() []string {
	return []string{
		"M10 1a9 9 0 1 0 .01 0z",
		"M2 2h16v16h-16z",
		"M10 1L19.5 18H.5z",
		"M10 0L20 10L10 20L0 10z",
		"M.5 2H19.5L10 19z",
		"M7 1h6v6h6v6h-6v6h-6v-6h-6v-6h6z",
		"M5 1h10l5 9l-5 9h-10l-5-9z",
		"M4 1l6 6l6-6l3 3l-6 6l6 6l-3 3l-6-6l-6 6l-3-3l6-6l-6-6z",
	}
}

// breaks are the breaks of the families between two years, the earlier excluded.
func (v *view) breaks(families []string, after, until int) []codebook.Break {
	var out []codebook.Break
	for _, b := range v.book.Breaks {
		if b.Year > after && b.Year <= until && (b.Family == "*" || slices.Contains(families, b.Family)) {
			out = append(out, b)
		}
	}
	return out
}

// subtitle names measure, unit, scope and years.
func (v *view) subtitle(s *section, measure, unit string) string {
	return v.say("subtitle", measure, unit, v.scope(s.scope), span(s.first, s.last))
}

// valueCell shows a metric of a report in a table.
func (v *view) valueCell(r *report, metric string) tableCell {
	c, printed := r.cells[metric]
	if c.number == nil {
		return tableCell{Text: v.missing(c, printed), Missing: true}
	}
	return tableCell{Text: count(*c.number), Contradicted: c.contradicted()}
}

// tip is the tooltip of a value: where and when, what, and its standing.
func (v *view) tip(m *member, year int, lines ...string) []string {
	return append([]string{v.say("at_year", m.label.in(v.lang), year)}, lines...)
}

// grade says in words whether the form's arithmetic bears a value out.
func (v *view) grade(id string) string {
	switch id {
	case "proved", "contradicted", "unproved":
		return v.say("grade_" + id)
	}
	return v.say("grade_unproved")
}

// drawnNote says that a chart draws only some members.
func (v *view) drawnNote(drawn, all int) []string {
	if drawn == all {
		return nil
	}
	return []string{v.say("drawn_note", drawn, all)}
}
