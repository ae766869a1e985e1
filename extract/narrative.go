package extract

import (
	"fmt"
	"math/big"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// compareNarrative reads the figures that the text of the report names and compares
// them with the table (NARRATIVE_MATCH). The table is what counts: a figure of the
// text never becomes a cell, and a difference is a finding, for bodies count by other
// definitions there.
func (c *checker) compareNarrative(text string) []finding {
	text = narrative(c.book, text)
	var found []finding
	for _, n := range c.book.Narratives {
		table, ok := c.total(n.Metric)
		if !ok {
			continue
		}
		m := n.Pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		said := figure(m[1:])
		if said == nil || *said == table || n.Metric == "app_new" && *said == c.withCarriedIn(table) {
			continue
		}
		found = append(found, finding{"narrative_differs", fmt.Sprintf("%s: the text says %q, the table %s", n.Metric, m[0], record.DecimalString(table)), ""})
	}
	return found
}

// narrative is the part of the text above the first section that has a table.
func narrative(book *codebook.Book, text string) string {
	for _, t := range book.Tables {
		if t.ID != "t2" {
			continue
		}
		if at := t.Heading.FindStringIndex(text); at != nil && at[0] > 0 {
			text = text[:at[0]]
		}
	}
	return text
}

// figure is the first group that matched, as a value.
func figure(groups []string) *decimal128.Num {
	for _, g := range groups {
		if v, ok := scaled(g, "", 0); g != "" && ok {
			n := decimal128.FromBigInt(new(big.Int).Set(v))
			return &n
		}
	}
	return nil
}

// total is the metric's value for all applicants, printed or summed, and false where
// a part of it is no number.
func (c *checker) total(metric string) (decimal128.Num, bool) {
	applicant := "total"
	if c.book.Metric[metric].ByApplicant == "" || c.at[cellKey{metric, ""}] != nil {
		applicant = ""
	}
	c.missing = c.missing[:0]
	sum := c.sum(&codebook.Identity{}, codebook.Expr{{Sign: 1, Metric: metric, Applicant: applicant}}, "")
	return sum, len(c.missing) == 0
}

// withCarriedIn adds what was carried in: some bodies count it as received.
func (c *checker) withCarriedIn(received decimal128.Num) decimal128.Num {
	if carried, ok := c.total("app_carried_in"); ok {
		return received.Add(carried)
	}
	return received
}
