package crawl

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// maxColumns is how many links of a landing page are taken for the column.
const maxColumns = 3

// enter begins at an entry point: at a list, at a page that leads to one, or at a report.
func (v *visit) enter(ctx context.Context, e portal.EntryPoint) error {
	switch e.Role {
	case portal.Report:
		l := archive.Link{URL: e.URL, Portal: v.portal.ID, Kind: archive.Document, Authority: v.portal.Name}
		return v.recordRows(ctx, page{address: e.URL}, []archive.Link{l})
	case portal.Landing:
		return v.landing(ctx, e.URL)
	}
	return v.listing(ctx, e.URL, "", 0)
}

// landing reads a page and, as lists, the columns that it links to by their name. It has
// no rows of its own.
func (v *visit) landing(ctx context.Context, entry string) error {
	pg, err := v.readList(ctx, get(entry), "", entry)
	if err != nil || pg.body == nil {
		v.broken = true
		return err
	}
	w := &walk{visit: v, entry: entry, first: pg, seen: map[string]bool{}, total: -1}
	columns := w.columns()
	for hops := 0; len(columns) == 0 && hops < maxHops; hops++ {
		if led, err := w.follow(ctx, w.hop(w.first)); err != nil || !led {
			break
		}
		columns = w.columns()
	}
	if len(columns) == 0 {
		return w.fail(ctx, "soft_404", "no link on it is called 政府信息公开年报 or the like (discovery.column_links); find the column in a browser and make it the entry point")
	}
	for _, column := range columns {
		if err := v.listing(ctx, column, entry, 0); err != nil {
			return err
		}
	}
	return nil
}

// columns returns the columns that the page links to by their name.
func (w *walk) columns() []string {
	base, errBase := url.Parse(w.first.base)
	doc, errDoc := goquery.NewDocumentFromReader(strings.NewReader(w.first.text()))
	if errBase != nil || errDoc != nil {
		return nil
	}
	var out []string
	for _, name := range w.portal.Discovery.ColumnLinks {
		for _, a := range doc.FindMatcher(anchors).EachIter() {
			address := resolve(base, a.AttrOr("href", ""))
			if name.MatchString(tidy(a.Text())) && w.portal.Hosts.Allowed(hostOf(address)) && !slices.Contains(out, address) && len(out) < maxColumns {
				out = append(out, address)
			}
		}
		if len(out) > 0 {
			break
		}
	}
	return out
}

// firstList is the address of the first entry point that is no report.
func (v *visit) firstList() string {
	entries := v.portal.Lists(v.Clock())
	i := slices.IndexFunc(entries, func(e portal.EntryPoint) bool { return e.Role != portal.Report })
	return entries[max(i, 0)].URL
}
