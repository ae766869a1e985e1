package charts

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

// tool reads a file that scripts/setup fetches.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../.cache/" + name)
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("%v: run scripts/setup", err)
	}
	return path
}

// kinds are one page of each kind in a language: of the places, the first of each level.
func kinds(t *testing.T, lang string) []string {
	t.Helper()
	seen := map[string]bool{}
	return slices.DeleteFunc(sitePages(t), func(name string) bool {
		parts := strings.Split(name, "/")
		kind := name
		if len(parts) > 2 {
			kind = path.Dir(name)
		}
		again := seen[kind]
		seen[kind] = true
		return again || parts[0] != lang
	})
}

// TestAxe wants axe-core to find nothing, in both colour schemes, wide and narrow, with
// everything that folds open. English pages, of the same templates, are tried once.
func TestAxe(t *testing.T) {
	source, err := os.ReadFile(tool(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	dir, browser := sharedDir(t), chromium(t)
	run := `(async () => {
		document.querySelectorAll("details").forEach((d) => { d.open = true });
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
		const { violations } = await axe.run(document, { resultTypes: ["violations"] });
		return violations.map((v) => v.id + ": " + v.help + " " + v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join("; ")).join("\n");
	})()`
	for _, name := range append(kinds(t, "zh"), kinds(t, "en")...) {
		t.Run(name, func(t *testing.T) {
			tab, _ := visit(t, browser, dir, name, 1280)
			if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](string(source))); err != nil {
				t.Fatal(err)
			}
			schemes, widths := []string{"light", "dark"}, []int64{1280, 390}
			if strings.HasPrefix(name, "en/") {
				schemes, widths = schemes[:1], widths[:1]
			}
			for _, scheme := range schemes {
				for _, width := range widths {
					media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
					if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, media); err != nil {
						t.Fatal(err)
					}
					if err := chromedp.Do(tab, chromedp.EmulateViewport(width, 900)); err != nil {
						t.Fatal(err)
					}
					found, err := chromedp.Run(tab, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
					if err != nil || found != "" {
						t.Errorf("%s, %d px: %s %v", scheme, width, found, err)
					}
				}
			}
		})
	}
}

// TestMarkup wants the Nu HTML checker to find no error, and to be able to.
func TestMarkup(t *testing.T) {
	checker := tool(t, "vnu-jar/build/dist/vnu.jar")
	bad := filepath.Join(t.TempDir(), "bad.html")
	if err := os.WriteFile(bad, []byte(`<!DOCTYPE html><html lang="en"><title>x</title><p id="a"><p id="a">`), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"-Xmx512m", "-jar", checker, "--errors-only", "--format", "gnu", "--exit-zero-always", bad}
	for _, lang := range []string{"zh", "en"} {
		for _, name := range kinds(t, lang) {
			args = append(args, filepath.Join(sharedDir(t), name))
		}
	}
	out, err := exec.Command("java", append(args, filepath.Join(sharedDir(t), "index.html"))...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	found := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.Contains(l, "/bad.html") })
	if len(found) == len(lines) {
		t.Error("the checker finds nothing in a bad page")
	}
	for _, l := range found {
		t.Error(l)
	}
}

// TestWithoutScripts wants each chart to have its picture, its table and its file in the
// page itself, and the picture to come from the option that the script draws.
func TestWithoutScripts(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	pictures := 0
	for name, body := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, n := range nodes(t, body) {
			id := attr(n, "data-chart")
			if id == "" || !hasClass(n.Parent, "figure") {
				continue
			}
			pictures++
			count := map[string]int{}
			for c := range n.Parent.Descendants() {
				if c.Type == html.ElementNode {
					count[c.Data]++
				}
				if c.Data == "a" && path.Ext(attr(c, "href")) == ".csv" {
					count["file"]++
				}
			}
			if count["svg"] == 0 || count["path"] == 0 || count["table"] == 0 || count["file"] == 0 {
				t.Errorf("%s, chart %s: %v", name, id, count)
			}
			lang, _, _ := strings.Cut(name, "/")
			option, called := strings.CutPrefix(files["data/"+lang+"/"+id+".js"], fmt.Sprintf("nianbao.chart(%q, ", id))
			option, ended := strings.CutSuffix(option, ");\n")
			if hash := fmt.Sprintf("%x", sha256.Sum256([]byte(option))); !called || !ended || hash != attr(n, "data-hash") {
				t.Errorf("%s, chart %s: the script draws option %s, the picture shows %s", name, id, hash, attr(n, "data-hash"))
			}
		}
	}
	if pictures == 0 {
		t.Error("no chart")
	}
}

func hasClass(n *html.Node, class string) bool {
	return n != nil && slices.Contains(strings.Fields(attr(n, "class")), class)
}

var years = regexp.MustCompile(`(\d{4})(–\d{4})?`)

// TestOneScope wants every figure to name one scope, and years.
func TestOneScope(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	figures := 0
	for _, name := range []string{"zh/explore.html", "zh/outcomes.html", "zh/disputes.html", "zh/index.html"} {
		for _, n := range nodes(t, files[name]) {
			if !hasClass(n, "subtitle") || !hasClass(n.Parent, "figure") {
				continue
			}
			figures++
			subtitle, named := text(n), 0
			for _, s := range book(t).Scopes {
				if strings.Contains(subtitle, "口径："+s.LabelZH+" ") {
					named++
				}
			}
			if named != 1 || !years.MatchString(subtitle) || !strings.Contains(subtitle, "（") {
				t.Errorf("%s: %q names %d scopes", name, subtitle, named)
			}
		}
	}
	if figures == 0 {
		t.Error("no figure")
	}
}

// TestPrint wants paper to show the picture, its notes and sources, and no controls.
func TestPrint(t *testing.T) {
	tab, _ := visit(t, chromium(t), sharedDir(t), "zh/outcomes.html", 1280)
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	script := `(() => {
		const seen = (s) => [...document.querySelectorAll(s)].filter((e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.getBoundingClientRect().height > 0).length;
		return ["picture " + Math.sign(seen(".plot > svg")), "live " + seen(".live"), "subtitle " + Math.sign(seen(".figure .subtitle")),
			"sources " + (seen(".sources li") === document.querySelectorAll(".sources li").length),
			"controls " + seen("nav, .actions a, button, input, select, .language")].join(", ");
	})()`
	got, err := chromedp.Run(tab, chromedp.Evaluate[string](script))
	if want := "picture 1, live 0, subtitle 1, sources true, controls 0"; err != nil || got != want {
		t.Errorf("on paper: %s, want %s; %v", got, want, err)
	}
}

// TestLicences wants every file that is not our own to be named in LICENSES.txt, and no
// map data, whose borders need a licence and a decision of their own.
func TestLicences(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	for name, body := range files {
		if ext := path.Ext(name); ext == ".geojson" || ext == ".topojson" || ext == ".woff2" || strings.Contains(body, `"FeatureCollection"`) {
			t.Errorf("%s is map or font data", name)
		}
		if path.Ext(name) != ".js" || !strings.HasPrefix(name, "assets/") {
			continue
		}
		own, err := assets.ReadFile(name)
		if ours := err == nil && bytes.Equal(own, []byte(body)); !ours && !strings.Contains(files["LICENSES.txt"], name+": ") {
			t.Errorf("LICENSES.txt does not speak of %s", name)
		}
	}
	for _, words := range []string{"assets/echarts.min.js: ", "Apache License", "Redistribution and use in source and binary forms"} {
		if !strings.Contains(files["LICENSES.txt"], words) {
			t.Errorf("LICENSES.txt lacks %q", words)
		}
	}
}
