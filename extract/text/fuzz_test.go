package text

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/nianbao/nianbao/extract/grid"
)

// FuzzRead reads whatever bytes. A reader either refuses with one of the errors of
// package grid or yields a document whose cells lie inside their tables.
func FuzzRead(f *testing.F) {
	seeds, err := filepath.Glob("../testdata/corpus/*/source.txt")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no seeds in ../testdata/corpus: %v", err)
	}
	for _, name := range seeds {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read(data)
		if err != nil {
			if !refused(err) {
				t.Errorf("%v is no refusal that extract knows", err)
			}
			return
		}
		for _, b := range doc.Blocks {
			if b.Grid != nil {
				checkGrid(t, b.Grid, len(data)) // a cell costs more than a byte
			} else if !utf8.ValidString(b.Text) {
				t.Errorf("text %q", b.Text)
			}
		}
		if again, err := Read(data); err != nil || !reflect.DeepEqual(doc, again) {
			t.Errorf("read twice, it differs (%v)", err)
		}
	})
}

var refusals = []error{grid.ErrCorrupt, grid.ErrEncrypted, grid.ErrTooLarge, grid.ErrEmpty, grid.ErrImages}

func refused(err error) bool {
	for _, r := range refusals {
		if errors.Is(err, r) {
			return true
		}
	}
	return false
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
