package lattice

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid"
)

// A word is text without a wide gap, such as a cell prints on one line.
type word struct {
	Box
	text string
	page int
}

// words cuts a line at its wide gaps.
func (l *textLine) words(page int) []word {
	text := l.text() // which orders the characters
	var out []word
	before := ""
	for _, c := range l.chars {
		last := len(out) - 1
		widest := (l.top - l.bottom) * widestGap
		if last >= 0 && (fullWidth(c.Text) || fullWidth(before)) {
			widest *= 2 // the sign is printed at one side of its square
		}
		before = c.Text
		if last < 0 || c.Left-out[last].Right > widest {
			out = append(out, word{c.Box, c.Text, page})
			continue
		}
		w := &out[last]
		w.text += c.Text
		w.Right, w.Bottom, w.Top = math.Max(w.Right, c.Right), math.Min(w.Bottom, c.Bottom), math.Max(w.Top, c.Top)
	}
	if len(out) == 1 {
		out[0].text = text
	}
	return out
}

// fullWidth reports whether the text is a sign that has the square of an ideograph.
func fullWidth(text string) bool {
	return strings.ContainsAny(text, "，、。；：？！（）【】《》〈〉「」『』〔〕“”‘’．")
}

const (
	widestGap   = 0.45 // in a word, in heights of its line
	maxHeadings = 12   // lines of headings above a table
	longestHead = 40   // characters; what is longer is prose
)

// openLine is a line of a page; the last of its words may be values.
type openLine struct {
	words  []word
	values int
	y      float64 // middle; pages follow each other downwards
	height float64
}

func (l openLine) valueWords() []word { return l.words[len(l.words)-l.values:] }

// openTables finds the tables of pages that rule nothing, by their columns: the places
// at which the numbers of several lines stand one below the other. A number that stands
// at one place and at no other belongs to that column, a place without a number is blank;
// a line with a number anywhere else is no row. A heading is a row for each of its lines,
// for nothing shows where one heading ends and the next begins.
func openTables(pages [][]*textLine) []*grid.Grid {
	var lines []openLine
	offset := 0.0
	for i, page := range pages {
		for k, l := range page {
			words := l.words(i + 1)
			if (k == 0 || k == len(page)-1) && len(words) == 1 && pageNumber.MatchString(words[0].text) {
				continue
			}
			n := 0
			for n < len(words) && grid.IsValue(words[len(words)-1-n].text) {
				n++
			}
			lines = append(lines, openLine{words, n, (l.top+l.bottom)/2 - offset, l.top - l.bottom})
		}
		offset += 20_000 // more than a page may be high
	}
	var out []*grid.Grid
	for start := 0; start < len(lines); {
		t := openTable{lines: lines, above: start}
		start = t.extend(start)
		if g := t.grid(); g != nil {
			out = append(out, g)
		}
	}
	return out
}

// openTable is a run of lines whose values stand in the same columns.
type openTable struct {
	lines   []openLine
	columns []Box // where the values of each column stand; only the sides count
	above   int   // the first line that no table above has
	rows    []int // lines with values
}

// extend takes the rows from line start on, and returns the line at which the next
// table begins.
func (t *openTable) extend(start int) int {
	for i := start; i < len(t.lines); i++ {
		l := t.lines[i]
		if l.values == 0 {
			continue
		}
		columns, ok := t.with(l)
		switch {
		case ok:
			t.columns = columns
			t.rows = append(t.rows, i)
		case len(t.columns) > 0 && l.values > 1:
			return t.rows[len(t.rows)-1] + 1
		}
	}
	return len(t.lines)
}

// with returns the columns widened by the values of a line, and false where a value
// stands in no column, in two, or two stand in one.
func (t *openTable) with(l openLine) ([]Box, bool) {
	values := l.valueWords()
	if len(values) >= grid.MaxCols {
		return nil, false
	}
	if len(values) > len(t.columns) { // the rows above may have had blanks
		wider := openTable{}
		for _, v := range values {
			wider.columns = append(wider.columns, v.Box)
		}
		if len(values) < 2 {
			return nil, false
		}
		for i, v := range values {
			if wider.column(v.Box) != i {
				return nil, false // a number without width, or one over the other
			}
		}
		for _, c := range t.columns {
			columns, ok := wider.with(openLine{words: []word{{Box: c}}, values: 1})
			if !ok {
				return nil, false
			}
			wider.columns = columns
		}
		return wider.columns, true
	}
	columns := slices.Clone(t.columns)
	for i, v := range values {
		at := t.column(v.Box)
		if at < 0 || i > 0 && t.column(values[i-1].Box) >= at {
			return nil, false
		}
		columns[at].Left, columns[at].Right = math.Min(columns[at].Left, v.Left), math.Max(columns[at].Right, v.Right)
	}
	for i := 1; i < len(columns); i++ {
		if columns[i].Left <= columns[i-1].Right {
			return nil, false
		}
	}
	return columns, true
}

// column is the one column that the box stands in, or -1.
func (t *openTable) column(b Box) int {
	found := -1
	for i, c := range t.columns {
		if b.Left < c.Right && b.Right > c.Left {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}

// band is the column whose part of the page the middle of the box lies in, or -1 where
// that is left of them all, among the labels.
func (t *openTable) band(b Box) int {
	x, _ := b.Centre()
	at := -1
	for i := range t.columns {
		if x >= t.edge(i) {
			at = i
		}
	}
	return at
}

// edge is the middle of the gap before a column, or after the last one.
func (t *openTable) edge(i int) float64 {
	n := len(t.columns)
	switch {
	case i == 0:
		return t.columns[0].Left - (t.columns[1].Left-t.columns[0].Right)/2
	case i == n:
		return t.columns[n-1].Right + (t.columns[n-1].Left-t.columns[n-2].Right)/2
	}
	return (t.columns[i-1].Right + t.columns[i].Left) / 2
}

// grid lays the table out: the labels in the first column, then the values.
func (t *openTable) grid() *grid.Grid {
	if len(t.columns) < 2 || len(t.rows) >= grid.MaxRows/2 {
		return nil
	}
	g := &grid.Grid{Cols: len(t.columns) + 1, Open: true}
	named := make([]bool, len(t.columns)) // columns that have a heading of their own right above
	next := 0
	inRun := false
	for i := t.top(); i <= t.rows[len(t.rows)-1]; i++ {
		switch {
		case next < len(t.rows) && t.rows[next] == i:
			if !t.parted(next-1) && !t.parted(next) {
				t.addRow(g, next, named)
			}
			next++
			inRun = false
		case t.isHeading(i):
			if !inRun {
				clear(named)
				inRun = true
			}
			t.addHeading(g, i, named)
		}
		if g.Rows >= grid.MaxRows {
			return nil
		}
	}
	if g.Rows < 2 {
		return nil // a line of numbers with nothing above
	}
	return g
}

// top is the line at which the headings begin.
func (t *openTable) top() int {
	i := t.rows[0]
	for i > t.above && t.rows[0]-i < maxHeadings {
		for _, w := range t.lines[i-1].words {
			if utf8.RuneCountInString(w.text) > longestHead && t.band(w.Box) >= 0 {
				return i
			}
		}
		i--
	}
	return i
}

// isHeading reports whether the line has words above the columns.
func (t *openTable) isHeading(i int) bool {
	words := t.lines[i].words
	return len(words) > 0 && t.band(words[len(words)-1].Box) >= 0
}

// addHeading adds a line of headings. A heading stands over the column that its middle
// is over, and over as many on either side as are free.
func (t *openTable) addHeading(g *grid.Grid, i int, named []bool) {
	var label, heads []word
	var from, to []int
	for _, w := range t.lines[i].words {
		first, last := t.over(w.Box)
		switch {
		case last < 0:
			label = append(label, w)
		case len(heads) > 0 && to[len(to)-1] >= first:
			heads[len(heads)-1].text += w.text // a gap within a heading
		default:
			heads, from, to = append(heads, w), append(from, first), append(to, last)
		}
	}
	for grown := true; grown; {
		grown = false
		for k := range heads {
			low, high := t.free(k, from, to)
			if from[k] > low && to[k] < high {
				from[k], to[k], grown = from[k]-1, to[k]+1, true
			}
		}
	}
	for k, h := range heads { // columns differ in width
		low, high := t.free(k, from, to)
		x, _ := h.Centre()
		off := func(first, last int) float64 { return math.Abs(x - (t.edge(first)+t.edge(last+1))/2) }
		switch {
		case from[k] == to[k]:
		case from[k] > low && off(from[k]-1, to[k]) < off(from[k], to[k]):
			from[k]--
		case to[k] < high && off(from[k], to[k]+1) < off(from[k], to[k]):
			to[k]++
		}
	}
	if label != nil {
		g.Cells = append(g.Cells, cellOf(g.Rows, 0, 1, label))
	}
	for k, h := range heads {
		g.Cells = append(g.Cells, cellOf(g.Rows, from[k]+1, to[k]-from[k]+1, []word{h}))
		if from[k] == to[k] {
			named[to[k]] = true
		}
	}
	g.Rows++
}

// free returns the first and the last column that heading k may be over.
func (t *openTable) free(k int, from, to []int) (low, high int) {
	low, high = 0, len(t.columns)-1
	if k > 0 {
		low = to[k-1] + 1
	}
	if k+1 < len(from) {
		high = from[k+1] - 1
	}
	return low, high
}

// over returns the columns that a heading is over: the one whose values it is in line
// with, or the two that its middle is between, whichever is nearer; -1 for a label.
func (t *openTable) over(b Box) (first, last int) {
	x, _ := b.Centre()
	at := t.band(b)
	if at < 0 {
		return -1, -1
	}
	nearest := math.Inf(1)
	first, last = at, at
	if own := t.column(b); own >= 0 {
		c := t.columns[own]
		middle, _ := c.Centre()
		nearest = min(math.Abs(x-middle), math.Abs(b.Left-c.Left), math.Abs(b.Right-c.Right))
		if nearest < near {
			first, last = own, own
		}
	}
	for _, left := range []int{at - 1, at} {
		if left < 0 || left+1 >= len(t.columns) {
			continue
		}
		a, _ := t.columns[left].Centre()
		b, _ := t.columns[left+1].Centre()
		if d := math.Abs(x - (a+b)/2); d < (b-a)/4 && d < nearest {
			first, last = left, left+1
		}
	}
	return first, last
}

// parted reports whether a row and the next have no column in common: then the values of
// one row may stand at two heights, and what is missing in each is not blank.
func (t *openTable) parted(row int) bool {
	if row < 0 || row+1 >= len(t.rows) {
		return false
	}
	filled := make([]bool, len(t.columns))
	for _, v := range t.lines[t.rows[row]].valueWords() {
		filled[t.column(v.Box)] = true
	}
	return !slices.ContainsFunc(t.lines[t.rows[row+1]].valueWords(), func(w word) bool { return filled[t.column(w.Box)] })
}

// addRow adds a line of values. Blank are the columns that a heading names.
func (t *openTable) addRow(g *grid.Grid, row int, named []bool) {
	l := t.lines[t.rows[row]]
	labels := l.words[:len(l.words)-l.values]
	for _, w := range labels {
		number := strings.TrimRight(w.text, "0123456789") != w.text && t.column(l.valueWords()[0].Box) > 0
		if w.Right > t.columns[0].Left || number {
			return // text among the values, or a number that may have run into the label
		}
	}
	if label := t.label(row); label != nil {
		g.Cells = append(g.Cells, cellOf(g.Rows, 0, 1, label))
	}
	byColumn := make([][]word, len(t.columns))
	for _, v := range l.valueWords() {
		at := t.column(v.Box)
		byColumn[at] = []word{v}
	}
	for c, words := range byColumn {
		if words != nil || named[c] {
			cell := cellOf(g.Rows, c+1, 1, words)
			if words == nil {
				cell.Locator = cellOf(0, 0, 1, l.valueWords()).Locator
			}
			g.Cells = append(g.Cells, cell)
		}
	}
	g.Rows++
}

// label is the label of a row: the word left of its values, and the lines of it that
// stand above and below at the same distance.
func (t *openTable) label(row int) []word {
	i := t.rows[row]
	l := t.lines[i]
	var label []word
	if n := len(l.words) - l.values; n > 0 {
		label = l.words[n-1 : n : n]
	}
	for d := 1; d <= 3; d++ {
		up, down, ok := t.labelLine(i-d), t.labelLine(i+d), true
		if up == nil || down == nil || label != nil && (t.unlabelled(i-d-1) || t.unlabelled(i+d+1)) {
			break
		}
		middle := (t.lines[i-d].y + t.lines[i+d].y) / 2
		near := append([]word{*up, *down}, label...)
		for _, w := range near {
			ok = ok && w.Left < up.Right && w.Right > up.Left
		}
		if !ok || math.Abs(middle-l.y) > l.height/3 || t.lines[i-d].y-t.lines[i+d].y > float64(2*d)*l.height*1.8 {
			break
		}
		label = append(append([]word{*up}, label...), *down)
	}
	return label
}

// unlabelled reports whether the line has values alone: the lines next to it are its label.
func (t *openTable) unlabelled(i int) bool {
	return i >= 0 && i < len(t.lines) && t.lines[i].values > 0 && t.lines[i].values == len(t.lines[i].words)
}

// labelLine is the last word of a line that has nothing above or in the columns.
func (t *openTable) labelLine(i int) *word {
	if i < 0 || i >= len(t.lines) || t.lines[i].values > 0 || t.isHeading(i) || len(t.lines[i].words) == 0 {
		return nil
	}
	words := t.lines[i].words
	return &words[len(words)-1]
}

// cellOf is a cell of these words; a blank one has no place of its own.
func cellOf(row, col, span int, words []word) grid.Cell {
	c := grid.Cell{Row: row, Col: col, RowSpan: 1, ColSpan: span}
	if len(words) == 0 {
		return c
	}
	b := words[0].Box
	var text strings.Builder
	for _, w := range words {
		text.WriteString(w.text)
		b = Box{math.Min(b.Left, w.Left), math.Min(b.Bottom, w.Bottom), math.Max(b.Right, w.Right), math.Max(b.Top, w.Top)}
	}
	c.Text, c.Locator = text.String(), fmt.Sprintf("page %d, %s", words[0].page, b)
	return c
}
