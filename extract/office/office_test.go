package office

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nianbao/nianbao/extract/docx"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/extract/html"
	"github.com/nianbao/nianbao/extract/xlsx"
)

func newConverter(t *testing.T) *Converter {
	t.Helper()
	if _, err := find(); err != nil {
		t.Fatalf("%v; run scripts/setup", err)
	}
	c := New(t.TempDir())
	t.Cleanup(func() { c.Close() })
	return c
}

func load(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tables draws the tables of a converted document.
func tables(t *testing.T, r Result) string {
	t.Helper()
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	doc, err := map[string]func([]byte) (*grid.Document, error){"docx": docx.Read, "xlsx": xlsx.Read, "html": html.Read}[r.Kind](r.Data)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		for _, row := range b.Grid.Dense() {
			var fields []string
			for _, c := range row {
				if c == nil {
					fields = append(fields, ".")
				} else {
					fields = append(fields, strings.ReplaceAll(c.Text, "\n", "~"))
				}
			}
			rows = append(rows, strings.Join(fields, "|"))
		}
	}
	return strings.Join(rows, "\n")
}

// The files hold one made-up table each, written by LibreOffice from HTML and, for
// the workbook, by openpyxl and LibreOffice.
func TestFormatsInOneBatch(t *testing.T) {
	const report = "项目|申请人|申请人\n项目|自然人|总计\n新收申请|20|"
	names := []string{"report.doc", "report.rtf", "report.odt", "sheet.xls"}
	var files [][]byte
	for _, name := range names {
		files = append(files, load(t, name))
	}
	files = append(files, files[0][:3000]) // damaged
	results, err := newConverter(t).ConvertAll(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names[:3] {
		if got := tables(t, results[i]); got != report {
			t.Errorf("%s: tables\n%s\nwant\n%s", name, got, report)
		}
	}
	if got := tables(t, results[3]); !strings.Contains(got, "行政收费|行政收费|160391.4077|\n") {
		t.Errorf("sheet.xls: tables\n%s\nwant the row 行政收费 with 160391.4077 and a blank", got)
	}
	if !errors.Is(results[4].Err, grid.ErrCorrupt) {
		t.Errorf("a damaged document: %v, want corrupt", results[4].Err)
	}
}

// The practice report exists as DOCX too, from which the DOC was made.
func TestPracticeReport(t *testing.T) {
	const practice = "../../../shared/reports/practice/"
	doc, err := os.ReadFile(practice + "zhengzhou-2022-doc/source.doc")
	if err != nil {
		t.Skipf("skipped: the practice reports (%s) are not beside this clone", practice)
	}
	original, err := os.ReadFile(practice + "zhengzhou-2022-docx/source.docx")
	if err != nil {
		t.Fatal(err)
	}
	data, kind, err := newConverter(t).Convert(t.Context(), doc)
	got := tables(t, Result{data, kind, err})
	if want := tables(t, Result{Data: original, Kind: "docx"}); got != want {
		t.Errorf("tables\n%s\nwant\n%s", got, want)
	}
}

func TestDocumentsThatAreRefused(t *testing.T) {
	c := newConverter(t)
	sealedDoc := bytes.Clone(load(t, "report.doc"))
	content := bytes.Index(sealedDoc, []byte("\xEC\xA5")) // FibBase.wIdent
	sealedDoc[content+11] |= 1                            // fEncrypted
	renamed := bytes.ReplaceAll(load(t, "report.doc"), []byte("W\x00o\x00r\x00d\x00D"), []byte("V\x00o\x00r\x00d\x00D"))
	for _, r := range []struct {
		name string
		data []byte
		want error
	}{
		{"a workbook with a password", load(t, "password.xlsx"), grid.ErrEncrypted},
		{"a DOC that says it is encrypted", sealedDoc, grid.ErrEncrypted},
		{"a compound file of something else", renamed, ErrNotOffice},
		{"HTML", []byte("<html>"), ErrNotOffice},
		{"nothing", nil, ErrNotOffice},
		{"a header alone", []byte(compoundFile + strings.Repeat("\xFF", 600)), grid.ErrCorrupt},
		{"too large", append([]byte(`{\rtf1`), make([]byte, maxInput)...), grid.ErrTooLarge},
	} {
		if _, _, err := c.Convert(t.Context(), r.data); !errors.Is(err, r.want) {
			t.Errorf("%s: error %v, want %v", r.name, err, r.want)
		}
	}
}

// A spoilt directory of a compound file ends in an error, never in a crash or a loop.
func TestSpoiltDirectories(t *testing.T) {
	for _, name := range []string{"report.doc", "sheet.xls"} {
		data := load(t, name)
		spoilt := bytes.Clone(data)
		for i := 8; i < len(data); i += 3 {
			for _, b := range []byte{0, 0x7F, 0xFF} {
				spoilt[i] = b
				identify(spoilt)
			}
			spoilt[i] = data[i]
		}
	}
}

// With the settings of a fresh LibreOffice this document does ask for its picture.
func TestLinksAreNotFollowed(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("geheim"), 0o600); err != nil {
		t.Fatal(err)
	}
	linked := edit(t, load(t, "report.odt"), "content.xml", "</office:text>", fmt.Sprintf(
		`<text:p><draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char"><draw:image xlink:href="%[1]s/a.png" xlink:type="simple" xlink:actuate="onLoad"/></draw:frame></text:p>`+
			`<text:section text:name="a"><text:section-source xlink:href="%[1]s/a.odt"/><text:p>x</text:p></text:section>`+
			`<text:section text:name="b"><text:section-source xlink:href="file://%[2]s"/><text:p>x</text:p></text:section></office:text>`, server.URL, secret))
	data, _, err := newConverter(t).Convert(t.Context(), linked)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := docx.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range doc.Blocks {
		if strings.Contains(b.Text, "geheim") {
			t.Errorf("the document took in a file: %q", b.Text)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the document asked for addresses %d times", n)
	}
}

// edit replaces a string in a part of a zip file.
func edit(t *testing.T, data []byte, part, old, new string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			content = bytes.Replace(content, []byte(old), []byte(new), 1)
		}
		out, err := w.CreateHeader(&zip.FileHeader{Name: f.Name}) // stored, as mimetype has to be
		if err != nil {
			t.Fatal(err)
		}
		out.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Renditions hold the cells of the document. Pages link to nothing on the way.
func TestRenditions(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	secret := filepath.Join(t.TempDir(), "secret.html")
	if err := os.WriteFile(secret, []byte("<table><tr><td>geheim</td></tr></table>"), 0o600); err != nil {
		t.Fatal(err)
	}
	page := fmt.Sprintf(`<link rel="stylesheet" href="%[1]s/a.css"><img src="%[1]s/a.png"><iframe src="%[1]s/a.html"></iframe><iframe src="file://%[2]s"></iframe>`+
		`<table><tr><td rowspan="2">&#30002;</td><td>12</td></tr><tr><td>3,126</td></tr></table>`, server.URL, secret)
	c := newConverter(t)
	const want = "甲|12\n甲|3126"
	data := []byte(page)
	for _, from := range []string{"html", "xlsx"} {
		rendered, kind, err := c.Rendition(t.Context(), data, from)
		if got := tables(t, Result{rendered, kind, err}); got != want {
			t.Errorf("%s becomes %s of %q, want %q", from, kind, got, want)
		}
		data = rendered
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the page asked for addresses %d times", n)
	}
	if _, _, err := c.Rendition(t.Context(), data, "ofd"); !errors.Is(err, ErrNotOffice) {
		t.Errorf("error %v", err)
	}
}

func TestMissingProgramSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, _, err := New(t.TempDir()).Convert(t.Context(), []byte(`{\rtf1}`))
	if !errors.Is(err, ErrNoConverter) || !strings.Contains(err.Error(), "libreoffice-writer-nogui") {
		t.Errorf("error %v", err)
	}
}

// Braces make LibreOffice take all memory that it is given.
func TestDocumentThatAsksForTooMuch(t *testing.T) {
	started := time.Now()
	_, _, err := newConverter(t).Convert(t.Context(), []byte(`{\rtf1 `+strings.Repeat("{", 2_000_000)))
	if !errors.Is(err, grid.ErrTooLarge) && !errors.Is(err, grid.ErrCorrupt) {
		t.Errorf("error %v, want too large or corrupt", err)
	}
	if took := time.Since(started); took > startTime+fileTime+2*time.Second {
		t.Errorf("took %v", took)
	}
}

// A program that works on and on is ended as well.
func TestWorkIsBounded(t *testing.T) {
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "soffice"), []byte("#!/bin/sh\nwhile :; do :; done\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	c := New(t.TempDir())
	if err := c.prepare(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.run(t.Context(), time.Second, filepath.Join(bin, "soffice"), format{}, bin, nil); !errors.Is(err, errWork) {
		t.Errorf("error %v, want that it worked too long", err)
	}
}

// A program that hangs is ended together with the children it started.
func TestHangingProgramIsKilledWithItsChildren(t *testing.T) {
	bin := t.TempDir()
	child := filepath.Join(bin, "child")
	script := "#!/bin/sh\nsleep 600 &\necho $! > " + child + "\nwait\n"
	if err := os.WriteFile(filepath.Join(bin, "soffice"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	started := time.Now()
	if _, _, err := New(t.TempDir()).Convert(ctx, []byte(`{\rtf1}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the context's", err)
	}
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	raw, err := os.ReadFile(child)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	state, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	if err == nil && !strings.HasPrefix(string(state), "Z") {
		t.Errorf("the child %d still runs: %s", pid, state)
	}
}

func TestCloseRemovesEverything(t *testing.T) {
	dir := t.TempDir()
	c := New(dir)
	if _, err := find(); err != nil {
		t.Fatalf("%v; run scripts/setup", err)
	}
	if _, _, err := c.Convert(t.Context(), load(t, "report.rtf")); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
