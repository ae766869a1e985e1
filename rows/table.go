package rows

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/rivo/uniseg"
)

// A tableWriter aligns columns by the width of their first batch; numbers stand right.
type tableWriter struct {
	w      io.Writer
	names  []string
	widths []int
	sized  bool
}

func (t *tableWriter) begin(columns []arrow.Field) error {
	for _, f := range columns {
		t.names = append(t.names, Printable(f.Name))
		t.widths = append(t.widths, uniseg.StringWidth(Printable(f.Name)))
	}
	return nil
}

func (t *tableWriter) batch(rows [][]value) error {
	if !t.sized {
		t.size(rows)
		if err := t.head(); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(t.w)
	for _, row := range rows {
		t.line(out, row)
	}
	return out.Flush()
}

func (t *tableWriter) size(rows [][]value) {
	for _, row := range rows {
		for i, v := range row {
			t.widths[i] = max(t.widths[i], uniseg.StringWidth(v.cell()))
		}
	}
}

func (t *tableWriter) head() error {
	t.sized = true
	out := bufio.NewWriter(t.w)
	names, rules := make([]value, len(t.names)), make([]value, len(t.names))
	for i, n := range t.names {
		names[i], rules[i] = value{text: n}, value{text: strings.Repeat("-", t.widths[i])}
	}
	t.line(out, names)
	t.line(out, rules)
	return out.Flush()
}

func (t *tableWriter) line(out *bufio.Writer, row []value) {
	var s strings.Builder
	for i, v := range row {
		if i > 0 {
			s.WriteString("  ")
		}
		text := v.cell()
		pad := strings.Repeat(" ", max(0, t.widths[i]-uniseg.StringWidth(text)))
		if v.bare {
			s.WriteString(pad + text)
		} else {
			s.WriteString(text + pad)
		}
	}
	fmt.Fprintln(out, strings.TrimRight(s.String(), " "))
}

func (t *tableWriter) end() error {
	if t.sized {
		return nil
	}
	return t.head()
}
