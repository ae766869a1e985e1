package charts

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The evidence of a place's numbers lies beside its page: a script a year, which the page
// loads when a number of that year is opened, and one script for all places with what the
// identities and words of the forms are. Both languages share them.

// forms say which numbers an identity covers, and which a computed sum.
type forms struct {
	Identities map[string]*formIdentity `json:"identities"`
	Parts      map[string][]string      `json:"parts"` // of a metric that is a sum: its metrics
}

// A formIdentity is an identity as the page words it. Of its terms, metric "" is that of
// the instance and applicant "" the instance or the total, as Per says.
type formIdentity struct {
	Label Text        `json:"label"`
	Op    string      `json:"op"`
	Per   string      `json:"per"`
	Terms [][2]string `json:"terms"` // metric, applicant
}

// MarshalJSON writes a text as a pair of Chinese and English.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal([2]string{t.ZH, t.in("en")}) }

func (r *reader) forms() error {
	f := forms{Identities: map[string]*formIdentity{}, Parts: map[string][]string{}}
	r.st.forms = f
	query := `SELECT t.kind, t.owner, t.metric, t.applicant, coalesce(i.label_zh, ''), coalesce(i.label_en, ''), coalesce(i.op, ''), coalesce(i.per, '')
		FROM term t LEFT JOIN identity i ON i.id = t.owner
		WHERE t.kind IN ('identity', 'metric') ORDER BY t.kind, t.owner, t.side, t.era, t.position`
	return r.each(query, func(scan func(...any) error) error {
		var kind, owner, metric, applicant string
		var i formIdentity
		err := scan(&kind, &owner, &metric, &applicant, &i.Label.ZH, &i.Label.EN, &i.Op, &i.Per)
		if kind == "metric" {
			f.Parts[owner] = append(f.Parts[owner], metric)
			return err
		}
		if f.Identities[owner] == nil {
			f.Identities[owner] = &i
		}
		f.Identities[owner].Terms = append(f.Identities[owner].Terms, [2]string{metric, applicant})
		return err
	})
}

// formsScript has what every place's evidence needs.
func (s *site) formsScript() ([]byte, error) {
	words := map[string]map[string]Text{"metric": {}, "applicant": {}, "status": {}, "grade": {}, "outcome": {}, "scope": {}}
	book := s.views[0].book
	for _, m := range book.Metrics {
		words["metric"][m.ID] = Text{m.LabelZH, m.LabelEN}
	}
	for _, a := range book.Applicants {
		words["applicant"][a.ID] = Text{a.LabelZH, a.LabelEN}
	}
	for _, x := range book.Statuses {
		words["status"][x.ID] = Text{x.LabelZH, x.LabelEN}
	}
	for _, x := range book.Scopes {
		words["scope"][x.ID] = Text{x.LabelZH, x.LabelEN}
	}
	for kind, ids := range map[string]string{"grade": "proved contradicted unproved", "outcome": "held failed untestable"} {
		for _, id := range strings.Fields(ids) {
			words[kind][id] = Text{s.views[0].say(kind + "_" + id), s.views[1].say(kind + "_" + id)}
		}
	}
	return put("forms", struct {
		forms
		Words map[string]map[string]Text `json:"words"`
	}{s.views[0].store.forms, words})
}

// put is a classic script that gives data to the page under a name.
func put(name string, data any) ([]byte, error) {
	raw, err := json.Marshal(data) // escapes <, > and &
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return fmt.Appendf(nil, "nianbao.put(%q, %s);\n", name, raw), nil
}

// A reportEvidence is what a report's document says, cell by cell.
type reportEvidence struct {
	Scope     string       `json:"scope"`
	Authority Text         `json:"authority"`
	Title     string       `json:"title"`
	URL       string       `json:"url"` // empty where it is no web address
	SHA256    string       `json:"sha256"`
	Fetched   string       `json:"fetched"`
	Forms     string       `json:"forms"`
	Cells     [][12]string `json:"cells"`  // as of evidenceCell
	Checks    [][5]string  `json:"checks"` // identity, instance, left, right, outcome
}

// evidenceCell are, in this order: metric, applicant, value, status, grade, raw text,
// locator, row label, column label, corrected value, id of the correction, number of the cell.
func evidenceCell(c printed) [12]string {
	no := ""
	if c.cellNo > 0 {
		no = fmt.Sprint(c.cellNo)
	}
	return [12]string{c.metric, c.applicant, c.value, c.status, c.grade, c.raw, c.locator, c.row, c.column, c.corrected, c.correction, no}
}

// evidence puts the scripts of a place, one a year.
func (s *site) evidence(g *region, cells []printed) error {
	years := map[int][]*reportEvidence{}
	var of *reportEvidence
	var report *report
	for _, c := range cells {
		if c.report != report {
			report = c.report
			of = &reportEvidence{Scope: report.body.scope, Authority: report.body.authority, Title: report.title, URL: weblink(report.url),
				SHA256: report.sha256, Fetched: report.fetched, Forms: report.forms}
			for _, k := range report.checks {
				of.Checks = append(of.Checks, [5]string{k.identity, k.instance, k.lhs, k.rhs, k.outcome})
			}
			years[report.year] = append(years[report.year], of)
		}
		of.Cells = append(of.Cells, evidenceCell(c))
	}
	for year, reports := range years {
		name := fmt.Sprintf("city/%s/%d", file(g.adcode), year)
		raw, err := put(name, reports)
		if err != nil {
			return err
		}
		if err := s.output.put("data/"+name+".js", raw); err != nil {
			return err
		}
	}
	return nil
}
