package pdf

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
)

// pagesFile is a PDF of pages of 200 by 300 points with that content. /P is a grey
// picture, /F a font, /T an invisible text in a form object.
func pagesFile(pages ...string) []byte {
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 7+2*i))
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d/MediaBox[0 0 200 300]/Resources 3 0 R>>", strings.Join(kids, " "), len(pages)),
		"<</XObject<</P 4 0 R/T 5 0 R>>/Font<</F 6 0 R>>>>",
		stream("/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/ASCIIHexDecode", "80>"),
		stream("/Type/XObject/Subtype/Form/BBox[0 0 200 300]/Resources<</Font<</F 6 0 R>>>>", text(3, 100, "hidden in a form")),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	for i, content := range pages {
		objects = append(objects, fmt.Sprintf("<</Type/Page/Parent 2 0 R/Contents %d 0 R>>", 8+2*i), stream("", content))
	}
	return file(objects...)
}

// text shows a text in a mode (0 filled, 3 invisible) at a height of the page.
func text(mode, y int, s string) string {
	return fmt.Sprintf("BT /F 9 Tf %d Tr 20 %d Td (%s) Tj ET\n", mode, y, s)
}

// over lays a picture over the page from the bottom up to a height.
func over(name string, height int) string {
	return fmt.Sprintf("q 200 0 0 %d 0 0 cm /%s Do Q\n", height, name)
}

// What a page holds and does not show is not read as text.
func TestScannedPagesArePictures(t *testing.T) {
	r := testReader(t)
	long := text(0, 100, "twenty characters and") + text(0, 80, "twenty characters and") + text(0, 60, "twenty characters and")
	for _, c := range []struct {
		name, page string
		want       string // the texts that are read; empty: none
	}{
		{"a picture alone", over("P", 300), ""},
		{"text laid invisibly over the picture", over("P", 300) + text(3, 100, "recognised"), ""},
		{"the same within a form object", over("P", 300) + "/T Do\n", ""},
		{"invisible text and the mark of a program", over("P", 300) + text(3, 100, "recognised") + text(0, 10, "scanned by example"), ""},
		{"the mark of a program", over("P", 300) + text(0, 10, "scanned by example"), ""},
		{"strips of a picture", "q 200 0 0 100 0 0 cm /P Do Q q 200 0 0 100 0 100 cm /P Do Q\n" + text(3, 20, "recognised"), ""},
		{"text on a background", over("P", 300) + long, "twentycharactersand"},
		{"text beside a picture, which covers less than half", text(0, 250, "above") + over("P", 120), "above"},
		{"text beside a picture that covers more", text(0, 290, strings.Repeat("above ", 10)) + over("P", 180), "aboveabove"},
		{"no picture", text(3, 100, "invisible"), "invisible"},
	} {
		doc, err := r.Read(t.Context(), pagesFile(c.page))
		if c.want == "" {
			if !errors.Is(err, grid.ErrImages) {
				t.Errorf("%s: %+v, %v; want none but images", c.name, doc, err)
			}
			continue
		}
		if err != nil || !strings.HasPrefix(firstText(doc), c.want) {
			t.Errorf("%s: %+v, %v; want %q", c.name, doc, err, c.want)
		}
	}
}

// firstText is the first text, without its spaces: they are told from the widths of gaps.
func firstText(doc *grid.Document) string {
	for _, b := range doc.Blocks {
		if b.Text != "" {
			return unspaced(b.Text)
		}
	}
	return ""
}

func unspaced(text string) string { return strings.ReplaceAll(text, " ", "") }

// Between pages of text, a scanned page is one picture in its place.
func TestAScannedPageAmongPagesOfText(t *testing.T) {
	doc, err := testReader(t).Read(t.Context(), pagesFile(
		text(0, 250, "the first page"),
		over("P", 300)+text(3, 100, "recognised"),
		text(0, 250, "the third page")+over("P", 60),
	))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, b := range doc.Blocks {
		got = append(got, unspaced(b.Text)+b.Address)
	}
	if want := "thefirstpage|page 2, box 0 0 200 300|thethirdpage|page 3, box 0 0 200 60"; strings.Join(got, "|") != want {
		t.Errorf("blocks %q, want %q", got, want)
	}
}
