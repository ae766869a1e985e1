package portal

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
)

// A Term is one word that a key of a profile may say, and what it means.
type Term struct {
	ID      string `yaml:"id"`
	Means   string `yaml:"means"`
	Crawled bool   `yaml:"crawled"` // of a role: the crawler asks such an entry point
	Yearly  bool   `yaml:"yearly"`  // of a role: it is of one report year, which {year} may stand for
	Due     string `yaml:"due"`     // of a level: month and day by which it publishes
}

// A Vocabulary is vocabulary.yaml: the closed lists of a profile, and the calendar.
type Vocabulary struct {
	Roles           []Term `yaml:"roles"`
	Levels          []Term `yaml:"levels"`
	Statuses        []Term `yaml:"statuses"`
	FirstReportYear int    `yaml:"first_report_year"`
}

// Words returns the vocabulary of profiles.
var Words = sync.OnceValue(func() (w Vocabulary) {
	data, err := rules.ReadFile("vocabulary.yaml")
	if err == nil {
		err = yaml.UnmarshalWithOptions(data, &w, yaml.Strict())
	}
	if err != nil {
		panic(fmt.Sprintf("vocabulary.yaml, which is embedded: %v", err))
	}
	return w
})

func find(terms []Term, id string) (Term, bool) {
	i := slices.IndexFunc(terms, func(t Term) bool { return t.ID == id })
	if i < 0 {
		return Term{}, false
	}
	return terms[i], true
}

func ids(terms []Term) (out []string) {
	for _, t := range terms {
		out = append(out, t.ID)
	}
	return out
}

// A Due is a report that the law asks of a portal's own authority: of that year, by the
// end of that day in China.
type Due struct {
	ReportYear int
	On         time.Time
}

// Due returns the reports that the portal's authority must have published at a time,
// oldest first. It is empty for a portal that is not crawled yet, or whose level the
// profile does not say.
func (p Portal) Due(now time.Time) (due []Due) {
	level, known := find(Words().Levels, p.AdminLevel)
	if !known || !p.Active() {
		return nil
	}
	day, _ := time.Parse("01-02", level.Due) // the tests read them all
	for year := Words().FirstReportYear; ; year++ {
		on := time.Date(year+1, day.Month(), day.Day(), 0, 0, 0, 0, China)
		if !now.After(on.AddDate(0, 0, 1)) {
			return due
		}
		due = append(due, Due{year, on})
	}
}
