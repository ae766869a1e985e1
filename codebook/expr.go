package codebook

import (
	"fmt"
	"regexp"
	"strings"
)

// A Term is one summand of an [Expr]: plus or minus a metric, an applicant's
// column of the metric, or (Metric empty) an applicant's column of whatever
// metric the identity is evaluated for.
type Term struct {
	Sign      int // +1 or -1
	Metric    string
	Applicant string // empty: the applicant of the instance, or the total
}

// Expr is a signed sum of terms, written "a + b - c@natural_person" in the CSVs.
type Expr []Term

var termPattern = regexp.MustCompile(`^([a-z0-9_]*)(?:@([a-z_]+))?$`)

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
