package xlsx

import (
	"encoding/xml"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid"
)

// paragraph is the least number of characters of a text that, alone in its row,
// counts as a paragraph.
const paragraph = 4

// place is a position on a sheet, 0-based.
type place struct{ row, col int }

// area is what a merged cell covers.
type area struct{ rows, cols int }

// sheet is a worksheet being read.
type sheet struct {
	name     string
	texts    map[place]string // of cells with text
	bordered map[place]bool
	merged   map[place]area  // by top left corner
	covered  map[place]place // positions inside a merged cell, and its corner
}

// sheet reads the worksheet and adds its paragraphs and its table.
func (b *book) sheet(name, part string) error {
	s := &sheet{name: name, texts: map[place]string{}, bordered: map[place]bool{}, merged: map[place]area{}, covered: map[place]place{}}
	if err := b.cells(s, part); err != nil {
		return err
	}
	rows := s.rows()
	if len(rows) == 0 {
		return nil
	}
	for _, r := range rows {
		if p := (place{r.row, r.from}); r.texts == 1 && utf8.RuneCountInString(s.texts[p]) >= paragraph {
			b.doc.Blocks = append(b.doc.Blocks, grid.Block{Text: s.texts[p], Locator: s.locator(p)})
		}
	}
	g := s.grid(rows)
	if b.fields += g.Rows * g.Cols; b.fields > maxFields {
		return fmt.Errorf("%w: the sheets have more than %d fields", grid.ErrTooLarge, maxFields)
	}
	b.doc.Blocks = append(b.doc.Blocks, grid.Block{Grid: g, Locator: "sheet " + name})
	return nil
}

// cells reads the cells and merges of the part. Rows and cells without a reference
// follow the one before.
func (b *book) cells(s *sheet, part string) error {
	row, col := -1, -1
	return b.part(part, func(x *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			row, col = row+1, -1
			if n, err := strconv.Atoi(attribute(e, "r")); err == nil && n > 0 {
				row = n - 1
			}
		case "c":
			col++
			if p, ok := parsePlace(attribute(e, "r")); ok {
				row, col = p.row, p.col
			}
			text, err := b.value(x, e)
			if err != nil {
				return err
			}
			return b.keep(s, place{row, col}, text, attribute(e, "s"))
		case "mergeCell":
			s.merge(attribute(e, "ref"))
		}
		return nil
	})
}

// keep notes one cell, unless it lies beyond the limits of a table.
func (b *book) keep(s *sheet, p place, text, style string) error {
	if p.row < 0 || p.row >= grid.MaxRows || p.col >= grid.MaxCols {
		return nil
	}
	if i, ok := index(style, len(b.bordered)); ok && b.bordered[i] {
		s.bordered[p] = true
	}
	if text == "" {
		return nil
	}
	s.texts[p] = text
	if b.text += len(text); b.text > maxText {
		return fmt.Errorf("%w: the cells hold more than %d bytes of text", grid.ErrTooLarge, maxText)
	}
	return nil
}

// value reads the cell just begun to its end.
func (b *book) value(x *xml.Decoder, cell xml.StartElement) (string, error) {
	var v, formula, inline string
	for {
		token, err := x.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				err = x.DecodeElement(&v, &t)
			case "f":
				err = x.DecodeElement(&formula, &t)
			case "is":
				inline, err = richText(x)
			default:
				err = x.Skip()
			}
			if err != nil {
				return "", err
			}
		case xml.EndElement:
			if v == "" && inline == "" && formula != "" {
				return "=" + formula, nil
			}
			return b.shown(attribute(cell, "t"), v, inline), nil
		}
	}
}

// shown is the text of a cell of the given type. A reference to a shared text that
// is not there is kept as it stands.
func (b *book) shown(kind, v, inline string) string {
	switch kind {
	case "s":
		if i, ok := index(v, len(b.strings)); ok {
			return tidy(b.strings[i])
		}
		return "#" + v
	case "inlineStr":
		return tidy(inline)
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[v]
	case "", "n":
		return decimal(v)
	}
	return tidy(v)
}

// decimal writes a stored number without exponent and with the 15 digits that a
// spreadsheet keeps: 160391.40770000001 is the binary neighbour of 160391.4077.
func decimal(v string) string {
	v = strings.TrimSpace(v)
	digits := strings.TrimLeft(strings.Trim(v, "-"), "0.")
	if len(digits) <= 15 && !strings.ContainsAny(v, "eE") {
		return v
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || f > 1e15 || f < -1e15 {
		return v
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// tidy undoes the escapes of control characters and trims the text.
func tidy(s string) string {
	return strings.TrimSpace(strings.NewReplacer("_x000D_", "", "_x000d_", "", "\r\n", "\n", "\r", "\n").Replace(s))
}

// merge notes a merged cell such as A3:J3; one that overlaps another is left out.
func (s *sheet) merge(ref string) {
	first, last, _ := strings.Cut(ref, ":")
	a, okA := parsePlace(first)
	z, okZ := parsePlace(last)
	if !okA || !okZ || z.row < a.row || z.col < a.col || a.row >= grid.MaxRows || a.col >= grid.MaxCols {
		return
	}
	z = place{min(z.row, grid.MaxRows-1), min(z.col, grid.MaxCols-1)}
	if len(s.covered)+(z.row-a.row+1)*(z.col-a.col+1) > maxFields {
		return
	}
	for r := a.row; r <= z.row; r++ {
		for c := a.col; c <= z.col; c++ {
			if _, taken := s.covered[place{r, c}]; taken {
				return
			}
		}
	}
	s.merged[a] = area{z.row - a.row + 1, z.col - a.col + 1}
	for r := a.row; r <= z.row; r++ {
		for c := a.col; c <= z.col; c++ {
			s.covered[place{r, c}] = a
		}
	}
}

// line is a row that has text: its columns from the first text to the end of the
// last one, and how many texts it has, those of cells merged from above included.
type line struct{ row, from, to, texts int }

// rows returns the rows with text from the top down.
func (s *sheet) rows() []line {
	byRow := map[int]*line{}
	note := func(row, from, to int) {
		l := byRow[row]
		if l == nil {
			l = &line{row: row, from: from, to: to}
			byRow[row] = l
		}
		l.from, l.to, l.texts = min(l.from, from), max(l.to, to), l.texts+1
	}
	for p := range s.texts {
		a, isMerged := s.merged[p]
		if !isMerged {
			a = area{1, 1}
			if corner, inside := s.covered[p]; inside && corner != p {
				continue // hidden below the merged cell
			}
		}
		for r := p.row; r < p.row+a.rows; r++ {
			note(r, p.col, p.col+a.cols-1)
		}
	}
	var out []line
	for _, l := range byRow {
		out = append(out, *l)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].row < out[j].row })
	return out
}

// grid lays the sheet out up to its last row and column with text. Rows of several
// texts that follow each other are a band; in a band without any border its blanks
// are cells too.
func (s *sheet) grid(rows []line) *grid.Grid {
	g := &grid.Grid{Rows: rows[len(rows)-1].row + 1}
	for _, l := range rows {
		g.Cols = max(g.Cols, l.to+1)
	}
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && rows[end].row == rows[end-1].row+1 && rows[end].texts > 1 && rows[end-1].texts > 1 {
			end++
		}
		s.band(g, rows[start:end])
		start = end
	}
	return g
}

// band adds the cells of the rows of a band.
func (s *sheet) band(g *grid.Grid, rows []line) {
	from, to, ruled := rows[0].from, rows[0].to, false
	for _, l := range rows {
		from, to = min(from, l.from), max(to, l.to)
		for c := range g.Cols {
			ruled = ruled || s.bordered[place{l.row, c}]
		}
	}
	for _, l := range rows {
		for c := range g.Cols {
			p := place{l.row, c}
			corner, inside := s.covered[p]
			text, printed := s.texts[p]
			switch {
			case inside && corner != p: // drawn with its corner
			case inside:
				a := s.merged[p]
				g.Cells = append(g.Cells, grid.Cell{Row: p.row, Col: p.col, Text: text, Locator: s.locator(p),
					RowSpan: min(a.rows, g.Rows-p.row), ColSpan: min(a.cols, g.Cols-p.col)})
			case printed || s.bordered[p] || !ruled && c >= from && c <= to:
				g.Cells = append(g.Cells, grid.Cell{Row: p.row, Col: p.col, RowSpan: 1, ColSpan: 1, Text: text, Locator: s.locator(p)})
			}
		}
	}
}

func (s *sheet) locator(p place) string {
	column := ""
	for c := p.col + 1; c > 0; c = (c - 1) / 26 {
		column = string(rune('A'+(c-1)%26)) + column
	}
	return fmt.Sprintf("sheet %s, cell %s%d", s.name, column, p.row+1)
}

// parsePlace reads a reference such as C12 or $C$12.
func parsePlace(ref string) (place, bool) {
	ref = strings.ReplaceAll(ref, "$", "")
	letters := 0
	col := 0
	for letters < len(ref) && letters < 4 && ref[letters] >= 'A' && ref[letters] <= 'Z' {
		col = col*26 + int(ref[letters]-'A') + 1
		letters++
	}
	row, err := strconv.Atoi(ref[letters:])
	if letters == 0 || err != nil || row < 1 {
		return place{}, false
	}
	return place{row - 1, col - 1}, true
}

// index reads a number that must be below n.
func index(s string, n int) (int, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(s))
	return i, err == nil && i >= 0 && i < n
}
