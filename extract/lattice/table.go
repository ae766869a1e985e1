package lattice

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"

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

// positions are the distinct places of rules, ascending.
func positions(rules []Rule) []float64 {
	var at []float64
	for _, r := range rules {
		at = append(at, r.at)
	}
	sort.Float64s(at)
	var out []float64
	for _, v := range at {
		if len(out) == 0 || v-out[len(out)-1] >= near {
			out = append(out, v)
		}
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

// append adds the rows of part, which is t itself or what continues it.
func (t *table) append(part *table) error {
	t.widen(part)
	lines := make([][]*textLine, len(part.cells))
	widest := make([]float64, len(part.xs)) // line of each column
	for i, c := range part.cells {
		var err error
		if lines[i], err = textLines(c.chars); err != nil {
			return err
		}
		if c.cols == 1 {
			for _, l := range lines[i] {
				widest[c.col] = math.Max(widest[c.col], l.width())
			}
		}
	}
	for i, c := range part.cells {
		left, right := t.column(c.Left), t.column(c.Right)
		t.out.Cells = append(t.out.Cells, grid.Cell{
			Row: t.out.Rows + c.row, Col: left, RowSpan: c.rows, ColSpan: right - left,
			Text:    cellText(lines[i], math.Max(widest[c.col], c.Right-c.Left-2*widestPadding)),
			Locator: fmt.Sprintf("page %d, %s", part.page, c.Box),
		})
	}
	t.out.Rows += len(part.ys) - 1
	t.lastPage = part.page
	return nil
}

// widestPadding is more than word processors leave blank at each side of a cell.
const widestPadding = 6.0

// cellText joins the lines of a cell. Where a line of digits leaves no room for one more
// within the width given, its number goes on in the next line.
func cellText(lines []*textLine, width float64) string {
	var b strings.Builder
	for i, l := range lines {
		text := l.text()
		if i > 0 && !(lines[i-1].leavesNoRoom(l, width) && endsInDigit.MatchString(b.String()) && beginsWithDigit.MatchString(text)) {
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
