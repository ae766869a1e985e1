package mhtml

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/html"
)

func load(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if !Is(data) {
		t.Errorf("%s is not recognised", name)
	}
	return data
}

// Chromium saved a page of made-up figures, with a frame and a picture.
func TestPageSavedByABrowser(t *testing.T) {
	page, err := Page(load(t, "chromium.mhtml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Read(page)
	if err != nil {
		t.Fatal(err)
	}
	if want := "示例局2022年政府信息公开工作年度报告（虚构）"; doc.Title != want {
		t.Errorf("title %q, want %q", doc.Title, want)
	}
	g := doc.Blocks[len(doc.Blocks)-1].Grid
	if g == nil || g.Rows != 3 || g.Cols != 3 || g.Dense()[2][1].Text != "20" || g.Dense()[1][0].Text != "项目" {
		t.Errorf("table %+v", g)
	}
}

// Python's email package wrote a message whose root is the second page of an inner
// message, in GB18030 under the name of gb2312 and in base64.
func TestRootPageOfNestedMessage(t *testing.T) {
	page, err := Page(load(t, "python.mhtml"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "<html><body><p>示例局（虚构）</p></body></html>"; string(page) != want {
		t.Errorf("page %q, want %q", page, want)
	}
}

func TestIs(t *testing.T) {
	for data, want := range map[string]bool{
		"": false, "<html>": false, "text: with a colon\n\nbody": false,
		"Content-Type: text/html\r\n\r\n<p>x":                                         false,
		"\r\nMIME-Version: 1.0\r\nContent-Type: Multipart/Related; boundary=x":        true, // cut in its header
		"\r\nMIME-Version: 1.0\nContent-Type: Multipart/Related;\n boundary=x\n\n--x": true,
	} {
		if got := Is([]byte(data)); got != want {
			t.Errorf("Is(%q) = %v", data, got)
		}
	}
}

func TestHostileMessages(t *testing.T) {
	const related = "Content-Type: multipart/related; boundary=x\n\n"
	deep := ""
	for i := range 50 {
		deep += fmt.Sprintf("Content-Type: multipart/related; boundary=x%[1]dx\n\n--x%[1]dx\n", i)
	}
	for _, c := range []struct {
		name, data string
		want       error
	}{
		{"nothing", "", grid.ErrCorrupt},
		{"no boundary", "Content-Type: multipart/related\n\n--x\n\n", grid.ErrCorrupt},
		{"no page", related + "--x\nContent-Type: image/png\n\nx\n--x--\n", grid.ErrEmpty},
		{"cut base64", related + "--x\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGh0\n!!!!", grid.ErrCorrupt},
		{"deep", deep, grid.ErrTooLarge},
		{"many parts", related + strings.Repeat("--x\nContent-Type: a/b\n\n\n", maxParts+2), grid.ErrTooLarge},
		{"a long page", related + "--x\nContent-Type: text/html\n\n" + strings.Repeat("x", maxPage+10) + "\n--x--\n", grid.ErrTooLarge},
	} {
		if _, err := Page([]byte(c.data)); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
	}
}
