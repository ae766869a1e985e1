package rows

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
)

// A jsonWriter keeps the columns of an object in their order, which a map would not.
type jsonWriter struct {
	w     io.Writer
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
	_, err := io.WriteString(j.w, "[")
	return err
}

func (j *jsonWriter) batch(rows [][]value) error {
	out := bufio.NewWriter(j.w)
	for _, row := range rows {
		if j.count > 0 {
			out.WriteByte(',')
		}
		j.count++
		out.WriteString("\n{")
		for i, v := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			out.Write(j.names[i])
			out.WriteByte(':')
			out.WriteString(v.json())
		}
		out.WriteByte('}')
	}
	return out.Flush()
}

func (j *jsonWriter) end() error {
	_, err := io.WriteString(j.w, "\n]\n")
	return err
}
