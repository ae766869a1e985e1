package lattice

import (
	"math"
	"slices"
	"sort"
)

// A Rule is a horizontal or vertical ruling line: at is its y or x, from and to its
// ends on the other axis.
type Rule struct {
	vertical     bool
	at, from, to float64
}

const (
	near     = 2.0 // points within which two coordinates are one
	double   = 3.9 // points within which two rules beside each other are one border, and less than 2*near
	thick    = 3.0 // a filled box thinner than this is a line
	shortest = 4.0 // a shorter line rules nothing
	dash     = 1.0 // a shorter part of a line is none
)

// Rules turns the straight parts of a drawn path into rules: stroked lines, and
// filled boxes that are too thin to be anything else. Each part of the path is the
// list of its corners, a closed one with the first again at the end. Diagonals and
// backgrounds are no rules.
func Rules(parts [][]Point, stroked bool) []Rule {
	var out []Rule
	for _, part := range parts {
		if !stroked {
			if r, ok := thin(part); ok {
				out = append(out, r)
			}
			continue
		}
		for i := 1; i < len(part); i++ {
			if r, ok := straight(part[i-1], part[i]); ok {
				out = append(out, r)
			}
		}
	}
	return out
}

// straight makes a rule of a stroked line.
func straight(a, b Point) (Rule, bool) {
	dx, dy := math.Abs(a.X-b.X), math.Abs(a.Y-b.Y)
	switch {
	case dy < 0.5 && dx >= dash:
		return Rule{false, (a.Y + b.Y) / 2, math.Min(a.X, b.X), math.Max(a.X, b.X)}, true
	case dx < 0.5 && dy >= dash:
		return Rule{true, (a.X + b.X) / 2, math.Min(a.Y, b.Y), math.Max(a.Y, b.Y)}, true
	}
	return Rule{}, false
}

// thin makes a rule of a filled box that is a line in all but name.
func thin(corners []Point) (Rule, bool) {
	if len(corners) < 4 {
		return Rule{}, false
	}
	b := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, c := range corners {
		b.Left, b.Right = math.Min(b.Left, c.X), math.Max(b.Right, c.X)
		b.Bottom, b.Top = math.Min(b.Bottom, c.Y), math.Max(b.Top, c.Y)
	}
	x, y := b.Centre()
	switch width, height := b.Right-b.Left, b.Top-b.Bottom; {
	case height < thick && width >= dash && width >= height:
		return Rule{false, y, b.Left, b.Right}, true
	case width < thick && height >= dash:
		return Rule{true, x, b.Bottom, b.Top}, true
	}
	return Rule{}, false
}

// merged joins rules of one direction that lie on one line and touch, as the dashes of a
// line do. What is short then rules nothing.
func merged(rules []Rule) []Rule {
	sort.Slice(rules, func(i, j int) bool {
		if rules[i].at != rules[j].at {
			return rules[i].at < rules[j].at
		}
		return rules[i].from < rules[j].from
	})
	var out []Rule
	for start := 0; start < len(rules); {
		end := start + 1
		for end < len(rules) && rules[end].at-rules[end-1].at < near && rules[end].at-rules[start].at < 2*near {
			end++
		}
		line := slices.Clone(rules[start:end])
		sort.Slice(line, func(i, j int) bool { return line[i].from < line[j].from })
		current := line[0]
		for _, r := range line[1:] {
			if r.from <= current.to+double {
				current.to = math.Max(current.to, r.to)
				continue
			}
			out = append(out, current)
			current = r
		}
		out = append(out, current)
		start = end
	}
	return slices.DeleteFunc(out, func(r Rule) bool { return r.to-r.from < shortest })
}

// crosses reports whether a horizontal and a vertical rule meet.
func crosses(h, v Rule) bool {
	return v.at >= h.from-near && v.at <= h.to+near && h.at >= v.from-near && h.at <= v.to+near
}
