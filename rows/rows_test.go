package rows

import (
	"bytes"
	"errors"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/nianbao/nianbao/record"
)

type row struct {
	Name  string          `arrow:"name"`
	Value *decimal128.Num `arrow:"value,decimal(28,8)"`
}

// print writes two batches of one row, so that what is per batch shows.
func print(t *testing.T, f Format) []byte {
	t.Helper()
	schema, err := record.Schema[row]()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := NewWriter(&b, f, schema)
	if err != nil {
		t.Fatal(err)
	}
	value := decimal128.FromI64(2510000000)
	for _, r := range []row{{Name: "甲市,\x1b[31m\"\n", Value: &value}, {Name: ""}} {
		batch, err := record.Batch([]row{r})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(batch); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTextFormats(t *testing.T) {
	for f, want := range map[Format]string{
		CSV:   "name,value\n\"甲市,\x1b[31m\"\"\n\",25.1\n,\n",
		JSON:  "[\n{\"name\":\"甲市,\\u001b[31m\\\"\\n\",\"value\":25.1},\n{\"name\":\"\",\"value\":null}\n]\n",
		JSONL: "{\"name\":\"甲市,\\u001b[31m\\\"\\n\",\"value\":25.1}\n{\"name\":\"\",\"value\":null}\n",
		// A control character cannot move the cursor of a terminal.
		Table: "name          value\n------------  -----\n甲市,\uFFFD[31m\"    25.1\n              NULL\n",
	} {
		if got := string(print(t, f)); got != want {
			t.Errorf("%s:\n%q, want\n%q", f, got, want)
		}
	}
}

func TestBinaryFormats(t *testing.T) {
	r, err := ipc.NewReader(bytes.NewReader(print(t, Arrow)))
	if err != nil {
		t.Fatal(err)
	}
	n := int64(0)
	for r.Next() {
		n += r.RecordBatch().NumRows()
	}
	if n != 2 {
		t.Errorf("Arrow stream has %d rows, want 2", n)
	}
	p, err := file.NewParquetReader(bytes.NewReader(print(t, Parquet)))
	if err != nil {
		t.Fatal(err)
	}
	if p.NumRows() != 2 {
		t.Errorf("Parquet file has %d rows, want 2", p.NumRows())
	}
}

// The signs are those of OWASP's page on CSV injection; the cells are those of a crawled page.
func TestExcelRunsNoText(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+8": "'+8", "-": "'-", "@SUM(A1)": "'@SUM(A1)", "＝1": "'＝1", " =1": "' =1", "\t8": "'\t8", "\r=1": "\"'\r=1\"",
		"/": "/", "3": "3", "甲=1": "甲=1", "": "", "\u3000＋1": "'\u3000＋1", "a,=1": "\"a,=1\"",
	} {
		var b bytes.Buffer
		w := &excelWriter{&b, newCSVWriter(&b)}
		err := errors.Join(w.begin([]arrow.Field{{Name: "a"}}), w.batch([][]value{{{text: text}, {text: "-8", bare: true}}}), w.end())
		if got := b.String(); err != nil || got != "\uFEFFa\n"+want+",-8\n" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
