package record

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

func TestBatchKeepsMissingApartFromZero(t *testing.T) {
	zero := decimal128.FromI64(0)
	rec, err := Batch([]Cell{{Metric: "a", Value: &zero, Status: "number"}, {Metric: "b", Status: "blank"}})
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Release()
	want, err := Schema[Cell]()
	if err != nil {
		t.Fatal(err)
	}
	if !rec.Schema().Equal(want) {
		t.Errorf("batch has schema %v, want %v", rec.Schema(), want)
	}
	values := rec.Column(rec.Schema().FieldIndices("value")[0]).(*array.Decimal128)
	if values.IsNull(0) || !values.IsNull(1) {
		t.Errorf("nulls: zero cell %v, blank cell %v; want false, true", values.IsNull(0), values.IsNull(1))
	}
}

func TestDecimalString(t *testing.T) {
	for want, units := range map[string]int64{"0": 0, "25.1": 2510000000, "-8": -800000000, "160391.4077": 16039140770000, "100": 10000000000} {
		if got := DecimalString(decimal128.FromI64(units)); got != want {
			t.Errorf("DecimalString(%d) = %q, want %q", units, got, want)
		}
	}
}

func TestIsWhole(t *testing.T) {
	large := decimal128.FromU64(1 << 63)
	for v, want := range map[decimal128.Num]bool{
		decimal128.FromI64(0): true, decimal128.FromI64(300_000_000): true, decimal128.FromI64(-300_000_000): true,
		decimal128.FromI64(300_000_001): false, decimal128.FromI64(-50_000_000): false,
		large.Mul(decimal128.FromI64(100_000_000)): true, large: false,
	} {
		if got := IsWhole(v); got != want {
			t.Errorf("IsWhole(%s) = %v", DecimalString(v), got)
		}
	}
}

func TestSchemasLoseNoField(t *testing.T) {
	for name, schema := range map[string]func() (*arrow.Schema, error){
		"Location": Schema[Location], "LedgerEntry": Schema[LedgerEntry], "Link": Schema[Link], "Document": Schema[Document], "Report": Schema[Report],
		"Cell": Schema[Cell], "CheckResult": Schema[CheckResult], "Finding": Schema[Finding],
	} {
		s, err := schema()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Fields() {
			if arrow.IsNested(f.Type.ID()) { // what arreflect makes of a type that it does not know
				t.Errorf("%s.%s has the type %s", name, f.Name, f.Type)
			}
		}
	}
}

func TestBatchHoldsOnlyText(t *testing.T) {
	rec, err := Batch([]Finding{{Message: "a\xffb"}})
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Release()
	if got := rec.Column(rec.Schema().FieldIndices("message")[0]).ValueStr(0); got != "a\uFFFDb" {
		t.Errorf("message %q, want the bad byte marked", got)
	}
}
