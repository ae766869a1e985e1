package crawl

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// Bounds of the walk over lists.
const (
	maxShellBytes = 4 << 10 // a page that only leads on
	maxHops       = 2
	maxYears      = 60
)

// A walk reads one list: an entry page, those that follow it, and what the profile needs
// to ask for them.
type walk struct {
	*visit
	entry   string
	first   page // the entry page, or what it led on to
	vars    map[string]string
	seen    map[string]bool // addresses of the rows so far
	rows    int             // rows so far, each counted once
	total   int             // rows that the list says it has; -1: it does not say
	size    int             // rows of one page asked for
	asked   int             // pages so far
	capped  bool            // max_pages ended it
	failed  []string        // pages that were to follow and did not come
	lacking string          // variable without which the list cannot be asked for; "": none
}

// listing reads a list and the archives of years that it leads to, depth links down.
func (v *visit) listing(ctx context.Context, entry, foundOn string, depth int) error {
	if v.lists[entry] {
		return nil
	}
	v.lists[entry] = true
	pg, err := v.readList(ctx, get(entry), foundOn, entry)
	if err != nil || pg.body == nil {
		v.broken = true
		return err
	}
	w := &walk{visit: v, entry: entry, first: pg, seen: map[string]bool{}, total: -1}
	years := w.years(depth)
	if len(years) == 0 {
		if err := w.lead(ctx); err != nil {
			return err
		}
		years = w.years(depth)
	}
	// The archives come first: a list that fails is not read again when an interrupted
	// run is taken up, so nothing may be left to do below it.
	for _, year := range years {
		if err := v.listing(ctx, year, entry, depth+1); err != nil {
			return err
		}
	}
	return w.collect(ctx, len(years) > 0)
}

// lead follows what a page without rows leads on to: a script, a meta element, a frame.
func (w *walk) lead(ctx context.Context) error {
	for range maxHops {
		if led, err := w.follow(ctx, w.leads(w.first)); err != nil || !led {
			return err
		}
	}
	return nil
}

// follow makes the page at an address the first one, and reports whether it did.
func (w *walk) follow(ctx context.Context, target string) (led bool, err error) {
	if target == "" || w.lists[target] {
		return false, nil
	}
	w.lists[target] = true
	if host := hostOf(target); !w.portal.Hosts.Allowed(host) {
		link := archive.Link{URL: target, Portal: w.portal.ID, Kind: archive.List, FoundOn: w.first.address,
			Reason: "off_site", Detail: "host " + host + " is not in hosts.allow"}
		return false, w.Archive.Discover(ctx, w.stamp(), []archive.Link{link})
	}
	pg, err := w.readList(ctx, get(target), w.first.address, w.entry)
	if err != nil || pg.body == nil {
		w.broken = true
		return false, err
	}
	w.first = pg
	return true, nil
}

// leads returns where a page without rows leads on to.
func (w *walk) leads(pg page) string {
	text := pg.text()
	if len(rows(text, w.portal.List)) > 0 || (w.portal.Pagination.First == portal.FromRequest && !w.lacks(text)) {
		return ""
	}
	return w.hop(pg)
}

// hop returns where a shell or a frame leads on to.
func (w *walk) hop(pg page) string {
	text, l := pg.text(), w.portal.List
	base, err := url.Parse(pg.base)
	if err != nil {
		return ""
	}
	if len(pg.body) <= maxShellBytes {
		for _, shell := range l.Shells {
			if m := shell.FindStringSubmatch(text); m != nil {
				return resolve(base, m[shell.SubexpIndex("href")])
			}
		}
	}
	if l.Frame.Element.Selector == nil || w.portal.Pagination.First == portal.FromRequest {
		return ""
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		return ""
	}
	for _, frame := range doc.FindMatcher(l.Frame.Element).EachIter() {
		ref := frame.AttrOr(l.Frame.Attr, "")
		if l.FrameExclude.Regexp == nil || !l.FrameExclude.MatchString(ref) {
			return resolve(base, ref)
		}
	}
	return ""
}

// lacks reports whether a page lacks a variable without which its list cannot be asked
// for, which is what tells a shell where no page has rows.
func (w *walk) lacks(text string) bool {
	return slices.ContainsFunc(w.portal.List.Variables, func(v portal.Variable) bool {
		return v.From == portal.Page && v.Default == nil && !v.Optional && !v.Pattern.MatchString(text)
	})
}

// years returns the archives of years that the page links to.
func (w *walk) years(depth int) []string {
	d := w.portal.Discovery
	base, err := url.Parse(w.first.base)
	if err != nil || depth >= d.MaxDepth || d.YearLink.Regexp == nil {
		return nil
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.first.text()))
	if err != nil {
		return nil
	}
	var out []string
	for _, a := range doc.Find("a[href]").EachIter() {
		address := resolve(base, a.AttrOr("href", ""))
		if !d.YearLink.MatchString(tidy(a.Text())) || !w.portal.Hosts.Allowed(hostOf(address)) || w.lists[address] || slices.Contains(out, address) {
			continue
		}
		if out = append(out, address); len(out) == maxYears {
			break
		}
	}
	w.ignore(out)
	return out
}

// ignore keeps links to lists from being taken for rows.
func (w *walk) ignore(lists []string) {
	for _, address := range lists {
		w.archives[address] = true
	}
}

// collect records the rows of the list, page by page. A list that yields none fails, unless
// it is there to lead to others.
func (w *walk) collect(ctx context.Context, leads bool) error {
	missing, err := w.capture(ctx)
	if err != nil {
		return err
	}
	if missing != "" {
		if leads {
			return nil
		}
		return w.fail(ctx, "soft_404", missing)
	}
	if elsewhere := w.elsewhere(); elsewhere != "" {
		return w.fail(ctx, "list_short", "the column is kept at "+elsewhere+"; add that to the entry points of a profile")
	}
	if err := w.pages(ctx); err != nil {
		return err
	}
	switch {
	case w.rows == 0 && len(w.failed) > 0 || w.rows == 0 && leads:
		return nil // said already, or nothing to say
	case w.rows == 0 && w.lacking != "":
		return w.fail(ctx, "soft_404", "nothing in it or in its address says {"+w.lacking+"}, without which its list cannot be asked for (list.variables); check the address in the profile")
	case w.rows == 0:
		return w.fail(ctx, "soft_404", w.noRows())
	case w.rows < w.total:
		return w.fail(ctx, "list_short", fmt.Sprintf("it says that it has %d rows; %d were found on %d pages", w.total, w.rows, w.asked))
	case w.capped && !w.complete():
		return w.fail(ctx, "list_short", fmt.Sprintf("it has more pages than the %d that pagination.max_pages allows; raise that in the profile", w.portal.Pagination.MaxPages))
	}
	return w.pardon(ctx)
}

// noRows says what may be wrong with a list in which no rows are found.
func (w *walk) noRows() string {
	const what = "no rows are found on it; check the address and list.item in the profile"
	if w.portal.Pagination.Kind == portal.ByRequest || !strings.Contains(w.first.text(), "<script") {
		return what
	}
	return what + "; if a script fills the page, the profile needs the request that the script makes (list.rows: objects, pagination.request)"
}

// fail records that the list is not what it should be.
func (w *walk) fail(ctx context.Context, reason, detail string) error {
	w.broken = true
	return w.settle(ctx, w.entry, failed(reason, detail, http.StatusOK), 1)
}

// pardon takes back the failure of pages that turned out not to be needed: the list has
// as many rows as it says without them.
func (w *walk) pardon(ctx context.Context) error {
	if len(w.failed) > 0 && w.total < 0 {
		w.broken = true
		return nil
	}
	return w.forgive(ctx, "not needed: the list is complete without this page")
}

func (w *walk) forgive(ctx context.Context, detail string) error {
	for _, address := range w.failed {
		before, err := w.Archive.Lookup(ctx, w.cycle, address)
		if err != nil {
			return err
		}
		if before.State == archive.Rejected && before.Done {
			continue // said before an interruption
		}
		if err := w.settle(ctx, address, rejected("not_a_list_page", detail), 1); err != nil {
			return err
		}
		w.progress.Failed--
	}
	w.failed = nil
	return nil
}

func (w *walk) elsewhere() string {
	p := w.portal.List.Elsewhere
	if p.Regexp == nil {
		return ""
	}
	if m := bind(p, w.vars).FindStringSubmatch(w.first.text()); m != nil {
		return m[p.SubexpIndex("href")]
	}
	return ""
}

// page reads a page that follows.
func (w *walk) page(ctx context.Context, req Request) (page, error) {
	w.asked++
	pg, err := w.readList(ctx, req, w.entry, w.entry)
	if err == nil && pg.body == nil {
		w.failed = append(w.failed, req.key())
	}
	return pg, err
}

// record records the rows of one page and returns how many the list did not have yet.
func (w *walk) record(ctx context.Context, pg page) (fresh int, err error) {
	if pg.body == nil {
		return 0, nil
	}
	links := slices.DeleteFunc(w.links(pg), func(l archive.Link) bool { return w.archives[l.URL] })
	earlier, twice := maps.Clone(w.seen), map[[2]string]bool{}
	for _, l := range links {
		if row := [2]string{l.URL, l.Title}; !earlier[l.URL] && !twice[row] {
			twice[row] = true
			w.rows++
		}
		if !w.seen[l.URL] {
			fresh++
		}
		w.seen[l.URL] = true
	}
	if w.asked == 0 {
		w.asked = 1
	}
	if t := w.portal.Pagination.Total; t.Regexp != nil && w.total < 0 && len(links) > 0 {
		if m := t.FindStringSubmatch(pg.text()); m != nil {
			// A counter below the rows of the page lies.
			if total, err := strconv.Atoi(m[t.SubexpIndex("total")]); err == nil && total >= w.rows {
				w.total = total
			}
		}
	}
	return fresh, w.recordRows(ctx, pg, links)
}

func (v *visit) readList(ctx context.Context, req Request, foundOn, entry string) (page, error) {
	link := archive.Link{URL: req.key(), Portal: v.portal.ID, Kind: archive.List, FoundOn: foundOn}
	if foundOn == link.URL {
		link.FoundOn = ""
	}
	if err := v.Archive.Discover(ctx, v.stamp(), []archive.Link{link}); err != nil {
		return page{}, err
	}
	addr, err := v.Archive.Lookup(ctx, v.cycle, link.URL)
	if err != nil {
		return page{}, err
	}
	pg, err := v.read(ctx, req, addr)
	if len(pg.body) > maxListBytes {
		o := failed("too_large", fmt.Sprintf("a list page of more than %d bytes", maxListBytes), http.StatusOK)
		return page{}, v.settle(ctx, link.URL, o, 1)
	}
	pg.address, pg.entry = link.URL, entry
	return pg, err
}

// recordRows records the rows of a list page.
func (v *visit) recordRows(ctx context.Context, pg page, links []archive.Link) error {
	for _, l := range links {
		if l.Reason == "" {
			v.reports[titleKey(l.Title, l.URL)], v.reports[l.URL] = true, true
		}
		if v.counted[l.URL] {
			continue
		}
		v.counted[l.URL] = true
		if l.Reason == "" {
			v.progress.Found++
		} else {
			v.progress.Rejected++
		}
	}
	if err := v.Archive.Discover(ctx, v.stamp(), links); err != nil {
		return err
	}
	v.tell(pg.address)
	return nil
}

func withoutFragment(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return address
}

// stem returns the name and the extension of the file that an address names.
func stem(address string) (name, ext string) {
	u, err := url.Parse(address)
	if err != nil || strings.HasSuffix(u.Path, "/") || u.Path == "" {
		return "index", "html"
	}
	base := path.Base(u.Path)
	ext = strings.TrimPrefix(path.Ext(base), ".")
	if ext == "" {
		return base, "html"
	}
	return strings.TrimSuffix(base, "."+ext), ext
}
