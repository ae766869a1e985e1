// Package rows prints Arrow record batches in the formats that nianbao's commands
// offer. In all of them numbers are exact and plain, dates and times are ISO 8601,
// and a null differs from an empty string where the format can tell. Batches are
// printed as they come, so a large result is never whole in memory.
//
//	w, err := rows.NewWriter(os.Stdout, rows.CSV, schema)
//	err = w.Write(batch)
//	err = w.Close()
package rows

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// A Format names a way to print rows. It is a flag value.
type Format string

// The formats.
const (
	Table   Format = "table"   // aligned for reading; null is NULL
	CSV     Format = "csv"     // RFC 4180 with a header; null is empty
	Excel   Format = "excel"   // CSV that Excel opens as UTF-8 and in which no text is a formula
	JSON    Format = "json"    // an array of objects; null is null
	JSONL   Format = "jsonl"   // an object a line
	Arrow   Format = "arrow"   // an Arrow IPC stream
	Parquet Format = "parquet" // a Parquet file
	XLSX    Format = "xlsx"    // a workbook of one sheet; null is an empty cell
)

// Formats lists the formats for help texts.
const Formats = "table, csv, excel, json, jsonl, arrow, parquet or xlsx"

// Binary says whether the format is no text.
func (f Format) Binary() bool { return f == Arrow || f == Parquet || f == XLSX }

// String implements pflag.Value.
func (f *Format) String() string { return string(*f) }

// Type implements pflag.Value.
func (f *Format) Type() string { return "format" }

// Set implements pflag.Value.
func (f *Format) Set(s string) error {
	switch Format(s) {
	case Table, CSV, Excel, JSON, JSONL, Arrow, Parquet, XLSX:
		*f = Format(s)
		return nil
	}
	return fmt.Errorf("no such format; use %s", Formats)
}

// A Writer prints batches of one schema.
type Writer struct {
	text   textWriter   // of a format that takes rows
	binary binaryWriter // of the others
}

// A textWriter takes rows whose fields are text.
type textWriter interface {
	begin(columns []arrow.Field) error
	batch(rows [][]value) error
	end() error
}

// A binaryWriter takes Arrow as it is.
type binaryWriter interface {
	Write(arrow.RecordBatch) error
	Close() error
}

// NewWriter starts the output: what a format prints before its first row.
func NewWriter(w io.Writer, f Format, schema *arrow.Schema) (*Writer, error) {
	switch f {
	case Table:
		return begin(&tableWriter{w: w}, schema)
	case CSV:
		return begin(newCSVWriter(w), schema)
	case Excel:
		return begin(&excelWriter{w, newCSVWriter(w)}, schema)
	case JSON:
		return begin(&jsonWriter{w: w}, schema)
	case JSONL:
		return begin(&jsonWriter{w: w, lines: true}, schema)
	case XLSX:
		return begin(&xlsxWriter{w: w}, schema)
	case Arrow:
		return &Writer{binary: ipc.NewWriter(w, ipc.WithSchema(schema))}, nil
	case Parquet:
		properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd),
			parquet.WithCreatedBy("nianbao"), parquet.WithMaxRowGroupLength(rowGroup))
		p, err := pqarrow.NewFileWriter(schema, unclosed{w}, properties, pqarrow.DefaultWriterProps())
		return &Writer{binary: buffered{p}}, err
	}
	return nil, fmt.Errorf("format %q: use %s", f, Formats)
}

// rowGroup is the number of rows of a row group; DuckDB's own, on which its readers work in parallel.
const rowGroup = 122_880

// buffered fills row groups from batches, which alone would each make one.
type buffered struct{ *pqarrow.FileWriter }

func (b buffered) Write(batch arrow.RecordBatch) error { return b.WriteBuffered(batch) }

// unclosed keeps the Parquet writer from closing what it did not open.
type unclosed struct{ io.Writer }

func begin(t textWriter, schema *arrow.Schema) (*Writer, error) {
	return &Writer{text: t}, t.begin(schema.Fields())
}

// Write prints the rows of a batch.
func (w *Writer) Write(batch arrow.RecordBatch) error {
	if w.binary != nil {
		return w.binary.Write(batch)
	}
	return w.text.batch(valuesOf(batch))
}

func valuesOf(batch arrow.RecordBatch) [][]value {
	rows := make([][]value, batch.NumRows())
	for i := range rows {
		rows[i] = make([]value, batch.NumCols())
		for j := range rows[i] {
			rows[i][j] = valueAt(batch.Column(j), i)
		}
	}
	return rows
}

// Close ends the output. It does not close the writer below.
func (w *Writer) Close() error {
	if w.binary != nil {
		return w.binary.Close()
	}
	return w.text.end()
}
