package charts

// A block is what a page shows of one scope.
type block struct {
	ID, Heading string
	Figures     []figure
	Sources     []source
	Unlisted    int // documents of members that the charts do not draw
}

// A source is a document that the figures of a block were read from.
type source struct {
	Name, Title, URL, SHA256, Era, Forms, Fetched, Grade string
	Year                                                 int
	Problems                                             []string
}

// homeBlocks are the total of the country, where enough bodies report, and two charts:
// requests over the years in the scope with the most
// reports of one body, and outcomes in the first scope that has any.
func (v *view) homeBlocks() ([]block, error) {
	var b block
	if s, totals := v.panelled(); s != nil {
		f, err := v.totalFigure(s, totals)
		if err != nil {
			return nil, err
		}
		b.Figures = append(b.Figures, f)
	}
	if s := v.longest(); s != nil {
		f, err := v.trend(s, "app_new")
		if err != nil {
			return nil, err
		}
		b.Figures, b.Sources = append(b.Figures, f), v.sources(s)
	}
	for _, s := range v.sections {
		f, err := v.outcomes(s)
		if err != nil {
			return nil, err
		}
		if f.Option != nil {
			b.Figures = append(b.Figures, f)
			if s != v.longest() {
				b.Sources = append(b.Sources, v.sources(s)...)
			}
			break
		}
	}
	return []block{b}, nil
}

// longest is the section in which one member has the most reports.
func (v *view) longest() *section {
	var best *section
	most := 0
	for _, s := range v.sections {
		for _, m := range s.members {
			if len(m.reports) > most {
				best, most = s, len(m.reports)
			}
		}
	}
	return best
}

// disputeNotes define the rates and name the breaks that concern disputes.
func (v *view) disputeNotes() []string {
	notes := v.definitions(disputeRates())
	for _, b := range v.book.Breaks {
		if b.Family == "review" || b.Family == "litigation" {
			return append(notes, v.say("break_note", v.pick(b.LabelZH, b.LabelEN), v.say("dispute_break")))
		}
	}
	return notes
}

// definitions say what indicators are and what they are not.
func (v *view) definitions(ids []string) []string {
	var notes []string
	for _, id := range ids {
		i := v.indicator(id)
		notes = append(notes, v.say("definition", v.pick(i.LabelZH, i.LabelEN), v.pick(i.NoteZH, i.NoteEN)))
	}
	return notes
}

// sources lists the documents of the members that charts draw.
func (v *view) sources(s *section) []source {
	var out []source
	for _, m := range s.drawn {
		for _, year := range m.years() {
			if r := m.reports[year]; r != nil {
				out = append(out, v.source(m, r))
			}
		}
	}
	return out
}

func (v *view) source(m *member, r *report) source {
	src := source{Name: m.label.in(v.lang), Year: r.year, Title: r.title, URL: r.url, SHA256: r.sha256,
		Era: v.era(r.era), Forms: r.forms, Fetched: r.fetched, Grade: v.grade(r.grade)}
	for _, code := range r.findings {
		src.Problems = append(src.Problems, v.finding(code))
	}
	return src
}
