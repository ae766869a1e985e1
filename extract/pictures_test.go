package extract

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/record"
)

// table4 is a picture of table 4 with made-up figures, as an editor pastes it; they are,
// from left to right:
var table4 = []string{"15", "2", "3", "1", "21", "7", "0", "4", "6", "17", "2", "0", "0", "3", "5"}

func table4Picture(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/table4.png")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// withTable4 is a made-up report whose table 4 is the picture at an address.
func withTable4(t *testing.T, address string) string {
	t.Helper()
	return form(t, func(label string) (string, []string) { return label, []string{"1", "0", "0", "0", "0", "0", "1"} }) +
		`<p>四、政府信息公开行政复议、行政诉讼情况</p><p><img src="` + address + `"></p>`
}

// message is a page with a picture, saved as one file.
func message(page, headers string, picture []byte) string {
	return "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page +
		"\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n" + headers + "\r\n\r\n" +
		base64.StdEncoding.EncodeToString(picture) + "\r\n--b--\r\n"
}

// inWord is a paragraph with text on both sides of a picture.
const inWord = `<w:p><w:r><w:t>示例市示例局2022年政府</w:t></w:r><w:r><w:drawing><a:blip r:embed="rId7"/></w:drawing></w:r><w:r><w:t>信息公开工作年度报告</w:t></w:r></w:p>`

// pictured is a Word file with a picture.
func pictured(t *testing.T, body string, picture []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range map[string]string{
		"word/document.xml":            `<w:document xmlns:w="w" xmlns:a="a" xmlns:r="r">` + body + `</w:document>`,
		"word/_rels/document.xml.rels": `<Relationships><Relationship Id="rId7" Target="media/image1.png"/></Relationships>`,
		"word/media/image1.png":        string(picture),
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestATableThatIsAPictureInThePageIsRead(t *testing.T) {
	e := newExtractor(t)
	x, err := e.Extract(t.Context(), []byte(withTable4(t, "data:image/png;base64,"+base64.StdEncoding.EncodeToString(table4Picture(t)))))
	if err != nil || x.Report == nil {
		t.Fatalf("no report: %v %+v", err, x)
	}
	var got []string
	for _, c := range x.Cells {
		if c.Table != "t4" {
			continue
		}
		if !strings.HasPrefix(c.Locator, "picture 1, dots ") {
			t.Errorf("%s stands at %q", c.Metric, c.Locator)
		}
		if c.Value != nil {
			got = append(got, record.DecimalString(*c.Value))
		} else {
			got = append(got, c.Status)
		}
	}
	if strings.Join(got, " ") != strings.Join(table4, " ") {
		t.Errorf("read %s, want %s", got, table4)
	}
}

// Where tesseract is missing every way to a picture ends in the same reason, which is
// also how the test sees that the picture was found.
func TestPicturesWithoutARecogniser(t *testing.T) {
	picture := table4Picture(t)
	inPage := "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture)
	page := func(address string) string {
		return "<h1>示例市示例局2022年政府信息公开工作年度报告</h1><p>四、政府信息公开行政复议、行政诉讼情况</p><img src='" + address + "'>"
	}
	e := newExtractor(t)
	t.Setenv("PATH", t.TempDir())
	for _, c := range []struct {
		name  string
		data  []byte
		asked bool // for tesseract
	}{
		{"in the page", []byte(page(inPage)), true},
		{"in the page, with line breaks", []byte(page(strings.ReplaceAll(inPage, "A", "A\n"))), true},
		{"in a message, by place", []byte(message(page("https://a.example/b.png"), "Content-Location: https://a.example/b.png", picture)), true},
		{"in a message, by relative place", []byte(message(page("x.files/b.png"), "Content-Location: file:///C:/x.files/b.png", picture)), true},
		{"in a message, by id", []byte(message(page("cid:7@x"), "Content-ID: <7@x>", picture)), true},
		{"in a message, another", []byte(message(page("c.png"), "Content-Location: https://a.example/b.png", picture)), false},
		{"in a Word file", pictured(t, inWord, picture), true},
		{"a Word file of pictures alone", pictured(t, `<w:p><w:r><w:drawing><a:blip r:embed="rId7"/></w:drawing></w:r></w:p>`, picture), true},
		{"a document of its own", picture, true},
		{"linked", []byte(page("b.png")), false},
		{"no picture", []byte(page("data:image/png;base64,AAAA")), false},
	} {
		x, err := e.Extract(t.Context(), c.data)
		if err != nil {
			t.Fatal(err)
		}
		if x.Document.Reason != "tables_are_images" || strings.Contains(x.Document.Detail, "tesseract-ocr-chi-sim") != c.asked {
			t.Errorf("%s: %s, %s", c.name, x.Document.Reason, x.Document.Detail)
		}
	}
	// A report whose tables are text needs none.
	if x, err := e.Extract(t.Context(), []byte(withTable4(t, inPage))); err != nil || x.Report == nil {
		t.Errorf("a report is lost for want of one picture: %v %+v", err, x)
	}
}

// A report of which some tables are pictures is read without them, and says why.
func TestPagesThatAreNotRecognisedAreNamed(t *testing.T) {
	e := newExtractor(t)
	t.Setenv("PATH", t.TempDir())
	x, err := e.Extract(t.Context(), sourceOf(t, filepath.Join(corpus, "pdf-tables-pictured")))
	if err != nil || x.Report == nil || x.Report.Forms != "t2:D" {
		t.Fatalf("%v: %+v", err, x)
	}
	for _, f := range x.Findings {
		if f.Code == "missing_table" && !strings.Contains(f.Message, "tesseract-ocr-chi-sim") {
			t.Errorf("%s", f.Message)
		}
	}
}

// Pictures on pages beside text keep their places on the page, and text that is there
// already is not recognised.
func TestPicturesOnPagesAreReadAlone(t *testing.T) {
	e := newExtractor(t)
	doc, err := e.read(t.Context(), typePDF, sourceOf(t, filepath.Join(corpus, "pdf-tables-pictured")))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, b := range doc.Blocks {
		kind := "text"
		if b.Grid != nil {
			kind = "table"
		}
		if b.Recognised || b.Grid != nil && b.Grid.Cells[0].Recognised != nil {
			kind = "recognised " + kind
		}
		at, _, _ := strings.Cut(b.Locator, ",")
		if entry := at + " " + kind; len(order) == 0 || order[len(order)-1] != entry {
			order = append(order, entry)
		}
	}
	want := "page 1 text|page 1 table|page 1 text|page 2 recognised table|page 2 text|page 3 recognised text|page 3 recognised table|page 3 recognised text"
	if got := strings.Join(order, "|"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// hugePNG declares 100,000 by 100,000 dots.
func hugePNG() []byte {
	header := append([]byte("IHDR"), 0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0, 8, 0, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0D"), header...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(header))
}

func TestHostilePicturesAreRefused(t *testing.T) {
	e := newExtractor(t)
	page := "<h1>示例市示例局2022年政府信息公开工作年度报告</h1><p>四、政府信息公开行政复议、行政诉讼情况</p>"
	for name, data := range map[string][]byte{
		"huge":        hugePNG(),
		"huge inside": []byte(page + "<img src='data:image/png;base64," + base64.StdEncoding.EncodeToString(hugePNG()) + "'>"),
		"many":        []byte(page + strings.Repeat("<img src='data:image/png;base64,"+base64.StdEncoding.EncodeToString(table4Picture(t))+"'>", maxPictures+1)),
	} {
		x, err := e.Extract(t.Context(), data)
		if err != nil || x.Document.Reason != "too_large" {
			t.Errorf("%s: %v, %+v", name, err, x)
		}
	}
}
