package charts

import (
	"fmt"
	"html/template"
	"sync"

	"github.com/nianbao/nianbao/charts/svg"
)

// The width of a picture in px: that of a figure where there is room for the page's
// full width, and of half a page.
const (
	fullWidth = 1040
	halfWidth = 500
)

// pens draw pictures, each for one goroutine at a time.
type pens struct{ pool sync.Pool }

// scripts compiles what the pens run, once a process.
var scripts = sync.OnceValues(func() (*svg.Program, error) {
	echarts, err := assets.ReadFile("assets/echarts/echarts.min.js")
	if err != nil {
		return nil, err
	}
	option, err := assets.ReadFile("assets/option.js")
	if err != nil {
		return nil, err
	}
	return svg.Compile(echarts, option)
})

func newPens() (*pens, error) {
	program, err := scripts()
	if err != nil {
		return nil, err
	}
	p := &pens{}
	p.pool.New = func() any {
		pen, err := program.Pen()
		if err != nil {
			return err
		}
		return pen
	}
	return p, nil
}

// draw draws a figure's option.
func (p *pens) draw(f *figure) (template.HTML, error) {
	taken := p.pool.Get()
	pen, ok := taken.(*svg.Pen)
	if !ok {
		return "", fmt.Errorf("chart %s: %w", f.ID, taken.(error))
	}
	defer p.pool.Put(pen)
	width := fullWidth
	if f.Half {
		width = halfWidth
	}
	raw, err := pen.Draw(f.ID, f.Option, width, plotHeight(f.Rows))
	return template.HTML(raw), err // made by ECharts, which escapes text
}
