package extract

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/decimal128"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

func TestWhatSpeaksForASecondReading(t *testing.T) {
	number := func(n int64) *decimal128.Num {
		v := decimal128.FromI64(n).Mul(decimal128.FromI64(100_000_000))
		return &v
	}
	cells := []*record.Cell{{Metric: "rev_upheld", Value: number(3)}, {Metric: "rev_total", Value: number(4)}}
	key := func(i int) cellKey { return keyOf(cells[i]) }
	for _, c := range []struct {
		name  string
		again map[cellKey]decimal128.Num
		want  string
	}{
		{"both", map[cellKey]decimal128.Num{key(0): *number(3), key(1): *number(4)}, "alike"},
		{"one of them not read", map[cellKey]decimal128.Num{key(1): *number(4)}, ""},
		{"one otherwise", map[cellKey]decimal128.Num{key(0): *number(8), key(1): *number(4)}, "differs"},
		{"one otherwise, one not read", map[cellKey]decimal128.Num{key(1): *number(9)}, "differs"},
		{"none", nil, ""},
	} {
		if got := compare(cells, c.again); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Without the programs that a second route takes a failure stays what it was, and says
// where to look.
func TestFailuresWithoutASecondRoute(t *testing.T) {
	e := newExtractor(t)
	e.again = true
	t.Setenv("PATH", t.TempDir())
	for _, slug := range []string{"pdf-source-error", "source-error", "docx-source-error"} {
		x, err := e.Extract(t.Context(), sourceOf(t, filepath.Join(corpus, slug)))
		if err != nil || x.Report == nil {
			t.Fatalf("%s: %v", slug, err)
		}
		failures := 0
		for _, f := range x.Findings {
			if f.Code == "identity_failed" {
				failures++
				if !strings.Contains(f.Message, "nianbao doctor") {
					t.Errorf("%s: %s", slug, f.Message)
				}
			}
		}
		for _, c := range x.Checks {
			if c.Reread != "" {
				t.Errorf("%s: %s is read again by nothing: %q", slug, c.Identity, c.Reread)
			}
		}
		if failures == 0 {
			t.Errorf("%s: no failure", slug)
		}
	}
}

// What was recognised has been read by the second route already.
func TestRecognisedCellsAreNotReadAgain(t *testing.T) {
	g := &grid.Grid{Cells: []grid.Cell{{Locator: "a"}, {Locator: "b", Recognised: &grid.Recognition{}}}}
	doc := &grid.Document{Blocks: []grid.Block{{Text: "text"}, {Grid: g}}}
	for _, c := range []struct {
		locators string
		want     bool
	}{{"a", false}, {"ab", true}, {"c", false}} {
		var cells []*record.Cell
		for _, l := range c.locators {
			cells = append(cells, &record.Cell{Locator: string(l)})
		}
		if got := anyRecognised(doc, cells); got != c.want {
			t.Errorf("%s: %v, want %v", c.locators, got, c.want)
		}
	}
}

// A page in another encoding than it declares has a second route all the same.
func TestASecondRouteForAPageInAnyEncoding(t *testing.T) {
	e := newExtractor(t)
	e.again = true
	page := strings.Replace(string(sourceOf(t, filepath.Join(corpus, "source-error"))), `charset="utf-8"`, `charset="gbk"`, 1)
	x, err := e.Extract(t.Context(), []byte("\ufeff"+page))
	if err != nil || x.Report == nil {
		t.Fatalf("no report: %v", err)
	}
	for _, c := range x.Checks {
		if c.Outcome == "failed" && c.Reread != "alike" {
			t.Errorf("%s %s: %q, want alike", c.Identity, c.Instance, c.Reread)
		}
	}
}
