package crawl

import (
	"time"

	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/record"
)

// expectations are the reports that a portal's own authority must have published at a
// time, and the row of the portal itself. Nothing is expected of the other bodies whose
// reports it links to: which they are, nobody says.
func expectations(p portal.Portal, now time.Time) []record.Expectation {
	own := record.Expectation{Authority: p.Name, AdminLevel: p.AdminLevel, Needs: p.Needs}
	if book, err := book(); err == nil {
		if a, known := book.AuthorityNamed(p.Name); known {
			own.Authority = a.Name
		}
	}
	all := []record.Expectation{own}
	for _, due := range p.Due(now) {
		e, year := own, int32(due.ReportYear)
		e.ReportYear, e.DueOn = &year, due.On.Format(time.DateOnly)
		all = append(all, e)
	}
	return all
}
