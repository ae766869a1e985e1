package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract/grid"
	"github.com/nianbao/nianbao/record"
)

// A recognisedForm is the 2021 form of a made-up body, as if it had been read from a
// scan: the figures are made up and add up.
type recognisedForm struct {
	book    *codebook.Book
	matches map[string]*match
	at      map[cellKey]*grid.Cell
}

// read is a reading for a test, "way text confidence".
func read(s string) grid.Reading {
	f := strings.Fields(s)
	c, _ := strconv.ParseFloat(f[2], 64)
	return grid.Reading{By: f[0], Text: strings.Trim(f[1], "_"), Confidence: c}
}

// same is what all ways of reading agree on.
func same(text string) []grid.Reading {
	return []grid.Reading{{Text: text, By: "page", Confidence: 0.9}, {Text: text, By: "cell", Confidence: 0.95}, {Text: text, By: "figures", Confidence: 0.96}}
}

func newRecognisedForm(t *testing.T) *recognisedForm {
	t.Helper()
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := &recognisedForm{book, map[string]*match{}, map[cellKey]*grid.Cell{}}
	// Per applicant: received 21 and 3, granted 12, partly 4, refused 2, not held 3,
	// closed 21, carried over 3; the total is six times that.
	rows := map[string]int{"app_new": 21, "app_carried_in": 3, "out_granted": 12, "out_partial": 4,
		"out_denied_state_secret": 2, "out_unavail_not_held": 3, "app_closed_total": 21, "app_carried_out": 3}
	columns := map[string]int{"rev_upheld": 5, "rev_corrected": 1, "rev_pending": 2, "rev_total": 8,
		"lit_direct_upheld": 7, "lit_direct_total": 7, "lit_post_other": 4, "lit_post_total": 4}
	for _, table := range book.Tables {
		if table.Form != "D" {
			continue
		}
		m := &match{table: table, found: map[int]bool{}}
		f.matches[table.ID] = m
		for _, c := range table.Cells {
			switch {
			case table.ID != "t3":
				f.put(m, c, "", columns[c.Metric])
			default:
				for _, a := range book.Applicants {
					v := rows[c.Metric]
					if a.ID == "total" {
						v *= 6
					}
					f.put(m, c, a.ID, v)
				}
			}
		}
	}
	return f
}

func (f *recognisedForm) put(m *match, c *codebook.FormCell, applicant string, value int) {
	key := cellKey{c.Metric, applicant}
	f.at[key] = &grid.Cell{Locator: fmt.Sprint(key)}
	f.set(c.Metric, applicant, same(strconv.Itoa(value))...)
	m.put(place{cell: f.at[key], metric: c.Metric, applicant: applicant}, c.Order)
}

func (f *recognisedForm) set(metric, applicant string, readings ...grid.Reading) {
	c := f.at[cellKey{metric, applicant}]
	c.Text, c.Recognised = "", &grid.Recognition{Readings: readings}
	if len(readings) > 0 {
		c.Text = readings[0].Text
	}
}

// accepted returns value and status of the rows that are not as accepted in full,
// and the codes of the findings.
func (f *recognisedForm) accepted(t *testing.T) (rows []string, findings []string) {
	t.Helper()
	e := &Extractor{book: f.book}
	cells, found := e.cells("made-up", f.matches, nil)
	before := len(cells)
	cells, found = accept(f.book, f.matches, cells, found)
	repaired := 0
	for i, c := range cells {
		if c.CellNo != int32(i+1) {
			t.Errorf("row %d has number %d", i+1, c.CellNo)
		}
		if c.Status == "repaired" {
			repaired++
		}
		name := strings.TrimSuffix(c.Metric+" "+c.Applicant, " ")
		switch {
		case c.Value == nil:
			rows = append(rows, fmt.Sprintf("%s: %s %q", name, c.Status, c.Raw))
		case c.Status != "number":
			rows = append(rows, fmt.Sprintf("%s: %s %s", name, c.Status, record.DecimalString(*c.Value)))
		}
	}
	if len(cells) != before+repaired {
		t.Errorf("%d rows of %d cells and %d repaired", len(cells), before, repaired)
	}
	for _, x := range found {
		findings = append(findings, x.code)
	}
	return rows, findings
}

func (f *recognisedForm) number(t *testing.T, metric, applicant string) string {
	t.Helper()
	e := &Extractor{book: f.book}
	cells, _ := e.cells("made-up", f.matches, nil)
	cells, _ = accept(f.book, f.matches, cells, nil)
	for _, c := range cells {
		if c.Metric == metric && c.Applicant == applicant && c.Status == "number" {
			return record.DecimalString(*c.Value)
		}
	}
	return ""
}

func TestAcceptance(t *testing.T) {
	lone := func(text string) []grid.Reading { return []grid.Reading{{Text: text, By: "figures", Confidence: 0.5}} }
	for _, c := range []struct {
		name     string
		edit     func(f *recognisedForm)
		rows     []string
		findings []string
	}{
		{"all agree", func(f *recognisedForm) {}, nil, nil},
		{
			"a figure misread, one reading right: the identities choose",
			func(f *recognisedForm) {
				f.set("out_granted", "natural_person", read("page 72 0.9"), read("cell 72 0.9"), read("figures 12 0.4"))
			}, nil, nil,
		},
		{
			"two figures of one row misread, each with one reading right",
			func(f *recognisedForm) {
				f.set("out_granted", "natural_person", read("page 72 0.9"), read("figures 12 0.8"))
				f.set("out_granted", "org_other", read("cell 17 0.9"), read("figures 12 0.8"))
			}, nil, nil,
		},
		{
			"a figure misread: row and column give the same value",
			func(f *recognisedForm) { f.set("out_granted", "natural_person", lone("72")...) },
			[]string{`out_granted natural_person: illegible "72"`, "out_granted natural_person: repaired 12"},
			[]string{"repaired_cell"},
		},
		{
			"ink that nothing could be read in",
			func(f *recognisedForm) {
				f.set("app_closed_total", "org_research", grid.Reading{By: "page"}, grid.Reading{By: "cell"})
			},
			[]string{`app_closed_total org_research: illegible ""`, "app_closed_total org_research: repaired 21"},
			[]string{"repaired_cell"},
		},
		{
			"two figures of one row misread",
			func(f *recognisedForm) {
				f.set("out_granted", "natural_person", lone("72")...)
				f.set("out_granted", "org_other", lone("17")...)
			},
			[]string{`out_granted natural_person: illegible "72"`, `out_granted org_other: illegible "17"`},
			[]string{"illegible_cell", "illegible_cell"},
		},
		{
			"blank stays blank, and its identities prove nothing",
			func(f *recognisedForm) { f.set("out_granted", "total") },
			[]string{`out_granted total: blank ""`}, nil,
		},
		{
			"a dash that two readings see",
			func(f *recognisedForm) {
				f.set("rules_issued", "", read("page - 0.9"), read("cell - 0.9"), read("figures 1 0.2"))
			},
			[]string{`rules_issued: dash "-"`}, nil,
		},
		{
			"the source's own error: a total that its row contradicts, surely read, stays",
			func(f *recognisedForm) { f.set("rev_total", "", same("9")...) }, nil, nil,
		},
		{
			"a total that its row contradicts, read twice but not surely",
			func(f *recognisedForm) { f.set("rev_total", "", read("page 9 0.5"), read("cell 9 0.5")) },
			[]string{`rev_total: illegible "9"`},
			[]string{"illegible_cell"},
		},
		{
			"a figure surely read that row and column contradict alike is neither kept nor repaired",
			func(f *recognisedForm) { f.set("out_granted", "natural_person", same("72")...) },
			[]string{`out_granted natural_person: illegible "72"`},
			[]string{"illegible_cell"},
		},
		{
			"no identity: one reading is not enough",
			func(f *recognisedForm) { f.set("permit_decisions", "", lone("7")...) },
			[]string{`permit_decisions: illegible "7"`},
			[]string{"illegible_cell"},
		},
		{
			"no identity: two weak readings that agree are not enough",
			func(f *recognisedForm) { f.set("permit_decisions", "", read("page 1 0.5"), read("cell 1 0.6")) },
			[]string{`permit_decisions: illegible "1"`},
			[]string{"illegible_cell"},
		},
		{
			"no identity: two readings disagree",
			func(f *recognisedForm) {
				f.set("permit_decisions", "", read("page 195 0.9"), read("cell 193 0.9"), read("figures 195 0.9"))
			},
			[]string{`permit_decisions: illegible "195"`},
			[]string{"illegible_cell"},
		},
		{
			"two cells misread alike balance: either value fits, neither is taken",
			func(f *recognisedForm) {
				f.set("lit_post_other", "", read("page 4 0.9"), read("figures 9 0.9"))
				f.set("lit_post_total", "", read("page 4 0.9"), read("figures 9 0.9"))
			},
			[]string{`lit_post_other: illegible "4"`, `lit_post_total: illegible "4"`},
			[]string{"illegible_cell", "illegible_cell"},
		},
		{
			"the source's own error is not mended by a lesser reading",
			func(f *recognisedForm) {
				f.set("lit_post_other", "", read("page 4 0.9"), read("figures 4 0.9"), read("cell 0 0.6"))
				f.set("lit_post_total", "", same("0")...)
			},
			[]string{`lit_post_other: illegible "4"`}, []string{"illegible_cell"},
		},
		{
			"a count is whole",
			func(f *recognisedForm) { f.set("permit_decisions", "", read("page 1.5 0.9"), read("figures 1.5 0.9")) },
			[]string{`permit_decisions: illegible "1.5"`},
			[]string{"negative_or_fraction", "illegible_cell"},
		},
	} {
		f := newRecognisedForm(t)
		c.edit(f)
		rows, findings := f.accepted(t)
		if !slices.Equal(rows, c.rows) || !slices.Equal(findings, c.findings) {
			t.Errorf("%s:\n got %q %q\nwant %q %q", c.name, rows, findings, c.rows, c.findings)
		}
	}
}

func TestIdentitiesChooseBetweenReadings(t *testing.T) {
	f := newRecognisedForm(t)
	f.set("out_granted", "natural_person", read("page 72 0.9"), read("cell 72 0.9"), read("figures 12 0.4"))
	if got := f.number(t, "out_granted", "natural_person"); got != "12" {
		t.Errorf("accepted %q, want the reading 12, with which row and column hold", got)
	}
	f = newRecognisedForm(t)
	f.set("rev_total", "", same("9")...)
	if got := f.number(t, "rev_total", ""); got != "9" {
		t.Errorf("accepted %q, want the source's own 9", got)
	}
}

func TestCellsThatWereNotRecognisedAreLeftAlone(t *testing.T) {
	f := newRecognisedForm(t)
	for _, c := range f.at {
		c.Recognised = nil
	}
	f.at[cellKey{"out_granted", "total"}].Text = "9x"
	if rows, findings := f.accepted(t); !slices.Equal(rows, []string{`out_granted total: text "9x"`}) || findings != nil {
		t.Errorf("%q %q", rows, findings)
	}
}

func TestRecognisedLabels(t *testing.T) {
	book, err := codebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	cell := func(col int, texts ...string) grid.Cell {
		c := grid.Cell{Row: 0, Col: col, RowSpan: 1, ColSpan: 1, Text: texts[0], Recognised: &grid.Recognition{}}
		for _, s := range texts {
			c.Recognised.Readings = append(c.Recognised.Readings, grid.Reading{Text: s, By: "cell"})
		}
		return c
	}
	keysOf := func(cells ...grid.Cell) (map[string]string, []finding) {
		g := &grid.Grid{Rows: 1, Cols: len(cells), Cells: cells}
		return recognisedKeys(book, &grid.Document{Blocks: []grid.Block{{Grid: g}}})
	}
	for _, c := range []struct{ read, want string }{
		{"《一)予以公开", "予以公开"},
		{"(一)子以公开", "予以公开"},
		{"7.属于行政执法案耸", "属于行政执法案卷"},
		{"5.属于一类内部事务伟息", "属于三类内部事务信息"},
		{"2.申请人广期未按收费通知要求缴纳费用、行政机", "申请人逾期未按收费通知要求缴纳费用,行政机关不再处理其政府信息公开申请"},
		{"予以公开", ""},   // as it should be
		{"不以公开", ""},   // as near to 予以公开 as to 不予公开
		{"示例市示例局", ""}, // no label
		{"其它", ""},     // too short to tell
		{"1468", ""},   // no Chinese
	} {
		keys, found := keysOf(cell(0, c.read))
		if keys[c.read] != c.want {
			t.Errorf("%q is taken for %q, want %q", c.read, keys[c.read], c.want)
		}
		if len(found) > 1 {
			t.Errorf("%q: findings %v", c.read, found)
		}
	}
	// One of several readings may be right.
	if keys, found := keysOf(cell(0, "〓", "总计")); keys["〓"] != "总计" || len(found) != 1 || found[0].code != "damaged_label" {
		t.Errorf("keys %v, findings %v", keys, found)
	}
	// A heading among its neighbours.
	keys, _ := keysOf(cell(0, "自然人"), cell(1, "商业企业"), cell(2, "科研机构"), cell(3, "社会公益组织"), cell(4, "〓"), cell(5, "其巴"), cell(6, "总计"))
	if keys["〓"] != "法律服务机构" || keys["其巴"] != "其他" {
		t.Errorf("keys %v", keys)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"予以公开", "予以公开", 0}, {"子以公开", "予以公开", 1}, {"以公开", "予以公开", 1}, {"", "总计", 2}, {"总计", "", 2}, {"部分公开", "予以公开", 2}} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
