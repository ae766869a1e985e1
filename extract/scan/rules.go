package scan

// A rule is a ruling line: at is its y (or x, if upright), from and to its ends on
// the other axis, all in dots.
type rule struct {
	at, from, to int
	runs         []run
}

// run is a stretch of ink in one row.
type run struct{ y, from, to int }

// rulesOf finds the level rules of a page. A rule is at least shortest long and on
// average at most thickest thick; gaps of up to gap in it, as scanning makes them,
// do not count. Pass the transposed ink for upright rules.
func rulesOf(ink *mask, shortest, thickest, gap int) []rule {
	var rules []rule
	for _, runs := range joined(runsOf(ink, shortest, gap)) {
		r := rule{from: runs[0].from, to: runs[0].to, runs: runs}
		dots, weight := 0, 0
		for _, s := range runs {
			r.from, r.to = min(r.from, s.from), max(r.to, s.to)
			for x := s.from; x < s.to; x++ {
				if ink.at(x, s.y) {
					dots++
					weight += s.y
				}
			}
		}
		if dots > 0 && dots <= thickest*(r.to-r.from) {
			r.at = weight / dots
			rules = append(rules, r)
		}
	}
	return rules
}

// drawn marks the dots of the rules.
func drawn(ink *mask, rules []rule) *mask {
	out := newMask(ink.w, ink.h)
	for _, r := range rules {
		for _, s := range r.runs {
			for x := s.from; x < s.to; x++ {
				if ink.at(x, s.y) {
					out.set[s.y*ink.w+x] = true
				}
			}
		}
	}
	return out
}

// runsOf lists the long stretches of ink of each row, the rows next to it counted
// in: a thin line that is not quite level steps from row to row.
func runsOf(ink *mask, shortest, gap int) []run {
	near := func(x, y int) bool {
		return ink.at(x, y) || y > 0 && ink.at(x, y-1) || y+1 < ink.h && ink.at(x, y+1)
	}
	var out []run
	for y := range ink.h {
		start, last := -1, -1
		for x := 0; x <= ink.w; x++ {
			if x < ink.w && near(x, y) {
				if start < 0 {
					start = x
				}
				last = x
				continue
			}
			if start >= 0 && (x == ink.w || x-last > gap) {
				if last+1-start >= shortest {
					out = append(out, run{y, start, last + 1})
				}
				start = -1
			}
		}
	}
	return out
}

// joined groups runs that touch from row to row.
func joined(runs []run) [][]run {
	g := newGroups(len(runs))
	start := 0 // first run of the row above
	for i, r := range runs {
		for runs[start].y < r.y-1 {
			start++
		}
		for k := start; k < i && runs[k].y < r.y; k++ {
			if runs[k].from < r.to && r.from < runs[k].to {
				g.join(i, k)
			}
		}
	}
	return collected(g, runs)
}

// groups are sets of things that touch, directly or through others: the parent of each.
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) root(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(i, k int) { g[g.root(i)] = g.root(k) }

// collected are the groups of things, in the order of their first.
func collected[T any](g groups, things []T) [][]T {
	place := map[int]int{}
	var out [][]T
	for i, t := range things {
		k, ok := place[g.root(i)]
		if !ok {
			k = len(out)
			place[g.root(i)] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], t)
	}
	return out
}
