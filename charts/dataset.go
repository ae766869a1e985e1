package charts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nianbao/nianbao/codebook"
)

// The data scripts hold every figure that a reader may pick in a chart, the same for both
// languages. Each calls nianbao.put(name, object), where name is its path below data/
// without .js:
//
//	core                   build, scopes, measures, statuses, breaks, provinces
//	<scope>/bodies         the bodies of a scope and in which years they reported
//	<scope>/<measure>      figures, body by body in that order and year by year
//	<scope>/<measure>.stats   quantiles, sums and funnel limits, year by year
//
// A measure is a metric (of all applicants) or an indicator. A scope of more than
// partBodies bodies has its further figures in <scope>/<measure>.1 and so on, so that no
// script grows with the number of bodies.

// partBodies is the number of bodies whose figures one script holds at most.
const partBodies = 100

// A dataset puts the data scripts of a warehouse. Figures come measure by measure, so
// that it holds those of one at a time.
type dataset struct {
	*reader
	book     *codebook.Book
	sections []*section
	output   *publisher
	slots    map[string]slot // by report_id
	stats    map[string]*stats
	scopes   map[string][]string // that have a measure, by its id
}

// A slot is where a report's figures stand among those of its section.
type slot struct {
	section *section
	index   int
}

// years is the number of years that the section spans.
func (s *section) years() int { return s.last - s.first + 1 }

// dataScripts puts all data scripts of the view's warehouse.
func dataScripts(ctx context.Context, v *view, output *publisher) error {
	d := &dataset{reader: &reader{ctx: ctx, db: v.store.db, st: v.store}, book: v.book, sections: v.sections, output: output,
		slots: map[string]slot{}, stats: map[string]*stats{}, scopes: map[string][]string{}}
	for _, s := range d.sections {
		for b, m := range s.members {
			for year, r := range m.reports {
				d.slots[r.id] = slot{s, b*s.years() + year - s.first}
			}
		}
		if err := d.put(s.scope.ID+"/bodies", d.st.bodyList(s)); err != nil {
			return err
		}
	}
	for _, step := range []func() error{d.quantiles, d.pooled, d.funnels, d.figures, d.core} {
		if err := step(); err != nil {
			return fmt.Errorf("data scripts: %w; rebuild the warehouse with nianbao build", err)
		}
	}
	return nil
}

// put writes the script of one object.
func (d *dataset) put(name string, object any) error {
	raw, err := put(name, object)
	if err != nil {
		return err
	}
	return d.output.put("data/"+name+".js", raw)
}

// A bodies is what a page has to know of the bodies of a scope, in the section's order.
type bodies struct {
	Years    [2]int   `json:"years"` // first and last
	Code     []string `json:"code"`
	ZH       []string `json:"zh"`
	EN       []string `json:"en"`
	Key      []string `json:"key"`      // words to search by: pinyin and its initials
	Province []string `json:"province"` // code of the province; empty: unknown
	Page     []int    `json:"page"`     // 1: there is a page city/<code>
	State    []string `json:"state"`    // a character a year, see bodyState
}

func (st *store) bodyList(s *section) bodies {
	list := bodies{Years: [2]int{s.first, s.last}}
	for _, m := range s.members {
		page, province, state := 0, "", make([]byte, 0, s.years())
		if g := st.regions[m.body.adcode]; g != nil {
			province = st.province(g).adcode
			if strings.HasPrefix(g.page(), "city/") {
				page = 1
			}
		}
		for year := s.first; year <= s.last; year++ {
			state = append(state, m.state(year))
		}
		list.Code, list.ZH, list.EN = append(list.Code, m.body.adcode), append(list.ZH, m.label.ZH), append(list.EN, m.label.EN)
		list.Key, list.Province = append(list.Key, searchKey(m.label)), append(list.Province, province)
		list.Page, list.State = append(list.Page, page), append(list.State, string(state))
	}
	return list
}

// state is r where there is a report, c where there is one that its own identities
// contradict, a where one is missing, and a dot where nothing is known.
func (m *member) state(year int) byte {
	switch r := m.reports[year]; {
	case r != nil && r.grade == "contradicted":
		return 'c'
	case r != nil:
		return 'r'
	case m.absent[year]:
		return 'a'
	}
	return '.'
}

// A coreScript is what all pages with a picker know.
type coreScript struct {
	Build     string                 `json:"build"`
	Sample    string                 `json:"sample"` // phrase of the note on all pages: sample, copied, made_up; empty: none
	Part      int                    `json:"part"`   // bodies a script of figures
	Scopes    []scopeEntry           `json:"scopes"`
	Measures  []measureEntry         `json:"measures"`
	Statuses  map[string]statusEntry `json:"statuses"` // by their character in figures
	Breaks    []breakEntry           `json:"breaks"`
	Provinces []provinceEntry        `json:"provinces"`
}

type scopeEntry struct {
	ID     string `json:"id"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
	Bodies int    `json:"bodies"`
	First  int    `json:"first"`
	Last   int    `json:"last"`
}

type measureEntry struct {
	ID     string   `json:"id"`
	ZH     string   `json:"zh"`
	EN     string   `json:"en"`
	Unit   string   `json:"unit"`
	UnitZH string   `json:"unit_zh"`
	UnitEN string   `json:"unit_en"`
	Kind   string   `json:"kind"` // count, share, rate
	Per    int      `json:"per"`
	Family string   `json:"family"`
	MinN   int      `json:"min_n"`
	Scopes []string `json:"scopes"` // in which it has a value
}

type statusEntry struct {
	ID string `json:"id"`
	ZH string `json:"zh"`
	EN string `json:"en"`
}

type breakEntry struct {
	Year   int    `json:"year"`
	Family string `json:"family"`
	ZH     string `json:"zh"`
	EN     string `json:"en"`
}

type provinceEntry struct {
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
}

func (d *dataset) core() error {
	c := coreScript{Build: d.st.buildID, Sample: d.st.sample.key(), Part: partBodies, Statuses: map[string]statusEntry{}}
	for _, s := range d.sections {
		c.Scopes = append(c.Scopes, scopeEntry{s.scope.ID, s.scope.LabelZH, s.scope.LabelEN, len(s.members), s.first, s.last})
	}
	for _, m := range d.measures() {
		if m.Scopes != nil {
			c.Measures = append(c.Measures, m)
		}
	}
	for i, s := range d.book.Statuses {
		c.Statuses[string(statusChar(i))] = statusEntry{s.ID, s.LabelZH, s.LabelEN}
	}
	for _, b := range d.book.Breaks {
		c.Breaks = append(c.Breaks, breakEntry{b.Year, b.Family, b.LabelZH, b.LabelEN})
	}
	c.Provinces = d.provinces()
	return d.put("core", c)
}

// measures are the metrics that the site shows and all indicators.
func (d *dataset) measures() []measureEntry {
	var list []measureEntry
	add := func(m measureEntry) {
		u := d.book.Unit[m.Unit]
		m.UnitZH, m.UnitEN, m.Per, m.Scopes = u.LabelZH, u.LabelEN, max(u.Per, 1), d.scopes[m.ID]
		list = append(list, m)
	}
	for _, id := range shownMetrics {
		m := d.book.Metric[id]
		add(measureEntry{ID: id, ZH: m.LabelZH, EN: m.LabelEN, Unit: m.Unit, Kind: "count", Family: m.Family})
	}
	for _, i := range d.book.Indicators {
		add(measureEntry{ID: i.ID, ZH: i.LabelZH, EN: i.LabelEN, Unit: i.Unit, Kind: i.Kind, Family: i.Family, MinN: i.MinN})
	}
	return list
}

// provinces are those that a body lies in.
func (d *dataset) provinces() []provinceEntry {
	has := map[string]bool{}
	for _, s := range d.sections {
		for _, code := range d.st.bodyList(s).Province {
			has[code] = true
		}
	}
	delete(has, "")
	var list []provinceEntry
	for _, code := range slices.Sorted(maps.Keys(has)) {
		g := d.st.regions[code]
		list = append(list, provinceEntry{code, g.name.ZH, g.name.EN})
	}
	return list
}
