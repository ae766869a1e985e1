package charts

import (
	"bytes"
	"encoding/csv"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// siteFiles returns the bytes of every file under dir by its path.
func siteFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		files[name] = string(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// nodes parses a page and returns its elements with their attributes.
func nodes(t *testing.T, page string) []*html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// TestPages walks the markup of every page.
func TestPages(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	for _, name := range sitePages(t) {
		t.Run(name, func(t *testing.T) {
			count, ids := map[string]int{}, map[string]bool{}
			for _, n := range nodes(t, files[name]) {
				if n.Namespace == "" { // a title of a picture is another thing
					count[n.Data]++
				}
				checkElement(t, n)
				checkLinks(t, files, name, n)
				if id := attr(n, "id"); id != "" && ids[id] {
					t.Errorf("id %q stands twice", id)
				} else if id != "" {
					ids[id] = true
				}
			}
			if !strings.Contains(files[name], `content="default-src &#39;none&#39;;`) && !strings.Contains(files[name], `content="default-src 'none';`) || strings.Contains(files[name], "unsafe") {
				t.Error("no strict content security policy")
			}
			if count["h1"] != 1 || count["main"] != 1 || count["title"] != 1 {
				t.Errorf("h1 %d, main %d, title %d; want one each", count["h1"], count["main"], count["title"])
			}
		})
	}
}

// checkElement refuses inline script, style and handlers, and asks for labels.
func checkElement(t *testing.T, n *html.Node) {
	for _, a := range n.Attr {
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		}
	}
	switch {
	case n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil), n.Data == "style":
		t.Errorf("inline <%s>", n.Data)
	case n.Data == "html" && attr(n, "lang") == "":
		t.Error("html has no lang")
	case attr(n, "role") == "img" && attr(n, "aria-labelledby") == "":
		t.Error("a plot has no label")
	case n.Data == "a" && strings.TrimSpace(text(n)) == "":
		t.Error("a link has no text")
	}
}

// checkLinks wants every address to resolve within the site or to be a web page.
func checkLinks(t *testing.T, files map[string]string, page string, n *html.Node) {
	for _, key := range []string{"href", "src"} {
		to := attr(n, key)
		u, err := url.Parse(to)
		if err != nil {
			t.Errorf("%s %q: %v", key, to, err)
			continue
		}
		switch {
		case to == "" || u.Scheme == "data" || u.Scheme == "https" && n.Data == "a":
			continue
		case strings.HasPrefix(u.Fragment, "n=") && u.Path == "": // a number of this page
			if !strings.Contains(files[page], `data-metric="`+strings.Split(u.Fragment, ".")[2]+`"`) {
				t.Errorf("%s=%q: the page has no such number", key, to)
			}
			continue
		}
		target := page
		if u.Path != "" {
			target = path.Join(path.Dir(page), u.Path)
		}
		if files[target] == "" || u.Fragment != "" && !strings.Contains(files[target], `id="`+u.Fragment+`"`) {
			t.Errorf("%s=%q leads nowhere", key, to)
		}
	}
}

// TestLanguages wants the two languages to mirror each other, and Chinese in English
// pages to be marked as Chinese.
func TestLanguages(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	for name := range files {
		for from, to := range map[string]string{"zh/": "en/", "en/": "zh/"} {
			if rest, ok := strings.CutPrefix(name, from); ok && files[to+rest] == "" {
				t.Errorf("%s has no twin %s", name, to+rest)
			}
		}
		if !strings.HasPrefix(name, "en/") {
			continue
		}
		for _, n := range nodes(t, files[name]) {
			for c := range n.ChildNodes() {
				han := strings.ContainsFunc(c.Data, func(r rune) bool { return unicode.Is(unicode.Han, r) })
				if c.Type == html.TextNode && han && attr(n, "lang") != "zh-CN" {
					t.Errorf("%s: <%s> has unmarked Chinese %q", name, n.Data, c.Data)
				}
			}
		}
	}
}

// TestHostileText wants names and titles to stay text in pages and scripts.
func TestHostileText(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	for name, body := range files {
		if strings.HasPrefix(name, "data/") && strings.HasSuffix(name, ".js") && strings.Contains(body, "<") {
			t.Errorf("%s has an unescaped <", name)
		}
		if path.Ext(name) == ".html" && strings.Contains(body, "window.x") && !strings.Contains(body, "&lt;/script&gt;&lt;script&gt;window.x=1") {
			t.Errorf("%s does not escape the hostile name", name)
		}
		if strings.Contains(body, `href="javascript`) {
			t.Errorf("%s links to a script", name)
		}
	}
	if !strings.Contains(files["zh/index.html"], "__f__") {
		t.Error("the title's __f__ is lost")
	}
}

// TestDeterministic builds twice into different folders and once more over the first.
func TestDeterministic(t *testing.T) {
	warehouse := fixture(t)
	dir := build(t, warehouse)
	if one, two := siteFiles(t, dir), siteFiles(t, build(t, warehouse)); !maps.Equal(one, two) {
		t.Error("two builds of one warehouse differ")
	}
	res, err := Build(t.Context(), Input{Warehouse: warehouse, Book: book(t), Dir: dir})
	if err != nil || res.Written != 0 || res.Removed != 0 || res.Pages != len(sitePages(t)) {
		t.Errorf("building again: %+v, %v", res, err)
	}
}

// TestStaleFiles wants files of an earlier build to go, and others to stay.
func TestStaleFiles(t *testing.T) {
	dir := build(t, fixture(t))
	foreign := filepath.Join(dir, "CNAME")
	if err := os.WriteFile(foreign, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	smaller := fixture(t, `DELETE FROM report WHERE scope = 'department'`)
	res, err := Build(t.Context(), Input{Warehouse: smaller, Book: book(t), Dir: dir})
	if err != nil || res.Removed == 0 {
		t.Fatalf("%+v, %v", res, err)
	}
	files := siteFiles(t, dir)
	if files["CNAME"] != "x" {
		t.Error("a file of another hand was removed")
	}
	for name := range files {
		if strings.Contains(name, "department") || strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s is left over", name)
		}
	}
}

// TestNoWarehouse wants the error to name the file and the next step.
func TestNoWarehouse(t *testing.T) {
	_, err := Build(t.Context(), Input{Warehouse: "absent.duckdb", Book: book(t), Dir: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "absent.duckdb") || !strings.Contains(err.Error(), "nianbao build") {
		t.Errorf("have %v", err)
	}
}

// readCSV returns a chart's CSV as one map a line.
func readCSV(t *testing.T, raw string) []map[string]string {
	t.Helper()
	body, marked := strings.CutPrefix(raw, "\ufeff")
	if !marked {
		t.Error("no byte order mark")
	}
	lines, err := csv.NewReader(bytes.NewReader([]byte(body))).ReadAll()
	if err != nil || !slices.Equal(lines[0], csvHead()) {
		t.Fatalf("head %q, %v", lines[0], err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		out = append(out, row)
	}
	return out
}

// TestCSV wants zero, blank and absent to differ, and each value to name its source.
func TestCSV(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	got := map[string]string{}
	for _, row := range readCSV(t, files["data/app_new.city_aggregate.csv"]) {
		got[row["authority"][:len("甲")]+row["report_year"]] = row["value"] + " " + row["status"]
		if row["status"] == "number" && (row["url"] == "" || row["sha256"] == "" || row["locator"] == "" || row["title_en"] == "") {
			t.Errorf("a value without its source: %v", row)
		}
	}
	for at, want := range map[string]string{"甲2020": "1200 number", "乙2019": "0 number", "乙2020": " absent", "乙2022": " blank"} {
		if got[at] != want {
			t.Errorf("%s: have %q, want %q", at, got[at], want)
		}
	}
}

// TestInert wants text that a spreadsheet would compute to be quoted.
func TestInert(t *testing.T) {
	for field, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "甲市": "甲市", "": "", "12": "12"} {
		if got := inert(field); got != want {
			t.Errorf("inert(%q) = %q, want %q", field, got, want)
		}
	}
}

// TestNoReports wants a warehouse without reports to give a site that says so.
func TestNoReports(t *testing.T) {
	files := siteFiles(t, build(t, fixture(t, `DELETE FROM report`, `DELETE FROM coverage`, `DELETE FROM errata`)))
	if !strings.Contains(files["en/index.html"], "<strong>0</strong> <span>authorities</span>") {
		t.Error("the home page does not count 0 authorities")
	}
	for name := range files {
		if strings.HasSuffix(name, ".csv") {
			t.Errorf("%s is written", name)
		}
	}
}

// TestSample wants each page to say what its documents are: made up, typed anew, or nothing
// where they are those of the portals.
func TestSample(t *testing.T) {
	for provenance, want := range map[string]string{
		"made up: every figure and name is made up (虚构)":                                                                 "Made-up data",
		"re-typed copy for the nianbao sample edition of figures published on www.huaian.gov.cn; not fetched from there": "Sample edition",
		"copy of a friend": "Copies", "": "",
	} {
		files := siteFiles(t, build(t, fixture(t, "UPDATE location SET provenance = '"+provenance+"'")))
		for _, title := range []string{"Made-up data", "Sample edition", "Copies"} {
			if said := strings.Contains(files["en/explore.html"], "<strong>"+title+"</strong>"); said != (title == want) {
				t.Errorf("%q: %s is said: %v", provenance, title, said)
			}
		}
	}
}
