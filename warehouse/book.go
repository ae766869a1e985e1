package warehouse

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

// The rows below carry the codebook into SQL. A term row is one summand of an
// expression, so that no metric id is written into the SQL of sums and ratios.

type metricRow struct {
	ID          string `arrow:"id"`
	LabelZH     string `arrow:"label_zh"`
	LabelEN     string `arrow:"label_en"`
	Unit        string `arrow:"unit"`
	Kind        string `arrow:"kind"`
	Family      string `arrow:"family"`
	ByApplicant bool   `arrow:"by_applicant"`
	SumOf       string `arrow:"sum_of"`
}

type indicatorRow struct {
	ID          string `arrow:"id"`
	LabelZH     string `arrow:"label_zh"`
	LabelEN     string `arrow:"label_en"`
	Kind        string `arrow:"kind"`
	Numerator   string `arrow:"numerator"`
	Denominator string `arrow:"denominator"`
	Unit        string `arrow:"unit"`
	Per         int32  `arrow:"per"`
	Family      string `arrow:"family"`
	MinN        int32  `arrow:"min_n"`
	NoteZH      string `arrow:"note_zh"`
	NoteEN      string `arrow:"note_en"`
}

type seriesRow struct {
	ID            string `arrow:"id"`
	LabelZH       string `arrow:"label_zh"`
	LabelEN       string `arrow:"label_en"`
	A             string `arrow:"a"`
	B             string `arrow:"b"`
	CD            string `arrow:"cd"`
	Family        string `arrow:"family"`
	Comparability string `arrow:"comparability"`
	NoteZH        string `arrow:"note_zh"`
	NoteEN        string `arrow:"note_en"`
}

type identityRow struct {
	ID       string `arrow:"id"`
	Table    string `arrow:"table"`
	Forms    string `arrow:"forms"`
	Per      string `arrow:"per"`
	LHS      string `arrow:"lhs"`
	Op       string `arrow:"op"`
	RHS      string `arrow:"rhs"`
	Severity string `arrow:"severity"`
	LabelZH  string `arrow:"label_zh"`
	LabelEN  string `arrow:"label_en"`
	Source   string `arrow:"source"`
}

type continuityRow struct {
	ID       string `arrow:"id"`
	Table    string `arrow:"table"`
	Forms    string `arrow:"forms"`
	Per      string `arrow:"per"`
	Before   string `arrow:"before"`
	Now      string `arrow:"now"`
	Severity string `arrow:"severity"`
	LabelZH  string `arrow:"label_zh"`
	LabelEN  string `arrow:"label_en"`
	Source   string `arrow:"source"`
}

type hierarchyRow struct {
	ID        string  `arrow:"id"`
	Table     string  `arrow:"table"`
	Forms     string  `arrow:"forms"`
	Whole     string  `arrow:"whole"`
	Part      string  `arrow:"part"`
	Metrics   string  `arrow:"metrics"`
	Tolerance float64 `arrow:"tolerance"`
	Severity  string  `arrow:"severity"`
	LabelZH   string  `arrow:"label_zh"`
	LabelEN   string  `arrow:"label_en"`
	Source    string  `arrow:"source"`
}

type memberRow struct {
	Adcode    string `arrow:"adcode"`
	Authority string `arrow:"authority"`
	Scope     string `arrow:"scope"`
	ValidFrom *int32 `arrow:"valid_from"`
	ValidTo   *int32 `arrow:"valid_to"`
	Source    string `arrow:"source"`
}

type termRow struct {
	Kind      string `arrow:"kind"`
	Owner     string `arrow:"owner"`
	Side      string `arrow:"side"`
	Era       string `arrow:"era"`
	Position  int32  `arrow:"position"`
	Sign      int32  `arrow:"sign"`
	Metric    string `arrow:"metric"`
	Applicant string `arrow:"applicant"`
}

type eraRow struct {
	ID        string `arrow:"id"`
	LabelZH   string `arrow:"label_zh"`
	LabelEN   string `arrow:"label_en"`
	FirstYear int32  `arrow:"first_year"`
	LastYear  *int32 `arrow:"last_year"`
	Source    string `arrow:"source"`
}

type scopeRow struct {
	ID      string `arrow:"id"`
	LabelZH string `arrow:"label_zh"`
	LabelEN string `arrow:"label_en"`
	Whole   string `arrow:"whole"`
}

type populationRow struct {
	Adcode      string `arrow:"adcode"`
	Year        int32  `arrow:"year"`
	Printed     string `arrow:"printed"`
	Unit        string `arrow:"unit"`
	Source      string `arrow:"source"`
	URL         string `arrow:"url"`
	PublishedOn string `arrow:"published_on"`
}

type breakRow struct {
	Year    int32  `arrow:"year"`
	Family  string `arrow:"family"`
	LabelZH string `arrow:"label_zh"`
	LabelEN string `arrow:"label_en"`
	Source  string `arrow:"source"`
}

type regionRow struct {
	Adcode string `arrow:"adcode"`
	Name   string `arrow:"name"`
	Level  string `arrow:"level"`
	Parent string `arrow:"parent"`
	NameEN string `arrow:"name_en"`

	ValidFrom  *int32 `arrow:"valid_from"`
	ValidTo    *int32 `arrow:"valid_to"`
	Successors string `arrow:"successors"`
}

type regionNameRow struct {
	Adcode    string `arrow:"adcode"`
	Name      string `arrow:"name"`
	ValidFrom *int32 `arrow:"valid_from"`
	ValidTo   *int32 `arrow:"valid_to"`
}

type authorityRow struct {
	Name   string `arrow:"name"`
	NameEN string `arrow:"name_en"`
	Adcode string `arrow:"adcode"`
}

func bookSources(b *codebook.Book) []source {
	return []source{
		inMemory("metric", convert(b.Metrics, func(m codebook.Metric) metricRow {
			return metricRow{m.ID, m.LabelZH, m.LabelEN, m.Unit, m.Kind, m.Family, m.ByApplicant == "yes", expression(m.SumOf)}
		})),
		inMemory("indicator", convert(b.Indicators, func(i codebook.Indicator) indicatorRow {
			return indicatorRow{i.ID, i.LabelZH, i.LabelEN, i.Kind, expression(i.Numerator), expression(i.Denominator),
				i.Unit, int32(b.Unit[i.Unit].Per), i.Family, int32(i.MinN), i.NoteZH, i.NoteEN}
		})),
		inMemory("series", convert(b.Harmonised, func(h codebook.Harmonised) seriesRow {
			return seriesRow{h.ID, h.LabelZH, h.LabelEN, expression(h.A), expression(h.B), expression(h.CD),
				h.Family, h.Comparability, h.NoteZH, h.NoteEN}
		})),
		inMemory("identity", convert(b.Identities, func(i *codebook.Identity) identityRow {
			return identityRow{i.ID, i.Table, strings.Join(i.Forms, " "), i.Per, expression(i.LHS), i.Op,
				expression(i.RHS), i.Severity, i.LabelZH, i.LabelEN, i.Source}
		})),
		inMemory("continuity", convert(b.Continuities, func(c codebook.Continuity) continuityRow {
			return continuityRow{c.ID, c.Table, strings.Join(c.Forms, " "), c.Per, expression(c.Before), expression(c.Now),
				c.Severity, c.LabelZH, c.LabelEN, c.Source}
		})),
		inMemory("hierarchy", convert(b.Hierarchies, func(h codebook.Hierarchy) hierarchyRow {
			return hierarchyRow{h.ID, h.Table, strings.Join(h.Forms, " "), h.Whole, h.Part, strings.Join(h.Metrics, " "),
				h.Tolerance, h.Severity, h.LabelZH, h.LabelEN, h.Source}
		})),
		inMemory("roster", convert(b.Members, func(m codebook.Member) memberRow {
			return memberRow{m.Adcode, m.Authority, m.Scope, year(m.ValidFrom), year(m.ValidTo), m.Source}
		})),
		inMemory("route", b.Routes),
		inMemory("term", termRows(b)),
		inMemory("era", convert(b.Eras, func(e codebook.Era) eraRow {
			return eraRow{e.ID, e.LabelZH, e.LabelEN, int32(e.FirstYear), year(e.LastYear), e.Source}
		})),
		inMemory("scope", convert(b.Scopes, func(s codebook.Scope) scopeRow {
			return scopeRow{s.ID, s.LabelZH, s.LabelEN, s.Whole}
		})),
		inMemory("population", convert(b.Populations, func(p codebook.Population) populationRow {
			return populationRow{p.Adcode, int32(p.Year), p.Population, p.Unit, p.Source, p.URL, p.PublishedOn}
		})),
		inMemory("break", convert(b.Breaks, func(k codebook.Break) breakRow {
			return breakRow{int32(k.Year), k.Family, k.LabelZH, k.LabelEN, k.Source}
		})),
		inMemory("region", convert(b.Regions, func(r codebook.Region) regionRow {
			return regionRow{r.Adcode, r.Name, r.Level, r.Parent, r.NameEN, year(r.ValidFrom), year(r.ValidTo), strings.Join(r.Successors, " ")}
		})),
		inMemory("region_name", convert(b.RegionNames, func(n codebook.RegionName) regionNameRow {
			return regionNameRow{n.Adcode, n.Name, year(n.ValidFrom), year(n.ValidTo)}
		})),
		inMemory("authority", convert(b.Authorities, func(a codebook.Authority) authorityRow {
			return authorityRow{a.Name, a.NameEN, a.Adcode}
		})),
	}
}

// year is nil where the codebook sets no limit.
func year(y int) *int32 {
	if y == 0 {
		return nil
	}
	n := int32(y)
	return &n
}

func convert[From, To any](all []From, to func(From) To) []To {
	out := make([]To, len(all))
	for i, v := range all {
		out[i] = to(v)
	}
	return out
}

func termRows(b *codebook.Book) []termRow {
	var out []termRow
	add := func(kind, owner, side, era string, e codebook.Expr) {
		for i, t := range e {
			out = append(out, termRow{kind, owner, side, era, int32(i + 1), int32(t.Sign), t.Metric, t.Applicant})
		}
	}
	ofEras := func(kind, owner, side string, in func(era string) codebook.Expr) {
		for _, era := range b.Eras {
			add(kind, owner, side, era.ID, in(era.ID))
		}
	}
	for _, m := range b.Metrics {
		add("metric", m.ID, "sum", "", m.SumOf)
	}
	addRatio := func(id, side string, e codebook.Expr) {
		if b.HasSeries(e) {
			ofEras("indicator", id, side, func(era string) codebook.Expr { return b.InEra(e, era) })
		} else {
			add("indicator", id, side, "", e)
		}
	}
	for _, i := range b.Indicators {
		addRatio(i.ID, "numerator", i.Numerator)
		addRatio(i.ID, "denominator", i.Denominator)
	}
	for _, h := range b.Harmonised {
		ofEras("series", h.ID, "value", h.In)
	}
	for _, i := range b.Identities {
		add("identity", i.ID, "lhs", "", i.LHS)
		add("identity", i.ID, "rhs", "", i.RHS)
	}
	for _, c := range b.Continuities {
		add("continuity", c.ID, "before", "", c.Before)
		add("continuity", c.ID, "now", "", c.Now)
	}
	return out
}

// expression writes an expression as the codebook's CSVs do.
func expression(e codebook.Expr) string {
	var s strings.Builder
	for i, t := range e {
		if i > 0 {
			s.WriteString(map[int]string{1: " + ", -1: " - "}[t.Sign])
		}
		s.WriteString(t.Metric)
		if t.Applicant != "" {
			s.WriteString("@" + t.Applicant)
		}
	}
	return s.String()
}

// metricComment describes a column that is named after a metric.
func metricComment(b *codebook.Book, column string) (string, bool) {
	m, ok := b.Metric[column]
	if !ok {
		return "", false
	}
	text := m.LabelEN + " (" + m.LabelZH + "). Unit: " + unitName(b, m.Unit) + ". NULL where the report has no number for it. Source: codebook metric.csv"
	return text, true
}

func unitName(b *codebook.Book, id string) string {
	return cmp.Or(b.Unit[id].LabelEN, b.Unit[id].LabelZH, strconv.Quote(id))
}
