package lattice

import (
	"math"
	"regexp"
	"strings"
)

const (
	fewLines = 3    // that are full, from which margins can be told
	fewChars = 4    // characters of a line that may be full
	usual    = 12.0 // more than word processors leave blank at both sides of a cell together
)

// margins is how much of their width cells leave blank at both sides together: as the
// fullest of the lines do that go on in another.
func margins(cells []printedCell) float64 {
	least, full := math.Inf(1), 0
	for _, c := range cells {
		for k := 0; k+1 < len(c.lines); k++ {
			if l := c.lines[k]; len(l.chars) >= fewChars {
				least, full = math.Min(least, c.Right-c.Left-l.width()), full+1
			}
		}
	}
	if full < fewLines {
		return usual
	}
	return math.Max(least, usual)
}

// cellText joins the lines of a cell. Where a line of digits leaves no room for one more
// within the width given, its number goes on in the next line.
func cellText(lines []*textLine, width float64) string {
	var b strings.Builder
	for i, l := range lines {
		text := l.text()
		if i > 0 && !(lines[i-1].isFull(width) && len(l.chars) <= len(lines[i-1].chars) && endsInDigit.MatchString(b.String()) && beginsWithDigit.MatchString(text)) {
			b.WriteByte('\n')
		}
		b.WriteString(text)
	}
	return b.String()
}

var (
	endsInDigit     = regexp.MustCompile(`(?:^|\n)[+\-−]?[\d,.]*\d[,.]?$`)
	beginsWithDigit = regexp.MustCompile(`^[,.]?\d[\d,.]*$`)
)
