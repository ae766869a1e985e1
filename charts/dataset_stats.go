package charts

import (
	"database/sql"
	"math"
	"strconv"
)

// minSpread is the number of bodies below which nothing is said of how they spread.
const minSpread = 10

// A stats is what the warehouse says of all bodies of a scope in one measure.
type stats struct {
	Bodies []int             `json:"bodies"` // with a value that is enough to be drawn, a year
	Q      []numbers         `json:"q"`      // their quantiles at 5, 25, 50, 75 and 95 %; null of fewer than minSpread bodies
	Pooled []*sum            `json:"pooled"` // null in a year without any
	Funnel map[string]limits `json:"funnel"` // by year, and by three years: "2020-2022"
}

// A sum is the whole of the country: numerator over denominator of all bodies with a code.
type sum struct {
	X      *float64 `json:"x"`
	N      *float64 `json:"n"` // null of a count
	V      *float64 `json:"v"`
	Bodies int      `json:"bodies"`
	Places *int     `json:"places"` // that the scope counts whole; null: it counts none whole
}

// A limits is the funnel of a scope over a grid of denominators.
type limits struct {
	Bodies int     `json:"bodies"`
	Target float64 `json:"target"`
	Tau2   float64 `json:"tau2"`
	OD     float64 `json:"od"` // overdispersion
	Grid   numbers `json:"grid"`
	L95    numbers `json:"l95"`
	H95    numbers `json:"h95"`
	L998   numbers `json:"l998"`
	H998   numbers `json:"h998"`
}

// statsOf are the stats of a measure in a section.
func (d *dataset) statsOf(s *section, measure string) *stats {
	key := s.scope.ID + "/" + measure
	if d.stats[key] == nil {
		d.stats[key] = &stats{Bodies: make([]int, s.years()), Q: make([]numbers, s.years()), Pooled: make([]*sum, s.years()), Funnel: map[string]limits{}}
	}
	return d.stats[key]
}

// yearly calls set for each row of a query whose first columns are measure, scope and
// report_year, with the stats of the two and the place of the year in them.
func (d *dataset) yearly(query string, columns []any, set func(st *stats, at, year int)) error {
	byID := map[string]*section{}
	for _, s := range d.sections {
		byID[s.scope.ID] = s
	}
	return d.each(query, func(scan func(...any) error) error {
		var measure, scope string
		var year int
		if err := scan(append([]any{&measure, &scope, &year}, columns...)...); err != nil {
			return err
		}
		if s := byID[scope]; s != nil && year >= s.first && year <= s.last {
			set(d.statsOf(s, measure), year-s.first, year)
		}
		return nil
	})
}

func (d *dataset) quantiles() error {
	q, n := make(numbers, 5), 0
	return d.yearly(figureSQL+`, spread AS (
		SELECT measure, scope, report_year, count(*) AS bodies, quantile_cont(v, [0.05, 0.25, 0.5, 0.75, 0.95]) AS q
		FROM figure WHERE v IS NOT NULL AND enough GROUP BY ALL
	) SELECT measure, scope, report_year, bodies, q[1], q[2], q[3], q[4], q[5] FROM spread ORDER BY ALL`,
		[]any{&n, &q[0], &q[1], &q[2], &q[3], &q[4]}, func(st *stats, at, _ int) {
			if st.Bodies[at] = n; n < minSpread {
				return
			}
			for _, v := range q {
				st.Q[at] = append(st.Q[at], digits(v))
			}
		})
}

// pooled are the sums of view pooled, and of metrics likewise.
func (d *dataset) pooled() error {
	var x, n, v sql.NullFloat64
	var bodies int
	var places sql.NullInt64
	return d.yearly(figureSQL+`SELECT indicator, scope, report_year, numerator::DOUBLE, denominator::DOUBLE, pooled::DOUBLE, bodies, places
		FROM pooled WHERE adcode = '000000'
		UNION ALL
		SELECT f.measure, f.scope, f.report_year, sum(f.printed)::DOUBLE, NULL, sum(f.printed)::DOUBLE, count(*), any_value(p.places)
		FROM figure f LEFT JOIN place_count p ON p.scope = f.scope AND p.area = '000000' AND p.report_year = f.report_year
		WHERE f.printed IS NOT NULL AND f.adcode <> '' GROUP BY ALL
		ORDER BY ALL`, []any{&x, &n, &v, &bodies, &places}, func(st *stats, at, _ int) {
		s := &sum{X: pointer(float(x)), N: pointer(float(n)), V: pointer(digitsUnlessCount(v, n)), Bodies: bodies}
		if places.Valid {
			whole := int(places.Int64)
			s.Places = &whole
		}
		st.Pooled[at] = s
	})
}

// digitsUnlessCount leaves a count, which has no denominator, as it was added up.
func digitsUnlessCount(v, n sql.NullFloat64) float64 {
	if n.Valid {
		return digits(float(v))
	}
	return float(v)
}

func pointer(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// funnels are the limits of view funnel, from its smallest to its largest denominator.
func (d *dataset) funnels() error {
	var years int
	var l limits
	var n, l95, h95, l998, h998 float64
	return d.yearly(`WITH span AS (
		SELECT indicator, scope, report_year, years, min(denominator) AS low, max(denominator) AS high FROM funnel GROUP BY ALL
	), grid AS (
		SELECT DISTINCT t.*, i.kind, i.per, round(s.low * (s.high / s.low) ** (g.step / 23))::DOUBLE AS n
		FROM funnel_target t JOIN span s USING (indicator, scope, report_year, years)
		JOIN indicator_definition i ON i.id = t.indicator, range(24) g(step)
	), curve AS (
		SELECT *, funnel_centre(kind, target) AS centre, sqrt(funnel_variance(kind, n) + tau2) AS sd FROM grid
	)
	SELECT indicator, scope, report_year, years, bodies, per * target, tau2, overdispersion, n,
		per * funnel_limit(kind, n, centre - 1.959963984540054::DOUBLE * sd), per * funnel_limit(kind, n, centre + 1.959963984540054::DOUBLE * sd),
		per * funnel_limit(kind, n, centre - 3.090232306167813::DOUBLE * sd), per * funnel_limit(kind, n, centre + 3.090232306167813::DOUBLE * sd)
	FROM curve ORDER BY indicator, scope, report_year, years, n`,
		[]any{&years, &l.Bodies, &l.Target, &l.Tau2, &l.OD, &n, &l95, &h95, &l998, &h998}, func(st *stats, _, year int) {
			key := strconv.Itoa(year)
			if years > 1 {
				key = strconv.Itoa(year-years+1) + "-" + key
			}
			f := st.Funnel[key]
			f.Bodies, f.Target, f.Tau2, f.OD = l.Bodies, digits(l.Target), digits(l.Tau2), digits(l.OD)
			f.Grid, f.L95, f.H95 = append(f.Grid, n), append(f.L95, digits(l95)), append(f.H95, digits(h95))
			f.L998, f.H998 = append(f.L998, digits(l998)), append(f.H998, digits(h998))
			st.Funnel[key] = f
		})
}
