package charts

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Options are built with go-echarts' types and written as JSON, never rendered by it.
// Two kinds of string are resolved by app.js in the page: a colour "$name" is the
// style sheet's --name of the reader's colour scheme, a formatter "$name" a function.

// A datum is one item of a series.
type datum struct {
	Value  any         `json:"value"` // null: nothing is drawn
	Symbol string      `json:"symbol,omitempty"`
	Style  *style      `json:"itemStyle,omitempty"`
	Label  *opts.Label `json:"label,omitempty"`
	Text   string      `json:"text,omitempty"` // what the formatter "$text" prints
	Tip    []string    `json:"tip,omitempty"`  // lines of the tooltip; the first is its heading
}

type style struct {
	Color       string  `json:"color,omitempty"`
	BorderColor string  `json:"borderColor,omitempty"`
	BorderWidth float64 `json:"borderWidth,omitempty"`
	Decal       *decal  `json:"decal,omitempty"`
}

// A decal is a pattern over a fill, so that colour is not the only difference.
type decal struct {
	Symbol     string  `json:"symbol"`
	SymbolSize float64 `json:"symbolSize"`
	Color      string  `json:"color"`
	DashX      any     `json:"dashArrayX"`
	DashY      any     `json:"dashArrayY"`
	Rotation   float64 `json:"rotation"`
}

func stripes() *decal {
	return &decal{Symbol: "rect", SymbolSize: 1, Color: "$decal", DashX: []float64{1, 0}, DashY: []float64{2, 6}, Rotation: -0.785}
}

func dots() *decal {
	return &decal{Symbol: "circle", SymbolSize: 0.9, Color: "$decal", DashX: [][]float64{{4, 4}, {0, 4, 4, 0}}, DashY: []float64{4, 0}, Rotation: 0.4}
}

// hollow is the mark of a contradicted value.
func hollow(color string) *style {
	return &style{Color: "$ground", BorderColor: color, BorderWidth: 2}
}

func solid(color string) *style {
	return &style{Color: color, BorderColor: color, BorderWidth: 2}
}

// newOption returns the frame that all charts share, filled by its caller.
func newOption(id string, grid opts.Grid, x opts.XAxis, y ...opts.YAxis) *charts.RectChart {
	c := &charts.NewLine().RectChart
	c.SetGlobalOptions(
		charts.WithInitializationOpts(opts.Initialization{ChartID: id}),
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "$tip"}),
		charts.WithGridOpts(grid),
		charts.WithXAxisOpts(x),
		charts.WithYAxisOpts(y[0]),
	)
	c.ExtendYAxis(y[1:]...)
	return c
}

// marshal writes the option as JSON in which "<" is escaped.
func marshal(c *charts.RectChart) ([]byte, error) {
	categories := c.YAxisList[0].Data
	c.Validate()
	c.YAxisList[0].Data = categories
	raw, err := json.Marshal(c.JSON())
	if err != nil {
		return nil, fmt.Errorf("chart option: %w", err)
	}
	return raw, nil
}

// valueAxis runs from zero along a number; formatter is one of app.js.
func valueAxis(formatter string) opts.XAxis {
	return opts.XAxis{
		Type: "value", Min: 0, SplitNumber: 4,
		AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr(formatter), Color: "$muted", FontSize: 12, HideOverlap: opts.Bool(true)},
		SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: "$grid"}},
		AxisLine:  &opts.AxisLine{Show: opts.Bool(false)},
	}
}

// steps returns the end of an axis from zero that leaves some room above top, and the
// distance of its ticks, no smaller than least.
func steps(top, least float64) (end, step float64) {
	step = least
	for _, factor := range []float64{2, 2.5, 2} { // 1, 2, 5, 10
		if top/step <= 4 {
			break
		}
		step *= factor
	}
	if top/step > 4 {
		return steps(top, least*10)
	}
	return math.Ceil(1.08*top/step) * step, step
}

// rowAxis lists rows from the top down, at the left or the right.
func rowAxis(labels []string, position string) opts.YAxis {
	return opts.YAxis{
		Type: "category", Inverse: opts.Bool(true), Position: position, Data: labels,
		AxisLabel: &opts.AxisLabel{Interval: "0", Color: "$muted", FontSize: 12, Margin: 12},
		AxisLine:  &opts.AxisLine{Show: opts.Bool(position == "left"), OnZero: opts.Bool(false), LineStyle: &opts.LineStyle{Color: "$axis"}},
		SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
	}
}
