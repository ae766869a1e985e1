package rows

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/xuri/excelize/v2"

	"github.com/nianbao/nianbao/record"
)

// read opens a workbook with excelize.
func read(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestXLSX(t *testing.T) {
	got, err := read(t, print(t, XLSX)).GetRows("nianbao")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"name", "value"}, {"甲市,\uFFFD[31m\"\n", "25.1"}}
	if len(got) < 2 || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
		t.Errorf("rows %q, want %q and an empty one", got, want)
	}
}

// What begins like a formula is text, numbers are numbers, and what a double does not hold is text.
func TestXLSXTypes(t *testing.T) {
	long := strings.Repeat("甲", 40_000)
	for _, c := range []struct {
		v    value
		kind excelize.CellType
		want string
	}{
		{value{text: "=1+1"}, excelize.CellTypeInlineString, "=1+1"},
		{value{text: "@SUM(A1)"}, excelize.CellTypeInlineString, "@SUM(A1)"},
		{value{text: "-8"}, excelize.CellTypeInlineString, "-8"},
		{value{text: "410100"}, excelize.CellTypeInlineString, "410100"},
		{value{text: "_x0041_"}, excelize.CellTypeInlineString, "_x0041_"},
		{value{text: long}, excelize.CellTypeInlineString, strings.Repeat("甲", 32767-46) + cutMark},
		{value{text: "-8", bare: true}, excelize.CellTypeUnset, "-8"},
		{value{text: "160391.4077", bare: true}, excelize.CellTypeUnset, "160391.4077"},
		{value{text: "9007199254740992", bare: true}, excelize.CellTypeUnset, "9007199254740992"},
		{value{text: "9007199254740993", bare: true}, excelize.CellTypeInlineString, "9007199254740993"},
		{value{text: "true", bare: true}, excelize.CellTypeBool, "1"},
		{value{text: "[1,2]", bare: true}, excelize.CellTypeInlineString, "[1,2]"},
		{value{text: "2022-03-04", at: day(2022, 3, 4)}, excelize.CellTypeUnset, "44624"}, // days since 1899-12-30
		{value{text: "2022-03-04T12:00:00", at: day(2022, 3, 4).Add(12 * time.Hour)}, excelize.CellTypeUnset, "44624.5"},
		{value{text: "1900-02-28", at: day(1900, 2, 28)}, excelize.CellTypeInlineString, "1900-02-28"},
		{value{null: true}, excelize.CellTypeUnset, ""},
	} {
		var b bytes.Buffer
		x := &xlsxWriter{w: &b}
		if err := errors.Join(x.begin([]arrow.Field{{Name: "a"}}), x.batch([][]value{{c.v}}), x.end()); err != nil {
			t.Fatal(err)
		}
		f := read(t, b.Bytes())
		kind, _ := f.GetCellType("nianbao", "A2")
		got, _ := f.GetCellValue("nianbao", "A2")
		formula, _ := f.GetCellFormula("nianbao", "A2")
		if kind != c.kind || got != c.want || formula != "" {
			t.Errorf("%.20q: type %d, value %.40q, formula %q; want type %d, value %.40q", c.v.text, kind, got, formula, c.kind, c.want)
		}
	}
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestWorkbookOfManySheetsIsTheSameEachTime(t *testing.T) {
	var first []byte
	for range 5 {
		var b bytes.Buffer
		book, err := NewWorkbook()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"c", "a", "b", "d", "e", "f", "g"} {
			s, err := book.Sheet(name, []arrow.Field{{Name: "x"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.batch([][]value{{{text: name}}}), s.Close()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := book.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		book.Close()
		if first == nil {
			first = b.Bytes()
			if got := read(t, first).GetSheetList(); strings.Join(got, "") != "cabdefg" {
				t.Errorf("sheets %q", got)
			}
		}
		if !bytes.Equal(b.Bytes(), first) {
			t.Fatal("the same sheets give other bytes")
		}
	}
}

func TestXLSXSaysWhatASheetHolds(t *testing.T) {
	x := &xlsxWriter{w: &bytes.Buffer{}}
	if err := x.begin([]arrow.Field{{Name: "a"}}); err != nil {
		t.Fatal(err)
	}
	x.sheet.row = 1 + MaxSheetRows - 1
	if err := x.batch([][]value{{{text: "last"}}}); err != nil {
		t.Errorf("the last row: %v", err)
	}
	if err := x.batch([][]value{{{text: "one more"}}}); !errors.Is(err, ErrTooManyRows) || !strings.Contains(err.Error(), "1048575") {
		t.Errorf("one row too many: %v", err)
	}
}

// Batches do not make row groups: readers skip and share work by row groups.
func TestParquetFillsRowGroups(t *testing.T) {
	schema, err := record.Schema[row]()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, Parquet, schema)
	if err != nil {
		t.Fatal(err)
	}
	v := decimal128.FromI64(1)
	batch, err := record.Batch(slices.Repeat([]row{{Name: "甲", Value: &v}}, 2048))
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if err := w.Write(batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := file.NewParquetReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if p.NumRows() != 204_800 || p.NumRowGroups() != 2 {
		t.Errorf("%d rows in %d row groups, want 204800 in 2", p.NumRows(), p.NumRowGroups())
	}
}
