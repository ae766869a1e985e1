package html

import (
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

func FuzzRead(f *testing.F) {
	gridtest.Seed(f, "../testdata/corpus/*/source.html")
	f.Fuzz(func(t *testing.T, data []byte) {
		gridtest.Check(t, len(data), func() (*grid.Document, error) { return Read(data) }) // a cell costs more than a byte
	})
}
