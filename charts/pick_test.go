package charts

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/nianbao/nianbao/charts/svg"
)

// A shown is what a test reads of a figure that the scripts fill.
type shown struct {
	filled
	opt option
}

// fillFor runs the scripts of a page for a hash, as the page does.
func fillFor(t *testing.T, page, hash string) shown {
	t.Helper()
	dir := sharedDir(t)
	script := func(name, call string) ([]byte, error) {
		raw, err := os.ReadFile(filepath.Join(dir, "data", name+".js"))
		text := strings.TrimSuffix(string(raw), ");\n")
		return []byte(strings.TrimPrefix(text, call)), err
	}
	raw, err := script(page, "nianbao.frame(")
	if err != nil {
		t.Fatal(err)
	}
	pens, err := newPens()
	if err != nil {
		t.Fatal(err)
	}
	var f shown
	err = pens.with(func(pen *svg.Pen) error {
		made, err := pen.Fill(raw, hash, func(name string) ([]byte, error) { return script(name, `nianbao.put("`+name+`", `) })
		if err == nil {
			err = json.Unmarshal(made, &f.filled)
		}
		return err
	})
	if err == nil && len(f.Option) > 4 {
		err = json.Unmarshal(f.Option, &f.opt)
	}
	if err != nil {
		t.Fatalf("%s#%s: %v", page, hash, err)
	}
	return f
}

// line is the place of a series by its name.
func (f shown) line(t *testing.T, name string) int {
	t.Helper()
	for i, s := range f.opt.Series {
		if s.Name == name {
			return i
		}
	}
	t.Fatalf("no series %q", name)
	return 0
}

// TestPickTrend wants gaps for absent and blank years, a zero for a zero, interruptions at
// breaks, hollow marks for contradicted values, and the reasons in table and CSV.
func TestPickTrend(t *testing.T) {
	f := fillFor(t, "zh/explore", "measure=app_new&bodies=990100,990200")
	at := f.line(t, "甲市（虚构）")
	jia, gaps := points(f.opt, at)
	if len(jia) != 5 || jia[2020] != 1200 || !gaps[2018.5] || gaps[2020.5] {
		t.Errorf("甲市 is drawn as %v, interrupted at %v; want 5 points, cut at 2018.5 only", jia, gaps)
	}
	for _, d := range f.opt.Series[at].Data {
		hollow, contradicted := d.ItemStyle.Color == "$ground", len(d.Tip) > 0 && strings.Contains(d.Tip[0], "2020")
		if hollow != contradicted {
			t.Errorf("%v: hollow is %t", d.Value, hollow)
		}
	}
	yi, gaps := points(f.opt, f.line(t, "乙市（虚构）"))
	if zero, ok := yi[2019]; !ok || zero != 0 || len(yi) != 2 || !gaps[2020] || !gaps[2022] {
		t.Errorf("乙市 is drawn as %v with gaps %v; want a zero in 2019 and gaps where absent or blank", yi, gaps)
	}
	notes := strings.Join(f.Notes, "|")
	if !strings.Contains(notes, "2020 年：没有找到年报") || !strings.Contains(notes, "2022 年：空白") {
		t.Errorf("the notes say %q", notes)
	}
	if cell := f.Table.Rows[1].Cells[1]; cell.Text != "0" || cell.Missing {
		t.Errorf("the table shows the zero of 2019 as %+v", cell)
	}
	for _, want := range []string{"\ufeffbuild_id,", "made-up-1,", ",2020,app_new,", ",,,,,,absent,", ",0,,,,,number,", "city_aggregate"} {
		if !strings.Contains(f.CSV, want) {
			t.Errorf("the CSV lacks %q:\n%s", want, f.CSV)
		}
	}
}

// TestPickIndex wants no index across a break or from a base that is too small, and the
// left-out bodies named.
func TestPickIndex(t *testing.T) {
	f := fillFor(t, "zh/explore", "measure=app_new&as=index&bodies=990100,990200")
	jia, _ := points(f.opt, f.line(t, "甲市（虚构）"))
	for year, want := range map[float64]float64{2018: 100, 2019: 100, 2020: 120, 2021: 150, 2022: 140} {
		if got := jia[year]; got < want-1e-9 || got > want+1e-9 {
			t.Errorf("index of %v is %v, want %v", year, got, want)
		}
	}
	if yi, _ := points(f.opt, f.line(t, "乙市（虚构）")); len(yi) != 0 || !strings.Contains(strings.Join(f.Notes, "|"), "乙市") {
		t.Errorf("乙市, whose base is 0, is drawn as %v; notes %q", yi, f.Notes)
	}
}

// TestPickLog wants zeros named where a logarithm cannot show them.
func TestPickLog(t *testing.T) {
	f := fillFor(t, "en/explore", "measure=app_new&scale=log&bodies=990200")
	if !strings.Contains(strings.Join(f.Notes, "|"), "2019 is 0") {
		t.Errorf("the notes say %q", f.Notes)
	}
	if f = fillFor(t, "en/explore", "measure=denial_rate&scale=log&as=index&bodies=990100"); strings.Contains(string(f.Option), `"log"`) || strings.Contains(f.Subtitle, "index") {
		t.Error("a rate is drawn on a logarithmic scale or as an index")
	}
}

// TestPickRates wants x and n at each rate, and no point of too few requests.
func TestPickRates(t *testing.T) {
	f := fillFor(t, "zh/explore", "measure=review_rate&bodies=990200")
	yi, _ := points(f.opt, f.line(t, "乙市（虚构）"))
	if len(yi) != 1 || yi[2022] != 0.075 { // 3 of 40
		t.Errorf("乙市 is drawn as %v", yi)
	}
	var cells []string
	for _, r := range f.Table.Rows {
		cells = append(cells, r.Cells[0].Text+" "+r.Cells[0].Sub)
	}
	if all := strings.Join(cells, "|"); !strings.Contains(all, "不足 10 件 1\u00a0/\u00a06") || !strings.Contains(all, "7.5 3\u00a0/\u00a040") || !strings.Contains(all, "没有办结申请") {
		t.Errorf("the table says %q", all)
	}
}

// TestPickOutcomes wants shares that add up to one, and no bar where a group is blank.
func TestPickOutcomes(t *testing.T) {
	f := fillFor(t, "zh/outcomes", "view=outcomes&bodies=990100,990200")
	sums := map[int]float64{}
	for _, s := range f.opt.Series[1:] {
		for row, d := range s.Data {
			if share, ok := d.Value.(float64); ok {
				sums[row] += share
			}
		}
	}
	for row, sum := range sums {
		if sum < 0.999999 || sum > 1.000001 {
			t.Errorf("row %d adds up to %v", row, sum)
		}
	}
	right := strings.Join(f.opt.YAxis[1].Data, "|")
	if len(sums) != 5 || !strings.Contains(right, "n = 1,210 ○") || !strings.Contains(right, "n = 980|") {
		t.Errorf("%d rows have bars, want 5; at the right stands %q", len(sums), right)
	}
}

// TestPickPointsResolve wants each value that a picker shows to lead to its document on the
// page of its place (A16).
func TestPickPointsResolve(t *testing.T) {
	files := siteFiles(t, sharedDir(t))
	reports := map[string]string{"990100": "a", "990200": "b"} // how ids of the fixture's reports start
	values := 0
	for _, measure := range []string{"app_new", "app_closed_total", "out_granted", "rev_total", "review_rate", "denial_rate"} {
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(fillFor(t, "en/explore", "measure="+measure).CSV, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines[1:] {
			row := map[string]string{}
			for i, name := range lines[0] {
				row[name] = line[i]
			}
			if row["value"] == "" {
				continue
			}
			values++
			document := `href="https://example.org/` + reports[row["adcode"]] + row["report_year"][2:] + `"`
			if row["measure"] != measure || !strings.Contains(files["en/city/"+row["adcode"]+".html"], document) {
				t.Errorf("%v has no document %s on its place's page", line, document)
			}
		}
	}
	if values < 30 {
		t.Errorf("only %d values", values)
	}
}

// TestPickEveryTab wants every tab of every scope to be filled in both languages without an
// error, in at most 12 lines, with scope and years in its subtitle and only words that are known.
func TestPickEveryTab(t *testing.T) {
	for page, tabs := range tabSpecs() {
		for _, tab := range tabs {
			for _, at := range []string{"zh/city_aggregate", "en/district_aggregate", "en/department"} {
				lang, scope, _ := strings.Cut(at, "/")
				f := fillFor(t, lang+"/"+page, "view="+tab.id+"&scope="+scope)
				lines := 0
				for _, s := range f.opt.Series {
					if s.Type == "line" {
						lines++
					}
				}
				if lines > 12 {
					t.Errorf("%s %s: %d lines", page, tab.id, lines)
				}
				label := map[string]string{"city_aggregate": "全市汇总", "district_aggregate": "whole county or district", "department": "department"}[scope]
				if !strings.Contains(f.Subtitle, label) || strings.Contains(f.Subtitle+strings.Join(f.Notes, ""), "undefined") {
					t.Errorf("%s %s %s: subtitle %q, notes %q", page, tab.id, scope, f.Subtitle, f.Notes)
				}
			}
		}
	}
}

// evaluate runs a script in a page; it may return a promise.
func evaluate[T any](t *testing.T, tab context.Context, script string) T {
	t.Helper()
	got, err := chromedp.Run(tab, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// settled waits until a condition holds in a page.
func settled(t *testing.T, tab context.Context, condition string) {
	t.Helper()
	if err := chromedp.Do(tab, chromedp.Poll[chromedp.Void](condition)); err != nil {
		t.Fatalf("%s: %v", condition, err)
	}
}

// TestPicker uses the controls in Chromium.
func TestPicker(t *testing.T) {
	dir := sharedDir(t)
	browser := chromium(t)

	t.Run("prerendered is live", func(t *testing.T) {
		raw, err := os.ReadFile(filepath.Join(dir, "zh/explore.html"))
		if err != nil {
			t.Fatal(err)
		}
		hash := regexp.MustCompile(`data-hash="([0-9a-f]{14})"`).FindStringSubmatch(string(raw))
		tab, w := visit(t, browser, dir, "zh/explore.html", 1280)
		if got := evaluate[string](t, tab, `document.querySelector(".plot").dataset.hash`); hash == nil || got != hash[1] {
			t.Errorf("the page draws option %q, the picture is of %q", got, hash)
		}
		if len(w.problems) > 0 {
			t.Errorf("the page reports %q", w.problems)
		}
	})

	t.Run("round trip", func(t *testing.T) {
		const state = "#view=trend&scope=city_aggregate&measure=app_closed_total&bodies=990200&years=2019-2022&as=count&scale=log"
		tab, w := visit(t, browser, dir, "zh/explore.html"+state+"&nonsense=1&bodies=990200,777777", 1280)
		shows := `[...document.querySelectorAll(".controls select, .controls input:checked")].map((e) => e.value).join()+ "|" + document.querySelector(".plot").dataset.hash`
		before := evaluate[string](t, tab, shows)
		if !strings.HasPrefix(before, "city_aggregate,app_closed_total,2019,2022,count,log|") {
			t.Errorf("the controls show %q", before)
		}
		if notes := evaluate[string](t, tab, `document.querySelector(".notes").textContent`); !strings.Contains(notes, "777777") {
			t.Errorf("nothing is said of the unknown code: %q", notes)
		}
		evaluate[bool](t, tab, `document.querySelector("#pick-scale-linear").click(); document.querySelector("#pick-scale-log").click(); true`)
		settled(t, tab, `location.hash === "`+state+`"`)
		again, _ := visit(t, browser, dir, "zh/explore.html"+state, 1280)
		if after := evaluate[string](t, again, shows); after != before {
			t.Errorf("after reloading %q, before %q", after, before)
		}
		if link := evaluate[string](t, again, `document.querySelector("a.language").hash`); link != state {
			t.Errorf("the language link carries %q", link)
		}
		if len(w.problems) > 0 {
			t.Errorf("the page reports %q", w.problems)
		}
	})

	t.Run("keyboard", func(t *testing.T) {
		tab, _ := visit(t, browser, dir, "zh/explore.html#bodies=990100", 1280)
		press := `const press = (id, key) => document.getElementById(id).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));`
		evaluate[bool](t, tab, `{`+press+`document.getElementById("tab-trend").focus(); press("tab-trend", "ArrowRight"); true}`)
		settled(t, tab, `document.activeElement.id === "tab-growth" && document.activeElement.getAttribute("aria-selected") === "true" && document.querySelectorAll('[role=tab][tabindex="0"]').length === 1`)
		for _, query := range []string{"yishi", "ys", "990200", "乙"} {
			found := evaluate[string](t, tab, `{const input = document.getElementById("pick-search"); input.focus(); input.value = "`+query+`"; input.dispatchEvent(new Event("input"));
				document.querySelector("[role=option]")?.textContent ?? ""}`)
			if !strings.Contains(found, "乙市（虚构）") {
				t.Errorf("%q finds %q", query, found)
			}
		}
		active := evaluate[string](t, tab, `{`+press+`press("pick-search", "ArrowDown"); document.getElementById("pick-search").getAttribute("aria-activedescendant")}`)
		if active != "pick-option-0" {
			t.Errorf("the active option is %q", active)
		}
		evaluate[bool](t, tab, `{`+press+`press("pick-search", "Enter"); true}`)
		settled(t, tab, `location.hash.includes("bodies=990100,990200") && document.querySelectorAll(".chips li").length === 2 && document.activeElement.id === "pick-search"`)
	})

	t.Run("exports", func(t *testing.T) {
		tab, w := visit(t, browser, dir, "zh/explore.html", 1280)
		click := func(label string) string {
			return evaluate[string](t, tab, `{URL.createObjectURL = (blob) => { window.saved = blob; return "data:,"; }; HTMLAnchorElement.prototype.click = () => {}; window.saved = null;
				[...document.querySelectorAll(".actions button")].find((b) => b.textContent === "`+label+`").click(); ""}`)
		}
		click("SVG")
		evaluate[bool](t, tab, `window.saved.text().then((x) => { window.content = x }); true`)
		settled(t, tab, `!!window.content`)
		picture := evaluate[string](t, tab, `window.content`)
		for _, want := range []string{"本年新收政府信息公开申请数量", "口径：全市汇总", "来源：", "构建号 made-up-1", "甲市（虚构）"} {
			if !strings.Contains(picture, want) {
				t.Errorf("the SVG lacks %q", want)
			}
		}
		if err := xml.Unmarshal([]byte(picture), new(struct{})); err != nil {
			t.Errorf("the SVG is not well-formed: %v", err)
		}
		click("PNG")
		settled(t, tab, `window.saved && window.saved.type === "image/png" && window.saved.size > 10000`)
		if len(w.problems) > 0 {
			t.Errorf("the page reports %q", w.problems)
		}
	})

	t.Run("every tab", func(t *testing.T) {
		for page, tabs := range tabSpecs() {
			for _, spec := range tabs {
				tab, w := visit(t, browser, dir, "en/"+page+".html#scope=department&view="+spec.id, 320)
				if over := evaluate[float64](t, tab, `document.body.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("%s %s scrolls sideways by %v px", page, spec.id, over)
				}
				if evaluate[string](t, tab, `typeof window.x`) != "undefined" || len(w.problems) > 0 {
					t.Errorf("%s %s reports %q", page, spec.id, w.problems)
				}
			}
		}
	})

	t.Run("embedded", func(t *testing.T) {
		tab, w := visit(t, browser, dir, "embed.html#page=disputes&lang=en&view=against&scope=city_aggregate", 500)
		if title := evaluate[string](t, tab, `document.querySelector("h2").textContent + document.querySelector("h1 a").getAttribute("href")`); !strings.Contains(title, "Review rate against Refusal rate") || !strings.Contains(title, "en/disputes.html#") {
			t.Errorf("the embedded chart is %q", title)
		}
		if len(w.problems) > 0 {
			t.Errorf("the page reports %q", w.problems)
		}
	})
}
