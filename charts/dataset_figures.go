package charts

import (
	"database/sql"
	"math"
	"strconv"
)

// figureSQL has one row a measure and report: metrics of all applicants, then indicators.
// A score says how far a share or rate is from that of all bodies in one year, and in three.
var figureSQL = `WITH score AS MATERIALIZED (
	SELECT indicator, scope, adcode, authority, report_year,
		any_value(z) FILTER (years = 1) AS z, any_value(z) FILTER (years = 3) AS z3
	FROM funnel GROUP BY ALL
), figure AS (
	SELECT v.metric AS measure, v.report_id, v.scope, v.adcode, v.report_year, v.value AS printed, v.value::DOUBLE AS v,
		NULL::DOUBLE AS x, NULL::DOUBLE AS n, NULL::DOUBLE AS lo, NULL::DOUBLE AS hi, NULL::DOUBLE AS z, NULL::DOUBLE AS z3,
		NOT list_has_any(k.broken_families, [m.family, '*']) AS comparable, v.value IS NOT NULL AS enough, v.status, v.grade
	FROM metric_by_applicant v JOIN comparability k USING (report_id) JOIN metric m ON m.id = v.metric
	WHERE v.applicant = 'total' AND v.metric IN ` + inList(shownMetrics) + `
	UNION ALL
	SELECT v.indicator, v.report_id, v.scope, v.adcode, v.report_year, NULL, v.value::DOUBLE,
		v.numerator::DOUBLE, v.denominator::DOUBLE, v.low::DOUBLE, v.high::DOUBLE, s.z, s.z3,
		v.comparable_with_prev, coalesce(v.enough, false), v.status, v.grade
	FROM indicators v LEFT JOIN score s USING (indicator, scope, adcode, authority, report_year)
)
`

// A panel is the figures of one measure in one section, body by body and year by year.
type panel struct {
	V  numbers `json:"v"`
	X  numbers `json:"x,omitempty"` // numerator; this and what follows of shares and rates only
	N  numbers `json:"n,omitempty"`
	Lo numbers `json:"lo,omitempty"` // interval at 95 %
	Hi numbers `json:"hi,omitempty"`
	Z  numbers `json:"z,omitempty"`  // funnel score of the year, NULL where the funnel has none
	Z3 numbers `json:"z3,omitempty"` // of the three years that end with it
	S  chars   `json:"s"`            // status, see coreScript; a dot where there is no report
	G  chars   `json:"g"`            // grade: p proved, u unproved, c contradicted; a space where there is no report
	T  chars   `json:"t"`            // 1: comparable with the year before
	E  chars   `json:"e"`            // 1: enough to be drawn
}

func newPanel(cells int, counts bool) *panel {
	p := &panel{V: blank(cells), S: fill('.', cells), G: fill(' ', cells), T: fill('0', cells), E: fill('0', cells)}
	if !counts {
		p.X, p.N, p.Lo, p.Hi, p.Z, p.Z3 = blank(cells), blank(cells), blank(cells), blank(cells), blank(cells), blank(cells)
	}
	return p
}

// part is the panel from one cell to before another.
func (p *panel) part(from, to int) panel {
	cut := func(n numbers) numbers { return n[min(from, len(n)):min(to, len(n))] }
	return panel{cut(p.V), cut(p.X), cut(p.N), cut(p.Lo), cut(p.Hi), cut(p.Z), cut(p.Z3), p.S[from:to], p.G[from:to], p.T[from:to], p.E[from:to]}
}

// figures puts the scripts of every measure in every scope that has a value of it.
func (d *dataset) figures() error {
	counts, status := map[string]bool{}, map[string]byte{}
	for _, m := range d.measures() {
		counts[m.ID] = m.Kind == "count"
	}
	for i, s := range d.book.Statuses {
		status[s.ID] = statusChar(i)
	}
	measure, panels := "", map[*section]*panel{}
	err := d.each(figureSQL+`SELECT measure, report_id, v, x, n, lo, hi, z, z3, comparable, enough, coalesce(status, ''), coalesce(grade, '')
		FROM figure ORDER BY measure`, func(scan func(...any) error) error {
		var id, report, state, grade string
		var v, x, n, lo, hi, z, z3 sql.NullFloat64
		var comparable, enough bool
		if err := scan(&id, &report, &v, &x, &n, &lo, &hi, &z, &z3, &comparable, &enough, &state, &grade); err != nil {
			return err
		}
		if id != measure {
			if err := d.putFigures(measure, panels); err != nil {
				return err
			}
			measure = id
			clear(panels)
		}
		at, ok := d.slots[report]
		if !ok {
			return nil
		}
		p := panels[at.section]
		if p == nil {
			p = newPanel(len(at.section.members)*at.section.years(), counts[id])
			panels[at.section] = p
		}
		i := at.index
		p.S[i], p.G[i], p.T[i], p.E[i] = status[state], gradeChar(grade), flag(comparable), flag(enough)
		if counts[id] {
			p.V[i] = float(v)
			return nil
		}
		p.V[i], p.Lo[i], p.Hi[i] = digits(float(v)), digits(float(lo)), digits(float(hi))
		p.X[i], p.N[i], p.Z[i], p.Z3[i] = float(x), float(n), hundredths(float(z)), hundredths(float(z3))
		return nil
	})
	if err != nil {
		return err
	}
	return d.putFigures(measure, panels)
}

func (d *dataset) putFigures(measure string, panels map[*section]*panel) error {
	for _, s := range d.sections {
		p := panels[s]
		if p == nil || !p.V.any() {
			continue
		}
		name := s.scope.ID + "/" + measure
		for from := 0; from < len(s.members); from += partBodies {
			file := name
			if from > 0 {
				file += "." + strconv.Itoa(from/partBodies)
			}
			to := min(from+partBodies, len(s.members))
			if err := d.put(file, p.part(from*s.years(), to*s.years())); err != nil {
				return err
			}
		}
		d.scopes[measure] = append(d.scopes[measure], s.scope.ID)
		if err := d.put(name+".stats", d.statsOf(s, measure)); err != nil {
			return err
		}
	}
	return nil
}

// numbers are written as JSON, those that are not a number as null.
type numbers []float64

func blank(n int) numbers {
	out := make(numbers, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func (n numbers) any() bool {
	for _, v := range n {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

// MarshalJSON prints each number as shortly as it reads back.
func (n numbers) MarshalJSON() ([]byte, error) {
	if n == nil {
		return []byte("null"), nil
	}
	out := append(make([]byte, 0, 6*len(n)+2), '[')
	for i, v := range n {
		if i > 0 {
			out = append(out, ',')
		}
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			out = append(out, "null"...)
		case v != 0 && math.Abs(v) < 1e-4:
			out = strconv.AppendFloat(out, v, 'e', -1, 64)
		default:
			out = strconv.AppendFloat(out, v, 'f', -1, 64)
		}
	}
	return append(out, ']'), nil
}

// chars are one ASCII character a cell.
type chars []byte

func fill(c byte, n int) chars {
	out := make(chars, n)
	for i := range out {
		out[i] = c
	}
	return out
}

// MarshalText makes JSON print them as a string.
func (c chars) MarshalText() ([]byte, error) { return c, nil }

func float(n sql.NullFloat64) float64 {
	if !n.Valid {
		return math.NaN()
	}
	return n.Float64
}

// digits rounds to six significant digits.
func digits(v float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64) // of what it has printed itself
	return rounded
}

func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

// statusChar is the character of the codebook's i-th status.
func statusChar(i int) byte { return byte('a' + i) }

func gradeChar(grade string) byte {
	if grade == "" {
		return ' '
	}
	return grade[0]
}

func flag(yes bool) byte {
	if yes {
		return '1'
	}
	return '0'
}
