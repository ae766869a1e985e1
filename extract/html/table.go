package html

import (
	"fmt"
	"strconv"

	"golang.org/x/net/html/atom"

	"github.com/nianbao/nianbao/extract/grid"
)

// table is a table that is open. Between its cells stands nothing but white space;
// text that does is shown above the table, so it belongs to what is around it.
type table struct {
	builder *grid.Builder
	number  int          // among the tables of the page, from 1
	hidden  bool         // with all that is in it
	hides   bool         // says so itself
	base    int          // how many elements were open when it began
	section atom.Atom    // tbody, thead or tfoot that is open
	inRow   bool         // a row is open
	in      atom.Atom    // td or th that is open
	unseen  [2]bool      // the row and the cell that are open: not shown
	full    bool         // it has as many rows as a table may have
	column  int          // cells printed in the row so far
	spans   [2]int       // of the cell: rows, columns
	place   []byte       // locator of the row's cells, without their number
	text    []byte       // of the cell
	inner   []grid.Block // tables inside its cells

	suspended []element // in the cell: see reader.suspended
}

// innermost is the table that is open, nil where none is.
func (r *reader) innermost() *table {
	if len(r.within) == 0 {
		return nil
	}
	return r.within[len(r.within)-1]
}

// cell is the table in whose cell text now stands, nil where it stands in none.
func (r *reader) cell() *table {
	for i := len(r.within) - 1; i >= 0; i-- {
		if t := r.within[i]; t.in != 0 {
			return t
		}
	}
	return nil
}

// startInTable reads the start tags that make tables. It reports false for all others.
func (r *reader) startInTable(e element, a attributes) (bool, error) {
	t := r.innermost()
	switch e.atom {
	case atom.Table:
		if t != nil && t.in == 0 {
			r.endTable() // a table cannot stand between the cells of another
		}
		return true, r.startTable(e.hidden)
	case atom.Tr:
		if t != nil {
			r.endRow(t)
			r.startRow(t, e.hidden)
		}
	case atom.Td, atom.Th:
		if t == nil {
			break
		}
		r.endCell(t)
		if !t.inRow {
			r.startRow(t, false)
		}
		t.in, t.spans = e.atom, [2]int{a.rowSpan, a.colSpan}
		if t.unseen[1] = e.hidden; e.hidden {
			r.hidden++
		} else {
			t.column++
		}
	case atom.Tbody, atom.Thead, atom.Tfoot:
		if t != nil {
			r.endRow(t)
			t.section = e.atom
		}
	case atom.Caption, atom.Col, atom.Colgroup:
		if t != nil {
			r.endRow(t)
			t.section = 0
		}
		return e.atom != atom.Caption, nil
	default:
		return false, nil
	}
	return true, nil
}

// endInTable reads the end tags of what makes tables. It reports false for all others.
func (r *reader) endInTable(a atom.Atom) bool {
	t := r.innermost()
	switch a {
	case atom.Table:
		if t != nil {
			r.endTable()
		}
	case atom.Tr:
		if t != nil && t.inRow {
			r.endRow(t)
		}
	case atom.Td, atom.Th:
		if t != nil && t.in == a {
			r.endCell(t)
		}
	case atom.Tbody, atom.Thead, atom.Tfoot:
		if t != nil && t.section == a {
			r.endRow(t)
			t.section = 0
		}
	case atom.Col, atom.Colgroup:
	default:
		return false
	}
	return true
}

// maxTables is how many tables may be open inside each other.
const maxTables = 128

func (r *reader) startTable(hides bool) error {
	if len(r.within) >= maxTables {
		return fmt.Errorf("%w: more than %d tables inside each other", grid.ErrTooLarge, maxTables)
	}
	t := &table{}
	if n := len(r.spare); n > 0 {
		t, r.spare = r.spare[n-1], r.spare[:n-1]
		*t = table{text: t.text[:0], place: t.place}
	}
	t.builder, t.base = grid.NewBuilder(), len(r.open)
	t.hides, t.hidden = hides, hides || r.hidden > 0
	if !t.hidden {
		if r.cell() == nil {
			r.flush()
		}
		r.tables++
	}
	t.number = r.tables
	r.within = append(r.within, t)
	if hides {
		r.hidden++
	}
	return nil
}

func (r *reader) startRow(t *table, unseen bool) {
	r.close(t.base)
	if t.section == 0 {
		t.section = atom.Tbody
	}
	t.inRow, t.column = true, 0
	if t.unseen[0] = unseen; unseen {
		r.hidden++
		return
	}
	t.full = t.full || !t.builder.Row()
	row, _ := t.builder.Position()
	t.place = strconv.AppendInt(append(t.place[:0], "table "...), int64(t.number), 10)
	t.place = strconv.AppendInt(append(t.place, ", row "...), int64(row+1), 10)
	t.place = append(t.place, ", column "...)
}

func (r *reader) endRow(t *table) {
	r.endCell(t)
	t.inRow = false
	if t.unseen[0] {
		r.hidden--
		t.unseen[0] = false
	}
}

// endCell ends the cell that is open, if one is, with all that is open in it.
func (r *reader) endCell(t *table) {
	r.close(t.base)
	if t.in == 0 {
		return
	}
	if t.unseen[1] {
		r.hidden--
	}
	if !t.full && !t.unseen[0] && !t.unseen[1] {
		locator := strconv.AppendInt(t.place, int64(t.column), 10)
		t.builder.Cell(t.spans[0], t.spans[1], r.keep(tidy(t.text)), r.keep(locator))
	}
	t.in, t.text, t.unseen[1], t.suspended = 0, t.text[:0], false, t.suspended[:0]
}

// endTable ends the innermost table and emits it and, after it, the tables inside its
// cells. A table of one cell within a cell only frames its text.
func (r *reader) endTable() {
	t := r.innermost()
	r.endRow(t)
	r.within = r.within[:len(r.within)-1]
	r.spare = append(r.spare, t)
	if t.hides {
		r.hidden--
	}
	if t.hidden {
		return
	}
	var blocks []grid.Block
	outer, g := r.cell(), t.builder.Grid()
	if outer != nil && g != nil && len(g.Cells) == 1 && len(t.inner) == 0 {
		outer.text = append(append(append(outer.text, '\n'), g.Cells[0].Text...), '\n')
		r.tables--
		return
	}
	if g != nil {
		blocks = append(blocks, grid.Block{Grid: g, Locator: "table " + strconv.Itoa(t.number)})
	}
	blocks = append(blocks, t.inner...)
	if outer != nil {
		outer.inner = append(outer.inner, blocks...)
		return
	}
	r.flush() // text that stood between the cells
	r.doc.Blocks = append(r.doc.Blocks, blocks...)
}
