package rows

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
)

type csvWriter struct{ w *csv.Writer }

func newCSVWriter(w io.Writer) *csvWriter { return &csvWriter{csv.NewWriter(w)} }

func (c *csvWriter) begin(columns []arrow.Field) error {
	names := make([]string, len(columns))
	for i, f := range columns {
		names[i] = f.Name
	}
	return c.w.Write(names)
}

func (c *csvWriter) batch(rows [][]value) error {
	for _, row := range rows {
		line := make([]string, len(row))
		for i, v := range row {
			line[i] = v.text
		}
		if err := c.w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func (c *csvWriter) end() error {
	c.w.Flush()
	return c.w.Error()
}

// An excelWriter prints CSV for spreadsheet programs: it begins with a byte order mark,
// by which they tell UTF-8, and puts an apostrophe before text that they would take for
// a formula. Numbers stay numbers, also those below zero.
type excelWriter struct {
	w io.Writer
	*csvWriter
}

func (e *excelWriter) begin(columns []arrow.Field) error {
	if _, err := io.WriteString(e.w, "\uFEFF"); err != nil {
		return err
	}
	return e.csvWriter.begin(columns)
}

func (e *excelWriter) batch(rows [][]value) error {
	for _, row := range rows {
		for i, v := range row {
			if !v.bare && formula(v.text) {
				row[i].text = "'" + v.text
			}
		}
	}
	return e.csvWriter.batch(rows)
}

// formula says whether a spreadsheet program may run the text: it begins, after white
// space and controls, with a sign that begins formulas, in its full width too.
func formula(text string) bool {
	bare := strings.TrimLeftFunc(text, func(r rune) bool { return r <= ' ' || r == '\u00a0' || r == '\u3000' || r == '\uFEFF' })
	first, _ := utf8.DecodeRuneInString(bare)
	return bare != "" && (strings.ContainsRune("=+-@|＝＋－＠", first) || strings.ContainsAny(text[:1], "\t\r\n"))
}
