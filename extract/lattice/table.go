package lattice

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"

	"github.com/nianbao/nianbao/extract/grid"
)

// Limits against pages made to exhaust the reader; the largest table of a report has
// some 300 fields and 100 rules.
const (
	maxRules  = 20_000 // dashes together
	maxFields = 20_000
)

// tables finds the lattices of a page, from the top down.
func (p Page) tables() []*table {
	var hs, vs []Rule
	for _, r := range p.Rules {
		if r.vertical {
			vs = append(vs, r)
		} else {
			hs = append(hs, r)
		}
	}
	hs, vs = merged(hs), merged(vs)
	hs, vs = hs[:min(len(hs), maxRules/2)], vs[:min(len(vs), maxRules/2)]
	var out []*table
	for _, group := range connected(hs, vs) {
		if t := newTable(group.hs, group.vs); t != nil {
			out = append(out, t)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].bounds().Top > out[j].bounds().Top })
	return out
}

type lattice struct{ hs, vs []Rule }

// connected groups rules that meet, directly or through others.
func connected(hs, vs []Rule) []lattice {
	seenH, seenV := make([]bool, len(hs)), make([]bool, len(vs))
	var out []lattice
	for i := range hs {
		if seenH[i] {
			continue
		}
		var l lattice
		queueH, queueV := []int{i}, []int(nil)
		seenH[i] = true
		for len(queueH)+len(queueV) > 0 {
			if len(queueH) > 0 {
				h := hs[queueH[0]]
				queueH = queueH[1:]
				l.hs = append(l.hs, h)
				for k, v := range vs {
					if !seenV[k] && crosses(h, v) {
						seenV[k] = true
						queueV = append(queueV, k)
					}
				}
				continue
			}
			v := vs[queueV[0]]
			queueV = queueV[1:]
			l.vs = append(l.vs, v)
			for k, h := range hs {
				if !seenH[k] && crosses(h, v) {
					seenH[k] = true
					queueH = append(queueH, k)
				}
			}
		}
		out = append(out, l)
	}
	return out
}

// positions are the distinct places of rules, ascending. The two rules of a double border,
// or of cells with a gap between them, are one: no text stands between.
func positions(rules []Rule) []float64 {
	at := make([]float64, len(rules))
	for i, r := range rules {
		at[i] = r.at
	}
	sort.Float64s(at)
	var out []float64
	for start := 0; start < len(at); {
		end := start + 1
		for end < len(at) && at[end]-at[start] < double {
			end++
		}
		out = append(out, (at[start]+at[end-1])/2)
		start = end
	}
	return out
}

// closed adds a border where two or more of the crossing rules run on beyond the
// outermost one: word processors leave out the border at which a page break cuts
// a table, and some tables have no border at their sides.
func closed(at []float64, crossing []Rule) []float64 {
	if len(at) == 0 {
		return nil
	}
	first, last := at[0], at[len(at)-1]
	var low, high []float64
	for _, r := range crossing {
		if r.from < first-2*near {
			low = append(low, r.from)
		}
		if r.to > last+2*near {
			high = append(high, r.to)
		}
	}
	if len(low) > 1 {
		at = append([]float64{slices.Min(low)}, at...)
	}
	if len(high) > 1 {
		at = append(at, slices.Max(high))
	}
	return at
}

// table is a lattice with its cells. Rows run from the top down.
type table struct {
	page     int
	lastPage int       // of the last part appended
	xs, ys   []float64 // borders: xs ascending, ys descending
	cells    []*latticeCell
	fields   [][]*latticeCell // by row, column
	out      *grid.Grid       // once handed out
	bottom   []ending         // what the last part ended in
}

type latticeCell struct {
	row, col, rows, cols int
	Box
	chars []Char
}

// newTable makes cells of a lattice: neighbouring fields with no rule between
// them are one cell. A lattice of one column is a frame and no table.
func newTable(hs, vs []Rule) *table {
	t := &table{xs: closed(positions(vs), hs), ys: closed(positions(hs), vs)}
	slices.Reverse(t.ys)
	rows, cols := len(t.ys)-1, len(t.xs)-1
	if rows < 1 || cols < 2 || cols > grid.MaxCols || rows*cols > maxFields {
		return nil
	}
	t.fields = make([][]*latticeCell, rows)
	for r := range t.fields {
		t.fields[r] = make([]*latticeCell, cols)
	}
	for r := range rows {
		for c := range cols {
			if t.fields[r][c] == nil {
				t.open(r, c, hs, vs)
			}
		}
	}
	return t
}

// open makes the cell whose upper left field is (r, c), as wide and then as high
// as no rule bounds it.
func (t *table) open(r, c int, hs, vs []Rule) {
	right := c
	for right+1 < len(t.xs)-1 && t.fields[r][right+1] == nil && !ruled(vs, t.xs[right+1], t.ys[r+1], t.ys[r]) {
		right++
	}
	bottom := r
	for bottom+1 < len(t.ys)-1 && !ruled(hs, t.ys[bottom+1], t.xs[c], t.xs[right+1]) {
		bottom++
	}
	cell := &latticeCell{row: r, col: c, rows: bottom - r + 1, cols: right - c + 1,
		Box: Box{t.xs[c], t.ys[bottom+1], t.xs[right+1], t.ys[r]}}
	for i := r; i <= bottom; i++ {
		for k := c; k <= right; k++ {
			if t.fields[i][k] == nil {
				t.fields[i][k] = cell
			}
		}
	}
	t.cells = append(t.cells, cell)
}

// ruled reports whether a rule at the place covers the middle of [from, to].
func ruled(rules []Rule, at, from, to float64) bool {
	middle := (from + to) / 2
	for _, r := range rules {
		if math.Abs(r.at-at) < near && r.from <= middle && middle <= r.to {
			return true
		}
	}
	return false
}

func (t *table) bounds() Box {
	return Box{t.xs[0], t.ys[len(t.ys)-1], t.xs[len(t.xs)-1], t.ys[0]}
}

// take puts a character into the cell in which its centre lies, and reports
// whether there is one.
func (t *table) take(c Char) bool {
	x, y := c.Centre()
	b := t.bounds()
	if x < b.Left || x > b.Right || y < b.Bottom || y > b.Top {
		return false
	}
	col := sort.SearchFloat64s(t.xs, x) - 1
	row := sort.Search(len(t.ys), func(i int) bool { return t.ys[i] < y }) - 1
	if col < 0 || row < 0 || col >= len(t.xs)-1 || row >= len(t.ys)-1 {
		return false
	}
	cell := t.fields[row][col]
	cell.chars = append(cell.chars, c)
	return true
}

// continuedBy reports whether next stands on the following page between the same
// outer borders, and no two of its borders are one of t.
func (t *table) continuedBy(next *table) bool {
	if next.page != t.lastPage+1 || t.out.Rows+len(next.ys) > grid.MaxRows {
		return false
	}
	if t.column(next.xs[0]) != 0 || t.column(next.xs[len(next.xs)-1]) != len(t.xs)-1 {
		return false
	}
	before, added := -1, 0
	for _, x := range next.xs {
		at := t.column(x)
		switch {
		case at < 0:
			added++
		case at <= before:
			return false
		default:
			before = at
		}
	}
	return len(t.xs)-1+added <= grid.MaxCols
}

// widen adds the borders of a part that t has not: rows above may have merged what
// stands between them.
func (t *table) widen(part *table) {
	for _, x := range part.xs {
		if t.column(x) >= 0 {
			continue
		}
		at := sort.SearchFloat64s(t.xs, x)
		t.xs = slices.Insert(t.xs, at, x)
		t.out.Cols++
		for i := range t.out.Cells {
			switch c := &t.out.Cells[i]; {
			case c.Col >= at:
				c.Col++
			case c.Col+c.ColSpan >= at:
				c.ColSpan++
			}
		}
	}
}

// column is the index of the border nearest to x, or -1 where none is near.
func (t *table) column(x float64) int {
	best := -1
	for i, at := range t.xs {
		if d := math.Abs(at - x); d < 2*near && (best < 0 || d < math.Abs(t.xs[best]-x)) {
			best = i
		}
	}
	return best
}

// grid hands the table out; parts on later pages are appended to the same grid.
func (t *table) grid() (*grid.Grid, error) {
	t.out = &grid.Grid{Cols: len(t.xs) - 1}
	err := t.append(t)
	return t.out, err
}

// append adds the rows of part, which is t itself or what continues it: without a heading
// that is printed again, and the rest of a row that the page break has cut as part of it.
func (t *table) append(part *table) error {
	t.widen(part)
	cells, err := part.printed()
	if err != nil {
		return err
	}
	for i := range cells {
		c := &cells[i]
		left, right := t.column(c.Left), t.column(c.Right)
		c.out = grid.Cell{
			Row: c.row, Col: left, RowSpan: c.rows, ColSpan: right - left,
			Text: c.text, Locator: fmt.Sprintf("page %d, %s", part.page, c.Box),
		}
	}
	again := t.headingAgain(cells)
	cut := t.isCut(cells, again)
	bottom := map[int]int{} // of the cells that end this part: index in cells
	for i, c := range cells {
		above, ok := t.bottomAt(c.out)
		switch {
		case c.row < again:
		case cut && c.row == again && c.rows == 1 && ok:
			t.goOn(above, c)
		default:
			c.out.Row += t.out.Rows - again
			t.out.Cells = append(t.out.Cells, c.out)
			if c.row+c.rows == len(part.ys)-1 {
				bottom[len(t.out.Cells)-1] = i
			}
		}
	}
	t.bottom = nil
	for _, at := range slices.Sorted(maps.Keys(bottom)) {
		t.bottom = append(t.bottom, ending{at, cells[bottom[at]]})
	}
	t.out.Rows += len(part.ys) - 1 - again
	t.lastPage = part.page
	return nil
}
