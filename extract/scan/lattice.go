package scan

import (
	"image"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/extract/grid"
)

// lattice is a table as its rules draw it, in dots of the straightened page.
type lattice struct {
	xs, ys []int // borders, ascending
	cells  []field
	// No rule closes the table at the top or at the bottom: a page break cuts its rows there.
	openTop, openBottom bool
}

// field is a cell of a lattice.
type field struct {
	row, col, rows, cols int
	box                  image.Rectangle
}

// ruling is the rules of a page and where their dots are.
type ruling struct {
	level, upright         []rule
	loose                  []rule // long upright rules that meet no level one
	levelDots, uprightDots *mask  // uprightDots lies as the page does
	near                   int    // dots within which two places are one
}

// rulingOf finds the rules of a page. unit is the size of a dot of 200 to the inch.
func rulingOf(ink *mask, unit float64) *ruling {
	u := func(n float64) int { return int(n*unit + 0.5) }
	r := &ruling{near: u(7)}
	turned := ink.transposed()
	level, upright := rulesOf(ink, u(45), u(9), u(3)), rulesOf(turned, u(26), u(9), u(3))
	// Strokes of characters do not reach from rule to rule.
	for _, v := range upright {
		if held(v, level, r.near, u(80)) {
			r.upright = append(r.upright, v)
		} else if v.to-v.from >= u(150) {
			r.loose = append(r.loose, v)
		}
	}
	for _, h := range level {
		if held(h, r.upright, r.near, u(160)) {
			r.level = append(r.level, h)
		}
	}
	r.levelDots, r.uprightDots = drawn(ink, r.level), drawn(turned, append(slices.Clone(r.upright), r.loose...)).transposed()
	return r
}

// held reports whether both ends of the rule lie on crossing ones, or it is long
// and crosses any.
func held(r rule, crossing []rule, near, long int) bool {
	from, to, any := false, false, false
	for _, c := range crossing {
		if r.at < c.from-near || r.at > c.to+near {
			continue
		}
		from = from || abs(c.at-r.from) <= near
		to = to || abs(c.at-r.to) <= near
		any = any || c.at >= r.from-near && c.at <= r.to+near
	}
	return from && to || any && r.to-r.from >= long
}

func abs(n int) int { return max(n, -n) }

// lattices makes the tables of the page, from the top down.
func (r *ruling) lattices() []lattice {
	var out []lattice
	seen := make([]bool, len(r.level))
	for i := range r.level {
		if seen[i] {
			continue
		}
		level, upright := r.connected(i, seen)
		if l, ok := r.lattice(level, upright); ok {
			out = append(out, l)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].ys[0] < out[j].ys[0] })
	return out
}

// connected collects the rules that meet level rule i, directly or through others.
func (r *ruling) connected(i int, seen []bool) (level, upright []rule) {
	seen[i] = true
	queue := []int{i}
	taken := make([]bool, len(r.upright))
	for len(queue) > 0 {
		h := r.level[queue[0]]
		queue = queue[1:]
		level = append(level, h)
		for k, v := range r.upright {
			if taken[k] || !r.cross(h, v) {
				continue
			}
			taken[k] = true
			upright = append(upright, v)
			for j, other := range r.level {
				if !seen[j] && r.cross(other, v) {
					seen[j] = true
					queue = append(queue, j)
				}
			}
		}
	}
	return level, upright
}

func (r *ruling) cross(h, v rule) bool {
	return v.at >= h.from-r.near && v.at <= h.to+r.near && h.at >= v.from-r.near && h.at <= v.to+r.near
}

// lattice makes cells of the fields between the rules: neighbouring fields with no
// rule between them are one cell. A lattice of one column is a frame and no table.
func (r *ruling) lattice(level, upright []rule) (lattice, bool) {
	upright = append(upright, r.besides(level, upright)...)
	ys := places(level, 2*r.near)
	l := lattice{
		xs: closed(places(upright, 2*r.near), level, r.near),
		ys: closed(ys, upright, r.near),
	}
	l.openTop, l.openBottom = l.ys[0] < ys[0], l.ys[len(l.ys)-1] > ys[len(ys)-1]
	rows, cols := len(l.ys)-1, len(l.xs)-1
	if rows < 1 || cols < 2 || rows > grid.MaxRows || cols > grid.MaxCols {
		return l, false
	}
	taken := make([]bool, rows*cols)
	for row := range rows {
		for col := range cols {
			if !taken[row*cols+col] {
				l.open(row, col, taken, r)
			}
		}
	}
	return l, true
}

// places are the distinct places of rules, ascending, longer rules weighing more.
func places(rules []rule, near int) []int {
	rules = slices.Clone(rules)
	sort.SliceStable(rules, func(i, j int) bool { return rules[i].at < rules[j].at })
	var out []int
	for start := 0; start < len(rules); {
		sum, length, end := 0, 0, start
		for ; end < len(rules) && rules[end].at-rules[start].at < near; end++ {
			sum += rules[end].at * (rules[end].to - rules[end].from)
			length += rules[end].to - rules[end].from
		}
		out = append(out, sum/max(length, 1))
		start = end
	}
	return out
}

// closed adds a border where two or more crossing rules run on beyond the outermost
// one, as at a page break that cuts a table.
func closed(at []int, crossing []rule, near int) []int {
	if len(at) == 0 {
		return nil
	}
	var low, high []int
	for _, r := range crossing {
		if r.from < at[0]-3*near {
			low = append(low, r.from)
		}
		if r.to > at[len(at)-1]+3*near {
			high = append(high, r.to)
		}
	}
	if len(low) > 1 {
		at = append([]int{slices.Min(low)}, at...)
	}
	if len(high) > 1 {
		at = append(at, slices.Max(high))
	}
	return at
}

// open makes the cell whose upper left field is (row, col), as wide and then as
// high as no rule bounds it.
func (l *lattice) open(row, col int, taken []bool, r *ruling) {
	rows, cols := len(l.ys)-1, len(l.xs)-1
	right, bottom := col+1, row+1
	for right < cols && !taken[row*cols+right] && !r.uprightBetween(l.xs[right], l.ys[row], l.ys[row+1]) {
		right++
	}
	for bottom < rows && !r.levelBetween(l.ys[bottom], l.xs[col], l.xs[right]) && !anyTaken(taken[bottom*cols+col:bottom*cols+right]) {
		bottom++
	}
	for i := row; i < bottom; i++ {
		for k := col; k < right; k++ {
			taken[i*cols+k] = true
		}
	}
	l.cells = append(l.cells, field{row, col, bottom - row, right - col,
		image.Rect(l.xs[col], l.ys[row], l.xs[right], l.ys[bottom])})
}

// besides finds loose rules that bound the table at its sides: a cell that fills a
// whole page has a border there that nothing meets.
func (r *ruling) besides(level, upright []rule) []rule {
	ys, xs := places(level, 1), places(upright, 1)
	if len(ys) < 2 || len(xs) < 2 {
		return nil
	}
	top, bottom := ys[0], ys[len(ys)-1]
	var out []rule
	for _, v := range r.loose {
		outside := v.at < xs[0]-r.near || v.at > xs[len(xs)-1]+r.near
		if shared := min(v.to, bottom) - max(v.from, top); outside && shared*5 > (bottom-top)*4 {
			out = append(out, v)
		}
	}
	return out
}

func anyTaken(fields []bool) bool { return slices.Contains(fields, true) }

// levelBetween reports whether a level rule runs along y for most of [from, to],
// its ends left out: there the crossing rules are.
func (r *ruling) levelBetween(y, from, to int) bool {
	return along(r.levelDots.w, r.levelDots.h, y, from, to, r.near, r.levelDots.at)
}

func (r *ruling) uprightBetween(x, from, to int) bool {
	return along(r.uprightDots.h, r.uprightDots.w, x, from, to, r.near, func(y, x int) bool { return r.uprightDots.at(x, y) })
}

func along(length, depth, place, from, to, near int, dot func(along, across int) bool) bool {
	margin := (to - from) / 10
	from, to = max(0, from+margin), min(length, to-margin)
	hits := 0
	for i := from; i < to; i++ {
		for k := max(0, place-near); k <= min(depth-1, place+near); k++ {
			if dot(i, k) {
				hits++
				break
			}
		}
	}
	return hits*2 > to-from
}
