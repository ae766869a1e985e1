package crawl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nianbao/nianbao/crawl/portal"
)

// fewer says in words that the lists lead to fewer reports of the latest year that is due
// than of the year before, "" if they do not or nobody can tell. It goes by the titles: a
// year's own list that is not found, or not in full, shows as this.
func (v *visit) fewer() string {
	due := v.portal.Due(v.Clock())
	if len(due) == 0 {
		return ""
	}
	latest, counts := due[len(due)-1].ReportYear, v.perYear()
	before := latest - 1
	for before > 0 && counts[before] == 0 {
		before--
	}
	if counts[latest] >= counts[before] || v.told(latest) {
		return ""
	}
	return fmt.Sprintf("the lists lead to %d reports of %d and to %d of %d; the list of %d may be another one, or some are late; if it is so, name the year under discovery.fewer with the reason",
		counts[latest], latest, counts[before], before, latest)
}

// perYear counts the reports that the lists lead to, by the year in their titles.
func (v *visit) perYear() map[int]int {
	counts, p := map[int]int{}, v.portal.Discovery.TitleYear
	if p.Regexp == nil {
		return counts
	}
	for title := range v.reports {
		if m := p.FindStringSubmatch(title); m != nil && !strings.Contains(title, "://") {
			year, _ := strconv.Atoi(m[p.SubexpIndex("year")])
			counts[year]++
		}
	}
	return counts
}

// told reports whether a person has said that a year has fewer reports.
func (v *visit) told(year int) bool {
	return slices.ContainsFunc(v.portal.Discovery.Fewer, func(f portal.Fewer) bool { return f.ReportYear == year })
}
