package ofd

import (
	"bytes"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// FuzzRead reads whatever bytes. What is no archive is the page of a sound file, where
// the fuzzer does not have to find its way through the compression first.
func FuzzRead(f *testing.F) {
	gridtest.Seed(f, "testdata/*.ofd")
	for _, content := range []string{
		page(table(20, []float64{20, 60, 90}, false, "甲|1", "乙|^")),
		page(table(20, []float64{20, 60, 90}, true, "甲|<", "乙|2")),
		onTemplate(write(20, 20, "示例局（虚构）") + `<ofd:PathObject Boundary="1 1 9 9" CTM="1 0 0 1 2 3"><ofd:AbbreviatedData>M 0 0 Q 1 1 2 2 B 1 1 2 2 3 3 A 1 1 0 0 0 4 4 C</ofd:AbbreviatedData></ofd:PathObject>`),
	} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !bytes.HasPrefix(data, []byte("PK")) {
			data = pack(t, 1, map[string]string{"Doc_0/Pages/Page_0/Content.xml": string(data), "Doc_0/Tpls/Tpl_0/Content.xml": page(write(20, 9, "页眉"))})
		}
		gridtest.Check(t, maxObjects, func() (*grid.Document, error) { return Read(data) })
	})
}
