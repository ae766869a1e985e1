package charts

import (
	"cmp"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
)

// A numberTable is a table of the forms over the years: a row a metric, in the order of
// the forms, a column a report.
type numberTable struct {
	Title      string
	Body       template.HTML // a table element
	Applicants []applicantTable
}

// An applicantTable is what a report's table says of each kind of applicant.
type applicantTable struct {
	Year int
	Body template.HTML
}

// A numberKey is the place of a number in the table of a body.
type numberKey struct {
	year              int
	metric, applicant string
}

// numberTables shows all numbers of one body, table by table. Numbers are buttons, which
// evidence.js makes open what they rest on.
func (v *view) numberTables(block string, cells []printed) []numberTable {
	byTable := map[string][]printed{}
	home := map[string]string{} // of a metric: the table that prints it
	for _, c := range cells {
		if c.table != "" {
			byTable[c.table] = append(byTable[c.table], c)
			home[c.metric] = c.table
		}
	}
	for _, c := range cells { // a computed sum stands with its parts
		if c.table == "" {
			for _, part := range v.store.forms.Parts[c.metric] {
				if t := home[part]; t != "" {
					byTable[t] = append(byTable[t], c)
					break
				}
			}
		}
	}
	var out []numberTable
	for _, id := range v.tableIDs() {
		if cells := byTable[id]; len(cells) > 0 {
			out = append(out, v.numberTable(block, id, cells))
		}
	}
	return out
}

// tableIDs are the tables of the forms, the ones that every year has first.
func (v *view) tableIDs() []string {
	ids := map[string]bool{}
	for _, t := range v.book.Tables {
		ids[t.ID] = true
	}
	first := []string{"t3", "t4"}
	rest := slices.DeleteFunc(slices.Sorted(maps.Keys(ids)), func(id string) bool { return slices.Contains(first, id) })
	return append(first, rest...)
}

// rowOrder are the metrics of a table in the order of its newest form, those of older
// forms after them and what no form has last. A sum stands before its first part.
func (v *view) rowOrder(table string, used map[string]bool) []string {
	var order []string
	add := func(metric string) {
		if used[metric] && !slices.Contains(order, metric) {
			order = append(order, metric)
		}
	}
	sums := map[string][]string{}
	for _, sum := range slices.Sorted(maps.Keys(v.store.forms.Parts)) {
		for _, part := range v.store.forms.Parts[sum] {
			sums[part] = append(sums[part], sum)
		}
	}
	for _, t := range slices.Backward(v.book.Tables) {
		if t.ID != table {
			continue
		}
		for _, c := range t.Cells {
			for _, sum := range sums[c.Metric] {
				add(sum)
			}
			add(c.Metric)
		}
	}
	for _, metric := range slices.Sorted(maps.Keys(used)) {
		add(metric)
	}
	return order
}

func (v *view) numberTable(block, id string, cells []printed) numberTable {
	at := map[numberKey][]printed{}
	reports, used, split := map[int]*report{}, map[string]bool{}, map[int]bool{}
	for _, c := range cells {
		key := numberKey{c.report.year, c.metric, cmp.Or(c.applicant, "total")}
		at[key] = append(at[key], c)
		reports[c.report.year], used[c.metric] = c.report, true
		split[c.report.year] = split[c.report.year] || c.applicant != "" && c.applicant != "total"
	}
	order, years := v.rowOrder(id, used), slices.Sorted(maps.Keys(reports))
	t := numberTable{Title: v.say("city_table_" + id)}
	w := &tableWriter{v: v}
	w.yearHead(block, years, reports)
	for _, metric := range order {
		w.row(metric, v.metricLabel(metric), v.within(metric, used))
		for _, year := range years {
			w.cell(at[numberKey{year, metric, "total"}], w.starts(year, years, reports))
		}
	}
	t.Body = w.close()
	for _, year := range slices.Backward(years) {
		if split[year] {
			t.Applicants = append(t.Applicants, applicantTable{year, v.applicantBody(block, year, order, at)})
		}
	}
	return t
}

func (v *view) applicantBody(block string, year int, order []string, at map[numberKey][]printed) template.HTML {
	w := &tableWriter{v: v}
	w.applicantHead(block, year)
	for _, metric := range order {
		row := false
		for _, a := range v.book.Applicants {
			row = row || at[numberKey{year, metric, a.ID}] != nil
		}
		if !row {
			continue
		}
		w.row(metric, v.metricLabel(metric), false)
		for _, a := range v.book.Applicants {
			w.cell(at[numberKey{year, metric, a.ID}], false)
		}
	}
	return w.close()
}

// metricLabel is a metric's label, or what the document printed where no form has the row.
func (v *view) metricLabel(id string) string {
	if m, ok := v.book.Metric[id]; ok {
		return v.pick(m.LabelZH, m.LabelEN)
	}
	_, label, _ := strings.Cut(id, ":")
	return v.say("city_unmapped", label)
}

// A tableWriter writes a table of numbers. It is written here and not by a template
// because a site has millions of numbers.
type tableWriter struct {
	v    *view
	b    strings.Builder
	open bool // a row is
}

// yearHead writes the years, each a link to its document below, under the eras of their forms.
func (w *tableWriter) yearHead(block string, years []int, reports map[int]*report) {
	v := w.v
	fmt.Fprintf(&w.b, `<table class="numbers" data-block="%s"><thead><tr class="eras"><td></td>`, template.HTMLEscapeString(block))
	for i := 0; i < len(years); {
		span := 1
		for i+span < len(years) && reports[years[i+span]].era == reports[years[i]].era {
			span++
		}
		fmt.Fprintf(&w.b, `<th scope="colgroup" colspan="%d" class="era">%s</th>`, span, words(v.lang, v.era(reports[years[i]].era)))
		i += span
	}
	fmt.Fprintf(&w.b, `</tr><tr class="heads"><th scope="col">%s</th>`, template.HTMLEscapeString(v.say("city_item")))
	for _, year := range years {
		class := ""
		if w.starts(year, years, reports) {
			class = ` class="era"`
		}
		fmt.Fprintf(&w.b, `<th scope="col"%s data-year="%d"><a href="#%s.%d">%d</a></th>`, class, year, template.HTMLEscapeString(block), year, year)
	}
	w.b.WriteString("</tr></thead><tbody>\n")
}

// starts reports whether a year is the first of its era in the table.
func (w *tableWriter) starts(year int, years []int, reports map[int]*report) bool {
	i := slices.Index(years, year)
	return i == 0 || reports[years[i-1]].era != reports[year].era
}

func (w *tableWriter) applicantHead(block string, year int) {
	v := w.v
	fmt.Fprintf(&w.b, `<table class="numbers" data-block="%s" data-year="%d"><thead><tr class="heads"><th scope="col">%s</th>`,
		template.HTMLEscapeString(block), year, template.HTMLEscapeString(v.say("city_item")))
	for _, a := range v.book.Applicants {
		fmt.Fprintf(&w.b, `<th scope="col" data-applicant="%s">%s</th>`, a.ID, words(v.lang, v.pick(a.LabelZH, a.LabelEN)))
	}
	w.b.WriteString("</tr></thead><tbody>\n")
}

// within reports whether a metric is a part of a sum that the table shows.
func (v *view) within(metric string, used map[string]bool) bool {
	for sum, parts := range v.store.forms.Parts {
		if used[sum] && slices.Contains(parts, metric) {
			return true
		}
	}
	return false
}

func (w *tableWriter) row(metric, label string, part bool) {
	if w.open {
		w.b.WriteString("</tr>\n")
	}
	w.open = true
	class := ""
	if part {
		class = ` class="part"`
	}
	fmt.Fprintf(&w.b, `<tr data-metric="%s"><th scope="row"%s>%s</th>`, template.HTMLEscapeString(metric), class, words(w.v.lang, label))
}

func (w *tableWriter) cell(numbers []printed, era bool) {
	var class []string
	if era {
		class = append(class, "era")
	}
	if len(numbers) == 0 {
		class = append(class, "none")
	}
	w.b.WriteString("<td")
	if class != nil {
		w.b.WriteString(` class="` + strings.Join(class, " ") + `"`)
	}
	w.b.WriteString(">")
	if len(numbers) == 0 {
		w.b.WriteString("·")
	}
	for _, c := range numbers {
		w.number(c)
	}
	w.b.WriteString("</td>")
}

// number writes one number with its marks, or in words why there is none.
func (w *tableWriter) number(c printed) {
	v := w.v
	class, text := "", thousands(c.value)
	switch {
	case c.value == "":
		class, text = "missing", v.status(c.status)
	case c.status == "computed":
		class = "computed"
	}
	w.b.WriteString(`<button type="button"`)
	if class != "" {
		w.b.WriteString(` class="` + class + `"`)
	}
	w.b.WriteString(">")
	if c.grade == "contradicted" {
		w.b.WriteString(`<span class="ring" title="` + template.HTMLEscapeString(v.say("grade_contradicted")) + `">○</span> `)
	}
	w.b.WriteString(string(words(v.lang, text)))
	if c.corrected != "" {
		w.b.WriteString(`<small>→ ` + template.HTMLEscapeString(thousands(c.corrected)) + `</small>`)
	}
	w.b.WriteString("</button>")
}

func (w *tableWriter) close() template.HTML {
	w.b.WriteString("</tr>\n</tbody></table>")
	return template.HTML(w.b.String()) // every text is escaped above
}
