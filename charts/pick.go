package charts

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"

	"github.com/nianbao/nianbao/charts/svg"
)

// A picker is a page whose scope, measure, years and bodies the reader picks. Its charts
// are frames of options, filled by series.js and plots.js: in the page, and here for what
// the page shows first, which is also what a reader without scripts sees.
type picker struct {
	ID    string            `json:"id"`
	Lang  string            `json:"lang"`
	Words map[string]string `json:"words"` // phrases that the scripts say
	Tabs  []tab             `json:"tabs"`
	First filled            `json:"-"`
}

// A tab is one chart of a picker.
type tab struct {
	ID       string          `json:"id"`
	Label    string          `json:"label"`
	Note     string          `json:"note"`
	Kind     string          `json:"kind"`            // of plots.js
	Plain    bool            `json:"plain,omitempty"` // only the table
	Max      int             `json:"max,omitempty"`   // bodies; 0: as many as there are colours
	Measures []string        `json:"measures"`
	Controls []string        `json:"controls"`
	Option   json.RawMessage `json:"option"`
}

// A filled is a figure as series.js makes it.
type filled struct {
	figure
	Option json.RawMessage
	Hash   string // of Option, as the page computes it
	CSV    string
}

// tabSpec says what a tab shows. x and y are formatters of its axes; empty: rows or years.
type tabSpec struct {
	id, kind, x, y string
	measures       string
	controls       string
	max            int
}

// tabSpecs are the tabs of the pages with a picker, in their order.
func tabSpecs() map[string][]tabSpec {
	const (
		shares = " disclosure_rate full_disclosure_rate merits_disclosure_rate denial_rate unavailable_rate not_processed_rate other_rate carry_over_rate natural_person_share"
		rates  = " review_rate litigation_rate dispute_rate"
	)
	counts := strings.Join(shownMetrics, " ")
	every := counts + " apps_per_100k" + rates + shares
	return map[string][]tabSpec{
		"explore": {
			{id: "trend", kind: "trend", y: "$count", measures: every, controls: "measure years as bodies"},
			{id: "growth", kind: "growth", x: "$count", measures: counts, controls: "measure years bodies"},
			{id: "spread", kind: "spread", y: "$count", measures: "apps_per_100k" + rates + shares + " " + counts, controls: "measure years bodies"},
			{id: "table", kind: "trend", y: "$count", measures: every, controls: "measure years bodies"},
		},
		"outcomes": {
			{id: "shares", kind: "panels", y: "$share", controls: "years bodies", max: 1,
				measures: "full_disclosure_rate disclosure_rate denial_rate unavailable_rate not_processed_rate other_rate"},
			{id: "outcomes", kind: "bars", x: "$share", controls: "years bodies", max: 4},
		},
		"disputes": {
			{id: "funnel", kind: "funnel", x: "$count", y: "$per100", measures: "review_rate litigation_rate dispute_rate denial_rate disclosure_rate", controls: "measure year pool bodies"},
			{id: "province", kind: "dots", x: "$per100", measures: "review_rate litigation_rate dispute_rate denial_rate disclosure_rate", controls: "measure year province bodies"},
			{id: "paths", kind: "panels", y: "$per100", measures: "review_rate litigation_rate dispute_rate", controls: "years bodies", max: 3},
			{id: "reviews", kind: "bars", x: "$count", controls: "years bodies", max: 4},
			{id: "lawsuits", kind: "bars", x: "$count", controls: "years bodies", max: 4},
			{id: "backlog", kind: "spread", y: "$share", measures: "carry_over_rate", controls: "measure years bodies"},
			{id: "against", kind: "scatter", x: "$share", y: "$per100", measures: "denial_rate review_rate", controls: "year bodies"},
		},
	}
}

// picker composes a page with a picker; nil where the page has none.
func (v *view) picker(name string) (*picker, error) {
	specs := tabSpecs()[name]
	if specs == nil {
		return nil, nil
	}
	p := &picker{ID: name, Lang: v.lang, Words: v.pickWords()}
	for _, s := range specs {
		option, err := v.pickFrame(name+"."+s.id, s)
		if err != nil {
			return nil, err
		}
		p.Tabs = append(p.Tabs, tab{ID: s.id, Label: v.say("pick_tab_" + s.id), Note: v.say("pick_note_" + s.id), Kind: s.kind, Plain: s.id == "table", Max: s.max,
			Measures: strings.Fields(s.measures), Controls: strings.Fields(s.controls), Option: option})
	}
	return p, nil
}

// pickWords are the phrases that the scripts of a picker say.
func (v *view) pickWords() map[string]string {
	shared := strings.Fields(`absent not_collected not_in_form not_computable too_few no_requests_closed at_year year label_value share_of interval
		grade_proved grade_contradicted grade_unproved note_missing key_hollow key_gap key_break key_interval subtitle per_100_closed nothing build sample_title table_open`)
	words := map[string]string{}
	for key, text := range v.phrases {
		if strings.HasPrefix(key, "pick_") || slices.Contains(shared, key) {
			words[key] = text.in(v.lang)
		}
	}
	return words
}

// pickFrame is the option of a tab without figures: grid, axes, and one series of each sort
// that series.js takes as a pattern.
func (v *view) pickFrame(id string, s tabSpec) (json.RawMessage, error) {
	x := v.yearAxis()
	if s.x != "" {
		x = valueAxis(s.x)
		x.Min = nil
	}
	y := []opts.YAxis{rowAxis(nil, "left"), rowAxis(nil, "right")}
	if s.y != "" {
		axis := valueAxis(s.y)
		y = []opts.YAxis{{Type: "value", AxisLabel: axis.AxisLabel, AxisLine: axis.AxisLine, SplitLine: axis.SplitLine}}
	}
	c := newOption(id, opts.Grid{Left: "64", Right: "24", Top: "34", Bottom: "36"}, x, y...)
	c.MultiSeries = patterns()
	c.MultiSeries[1].MarkLines = v.breakLines("*")
	return marshal(c)
}

func patterns() []charts.SingleSeries {
	drawn := func(name, shape, color string, x, y []int) charts.SingleSeries {
		return charts.SingleSeries{Name: name, Type: "custom", RenderItem: types.FuncStr(shape), Encode: &opts.Encode{X: x, Y: y}, ItemStyle: &opts.ItemStyle{Color: color}, Data: []datum{}}
	}
	line := func(name, dash string, width float32) charts.SingleSeries {
		return charts.SingleSeries{Name: name, Type: "line", Symbol: "none", ConnectNulls: opts.Bool(false), Data: []datum{},
			LineStyle: &opts.LineStyle{Color: "$muted", Width: width, Type: dash}, ItemStyle: &opts.ItemStyle{Color: "$muted"}}
	}
	picked := line("line", "solid", 2)
	picked.Symbol, picked.SymbolSize, picked.ShowSymbol = "circle", 9, opts.Bool(true)
	return []charts.SingleSeries{
		drawn("band", "$band", "$band", []int{0, 3}, []int{1, 2, 4, 5}),
		line("median", "dashed", 1.5),
		picked,
		line("limit", "dashed", 1),
		{Name: "dots", Type: "scatter", Symbol: "circle", SymbolSize: 6, Data: []datum{}, ItemStyle: &opts.ItemStyle{Color: "$axis", Opacity: opts.Float(0.5)}},
		{Name: "picked", Type: "scatter", SymbolSize: 13, Data: []datum{}, ItemStyle: &opts.ItemStyle{Opacity: opts.Float(1)}},
		drawn("span", "$span", "$interval", []int{0, 2}, []int{1}),
		drawn("box", "$box", "$ink", []int{0}, []int{1, 2, 3, 4, 5}),
		{Name: "bar", Type: "bar", Stack: "rows", BarWidth: barWidth, Data: []datum{}, ItemStyle: &opts.ItemStyle{}},
	}
}

// fill puts the script of a picker and makes the figure that it shows first.
func (s *site) fill(p *picker) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("%s/%s: %w", p.Lang, p.ID, err)
	}
	if err := s.output.put("data/"+p.Lang+"/"+p.ID+".js", fmt.Appendf(nil, "nianbao.frame(%s);\n", raw)); err != nil {
		return err
	}
	err = s.pens.with(func(pen *svg.Pen) error {
		made, err := pen.Fill(raw, "", s.dataScript)
		if err != nil {
			return err
		}
		return json.Unmarshal(made, &p.First)
	})
	if err != nil {
		return fmt.Errorf("%s/%s: %w", p.Lang, p.ID, err)
	}
	f := &p.First
	f.ID = p.ID
	if f.figure.Option = nil; len(f.Option) > 4 { // not null
		f.figure.Option = f.Option
		if f.Picture, err = s.pens.draw(&f.figure); err != nil {
			return err
		}
	}
	if f.CSV == "" { // no reports at all
		return nil
	}
	return s.output.put("data/"+p.Lang+"/"+p.ID+".csv", []byte(f.CSV))
}

// dataScript reads back the object of a data script.
func (s *site) dataScript(name string) ([]byte, error) {
	raw, err := s.output.root.ReadFile("data/" + name + ".js")
	if err != nil {
		return nil, err
	}
	call := fmt.Sprintf("nianbao.put(%q, ", name)
	object, found := strings.CutPrefix(strings.TrimSuffix(string(raw), ");\n"), call)
	if !found {
		return nil, fmt.Errorf("data/%s.js does not start with %s", name, call)
	}
	return []byte(object), nil
}
