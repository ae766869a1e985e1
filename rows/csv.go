package rows

import (
	"encoding/csv"
	"io"

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
