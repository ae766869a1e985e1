package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nianbao/nianbao/record"
)

func TestHostileDocuments(t *testing.T) {
	e := newExtractor(t)
	wordFile := func(name string, content func(w *zip.Writer)) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		content(w)
		w.Close()
		return b.Bytes()
	}
	bomb := wordFile("bomb", func(w *zip.Writer) {
		f, _ := w.Create("word/document.xml")
		f.Write([]byte(`<w:document xmlns:w="w"><w:body>`))
		block := bytes.Repeat([]byte("<w:p/>"), 1<<18)
		for range 60 {
			f.Write(block)
		}
	})
	entities := `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("A", 1000) + `">`
	for c := 'b'; c <= 'j'; c++ {
		entities += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	entities = "<?xml version=\"1.0\"?>" + entities + "]>"
	noise := make([]byte, 5000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x>>24)%255 + 1 // no zero, which would settle it
	}
	archives := bomb
	for range 5 { // 8 kB that unpack to 4096 files of 90 MB
		archives = wordFile("x", func(w *zip.Writer) {
			for i := range 8 {
				f, _ := w.Create(fmt.Sprintf("%d.zip", i))
				f.Write(archives)
			}
		})
	}
	passwordPDF, err := os.ReadFile("testdata/password.pdf")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]bool{}
	for _, c := range []struct {
		name, reason string
		data         []byte
	}{
		{"nothing", "empty", nil},
		{"white space", "empty", []byte(" \n\t\n")},
		{"an index page", "not_a_report", []byte("<html><body><ul><li><a href=a>新闻</a></ul>")},
		{"a title without tables", "tables_missing", []byte("<html><h1>示例局2022年政府信息公开工作年度报告</h1><p>见附件</p>")},
		{"rowspan of a million", "not_a_report", []byte("<table><tr><td rowspan=1000000 colspan=1000000>x</td></tr></table>")},
		{"deep nesting", "too_large", []byte(strings.Repeat("<div>", 100_000) + "x")},
		{"tables in tables", "too_large", []byte(strings.Repeat("<table><tr><td>", 400) + "x")},
		{"linked pictures for tables", "tables_are_images", []byte("<html><h1>示例局2022年政府信息公开工作年度报告</h1><p>三、收到和处理政府信息公开申请情况</p><img src=a.png>")},
		{"a cut picture", "corrupt", []byte("\x89PNG\r\n\x1a\n0000")},
		{"cut PDF", "corrupt", []byte("%PDF-1.7\n1 0 obj<</Type/Catalog")},
		{"cut DOCX", "corrupt", bomb[:2000]},
		{"DOCX that unpacks to 90 MB", "too_large", bomb},
		{"DOCX without text", "corrupt", wordFile("x", func(w *zip.Writer) { f, _ := w.Create("word/document.xml"); f.Write([]byte("<w:document")) })},
		{"a zip of something", "unsupported", wordFile("x", func(w *zip.Writer) { w.Create("a.txt") })},
		{"binary", "unsupported", []byte{1, 0, 2, 0, 3}},
		{"noise", "unsupported", noise},
		{"entities of entities in Word", "corrupt", wordFile("x", func(w *zip.Writer) {
			f, _ := w.Create("word/document.xml")
			f.Write([]byte(entities + `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>`))
		})},
		{"entities of entities in a page", "not_a_report", []byte(entities + "<html><body>&j;</body></html>")},
		{"an archive of archives", "unsupported", archives},
		{"plain text without end", "too_large", bytes.Repeat([]byte("1 "), maxPlain/2+1)},
		{"half a million cells", "too_large", []byte("<table>" + strings.Repeat("<tr>"+strings.Repeat("<td>1", 100), 5000))},
		{"PDF with a password", "encrypted", passwordPDF},
		{"a challenge of 瑞数", "challenge_page", []byte(`<html><script>$_ts=window['$_ts'];$_ts.nsd=1</script><body></body></html>`)},
		{"a challenge of 加速乐", "challenge_page", []byte("<script>document.cookie=('_')+('j')+('s')+';max-age=3600';\nlocation.href=location.pathname</script>")},
		{"a challenge of C3VK", "challenge_page", []byte(`<html><script>document.cookie="C3VK=ab; path=/; max-age=300";location.reload()</script>`)},
		{"an error page", "soft_404", []byte("<html><title>出错了</title><p>您访问的页面不存在或已删除</p>")},
		{"an error page of a server", "soft_404", []byte("<html><title>404 Not Found</title><hr><center>nginx</center>")},
		{"a long page that speaks of such", "not_a_report", []byte("<html><p>您访问的页面不存在" + strings.Repeat("字", 400))},
		{"a form of websites", "not_a_report", []byte("<html><h1>2021年度网站工作年度报表</h1><table><tr><td>网站总访问量<td>9</tr><tr><td>信息发布总数<td>34</tr></table>")},
		{"a page that speaks of PDFs", "not_a_report", []byte("<html><!-- %PDF-1.4 --><p>x")},
		{"ten thousand tables", "not_a_report", []byte(strings.Repeat("<table><tr><td>1<td>2</table>", 10_000))},
		{"ten thousand tables in Word", "not_a_report", wordFile("x", func(w *zip.Writer) {
			f, _ := w.Create("word/document.xml")
			f.Write([]byte(`<w:document xmlns:w="w"><w:body>` + strings.Repeat(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`, 10_000) + `</w:body></w:document>`))
		})},
		{"a page without end", "too_large", append([]byte("<html>"), bytes.Repeat([]byte("x"), maxPage)...)},
		{"gzip", "unsupported", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x4b\x04\x00\x43\xbe\xb7\xe8\x01\x00\x00\x00")},
		{"a GIF that is a page", "too_large", []byte("GIF89a/*<html>*/<table><tr><td>1</table>")},
		{"a picture of the report", "not_a_report", []byte("<html><h1>一图读懂示例市2023年政府信息公开年度报告</h1><img src=a.png>")},
	} {
		reasons[c.reason] = true
		started := time.Now()
		x, err := e.Extract(t.Context(), c.data)
		if err != nil || x.Document.Reason != c.reason {
			t.Errorf("%s: reason %q (%v), want %q", c.name, reasonIn(x), err, c.reason)
		}
		if took := time.Since(started); took > time.Minute {
			t.Errorf("%s took %v", c.name, took)
		}
		if strings.Contains(x.Document.Detail, "\n") || len(x.Document.Detail) > maxDetail+len("…") {
			t.Errorf("%s: the detail is no line: %q", c.name, x.Document.Detail)
		}
	}
	// design.md: reason codes of a document that yields no report
	for _, r := range strings.Split("not_a_report, unsupported, corrupt, encrypted, too_large, challenge_page, soft_404, empty, tables_are_images, tables_missing", ", ") {
		if _, ok := e.book.Reason[r]; !ok || !reasons[r] {
			t.Errorf("reason %s is not in reason.csv, or no document here has it", r)
		}
	}
}

func reasonIn(x *record.Extraction) string {
	if x == nil {
		return ""
	}
	return fmt.Sprintf("%s: %s", x.Document.Reason, x.Document.Detail)
}

// A cell of a million digits is no number, and costs its report nothing else.
func TestHugeDigits(t *testing.T) {
	page := form(t, func(label string) (string, []string) {
		if strings.HasPrefix(label, "一、") {
			return label, []string{strings.Repeat("9", 1_000_000), "0", "0", "0", "0", "0", strings.Repeat("9", 30)}
		}
		return label, zeros
	})
	x, err := newExtractor(t).Extract(t.Context(), []byte(page))
	if err != nil || x.Report == nil || len(x.Cells) != 175 {
		t.Fatalf("no report of 175 cells: %v %+v", err, x.Document)
	}
	for _, applicant := range []string{"natural_person", "total"} {
		if c := find(x.Cells, "app_new", applicant); c.Value != nil || c.Status != "text" {
			t.Errorf("%s: %v %s, want no value", applicant, c.Value, c.Status)
		}
	}
}

// TestWideEmptyTables: one cell that spans 200 columns and 5000 empty rows below it
// cost 20 kB as HTML, a few hundred bytes as Word; laid out they are a million
// positions. A document of many such tables is refused before they are laid out.
func TestWideEmptyTables(t *testing.T) {
	page := strings.Repeat("<table><tr><td colspan=200>x"+strings.Repeat("<tr>", 4999)+"</table>", 40)
	table := `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="200"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr>` + strings.Repeat("<w:tr/>", 4999) + `</w:tbl>`
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	f, err := w.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte(`<w:document xmlns:w="w"><w:body>` + strings.Repeat(table, 40) + `</w:body></w:document>`))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	e := newExtractor(t)
	for name, data := range map[string][]byte{"page": []byte("<html>" + page), "Word file": file.Bytes()} {
		x, err := e.Extract(t.Context(), data)
		if err != nil || x.Document.Reason != "too_large" {
			t.Errorf("%s of %d bytes: reason %q (%v), want too_large", name, len(data), reasonIn(x), err)
		}
	}
}
