package charts

import (
	"slices"
	"strconv"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// A chart of rows shows every year of one or two members; of more, only the newest
// recentYears of each.
const recentYears = 5

// barWidth is the height of a bar as a share of its row.
const barWidth = "64%"

// A row of a chart of rows: a member's name, a break between two years, or a year.
type row struct {
	member  *member
	report  *report // nil where the row is not a report's
	year    int     // 0 in a heading or break
	text    string  // heading, break, or why nothing is drawn
	right   string  // the denominator or total
	isBreak bool
}

// drawnRow says what a chart of rows prints beside a report: the text at the right,
// and a note where nothing can be drawn.
type drawnRow func(r *report) (right, note string)

// rows lists the section's drawn members with their years.
func (v *view) rows(s *section, families []string, describe drawnRow) []row {
	var rows []row
	for _, m := range s.drawn {
		rows = append(rows, v.memberRows(m, s.rowYears(m), families, describe)...)
	}
	return rows
}

// rowYears are the years of a member that a chart of rows shows.
func (s *section) rowYears(m *member) []int {
	years := m.years()
	if len(s.members) > 2 {
		years = years[max(0, len(years)-recentYears):]
	}
	return years
}

// rowNotes says which members and years a chart of rows leaves out, and why it draws
// nothing in some of its rows.
func (v *view) rowNotes(s *section, rows []row) []string {
	notes := v.drawnNote(len(s.drawn), len(s.members))
	if slices.ContainsFunc(s.drawn, func(m *member) bool { return len(s.rowYears(m)) < len(m.years()) }) {
		notes = append(notes, v.say("recent_note", recentYears))
	}
	return append(notes, v.missingNotes(rows)...)
}

func (v *view) memberRows(m *member, years []int, families []string, describe drawnRow) []row {
	rows := []row{{member: m, text: m.label.in(v.lang)}}
	previous := 0
	for _, year := range years {
		if previous > 0 {
			for _, b := range v.breaks(families, previous, year) {
				rows = append(rows, row{member: m, text: v.pick(b.LabelZH, b.LabelEN), isBreak: true})
			}
		}
		next := row{member: m, year: year, report: m.reports[year]}
		if next.report == nil {
			next.text = v.say("absent")
		} else {
			next.right, next.text = describe(next.report)
		}
		rows = append(rows, next)
		previous = year
	}
	return rows
}

// rowOption is a chart of rows with its two row axes and the texts in the rows.
// right is the room for the totals, width that of a bar.
func rowOption(id string, rows []row, x opts.XAxis, right, width string) *charts.RectChart {
	var years, totals []string
	texts := make([]datum, len(rows))
	for i, r := range rows {
		label := ""
		if r.year > 0 {
			label = strconv.Itoa(r.year)
		}
		years, totals = append(years, label), append(totals, r.right)
		if r.text != "" {
			texts[i] = datum{Value: 0, Text: r.text, Label: rowLabel(r)}
		}
	}
	c := newOption(id, opts.Grid{Left: "54", Right: right, Top: "4", Bottom: "34"}, x, rowAxis(years, "left"), rowAxis(totals, "right"))
	c.MultiSeries = append(c.MultiSeries, stacked("", "", width, texts))
	return c
}

// rowLabel prints a row's text from the left edge of the plot.
func rowLabel(r row) *opts.Label {
	l := &opts.Label{Show: opts.Bool(true), Position: "right", Formatter: "$text", Color: "$muted", FontSize: 12}
	if r.year == 0 && !r.isBreak {
		l.Color, l.FontWeight, l.FontSize = "$ink", "bold", 13
	}
	return l
}

// stacked is a series of bars on one stack; without a colour they are invisible.
func stacked(name, color, width string, data []datum) charts.SingleSeries {
	s := charts.SingleSeries{Name: name, Type: "bar", Stack: "rows", Data: data, BarWidth: width, ItemStyle: &opts.ItemStyle{Color: color}}
	if color == "" {
		s.ItemStyle.Color = "transparent"
	}
	return s
}

// missingNotes lists the rows in which nothing is drawn, in words.
func (v *view) missingNotes(rows []row) []string {
	var notes []string
	for _, r := range rows {
		if r.year > 0 && r.text != "" {
			notes = append(notes, v.say("note_missing", r.member.label.in(v.lang), r.year, r.text))
		}
	}
	return notes
}

// anyDrawn reports whether a row has marks.
func anyDrawn(rows []row) bool {
	for _, r := range rows {
		if r.report != nil && r.text == "" {
			return true
		}
	}
	return false
}
