package extract

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// Confidence in readings. They agree on a value where two ways of reading give it
// and what speaks for it, the sum of confidences, outweighs every other value. A
// value is sure where they agree, none dissents and little doubt is left.
const (
	outweighs   = 3.0
	sureWeight  = 2.4
	aloneWeight = 1.7 // that a value needs which no identity tests
)

// A printed value read from a picture is never certain. accept decides which
// readings stand, by the form's own arithmetic (勾稽关系):
//
//   - Of several readings those are taken with which most identities hold; a lesser
//     reading needs two of them, for one may be a slip of the source.
//   - A number stands if an identity that covers it holds, and either its readings
//     agree or no other combination of readings fits that identity as well; where
//     no identity can be tested, if its readings agree and are not weak.
//   - A number that identities contradict stands only if it is sure, and no two of
//     them give it one other value: then it is the source that does not add up.
//   - Anything else is illegible. If all identities that cover the cell, two at
//     least, give it one and the same value, this follows as a second row of status
//     repaired. One alone, as in table 4, would mend the slips of the source.
//
// Cells that were not recognised are left alone. CellNo counts the rows anew.
func accept(book *codebook.Book, matches map[string]*match, cells []record.Cell, found []finding) ([]record.Cell, []finding) {
	a := &acceptance{book: book, cells: cells}
	places := placesOf(matches)
	recognised := false
	for i := range cells {
		recognised = recognised || places[i].cell.Recognised != nil
		a.values = append(a.values, a.recognisedValue(cells[i], places[i].cell))
	}
	if !recognised {
		return cells, found
	}
	a.equate(matches)
	for a.improve() {
	}
	for i := range a.values {
		a.values[i].accepted = a.values[i].certain || a.accepts(i)
	}
	return a.rows(found)
}

// placesOf lists the places in the order of the extracted cells.
func placesOf(matches map[string]*match) []place {
	var out []place
	for _, t := range tableOrder {
		if m := matches[t]; m != nil {
			out = append(out, m.cells...)
		}
	}
	return out
}

type acceptance struct {
	book      *codebook.Book
	cells     []record.Cell
	values    []recognisedValue // of each cell
	equations []equation
}

// recognisedValue is what the readings of a cell say.
type recognisedValue struct {
	options  []option // best first
	chosen   int
	certain  bool // blank, or not recognised but printed
	accepted bool
	within   []int // equations that cover the cell
}

// option is one value that some of the readings give.
type option struct {
	value  *decimal128.Num // nil for a mark such as a dash
	status string
	raw    string
	weight float64 // sum of confidences
	ways   []string
}

// equation is an instance of an identity: the sum of sign times cell is nought. It
// is open where a cell is not printed.
type equation struct {
	cells []int
	signs []int
	open  bool
}

func (v *recognisedValue) value() *decimal128.Num {
	if len(v.options) == 0 {
		return nil
	}
	return v.options[v.chosen].value
}

// recognisedValue sorts the readings of a cell by what they say.
func (a *acceptance) recognisedValue(c record.Cell, from *grid.Cell) recognisedValue {
	if from.Recognised == nil || len(from.Recognised.Readings) == 0 {
		return recognisedValue{certain: true, options: []option{{value: c.Value, status: c.Status, raw: c.Raw}}}
	}
	var v recognisedValue
	metric := a.book.Metric[c.Metric]
	for _, r := range from.Recognised.Readings {
		if codebook.IsBlank(r.Text) {
			continue
		}
		value, status := parseValue(a.book, metric, r.Text)
		if _, bad := outOfDomain(metric, record.Cell{Value: value}); bad || status == "text" && (r.By == "figures" || !isWord(r.Text)) {
			continue
		}
		v.add(option{value, status, r.Text, r.Confidence, []string{r.By}})
	}
	return v
}

// isWord reports whether the text is Chinese, as 无 is, and not the ruin of a number.
func isWord(s string) bool {
	squeezed := codebook.Squeeze(s)
	return squeezed != "" && strings.IndexFunc(squeezed, func(r rune) bool { return r < 0x4e00 || r > 0x9fff }) < 0
}

// add counts a reading in and keeps the options in order of weight.
func (v *recognisedValue) add(o option) {
	for i := range v.options {
		if v.options[i].same(o) {
			v.options[i].weight += o.weight
			if !contains(v.options[i].ways, o.ways[0]) {
				v.options[i].ways = append(v.options[i].ways, o.ways[0])
			}
			v.sort()
			return
		}
	}
	v.options = append(v.options, o)
	v.sort()
}

// sort moves the heaviest options to the front; of equals the one read first stays.
func (v *recognisedValue) sort() {
	for i := 1; i < len(v.options); i++ {
		for k := i; k > 0 && v.options[k].weight > v.options[k-1].weight; k-- {
			v.options[k], v.options[k-1] = v.options[k-1], v.options[k]
		}
	}
}

func (o option) same(other option) bool {
	if o.value == nil || other.value == nil {
		return o.value == other.value && o.status == other.status && (o.status != "text" || o.raw == other.raw)
	}
	return *o.value == *other.value
}

// agreed reports whether the readings agree on the chosen option.
func (v *recognisedValue) agreed() bool {
	if v.certain {
		return true
	}
	return len(v.options) > 0 && len(v.options[v.chosen].ways) > 1 && v.prevails()
}

// prevails reports whether what speaks for the chosen option outweighs every other.
func (v *recognisedValue) prevails() bool {
	for i, o := range v.options {
		if i != v.chosen && o.weight*outweighs > v.options[v.chosen].weight {
			return false
		}
	}
	return true
}

func (v *recognisedValue) sure() bool {
	return v.certain || v.agreed() && len(v.options) == 1 && v.options[0].weight >= sureWeight
}

// rows writes the decisions into the cells and adds the repaired ones.
func (a *acceptance) rows(found []finding) ([]record.Cell, []finding) {
	var out []record.Cell
	for i, c := range a.cells {
		v := a.values[i]
		if v.accepted && !v.certain {
			o := v.options[v.chosen]
			c.Value, c.Status, c.Raw = o.value, o.status, o.raw
		}
		if v.accepted {
			out = append(out, c)
			continue
		}
		name := strings.TrimSuffix(c.Metric+" "+c.Applicant, " ")
		c.Value, c.Status = nil, "illegible"
		out = append(out, c)
		value, ok := a.repair(i)
		if !ok {
			found = append(found, finding{"illegible_cell", fmt.Sprintf("%s: read %s", name, a.readings(i)), c.Locator})
			continue
		}
		c.Value, c.Status = &value, "repaired"
		out = append(out, c)
		found = append(found, finding{"repaired_cell", fmt.Sprintf("%s: read %s; the identities give %s", name, a.readings(i), record.DecimalString(value)), c.Locator})
	}
	for i := range out {
		out[i].CellNo = int32(i + 1)
	}
	return out, found
}

// readings quotes what was read in the cell.
func (a *acceptance) readings(i int) string {
	var quoted []string
	for _, o := range a.values[i].options {
		quoted = append(quoted, fmt.Sprintf("%q", o.raw))
	}
	if len(quoted) == 0 {
		return fmt.Sprintf("%q", a.cells[i].Raw)
	}
	return strings.Join(quoted, " or ")
}

// repair computes the value of a cell that is not accepted.
func (a *acceptance) repair(i int) (value decimal128.Num, ok bool) {
	if a.values[i].sure() {
		return value, false
	}
	given := 0
	for _, n := range a.values[i].within {
		v, ok := a.implied(a.equations[n], i)
		if !ok || given > 0 && v != value {
			return value, false
		}
		value = v
		given++
	}
	_, bad := outOfDomain(a.book.Metric[a.cells[i].Metric], record.Cell{Value: &value})
	return value, !bad && given > 1
}

// implied solves the equation for cell i; ok is false unless all others stand.
func (a *acceptance) implied(e equation, i int) (value decimal128.Num, ok bool) {
	if e.open {
		return value, false
	}
	for _, k := range e.cells {
		if k != i && (a.values[k].value() == nil || !a.values[k].accepted) {
			return value, false
		}
	}
	return a.solved(e, i), true
}
