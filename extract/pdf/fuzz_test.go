package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/grid/gridtest"
)

// drawn is the smallest PDF of one page with this content; nothing is compressed, so
// that the fuzzer can reach it.
func drawn(content string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	b.WriteString("xref\n0 6\n0000000000 65535 f \n")
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

// lattices are page contents: a ruled table, one drawn as boxes with a narrow column,
// one whose last column begins below its first row, one without lines, and the same
// in characters without width.
var lattices = []string{
	"0 0 0 RG 1 w 20 20 m 20 80 l S 60 20 m 60 80 l S 120 20 m 120 80 l S 20 20 m 120 20 l S 20 50 m 120 50 l S 20 80 m 120 80 l S BT /F 10 Tf 25 60 Td (12) Tj 45 0 Td (34) Tj ET",
	"20 20 40 30 re 60 20 2 30 re 62 20 58 30 re 20 50 40 30 re 60 50 60 30 re S BT /F 10 Tf 25 30 Td (a) Tj 45 0 Td (0) Tj 0 30 Td (7) Tj ET",
	"20 20 0.5 60 re 60 20 0.5 60 re 120 20 0.5 30 re 20 20 100 0.5 re 20 50 100 0.5 re 20 80 40 0.5 re f BT /F 8 Tf 25 30 Td (5) Tj ET",
	"BT /F 10 Tf 85 80 Td (x) Tj 40 0 Td (y) Tj -105 -20 Td (a) Tj 65 0 Td (1) Tj 40 0 Td (2) Tj -105 -20 Td (b) Tj 105 0 Td (3) Tj ET",
	"BT /F 10 Tf 0 Tz 85 80 Td (x) Tj 40 0 Td (y) Tj -105 -20 Td (a) Tj 65 0 Td (1) Tj 40 0 Td (2) Tj -105 -20 Td (b) Tj 105 0 Td (3) Tj ET",
}

func fuzzReader(f *testing.F) *Reader {
	f.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		f.Fatal(err)
	}
	r := New(filepath.Join(cache, "nianbao"))
	f.Cleanup(func() { r.Close() })
	return r
}

func FuzzRead(f *testing.F) {
	for _, content := range lattices {
		f.Add(drawn(content))
	}
	r := fuzzReader(f)
	f.Fuzz(func(t *testing.T, data []byte) { checkRead(t, r, data) })
}

// FuzzDrawing draws whatever on a page of a sound PDF.
func FuzzDrawing(f *testing.F) {
	for _, content := range lattices {
		f.Add(content)
	}
	r := fuzzReader(f)
	f.Fuzz(func(t *testing.T, content string) { checkRead(t, r, drawn(content)) })
}

func checkRead(t *testing.T, r *Reader, data []byte) {
	t.Helper()
	gridtest.Check(t, maxPages*maxChars, func() (*grid.Document, error) { return r.Read(t.Context(), data) })
}
