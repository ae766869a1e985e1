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

// onePage is a PDF of one page, with these entries, such as its box, this content and these resources,
// which are the objects from 5 on. Nothing is compressed, so that the fuzzer can reach it.
func onePage(page, resources, content string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, object := range append([]string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		fmt.Sprintf("<</Type/Page/Parent 2 0 R%s/Contents 4 0 R/Resources<<%s>>>>", page, resources),
		stream("", content),
	}, objects...) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

func stream(entries, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", entries, len(content), content)
}

// drawn is the smallest PDF of one page with this content.
func drawn(content string) []byte {
	return onePage("/MediaBox[0 0 300 300]", "/Font<</F 5 0 R>>", content, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
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
