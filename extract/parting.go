package extract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// readingsOf are the ways to read the cells of a run as the numbers of groups: as they
// stand, or, where there are too few, by parting digits, where totals is set so that each
// group ends in the sum of its others.
func readingsOf(cells []*grid.Cell, sizes []int, totals bool) [][]*grid.Cell {
	want := 0
	for _, n := range sizes {
		want += n
	}
	switch {
	case len(cells) == want:
		return [][]*grid.Cell{cells}
	case len(cells) == 0 || len(cells) > want:
		return nil
	}
	p := parting{cells: cells, sizes: sizes, totals: totals}
	for _, c := range cells {
		if digits := codebook.Squeeze(c.Text); isCount(digits) && len(digits) <= maxDigits {
			p.digits = append(p.digits, digits)
		} else {
			return nil
		}
	}
	p.next(nil, 0, 0, 0)
	return p.ways
}

// maxWays is in how many ways the numbers of a row may be read, and maxChoices those of
// all rows together.
const (
	maxWays    = 64
	maxChoices = 1 << 20
)

// maxDigits is more digits than a row prints.
const maxDigits = 60

// parting looks for the ways to part digits.
type parting struct {
	cells  []*grid.Cell
	digits []string // of each cell
	sizes  []int
	totals bool
	ways   [][]*grid.Cell
}

// next adds the numbers that may follow those read so far: group is the one at hand, sum
// that of its numbers, and n how many they are.
func (p *parting) next(read []*grid.Cell, group, n, sum int) {
	if len(p.ways) > maxWays {
		return
	}
	if group == len(p.sizes) {
		if len(p.digits) == 0 {
			p.ways = append(p.ways, slices.Clone(read))
		}
		return
	}
	if len(p.digits) == 0 {
		return
	}
	cell, digits := p.cells[0], p.digits[0]
	for size := 1; size <= len(digits) && size <= 9 && (size == 1 || digits[0] != '0'); size++ {
		number := digits[:size]
		value, _ := strconv.Atoi(number)
		last := n+1 == p.sizes[group]
		if last && p.totals && value != sum {
			continue
		}
		part := *cell
		part.Text = number
		rest := parting{cells: p.cells, digits: append([]string{digits[size:]}, p.digits[1:]...), sizes: p.sizes, totals: p.totals, ways: p.ways}
		if size == len(digits) {
			rest.cells, rest.digits = p.cells[1:], p.digits[1:]
		}
		if last {
			rest.next(append(read, &part), group+1, 0, 0)
		} else {
			rest.next(append(read, &part), group, n+1, sum+value)
		}
		p.ways = rest.ways
	}
}

// onlyChoice takes one of the readings of each row, such that the identities that hold for
// each applicant do; nil where no choice or several are such.
func (f *finder) onlyChoice(readings [][][]*grid.Cell) [][]*grid.Cell {
	c := choice{readings: readings, weights: f.weights(), chosen: make([]int, len(readings))}
	for i := range readings {
		c.order = append(c.order, i)
	}
	slices.SortStableFunc(c.order, func(i, j int) int { return len(readings[i]) - len(readings[j]) })
	choices := 1
	for _, ways := range readings {
		if choices *= len(ways); choices == 0 || len(ways) > maxWays || choices > maxChoices {
			return nil
		}
	}
	width := len(readings[0][0])
	if c.from(0, make([]int, len(c.weights)*width)); c.solutions != 1 {
		return nil
	}
	out := make([][]*grid.Cell, len(readings))
	for i, ways := range readings {
		out[i] = ways[c.only[i]]
	}
	return out
}

// weights gives, for each identity that holds for each applicant, how often each row of the
// form counts on its left side, less on its right.
func (f *finder) weights() [][]int {
	var out [][]int
	for _, id := range f.book.Identities {
		if id.Table != f.match.table.ID || id.Per != "applicant" || !contains(id.Forms, f.match.table.Form) {
			continue
		}
		w := make([]int, len(f.match.table.Cells))
		f.weigh(w, id.LHS, 1)
		f.weigh(w, id.RHS, -1)
		out = append(out, w)
	}
	return out
}

func (f *finder) weigh(w []int, e codebook.Expr, sign int) {
	for _, term := range e {
		at := slices.IndexFunc(f.match.table.Cells, func(c *codebook.FormCell) bool { return c.Metric == term.Metric })
		if at >= 0 {
			w[at] += sign * term.Sign
		} else {
			f.weigh(w, f.book.Metric[term.Metric].SumOf, sign*term.Sign)
		}
	}
}

// choice tries the readings of row after row.
type choice struct {
	readings     [][][]*grid.Cell
	order        []int // of the rows: those with one reading first
	weights      [][]int
	chosen, only []int
	solutions    int
}

// from chooses for the rows from the nth on; sums are those of each identity and column so
// far.
func (c *choice) from(n int, sums []int) {
	if c.solutions > 1 {
		return
	}
	if n == len(c.readings) {
		if !slices.ContainsFunc(sums, func(n int) bool { return n != 0 }) {
			c.solutions++
			c.only = slices.Clone(c.chosen)
		}
		return
	}
	i := c.order[n]
	for way, row := range c.readings[i] {
		next := slices.Clone(sums)
		for k, cell := range row {
			value, err := strconv.Atoi(strings.ReplaceAll(codebook.Squeeze(cell.Text), ",", ""))
			if err != nil {
				return // no plain number
			}
			for w, weight := range c.weights {
				next[w*len(row)+k] += weight[i] * value
			}
		}
		c.chosen[i] = way
		c.from(n+1, next)
	}
}
