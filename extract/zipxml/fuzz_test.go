package zipxml

import (
	"encoding/xml"
	"errors"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// FuzzParts opens whatever bytes and reads parts of them until they are all read or
// more than the archive may unpack to: then nothing can be read any more.
func FuzzParts(f *testing.F) {
	gridtest.Seed(f, "../testdata/corpus/*/source.docx", "../xlsx/testdata/*.xlsx", "../ofd/testdata/*.ofd")
	f.Add(packed(f, `Word\Document.xml`, "<a><b/></a>", 0))
	f.Add(packed(f, "/word/document.xml", "<a>x</a>", 1))
	const limit = 1 << 20
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(data, limit)
		if err != nil {
			if !errors.Is(err, grid.ErrCorrupt) {
				t.Errorf("%v, want corrupt", err)
			}
			return
		}
		total := 0
		for _, name := range []string{"word/document.xml", "xl/workbook.xml", "OFD.xml"} {
			err := a.Part(name, func(x *xml.Decoder) error {
				return Elements(x, func(x *xml.Decoder, _ xml.StartElement) error { return nil })
			})
			if !a.Has(name) && !errors.Is(err, ErrMissing) {
				t.Errorf("%s: %v, and it is not there", name, err)
			}
			part, err := a.Bytes(name)
			if total += len(part); err != nil && part != nil || total > limit {
				t.Errorf("%s: %d bytes of at most %d (%v)", name, total, limit, err)
			}
			if a.left < 0 && !errors.Is(err, grid.ErrTooLarge) {
				t.Errorf("%s: %d bytes are left (%v)", name, a.left, err)
			}
		}
	})
}
