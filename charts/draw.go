package charts

import (
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
	var sources []svg.Script
	for _, name := range []string{"echarts/echarts.min.js", "option.js", "state.js", "series.js", "plots.js"} {
		raw, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return nil, err
		}
		sources = append(sources, svg.Script{Name: name, Source: raw})
	}
	return svg.Compile(sources...)
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

// with lends a pen.
func (p *pens) with(use func(*svg.Pen) error) error {
	switch taken := p.pool.Get().(type) {
	case *svg.Pen:
		defer p.pool.Put(taken)
		return use(taken)
	default:
		return taken.(error)
	}
}

// draw draws a figure's option.
func (p *pens) draw(f *figure) (picture template.HTML, err error) {
	width := fullWidth
	if f.Half {
		width = halfWidth
	}
	err = p.with(func(pen *svg.Pen) error {
		raw, err := pen.Draw(f.ID, f.Option, width, plotHeight(f.Rows))
		picture = template.HTML(raw) // made by ECharts, which escapes text
		return err
	})
	return picture, err
}
