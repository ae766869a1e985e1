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
(function (source, width, height) {
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
})
`

// A Program is the scripts, ready to run.
type Program struct{ scripts []*goja.Program }

// Compile reads the source of ECharts and of option.js.
func Compile(echarts, option []byte) (*Program, error) {
	p := &Program{}
	for _, s := range []struct{ name, source string }{
		{"surroundings", surroundings}, {"echarts.js", string(echarts)}, {"option.js", string(option)}, {"drawing", drawing},
	} {
		program, err := goja.Compile(s.name, s.source, false)
		if err != nil {
			return nil, fmt.Errorf("compile %s: %w", s.name, err)
		}
		p.scripts = append(p.scripts, program)
	}
	return p, nil
}

// A Pen draws one chart after the other; it is not for two goroutines at a time.
type Pen struct {
	vm   *goja.Runtime
	draw goja.Callable
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
	call, _ := goja.AssertFunction(last)
	return &Pen{vm, call}, nil
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
