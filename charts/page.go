package charts

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/nianbao/nianbao/codebook"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed assets
var assets embed.FS

// Policy is the content security policy of every page, also for servers to send: scripts,
// styles and pictures come from the site's folder and nothing else is fetched.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"

// A page is one HTML page in one language.
type page struct {
	Name      string // path below the folder of the language, without .html
	Up        string // the way from the page to that folder
	Lang      string // of the html element
	Other     string // folder of the other language
	Title     string
	Lead      string
	Notes     []string
	Nav       []navItem
	Home      *home
	Pick      *picker
	Chapters  []chapter // of a page of text
	Texts     []navItem // pages of text, which the footer leads to
	Place     *place
	Matrix    *matrix
	Tiles     *tileGrid
	Blocks    []block
	BuildID   string
	Sample    string // phrase that says that the documents are not the originals; empty: they are
	Say       func(key string, args ...any) string
	ScopeJump bool
}

type navItem struct {
	Name, Label string
	Here        bool
}

// pageNames are the pages of each language, in the order of the navigation.
func pageNames() []string { return []string{"index", "explore", "outcomes", "disputes"} }

// A site is everything that its pages are made from.
type site struct {
	views  []*view // Chinese, English
	tmpl   *template.Template
	pens   *pens
	output *publisher
}

// render gives every file of the site to output. Pages are made side by side; none
// depends on another.
func render(ctx context.Context, st *store, book *codebook.Book, output *publisher) error {
	s := &site{output: output}
	for _, lang := range []string{"zh", "en"} {
		v, err := newView(lang, st, book)
		if err != nil {
			return err
		}
		s.views = append(s.views, v)
	}
	var err error
	if s.tmpl, err = template.New("").Funcs(templateFuncs()).ParseFS(templates, "templates/*.html"); err != nil {
		return err
	}
	if s.pens, err = newPens(); err != nil {
		return err
	}
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(runtime.NumCPU())
	tasks.Go(s.shared)
	data := make(chan struct{}) // closed once the data scripts are put, from which pickers are filled
	tasks.Go(func() error {
		if err := dataScripts(ctx, s.views[0], output); err != nil {
			return err
		}
		close(data)
		return nil
	})
	tasks.Go(func() error { return s.places(ctx) })
	tasks.Go(s.matrices)
	for _, name := range slices.Concat(pageNames(), textPages()) {
		tasks.Go(func() error {
			if tabSpecs()[name] != nil {
				select {
				case <-data:
				case <-ctx.Done():
				}
			}
			return cmp.Or(ctx.Err(), s.page(name))
		})
	}
	err = tasks.Wait()
	for _, v := range s.views {
		err = errors.Join(err, v.unknown())
	}
	return err
}

// shared puts what all pages use.
func (s *site) shared() error {
	files, err := assetFiles()
	if err != nil {
		return err
	}
	files["assets/heights.css"] = heightsCSS()
	if files["index.html"], err = execute(s.tmpl, "choose.html", nil); err != nil {
		return err
	}
	if files["embed.html"], err = execute(s.tmpl, "embed.html", nil); err != nil {
		return err
	}
	for name, raw := range files {
		if err := s.output.put(name, raw); err != nil {
			return err
		}
	}
	return nil
}

// page puts a page in every language, with its chart scripts and CSV files.
func (s *site) page(name string) error {
	titles := map[string]Text{} // of the figures
	figures := map[string]figure{}
	for _, v := range s.views {
		p, err := v.page(name)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", v.lang, name, err)
		}
		for b := range p.Blocks {
			for i := range p.Blocks[b].Figures {
				f := &p.Blocks[b].Figures[i]
				if err := s.draw(v, f); err != nil {
					return err
				}
				titles[f.ID] = titles[f.ID].with(v.lang, f.Title)
				figures[f.ID] = *f
			}
		}
		if p.Pick != nil {
			if err := s.fill(p.Pick); err != nil {
				return err
			}
		}
		html, err := execute(s.tmpl, "page.html", p)
		if err != nil {
			return err
		}
		if err := s.output.put(v.lang+"/"+name+".html", html); err != nil {
			return err
		}
	}
	for id, f := range figures {
		raw, err := writeCSV(s.views[0].store.buildID, titles[id], f.records)
		if err != nil {
			return err
		}
		if err := s.output.put("data/"+id+".csv", raw); err != nil {
			return err
		}
	}
	return nil
}

// draw puts the script of a chart and draws its picture.
func (s *site) draw(v *view, f *figure) error {
	if f.Option == nil {
		return nil
	}
	picture, err := s.pens.draw(f)
	if err != nil {
		return err
	}
	f.Picture = picture
	f.Hash = fmt.Sprintf("%x", sha256.Sum256(f.Option))
	return s.output.put("data/"+v.lang+"/"+f.ID+".js", fmt.Appendf(nil, "nianbao.chart(%q, %s);\n", f.ID, f.Option))
}

// maxRows is the height of the tallest plot, in rows.
const maxRows = 120

// plotHeight is the height of a plot of so many rows, in px.
func plotHeight(rows int) int { return 38 + rows*28 }

// heightsCSS reserves the height of every plot before its chart is drawn.
func heightsCSS() []byte {
	var b bytes.Buffer
	for n := range maxRows {
		fmt.Fprintf(&b, ".plot[data-rows=\"%d\"] { block-size: %dpx; }\n", n+1, plotHeight(n+1))
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

// frame is what all pages have: name, as in the navigation and text.csv, is that of the
// page or, for a page of many, of the one that leads to it.
func (v *view) frame(path, name string) page {
	p := page{
		Name: path, Up: strings.Repeat("../", strings.Count(path, "/")), Lang: "zh-CN", Other: "en",
		BuildID: v.store.buildID, Sample: v.store.sample.key(), Say: v.say,
	}
	if v.lang == "en" {
		p.Lang, p.Other = "en", "zh"
	}
	for _, n := range append(pageNames(), "cities", "provinces") {
		p.Nav = append(p.Nav, navItem{Name: n, Label: v.say("nav_" + n), Here: n == name})
	}
	for _, n := range textPages() {
		p.Texts = append(p.Texts, navItem{Name: n, Label: v.say("nav_" + n), Here: n == name})
	}
	return p
}

// page composes one page.
func (v *view) page(name string) (page, error) {
	p := v.frame(name, name)
	p.Title, p.Lead = v.say(name+"_title"), v.say(name+"_lead")
	p.ScopeJump = name != "index" && len(v.sections) > 1
	p.Chapters = v.chapters(name)
	var err error
	if p.Pick, err = v.picker(name); err != nil {
		return p, err
	}
	switch name {
	case "index":
		h := v.home()
		p.Home = &h
		p.Blocks, err = v.homeBlocks()
	case "outcomes":
		p.Notes = v.definitions(outcomeRates())
	case "disputes":
		p.Notes = v.disputeNotes()
	}
	return p, err
}

func templateFuncs() template.FuncMap {
	return template.FuncMap{"pageScripts": pageScripts, "policy": func() string { return Policy }, "words": words, "han": han, "weblink": weblink, "short": short, "add": func(a, b int) int { return a + b },
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
	if lang == "en" && han(text) {
		escaped = `<span lang="zh-CN">` + escaped + `</span>`
	}
	return template.HTML(escaped) // escaped above
}

func han(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
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
