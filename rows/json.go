package rows

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
)

// A jsonWriter keeps the columns of an object in their order, which a map would not.
// Each object stands on a line of its own; they make an array unless lines is set.
type jsonWriter struct {
	w     io.Writer
	lines bool
	names [][]byte
	count int
}

func (j *jsonWriter) begin(columns []arrow.Field) error {
	for _, f := range columns {
		name, err := json.Marshal(f.Name)
		if err != nil {
			return err
		}
		j.names = append(j.names, name)
	}
	return j.frame("[")
}

// frame writes what only an array has.
func (j *jsonWriter) frame(s string) error {
	if j.lines {
		return nil
	}
	_, err := io.WriteString(j.w, s)
	return err
}

func (j *jsonWriter) batch(rows [][]value) error {
	out := bufio.NewWriter(j.w)
	for _, row := range rows {
		if !j.lines && j.count > 0 {
			out.WriteByte(',')
		}
		if !j.lines {
			out.WriteByte('\n')
		}
		j.count++
		out.WriteByte('{')
		for i, v := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			out.Write(j.names[i])
			out.WriteByte(':')
			out.WriteString(v.json())
		}
		out.WriteByte('}')
		if j.lines {
			out.WriteByte('\n')
		}
	}
	return out.Flush()
}

func (j *jsonWriter) end() error { return j.frame("\n]\n") }
