// Package gridtest is what the fuzz targets of the readers share: where their seeds
// come from, and what holds for a document whatever the bytes were.
//
//	func FuzzRead(f *testing.F) {
//		gridtest.Seed(f, "../testdata/corpus/*/source.html")
//		f.Fuzz(func(t *testing.T, data []byte) {
//			gridtest.Check(t, len(data), func() (*grid.Document, error) { return Read(data) })
//		})
//	}
package gridtest

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid"
)

// Seed adds the files that the patterns match; a pattern without any is an error, since
// its target would then find nothing.
func Seed(f *testing.F, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			f.Fatalf("no seeds %s (%v)", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// Check fails the test unless read refuses with an error of package grid, or yields a
// document whose text is text, whose tables have at most the given number of cells, all
// within them, and which it yields a second time.
func Check(t *testing.T, cells int, read func() (*grid.Document, error)) {
	t.Helper()
	doc, err := read()
	if err != nil {
		if !Refused(err) {
			t.Errorf("%v is no refusal that extract knows", err)
		}
		return
	}
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			checkGrid(t, b.Grid, cells)
		} else if !utf8.ValidString(b.Text) {
			t.Errorf("text %q", b.Text)
		}
	}
	if again, err := read(); err != nil || !reflect.DeepEqual(doc, again) {
		t.Errorf("read twice, it differs (%v)", err)
	}
}

var refusals = []error{grid.ErrCorrupt, grid.ErrEncrypted, grid.ErrTooLarge, grid.ErrEmpty, grid.ErrImages}

// Refused reports whether an error is one by which readers say that bytes yield no
// document.
func Refused(err error) bool {
	return slices.ContainsFunc(refusals, func(r error) bool { return errors.Is(err, r) })
}

func checkGrid(t *testing.T, g *grid.Grid, most int) {
	t.Helper()
	if g.Rows > grid.MaxRows || g.Cols > grid.MaxCols || len(g.Cells) == 0 || len(g.Cells) > most {
		t.Errorf("%d rows, %d columns, %d cells", g.Rows, g.Cols, len(g.Cells))
	}
	for _, c := range g.Cells {
		if c.Row < 0 || c.Col < 0 || c.Row >= g.Rows || c.Col >= g.Cols || c.RowSpan < 1 || c.ColSpan < 1 {
			t.Errorf("cell %+v lies outside %d x %d", c, g.Rows, g.Cols)
		}
		if c.Locator == "" || !utf8.ValidString(c.Text) {
			t.Errorf("cell %+v has no locator or no valid text", c)
		}
	}
}
