package extract

import (
	"bytes"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/record"
)

// maxSeed is the size of seeds from which a document takes milliseconds.
const maxSeed = 4 << 10

// FuzzExtract extracts whatever bytes. Each document yields a reason or a report
// whose cells say what they are and where they stand; the second time the same. Pages
// and text are what it is for: the readers of files have targets of their own, and
// other programs are not found.
func FuzzExtract(f *testing.F) {
	f.Setenv("PATH", "")
	for _, dir := range cases(f, corpus) {
		if data := sourceOf(f, dir); len(data) <= maxSeed && !bytes.HasPrefix(data, []byte("PK")) {
			f.Add(data)
		}
	}
	e := newExtractor(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		started := time.Now()
		x, err := e.Extract(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("took %v", took)
		}
		if (x.Report == nil) != (x.Document.Reason != "") {
			t.Errorf("report %v with reason %q", x.Report, x.Document.Reason)
		}
		if len(x.Cells) > 20_000 {
			t.Errorf("%d cells; a report has about 200", len(x.Cells))
		}
		for _, c := range x.Cells {
			checkCell(t, e.book, c)
		}
		if again, err := e.Extract(t.Context(), data); err != nil || !reflect.DeepEqual(x, again) {
			t.Errorf("extracted twice, it differs (%v)", err)
		}
	})
}

func checkCell(t *testing.T, book *codebook.Book, c record.Cell) {
	t.Helper()
	if (c.Value != nil) != (c.Status == "number") {
		t.Errorf("status %s with value %v: %+v", c.Status, c.Value, c)
	}
	if c.Locator == "" || c.Metric == "" || c.Grade == "" {
		t.Errorf("no locator, metric or grade: %+v", c)
	}
	if !utf8.ValidString(c.Raw) || !utf8.ValidString(c.RowLabel) || !utf8.ValidString(c.ColumnLabel) {
		t.Errorf("no valid text: %+v", c)
	}
	if c.Table == "t3" && c.Applicant == "" {
		t.Errorf("a cell of table 3 without applicant: %+v", c)
	}
}

// FuzzParseValue: a number has digits in the cell, reads the same with space around
// it, and fits the column; anything else is no number.
func FuzzParseValue(f *testing.F) {
	for _, s := range []string{"3126", "1,608,911", "７５８１１", "251000元", "22（其中修订16件）", "+1036", "-8", "/", "—", "无", "", "0.00000001", "1.5亿元", "99999999999999999999", "１２，３４５．６"} {
		f.Add(s, 0)
		f.Add(s, 1)
	}
	book, err := codebook.Load()
	if err != nil {
		f.Fatal(err)
	}
	metrics := []string{"app_new", "fee_amount_wanyuan", "permit_items_delta", "info_processing_fee_yuan"}
	f.Fuzz(func(t *testing.T, raw string, which int) {
		metric := book.Metric[metrics[(which%len(metrics)+len(metrics))%len(metrics)]]
		v, status := parseValue(book, metric, raw)
		if (v != nil) != (status == "number") {
			t.Fatalf("%q: value %v with status %s", raw, v, status)
		}
		if _, known := book.Status[status]; !known {
			t.Errorf("%q: status %q is not in status.csv", raw, status)
		}
		if v == nil {
			return
		}
		if !v.FitsInPrecision(28) {
			t.Errorf("%q: %s does not fit decimal(28,8)", raw, record.DecimalString(*v))
		}
		if again, status := parseValue(book, metric, "\u3000"+raw+" \n"); again == nil || *again != *v || status != "number" {
			t.Errorf("%q with space around it is %v %s", raw, again, status)
		}
		if plain := record.DecimalString(*v); metric.ID == "app_new" && plain != "" {
			if again, _ := parseValue(book, metric, plain); again == nil || *again != *v {
				t.Errorf("%q is %s, and that is %v", raw, plain, again)
			}
		}
	})
}
