package extract

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
)

// recognisedKeys takes the labels of recognised tables for those of the codebook
// that they are nearest to: it maps the text of a cell to the key of a label. A
// label may differ by a bounded number of characters, and no second label may be as
// near; a heading of table 3 or 4 that is beyond that is known by its place among
// its neighbours. The forms' finders look labels up here first, so that the text
// stays as it was read. Documents that were not recognised have no such keys.
func recognisedKeys(book *codebook.Book, doc *grid.Document) (keys map[string]string, found []finding) {
	l := labelReader{book: book, official: officialKeys(book), keys: map[string]string{}}
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		for i := range b.Grid.Cells {
			if c := &b.Grid.Cells[i]; c.Recognised != nil {
				l.read(c)
			}
		}
		l.headings(b.Grid)
	}
	return l.keys, l.findings
}

type labelReader struct {
	book     *codebook.Book
	official []string
	keys     map[string]string
	findings []finding
}

// officialKeys lists the keys of all labels of the tables, and of their variants.
func officialKeys(book *codebook.Book) []string {
	seen := map[string]bool{}
	for _, t := range book.Tables {
		for _, c := range t.Cells {
			seen[c.RowKey], seen[c.ColumnKey] = true, true
			for _, g := range c.GroupKeys {
				seen[g] = true
			}
		}
	}
	for _, a := range book.Applicants {
		seen[a.Key], seen[a.GroupKey] = true, true
	}
	for _, s := range book.Synonyms {
		seen[codebook.LabelKey(s.Variant)] = true
	}
	delete(seen, "")
	var out []string
	for key := range seen {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}

// brackets are what recognition makes of （ and ）.
var brackets = strings.NewReplacer("〈", "(", "《", "(", "【", "(", "{", "(", "<", "(", "〉", ")", "》", ")", "】", ")", "}", ")", ">", ")")

// labelKey is the key of a recognised label.
func labelKey(text string) string {
	return strings.TrimLeft(codebook.LabelKey(brackets.Replace(codebook.Squeeze(text))), "。.,:'`()-")
}

// read looks for the label that a cell's readings stand for.
func (l *labelReader) read(c *grid.Cell) {
	if chinese(c.Text) == 0 && c.Text != unreadMark {
		return
	}
	if l.isOfficial(codebook.LabelKey(c.Text)) {
		return
	}
	best, least, tie := "", 1<<30, false
	for _, r := range c.Recognised.Readings {
		key := []rune(labelKey(r.Text))
		for _, label := range l.official {
			d := distance(key, []rune(label))
			if n := len(key); n >= 12 && n < len([]rune(label)) {
				// A page break may cut the end off.
				d = min(d, distance(key, []rune(label)[:n])+1)
			}
			if d > tolerated(label) || d > 0 && chinese(string(key)) < 2 {
				continue
			}
			switch {
			case d < least:
				best, least, tie = label, d, false
			case d == least && label != best:
				tie = true
			}
		}
	}
	if best != "" && !tie {
		l.take(c, best)
	}
}

func (l *labelReader) isOfficial(key string) bool {
	_, known := slices.BinarySearch(l.official, key)
	return known
}

// legible reports whether the label of a row or column that no form has may name its
// cells: if it was recognised, two ways of reading must give it alike. The ruin of a
// label that a form does have would else make cells that the report does not print.
func legible(label *grid.Cell) bool {
	if label.Recognised == nil {
		return true
	}
	for i, r := range label.Recognised.Readings {
		for _, other := range label.Recognised.Readings[:i] {
			if r.By != other.By && chinese(r.Text) > 1 && labelKey(r.Text) == labelKey(other.Text) {
				return true
			}
		}
	}
	return false
}

// misreadRow finds the row that a recognised label of which half is destroyed stands
// for: the row of the form that comes next after the order given, if at least half of
// its characters, with the ordinal or without, are read in their order, and no other row
// is as near.
func (f *finder) misreadRow(label *grid.Cell, after int) (next *codebook.FormCell, ok bool) {
	if label.Recognised == nil {
		return next, false
	}
	nearest, order := 1<<30, 0
	for _, c := range f.match.table.Cells {
		d, near := 1<<30, false
		for _, official := range [][]rune{lettersOf(c.Row), lettersOf(c.RowKey)} {
			for _, r := range label.Recognised.Readings {
				wrong := distance(lettersOf(r.Text), official)
				d, near = min(d, wrong), near || len(official) > 2 && wrong*2 <= len(official)
			}
		}
		switch {
		case d < nearest:
			nearest, order = d, c.Order
		case d == nearest:
			order = 0
		}
		if c.Order == after+1 {
			next, ok = c, near
		}
	}
	return next, ok && order == after+1 && !f.match.found[order]
}

// lettersOf is a label without signs, which recognition loses first.
func lettersOf(s string) []rune {
	var out []rune
	for _, r := range codebook.Squeeze(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// unreadMark is the text of a cell whose ink could not be read.
const unreadMark = "〓"

func (l *labelReader) take(c *grid.Cell, key string) {
	if l.keys[c.Text] == key {
		return
	}
	l.keys[c.Text] = key
	if labelKey(c.Text) != key {
		l.findings = append(l.findings, finding{"damaged_label", fmt.Sprintf("%q was recognised and is taken for %q", c.Text, key), c.Locator})
	}
}

// tolerated is how many characters of a label may be wrong, missing or too many.
func tolerated(label string) int {
	n := len([]rune(label))
	switch {
	case n < 3:
		return 0
	case n < 6:
		return 1
	}
	return min(n/3, 10)
}

func chinese(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

// distance is the number of characters to replace, add or leave out (Levenshtein).
// Texts much longer than any label are far from all of them.
func distance(a, b []rune) int {
	if len(a) > 2*len(b)+4 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for k, y := range b {
			next := diagonal
			if x != y {
				next = 1 + min(diagonal, row[k], row[k+1])
			}
			diagonal, row[k+1] = row[k+1], next
		}
	}
	return row[len(b)]
}

// headings knows headings by their places: in a row that has as many cells as the
// form has columns, most of them read, the rest are what stands between.
func (l *labelReader) headings(g *grid.Grid) {
	var applicants []string
	for _, a := range l.book.Applicants {
		applicants = append(applicants, a.Key)
	}
	sequences := [][]string{applicants}
	for _, t := range l.book.Tables {
		if t.Layout == "columns" {
			var columns []string
			for _, c := range t.Cells {
				columns = append(columns, c.ColumnKey)
			}
			sequences = append(sequences, columns)
		}
	}
	for _, row := range g.Dense() {
		cells := distinct(row)
		for _, s := range sequences {
			if len(cells) >= len(s) {
				l.sequence(cells[len(cells)-len(s):], s)
			}
		}
	}
}

// sequence takes the cells for the headings given if five in seven of them are.
func (l *labelReader) sequence(cells []*grid.Cell, headings []string) {
	read := 0
	for i, c := range cells {
		if c.Recognised == nil || codebook.IsBlank(c.Text) {
			return
		}
		if l.key(c) == headings[i] {
			read++
		}
	}
	if read*7 < len(headings)*5 {
		return
	}
	for i, c := range cells {
		// A text that is a label itself may be one in another place.
		if key := l.key(c); key != headings[i] && !l.isOfficial(key) {
			l.take(c, headings[i])
		}
	}
}

func (l *labelReader) key(c *grid.Cell) string {
	if key, ok := l.keys[c.Text]; ok {
		return key
	}
	return codebook.LabelKey(c.Text)
}
