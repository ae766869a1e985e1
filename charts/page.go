package charts

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/nianbao/nianbao/codebook"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed assets
var assets embed.FS

// A page is one HTML page in one language.
type page struct {
	Name      string // file name without .html
	Lang      string // of the html element
	Other     string // folder of the other language
	Title     string
	Lead      string
	Notes     []string
	Nav       []navItem
	Home      *home
	Blocks    []block
	BuildID   string
	Sample    bool
	Say       func(key string, args ...any) string
	ScopeJump bool
}

type navItem struct {
	Name, Label string
	Here        bool
}

// pageNames are the pages of each language, in the order of the navigation.
func pageNames() []string { return []string{"index", "explore", "outcomes", "disputes"} }

// render makes every file of the site, by its path within it.
func render(st *store, book *codebook.Book) (map[string][]byte, error) {
	files, err := assetFiles()
	if err != nil {
		return nil, err
	}
	tmpl, err := template.New("").Funcs(templateFuncs()).ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, err
	}
	titles := map[string]Text{}
	heights := map[int]bool{}
	for _, lang := range []string{"zh", "en"} {
		v, err := newView(lang, st, book)
		if err != nil {
			return nil, err
		}
		if err := v.render(tmpl, files, titles, heights); err != nil {
			return nil, err
		}
	}
	files["assets/heights.css"] = heightsCSS(heights)
	files["index.html"], err = execute(tmpl, "choose.html", nil)
	return files, err
}

// render adds the pages, chart scripts and CSV files of one language to files.
func (v *view) render(tmpl *template.Template, files map[string][]byte, titles map[string]Text, heights map[int]bool) error {
	for _, name := range pageNames() {
		p, err := v.page(name)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", v.lang, name, err)
		}
		html, err := execute(tmpl, "page.html", p)
		if err != nil {
			return err
		}
		files[v.lang+"/"+name+".html"] = html
		for _, b := range p.Blocks {
			for _, f := range b.Figures {
				if f.Option != nil {
					heights[f.Rows] = true
					files["data/"+v.lang+"/"+f.ID+".js"] = chartScript(f)
				}
				if err := v.csvFile(f, files, titles); err != nil {
					return err
				}
			}
		}
	}
	return errors.Join(v.unknown...)
}

// csvFile writes a figure's CSV once both languages have named it.
func (v *view) csvFile(f figure, files map[string][]byte, titles map[string]Text) error {
	title := titles[f.ID]
	if v.lang == "en" {
		title.EN = f.Title
	} else {
		title.ZH = f.Title
	}
	titles[f.ID] = title
	raw, err := writeCSV(v.store.buildID, title, f.records)
	files["data/"+f.ID+".csv"] = raw
	return err
}

func chartScript(f figure) []byte {
	return fmt.Appendf(nil, "nianbao.chart(%q, %s);\n", f.ID, f.Option)
}

// heightsCSS reserves the height of every plot before its chart is drawn.
func heightsCSS(rows map[int]bool) []byte {
	var b bytes.Buffer
	for _, n := range slices.Sorted(maps.Keys(rows)) {
		fmt.Fprintf(&b, ".plot[data-rows=\"%d\"] { height: %dpx; }\n", n, 38+n*28)
	}
	return b.Bytes()
}

func execute(tmpl *template.Template, name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := tmpl.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// page composes one page.
func (v *view) page(name string) (page, error) {
	p := page{
		Name: name, Lang: "zh-CN", Other: "en", Title: v.say(name + "_title"), Lead: v.say(name + "_lead"),
		BuildID: v.store.buildID, Sample: v.store.sample, Say: v.say, ScopeJump: name != "index" && len(v.sections) > 1,
	}
	if v.lang == "en" {
		p.Lang, p.Other = "en", "zh"
	}
	for _, n := range pageNames() {
		p.Nav = append(p.Nav, navItem{Name: n, Label: v.say("nav_" + n), Here: n == name})
	}
	var err error
	switch name {
	case "index":
		h := v.home()
		p.Home = &h
		p.Blocks, err = v.homeBlocks()
	case "explore":
		p.Blocks, err = v.blocks(v.exploreFigures)
	case "outcomes":
		p.Notes = v.definitions(outcomeRates())
		p.Blocks, err = v.blocks(v.outcomeFigures)
	case "disputes":
		p.Notes = v.disputeNotes()
		p.Blocks, err = v.blocks(v.disputeFigures)
	}
	return p, err
}

func templateFuncs() template.FuncMap {
	return template.FuncMap{"words": words, "weblink": weblink, "short": short, "add": func(a, b int) int { return a + b },
		"bind": func(p page, item any) bound { return bound{p, item} }}
}

// A bound is an item of a page together with the page, for a template that needs both.
type bound struct {
	Page page
	Item any
}

// words marks the Chinese in an English page as Chinese.
func words(lang, text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	if lang == "en" && strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		escaped = `<span lang="zh-CN">` + escaped + `</span>`
	}
	return template.HTML(escaped) // escaped above
}

// weblink returns an address that may be linked to, or nothing.
func weblink(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// short is the beginning of a hash.
func short(hash string) string { return hash[:min(12, len(hash))] }
