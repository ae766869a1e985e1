package crawl

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/nianbao/nianbao/crawl/portal"
)

// drift fails the first entry point of a portal whose lists lead to fewer reports than
// those of earlier cycles did, or to fewer of the latest year than of the one before: the column has moved or lost a year, and silence would
// pass for "nothing new". A report is still there if its address or its title is, for a
// portal that is set up anew gives it a new address. Where a list failed, the loss is said already.
func (v *visit) drift(ctx context.Context) error {
	if v.broken || v.portal.Discovery.Drift == portal.Ignore {
		return nil
	}
	known, err := v.Archive.Listed(ctx, v.portal.ID)
	if err != nil {
		return err
	}
	var lost []string
	for _, e := range known {
		if key := titleKey(e.Title, e.URL); !v.reports[key] && !v.reports[e.URL] && !slices.Contains(lost, key) && v.portal.Filters.Judge(e.Title, e.URL) == "" {
			lost = append(lost, key)
		}
	}
	detail := v.fewer()
	if len(lost) > 0 {
		slices.Sort(lost)
		detail = fmt.Sprintf("%d reports that the lists led to before are on none of them now, among them %s; the column may have moved", len(lost), lost[0])
	}
	if detail == "" {
		return nil
	}
	return v.settle(ctx, v.firstList(), failed("list_short", detail, http.StatusOK), 1)
}

// titleKey names a report across addresses: its title, or its address if it has none.
func titleKey(title, address string) string {
	if title == "" {
		return address
	}
	return title
}
