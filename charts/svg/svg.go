// Package svg draws chart options as SVG while the site is built, by the same scripts
// that draw them in the page, so that a reader without scripts, a printer and a link
// preview see the same chart.
//
//	program, err := svg.Compile(echartsSource, optionSource)
//	pen, err := program.Pen()          // one for each goroutine
//	picture, err := pen.Draw("app_new.city_aggregate", option, 860, 340)
//
// A picture is an svg element to be put into a page under a strict content security
// policy: it has no style attribute, no style sheet and no script; its ids start with
// the chart's; its colours are the custom properties of the page's style sheet
// ("$ink" is var(--ink)), so that it follows the reader's colour scheme. The same
// option gives the same bytes, whatever the pen drew before.
package svg

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/dop251/goja"
)

// surroundings are what ECharts asks of the place it runs in, and drawing says what option.js asks of its
// place. Text is as wide as the characters of common fonts are: an em for Chinese.
const surroundings = `
var window;
function setTimeout() { return 0 }
function clearTimeout() {}
`

const drawing = `
({draw: function (source, width, height) {
	var chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
	try {
		nianbaoOption.draw(chart, JSON.parse(source), {
			colour: function (name) { return "var(--" + name + ")" },
			font: "inherit",
			width: function (text) {
				var em = 0;
				for (var i = 0; i < text.length; i++) em += text.charCodeAt(i) < 0x2e80 ? 0.6 : 1;
				return Math.ceil(12 * em);
			},
			wide: true,
			size: {width: width, height: height},
			tip: function () { return "" },
		});
		return chart.renderToSVGString();
	} finally {
		chart.dispose();
	}
}, fill: function (page, hash, load) {
	var parts = {}, next;
	page = JSON.parse(page);
	while ((next = nianbaoSeries.plan(page, hash, parts)).need) {
		next.need.forEach(function (name) { parts[name] = JSON.parse(load(name)) });
	}
	return JSON.stringify(next.figure);
}})
`

// A Program is the scripts, ready to run.
type Program struct{ scripts []*goja.Program }

// A Script is the source of a script of the page.
type Script struct {
	Name   string
	Source []byte
}

// Compile reads the scripts: ECharts, option.js and, for [Pen.Fill], those that fill options.
func Compile(scripts ...Script) (*Program, error) {
	p := &Program{}
	scripts = append([]Script{{"surroundings", []byte(surroundings)}}, scripts...)
	for _, s := range append(scripts, Script{"drawing", []byte(drawing)}) {
		program, err := goja.Compile(s.Name, string(s.Source), false)
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", s.Name, err)
		}
		p.scripts = append(p.scripts, program)
	}
	return p, nil
}

// A Pen draws one chart after the other; it is not for two goroutines at a time.
type Pen struct {
	vm         *goja.Runtime
	draw, fill goja.Callable
}

// Pen starts the scripts.
func (p *Program) Pen() (*Pen, error) {
	vm := goja.New()
	var last goja.Value
	for _, s := range p.scripts {
		v, err := vm.RunProgram(s)
		if err != nil {
			return nil, fmt.Errorf("start the scripts of the charts: %w", err)
		}
		last = v
	}
	functions := last.ToObject(vm)
	draw, _ := goja.AssertFunction(functions.Get("draw"))
	fill, _ := goja.AssertFunction(functions.Get("fill"))
	return &Pen{vm, draw, fill}, nil
}

// Fill returns the JSON of the figure that a page with a picker shows for a hash of its
// address. page is the page's JSON; load gives the JSON of a data script by its name.
func (p *Pen) Fill(page []byte, hash string, load func(name string) ([]byte, error)) ([]byte, error) {
	read := func(name string) (string, error) {
		raw, err := load(name)
		return string(raw), err
	}
	v, err := p.fill(goja.Undefined(), p.vm.ToValue(string(page)), p.vm.ToValue(hash), p.vm.ToValue(read))
	if err != nil {
		return nil, fmt.Errorf("fill a chart: %w", err)
	}
	return []byte(v.String()), nil
}

var (
	serial = regexp.MustCompile(`("|#)zr\d+-`)
	// What ECharts adds for its own scripts and for hovering; ]]> ends the style sheet.
	needless = regexp.MustCompile(`(?s)<style ><!\[CDATA\[.*?\]\]>\s*</style>\n?| (?:class="[^"]*"|pointer-events="visible"|ecmeta_\w+="[^"]*")`)
	styled   = regexp.MustCompile(` style="([^"]*)"`)
	property = regexp.MustCompile(`([a-z-]+):([^;]+);?`)
	chinese  = regexp.MustCompile(`<text ([^>]*>[^<]*\p{Han})`)
	defs     = regexp.MustCompile(`<defs >\s*</defs>\n?`)
)

// Draw draws the JSON of an option on a plot of that size, in px.
func (p *Pen) Draw(id string, option []byte, width, height int) ([]byte, error) {
	v, err := p.draw(goja.Undefined(), p.vm.ToValue(string(option)), p.vm.ToValue(width), p.vm.ToValue(height))
	if err != nil {
		return nil, fmt.Errorf("draw chart %s: %w", id, err)
	}
	raw := []byte(v.String())
	raw = needless.ReplaceAll(raw, nil)
	raw = styled.ReplaceAllFunc(raw, attributes)
	raw = chinese.ReplaceAll(raw, []byte(`<text lang="zh-CN" $1`))
	raw = defs.ReplaceAll(raw, nil)
	raw = serial.ReplaceAll(raw, []byte("${1}"+strings.ReplaceAll(id, ".", "-")+"-"))
	_, inner, found := bytes.Cut(raw, []byte(">"))
	if !found {
		return nil, fmt.Errorf("draw chart %s: ECharts gave no picture", id)
	}
	return fmt.Appendf(nil, `<svg viewBox="0 0 %d %d" aria-hidden="true">%s`, width, height, inner), nil
}

// attributes turns a style attribute, which a strict policy forbids, into the
// attributes of the same names.
func attributes(style []byte) []byte {
	var b []byte
	for _, m := range property.FindAllSubmatch(styled.FindSubmatch(style)[1], -1) {
		b = fmt.Appendf(b, ` %s="%s"`, m[1], m[2])
	}
	return b
}
