package extract

import (
	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// equate collects the instances of the identities that are errors when they fail.
func (a *acceptance) equate(matches map[string]*match) {
	index := map[cellKey]int{}
	c := checker{book: a.book, at: map[cellKey]*record.Cell{}}
	for i := range a.cells {
		key := cellKey{a.cells[i].Metric, a.cells[i].Applicant}
		index[key], c.at[key] = i, &a.cells[i]
	}
	for _, id := range a.book.Identities {
		m := matches[id.Table]
		if m == nil || id.Op != "=" || id.Severity != "error" || !contains(id.Forms, m.table.Form) {
			continue
		}
		for _, instance := range c.instances(id, m) {
			a.equation(&c, index, id, instance)
		}
	}
}

func (a *acceptance) equation(c *checker, index map[cellKey]int, id *codebook.Identity, instance string) {
	var e equation
	for side, terms := range []codebook.Expr{id.LHS, id.RHS} {
		for _, t := range terms {
			for _, p := range c.resolve(id, t, instance) {
				i, printed := index[p.key]
				if !printed {
					e.open = true
					continue
				}
				e.cells, e.signs = append(e.cells, i), append(e.signs, t.Sign*(1-2*side))
			}
		}
	}
	for _, i := range e.cells {
		a.values[i].within = append(a.values[i].within, len(a.equations))
	}
	a.equations = append(a.equations, e)
}

// balance is the sum of the equation; ok is false where a cell is no number.
func (a *acceptance) balance(e equation) (sum decimal128.Num, ok bool) {
	if e.open {
		return sum, false
	}
	for k, i := range e.cells {
		v := a.values[i].value()
		if v == nil {
			return sum, false
		}
		sum = plus(sum, e.signs[k], *v)
	}
	return sum, true
}

func plus(sum decimal128.Num, sign int, v decimal128.Num) decimal128.Num {
	if sign < 0 {
		return sum.Sub(v)
	}
	return sum.Add(v)
}

// tally counts the equations, among those given, that hold and that fail.
func (a *acceptance) tally(equations []int) (held, failed int) {
	for _, e := range equations {
		sum, ok := a.balance(a.equations[e])
		switch {
		case ok && sum.Sign() == 0:
			held++
		case ok:
			failed++
		}
	}
	return held, failed
}

// swap takes another option of a cell.
type swap struct{ cell, option int }

// improve makes the one change of reading, or the pair of changes within one
// equation, after which most equations fewer fail, and none fails that held. It
// reports whether there is one.
func (a *acceptance) improve() bool {
	var best []swap
	most := 0
	try := func(swaps ...swap) {
		if gain := a.gain(swaps); gain > most {
			best, most = append([]swap(nil), swaps...), gain
		}
	}
	singles := a.swaps(nil)
	for _, s := range singles {
		try(s)
	}
	if most == 0 {
		for _, e := range a.equations {
			if sum, ok := a.balance(e); !ok || sum.Sign() == 0 {
				continue
			}
			inside := a.swaps(e.cells)
			for i, s := range inside[:min(len(inside), 40)] {
				for _, other := range inside[i+1:] {
					if s.cell != other.cell {
						try(s, other)
					}
				}
			}
		}
	}
	for _, s := range best {
		a.values[s.cell].chosen = s.option
	}
	return most > 0
}

// swaps lists what may be changed in the cells given, or in all.
func (a *acceptance) swaps(cells []int) []swap {
	if cells == nil {
		for i := range a.values {
			cells = append(cells, i)
		}
	}
	var out []swap
	for _, i := range cells {
		for k, o := range a.values[i].options {
			if k != a.values[i].chosen && o.value != nil {
				out = append(out, swap{i, k})
			}
		}
	}
	return out
}

// gain is by how many equations fewer fail after the swaps; negative where one
// fails that held.
func (a *acceptance) gain(swaps []swap) int {
	var touched []int
	seen := map[int]bool{}
	for _, s := range swaps {
		for _, e := range a.values[s.cell].within {
			if !seen[e] {
				seen[e] = true
				touched = append(touched, e)
			}
		}
	}
	before := a.outcomes(touched)
	old := make([]int, len(swaps))
	for i, s := range swaps {
		old[i], a.values[s.cell].chosen = a.values[s.cell].chosen, s.option
	}
	after := a.outcomes(touched)
	for i, s := range swaps {
		a.values[s.cell].chosen = old[i]
	}
	gain := 0
	for i := range touched {
		if before[i] > 0 && after[i] <= 0 {
			return -1
		}
		gain += after[i] - before[i]
	}
	return gain
}

// outcomes says of each equation whether it holds (1), is open (0) or fails (-1).
func (a *acceptance) outcomes(equations []int) []int {
	out := make([]int, len(equations))
	for i, e := range equations {
		held, failed := a.tally([]int{e})
		out[i] = held - failed
	}
	return out
}

// accepts decides whether the chosen reading of a recognised cell stands.
func (a *acceptance) accepts(i int) bool {
	v := &a.values[i]
	if len(v.options) == 0 {
		return false
	}
	held, failed := a.tally(v.within)
	switch {
	case v.value() == nil || held+failed == 0:
		return v.agreed() && v.options[v.chosen].weight >= aloneWeight
	case v.chosen > 0 && held < 2:
		// One identity alone does not tell a misreading from a slip of the source.
		return false
	case held > 0:
		return v.agreed() || (failed == 0 || len(v.options) == 1) && a.unique(i)
	}
	return v.sure() && !a.contradicted(i)
}

// contradicted reports whether two identities give the cell one and the same other
// value. That is the mark of a misreading, and of a slip in the source as well; a
// sure reading is then neither kept nor repaired.
func (a *acceptance) contradicted(i int) bool {
	var other []decimal128.Num
	for _, e := range a.values[i].within {
		sum, ok := a.balance(a.equations[e])
		if !ok || sum.Sign() == 0 {
			continue
		}
		implied := a.solved(a.equations[e], i)
		for _, o := range other {
			if o == implied {
				return true
			}
		}
		other = append(other, implied)
	}
	return false
}

// solved is the value of cell i with which the equation holds, all others as read.
func (a *acceptance) solved(e equation, i int) decimal128.Num {
	sum, sign := decimal128.Num{}, 0
	for k, cell := range e.cells {
		if cell == i {
			sign = e.signs[k]
			continue
		}
		sum = plus(sum, e.signs[k], *a.values[cell].value())
	}
	if sign > 0 {
		return sum.Negate()
	}
	return sum
}

// unique reports whether some equation that holds would hold with no other option
// of the cell, whatever the other doubtful cells of it may be.
func (a *acceptance) unique(i int) bool {
	for _, e := range a.values[i].within {
		sum, ok := a.balance(a.equations[e])
		if ok && sum.Sign() == 0 && !a.fitsOtherwise(a.equations[e], i) {
			return true
		}
	}
	return false
}

// fitsOtherwise searches the combinations of readings of an equation's doubtful
// cells for one that fits with another option of cell i. Where there are too many
// to try it is taken that there is one.
func (a *acceptance) fitsOtherwise(e equation, i int) bool {
	const limit = 10_000
	tried := 0
	var search func(k int, sum decimal128.Num, changed bool) bool
	search = func(k int, sum decimal128.Num, changed bool) bool {
		if tried++; tried > limit {
			return true
		}
		if k == len(e.cells) {
			return changed && sum.Sign() == 0
		}
		v := &a.values[e.cells[k]]
		for n, o := range v.options {
			if o.value == nil || n != v.chosen && v.agreed() && e.cells[k] != i {
				continue
			}
			if search(k+1, plus(sum, e.signs[k], *o.value), changed || e.cells[k] == i && n != v.chosen) {
				return true
			}
		}
		return false
	}
	return search(0, decimal128.Num{}, false)
}
