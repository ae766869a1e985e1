package codebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Term is one summand of an [Expr]: plus or minus a metric, an applicant's
// column of the metric, or (Metric empty) an applicant's column of whatever
// metric the identity is evaluated for. In an indicator, Metric may be a series or
// [Residents].
type Term struct {
	Sign      int // +1 or -1
	Metric    string
	Applicant string // empty: the applicant of the instance, or the total
}

// Residents stands in an indicator for the residents of the place that a report counts whole.
const Residents = "population"

// Expr is a signed sum of terms, written "a + b - c@natural_person" in the CSVs.
type Expr []Term

var termPattern = regexp.MustCompile(`^((?:H_)?[a-z0-9_]*)(?:@([a-z_]+))?$`)

// UnmarshalCSV implements csvutil.Unmarshaler.
func (e *Expr) UnmarshalCSV(b []byte) error {
	*e = nil
	sign := 1
	for i, word := range strings.Fields(string(b)) {
		if i%2 == 1 {
			switch word {
			case "+":
				sign = 1
			case "-":
				sign = -1
			default:
				return fmt.Errorf("expression %q: want + or - before word %d, have %q", b, i+1, word)
			}
			continue
		}
		m := termPattern.FindStringSubmatch(word)
		if m == nil || m[1]+m[2] == "" {
			return fmt.Errorf("expression %q: %q is not a metric", b, word)
		}
		*e = append(*e, Term{Sign: sign, Metric: m[1], Applicant: m[2]})
	}
	return nil
}

// In returns how the series is read from the form of an era; nil: the era has no such row.
func (h Harmonised) In(era string) Expr {
	return map[string]Expr{"A": h.A, "B": h.B, "C": h.CD, "D": h.CD}[era]
}

// InEra writes out the series of an expression as the form of an era has them. It is nil
// where that has one of them not.
func (b *Book) InEra(e Expr, era string) Expr {
	var out Expr
	for _, t := range e {
		if _, ok := b.Series[t.Metric]; !ok {
			out = append(out, t)
			continue
		}
		parts := b.Series[t.Metric].In(era)
		if len(parts) == 0 {
			return nil
		}
		for _, p := range parts {
			out = append(out, Term{t.Sign * p.Sign, p.Metric, p.Applicant})
		}
	}
	return out
}

// HasSeries reports whether a term of the expression is a series.
func (b *Book) HasSeries(e Expr) bool {
	return slices.ContainsFunc(e, func(t Term) bool { _, ok := b.Series[t.Metric]; return ok })
}
