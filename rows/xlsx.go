package rows

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/xuri/excelize/v2"
)

// MaxSheetRows is how many rows a sheet of XLSX holds below its heading.
const MaxSheetRows = excelize.TotalRows - 1

// ErrTooManyRows says that a sheet of XLSX cannot hold all rows.
var ErrTooManyRows = fmt.Errorf("a sheet of XLSX holds %d rows; use csv or parquet", MaxSheetRows)

// cutMark ends text that is longer than a cell of XLSX may be.
const cutMark = "… [cut: a cell of XLSX holds 32767 characters]"

// firstDay is before the first on which all spreadsheet programs agree: some count a 1900-02-29.
var firstDay = time.Date(1900, 2, 28, 23, 59, 59, 999_999_999, time.UTC)

// A Workbook is an XLSX file of several sheets, each written as it comes.
//
// Text is written as text: a spreadsheet program takes no cell for a formula, also where
// it is edited. A number is written as text only where a double does not hold it exactly,
// a date or time only where the spreadsheet's calendar (from 1900-03-01, milliseconds) lacks it.
// The same rows give the same bytes.
type Workbook struct {
	file                  *excelize.File
	bold, text, day, time int // styles
}

// NewWorkbook starts a workbook without sheets. Close frees its temporary files.
func NewWorkbook() (*Workbook, error) {
	b := &Workbook{file: excelize.NewFile()}
	day, moment := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.bold, excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49}},
		{&b.text, excelize.Style{NumFmt: 49}}, // 49 is @, text
		{&b.day, excelize.Style{CustomNumFmt: &day}},
		{&b.time, excelize.Style{CustomNumFmt: &moment}},
	} {
		var err error
		if *s.id, err = b.file.NewStyle(&s.style); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// A Sheet takes the rows of one table.
type Sheet struct {
	book   *Workbook
	stream *excelize.StreamWriter
	row    int // written, the heading included
}

// Sheet adds a sheet with the names of the columns in its first row, which stays in sight.
func (b *Workbook) Sheet(name string, columns []arrow.Field) (*Sheet, error) {
	var err error
	if b.file.SheetCount == 1 && b.file.GetSheetName(0) == "Sheet1" { // that of a new file
		err = b.file.SetSheetName("Sheet1", name)
	} else {
		_, err = b.file.NewSheet(name)
	}
	if err != nil {
		return nil, err
	}
	s := &Sheet{book: b}
	if s.stream, err = b.file.NewStreamWriter(name); err != nil {
		return nil, err
	}
	if len(columns) > excelize.MaxColumns {
		return nil, fmt.Errorf("a sheet of XLSX holds %d columns", excelize.MaxColumns)
	}
	if err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	if err := s.stream.SetColWidth(1, max(1, len(columns)), 16); err != nil {
		return nil, err
	}
	names := make([]any, len(columns))
	for i, f := range columns {
		names[i] = excelize.Cell{StyleID: b.bold, Value: f.Name}
	}
	return s, s.set(names)
}

func (s *Sheet) set(cells []any) error {
	s.row++
	return s.stream.SetRow("A"+strconv.Itoa(s.row), cells)
}

func (s *Sheet) batch(rows [][]value) error {
	if s.row+len(rows) > excelize.TotalRows {
		return ErrTooManyRows
	}
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, v := range row {
			cells[i] = s.cell(v)
		}
		if err := s.set(cells); err != nil {
			return err
		}
	}
	return nil
}

// Write adds the rows of a batch.
func (s *Sheet) Write(batch arrow.RecordBatch) error { return s.batch(valuesOf(batch)) }

// Close ends the sheet.
func (s *Sheet) Close() error { return s.stream.Flush() }

func (s *Sheet) cell(v value) any {
	switch {
	case v.null:
		return nil
	case v.bare && (v.text == "true" || v.text == "false"):
		return v.text == "true"
	case v.bare:
		f, err := strconv.ParseFloat(v.text, 64)
		if err == nil && (strconv.FormatFloat(f, 'f', -1, 64) == v.text || strings.Contains(v.text, "e")) {
			return f
		}
	case v.at.After(firstDay) && v.at.Nanosecond()%int(time.Millisecond) == 0:
		style := s.book.time
		if !strings.Contains(v.text, "T") {
			style = s.book.day
		}
		return excelize.Cell{StyleID: style, Value: v.at.UTC()}
	}
	return excelize.Cell{StyleID: s.book.text, Value: cut(v.text)}
}

// cut shortens text to what a cell holds, in UTF-16 units.
func cut(s string) string {
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	units := utf16.Encode([]rune(s))
	if len(units) <= excelize.TotalCellChars {
		return s
	}
	return string(utf16.Decode(units[:excelize.TotalCellChars-len(utf16.Encode([]rune(cutMark)))])) + cutMark
}

// WriteTo writes the file. All sheets must be closed.
func (b *Workbook) WriteTo(w io.Writer) (n int64, err error) {
	temp, err := os.CreateTemp("", "nianbao-*.xlsx")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, temp.Close(), os.Remove(temp.Name())) }()
	size, err := b.file.WriteTo(temp)
	if err != nil {
		return 0, err
	}
	return size, sortZip(w, temp, size)
}

// sortZip copies a ZIP file with its entries in the order of their names: excelize
// writes the sheets in no order.
func sortZip(w io.Writer, r io.ReaderAt, size int64) error {
	in, err := zip.NewReader(r, size)
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			return err
		}
	}
	return out.Close()
}

// Close frees what the workbook holds.
func (b *Workbook) Close() error { return b.file.Close() }

// An xlsxWriter prints a workbook of one sheet.
type xlsxWriter struct {
	w     io.Writer
	book  *Workbook
	sheet *Sheet
}

func (x *xlsxWriter) begin(columns []arrow.Field) (err error) {
	if x.book, err = NewWorkbook(); err != nil {
		return err
	}
	x.sheet, err = x.book.Sheet("nianbao", columns)
	return err
}

func (x *xlsxWriter) batch(rows [][]value) error { return x.sheet.batch(rows) }

func (x *xlsxWriter) end() error {
	if err := x.sheet.Close(); err != nil {
		return err
	}
	_, err := x.book.WriteTo(x.w)
	return errors.Join(err, x.book.Close())
}
