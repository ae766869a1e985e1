package charts

import (
	"cmp"
	"slices"
	"strconv"
)

// maxChanges is the number of rows that a list of changes has at most; the commands
// named on the page print all.
const maxChanges = 200

// Changes are what is new in a build: what package warehouse finds when it compares two.
type Changes struct {
	Before  string // build id of the other build
	Reports []ReportChange
	Cells   []CellChange
}

// A ReportChange is a report that is new or gone, was replaced by a later version
// ("replaced", and "restates" of the later one), or is named or graded otherwise.
type ReportChange struct {
	Change   string  `json:"change"`
	OldName  *string `json:"old_name"` // authority, region code, year and scope
	NewName  *string `json:"new_name"`
	OldGrade *string `json:"old_grade"`
	NewGrade *string `json:"new_grade"`
	URL      *string `json:"url"`
}

// A CellChange is a cell of a document that both builds hold and read differently.
type CellChange struct {
	Authority *string `json:"authority"`
	Year      *int    `json:"report_year"`
	Metric    string  `json:"metric"`
	Applicant string  `json:"applicant"`
	OldRaw    *string `json:"old_raw"`
	OldStatus *string `json:"old_status"`
	NewRaw    *string `json:"new_raw"`
	NewStatus *string `json:"new_status"`
	Locator   *string `json:"locator"`
	URL       *string `json:"url"`
}

// orEmpty is what a pointer points to, or nothing.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// A restatement is a number that a later version of a report replaced.
type restatement struct {
	metric, applicant, before, after, beforeState, nextState string
}

// A correction is a reviewed correction of a printed number, used or not.
type correction struct {
	id, authority, metric, applicant, printed, corrected, reason, evidence, status, decided string
	year                                                                                    int
}

func (r *reader) restatements() error {
	query := `SELECT new_report_id, metric, applicant, old_raw, new_raw, old_status, new_status FROM restatements
		ORDER BY new_report_id, "table", metric, applicant, old_raw, new_raw`
	return r.each(query, func(scan func(...any) error) error {
		var id string
		var x restatement
		err := scan(&id, &x.metric, &x.applicant, &x.before, &x.after, &x.beforeState, &x.nextState)
		if rep := r.byID[id]; rep != nil {
			rep.restated = append(rep.restated, x)
		}
		return err
	})
}

func (r *reader) corrections() error {
	query := `SELECT id, authority, coalesce(report_year, 0), metric, applicant, printed, corrected::VARCHAR, reason, evidence, status, decided_on::VARCHAR
		FROM correction ORDER BY decided_on DESC, id, report_id`
	return r.each(query, func(scan func(...any) error) error {
		var c correction
		err := scan(&c.id, &c.authority, &c.year, &c.metric, &c.applicant, &c.printed, &c.corrected, &c.reason, &c.evidence, &c.status, &c.decided)
		c.corrected = trimDecimal(c.corrected)
		r.st.corrections = append(r.st.corrections, c)
		return err
	})
}

// changes says what is new since the build before and where figures do not stand as
// they were first printed.
func (v *view) changes() []chapter {
	since := []chapter{{ID: "reports", Heading: v.say("changes_reports"), Text: []string{v.say("changes_first")}}}
	if v.store.changes != nil {
		since = []chapter{v.changed("reports", v.changedReports()), v.changed("cells", v.changedCells())}
	}
	return append(since,
		v.changed("restatements", v.restatementListing()),
		v.changed("corrections", v.correctionListing()),
		v.changed("errata", v.errataListing()),
		v.changed("fetched", v.fetchedListing()))
}

// changed is a chapter with a list, which says so where the list is empty or cut.
func (v *view) changed(id string, l *listing) chapter {
	c := chapter{ID: id, Heading: v.say("changes_" + id), Text: []string{v.say("changes_" + id + "_1")}, Listing: l}
	switch {
	case len(l.Rows) == 0:
		c.Text, c.Listing = append(c.Text, v.say("changes_none")), nil
	case len(l.Rows) > maxChanges:
		c.Text = append(c.Text, v.say("changes_cut", maxChanges, len(l.Rows)))
		l.Rows = l.Rows[:maxChanges]
	}
	return c
}

// header is the head of a listing: phrases changes_ and key.
func (v *view) header(keys ...string) *listing {
	l := &listing{}
	for _, k := range keys {
		l.Head = append(l.Head, v.say(k))
	}
	return l
}

// document links to an address, if it may be linked to.
func (v *view) document(address string) []item {
	if weblink(address) == "" {
		return nil
	}
	return []item{{Text: v.say("errata_link"), Href: weblink(address)}}
}

func (v *view) changedReports() *listing {
	l := v.header("changes_report", "changes_what", "changes_grade", "errata_link")
	for _, c := range v.store.changes.Reports {
		before, after := orEmpty(c.OldGrade), orEmpty(c.NewGrade)
		grade := ""
		switch {
		case before != "" && after != "" && before != after:
			grade = v.say("changes_became", v.grade(before), v.grade(after))
		case cmp.Or(after, before) != "":
			grade = v.grade(cmp.Or(after, before))
		}
		name := cmp.Or(orEmpty(c.NewName), orEmpty(c.OldName))
		l.Rows = append(l.Rows, listed{"", [][]item{plain(name), plain(v.say("changes_report_" + c.Change)), plain(grade), v.document(orEmpty(c.URL))}})
	}
	return l
}

func (v *view) changedCells() *listing {
	l := v.header("authority", "year", "changes_cell", "changes_before", "changes_after", "changes_place", "errata_link")
	for _, c := range v.store.changes.Cells {
		year := ""
		if c.Year != nil {
			year = strconv.Itoa(*c.Year)
		}
		l.Rows = append(l.Rows, listed{"", [][]item{plain(orEmpty(c.Authority)), plain(year), v.cellName(c.Metric, c.Applicant),
			plain(v.printed(orEmpty(c.OldRaw), orEmpty(c.OldStatus))), plain(v.printed(orEmpty(c.NewRaw), orEmpty(c.NewStatus))), code(orEmpty(c.Locator)), v.document(orEmpty(c.URL))}})
	}
	return l
}

// printed is what a cell says: its text or, where it has none, its state.
func (v *view) printed(raw, status string) string {
	if raw != "" || status == "" {
		return raw
	}
	return v.status(status)
}

// cellName names a metric and, where it is of one kind of applicants, which.
func (v *view) cellName(metric, applicant string) []item {
	it := item{Text: metric}
	if _, known := v.book.Metric[metric]; known {
		it = item{Text: v.metric(metric), Href: "definitions.html#" + metric}
	}
	if applicant == "" || applicant == "total" {
		return []item{it}
	}
	return []item{it, {Text: " · " + v.instance(applicant)}}
}

func (v *view) restatementListing() *listing {
	l := v.header("authority", "year", "changes_cell", "changes_before", "changes_after", "source_fetched", "errata_link")
	for _, r := range v.store.reports {
		for _, x := range r.restated {
			l.Rows = append(l.Rows, listed{"", [][]item{plain(r.body.authority.in(v.lang)), plain(strconv.Itoa(r.year)), v.cellName(x.metric, x.applicant),
				plain(v.printed(x.before, x.beforeState)), plain(v.printed(x.after, x.nextState)), plain(r.fetched), v.document(r.url)}})
		}
	}
	return l
}

func (v *view) correctionListing() *listing {
	l := v.header("authority", "year", "changes_cell", "changes_printed", "changes_corrected", "changes_status", "changes_reason", "changes_decided")
	for _, c := range v.store.corrections {
		year := ""
		if c.year > 0 {
			year = strconv.Itoa(c.year)
		}
		l.Rows = append(l.Rows, listed{"correction-" + strconv.Itoa(len(l.Rows)+1), [][]item{plain(c.authority), plain(year), v.cellName(c.metric, c.applicant),
			plain(c.printed), plain(c.corrected), plain(v.say("changes_status_" + c.status)), plain(v.say("label_value", c.reason, c.evidence)), plain(c.decided)}})
	}
	return l
}

func (v *view) errataListing() *listing {
	l := v.header("authority", "year", "errata_identity", "errata_instance", "errata_lhs", "errata_rhs", "errata_delta", "changes_verdict", "errata_link")
	for _, e := range v.store.errata {
		identity := []item{{Text: e.label.in(v.lang), Href: "definitions.html#" + e.identity}}
		l.Rows = append(l.Rows, listed{"", [][]item{plain(e.body.authority.in(v.lang)), plain(strconv.Itoa(e.year)), identity, plain(v.instance(e.instance)),
			plain(e.lhs), plain(e.rhs), plain(e.delta), plain(v.say("changes_verdict_" + e.verdict)), v.document(e.url)}})
	}
	return l
}

// fetchedListing counts the reports that stand by the day on which they were fetched,
// the last first.
func (v *view) fetchedListing() *listing {
	l := v.header("changes_day", "changes_count")
	counts := map[string]int{}
	var days []string
	for _, r := range v.store.reports {
		if counts[r.fetched] == 0 && r.fetched != "" {
			days = append(days, r.fetched)
		}
		counts[r.fetched]++
	}
	slices.Sort(days)
	slices.Reverse(days)
	for _, d := range days {
		l.Rows = append(l.Rows, textRow("", d, count(float64(counts[d]))))
	}
	return l
}
