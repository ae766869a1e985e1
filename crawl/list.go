package crawl

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path"
	"regexp"
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
	entry  string
	first  page // the entry page, or what it led on to
	vars   map[string]string
	seen   map[string]bool // addresses of the rows so far
	rows   int             // rows so far, each counted once
	total  int             // rows that the list says it has; -1: it does not say
	size   int             // rows of one page asked for
	asked  int             // pages so far
	capped bool            // max_pages ended it
	failed []string        // pages that were to follow and did not come
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
		target := w.leads(w.first)
		if target == "" || w.lists[target] {
			return nil
		}
		w.lists[target] = true
		if host := hostOf(target); !w.portal.Hosts.Allowed(host) {
			link := archive.Link{URL: target, Portal: w.portal.ID, Kind: archive.List, FoundOn: w.first.address,
				Reason: "off_site", Detail: "host " + host + " is not in hosts.allow"}
			return w.Archive.Discover(ctx, w.stamp(), []archive.Link{link})
		}
		pg, err := w.readList(ctx, get(target), w.first.address, w.entry)
		if err != nil || pg.body == nil {
			w.broken = true
			return err
		}
		w.first = pg
	}
	return nil
}

func (w *walk) leads(pg page) string {
	text, l := pg.text(), w.portal.List
	base, err := url.Parse(pg.base)
	if err != nil || len(rows(text, l)) > 0 || (w.portal.Pagination.First == portal.FromRequest && !w.lacks(text)) {
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
	case w.rows == 0:
		return w.fail(ctx, "soft_404", "no rows are found on it; check the address and list.item in the profile")
	case w.rows < w.total:
		return w.fail(ctx, "list_short", fmt.Sprintf("it says that it has %d rows; %d were found on %d pages", w.total, w.rows, w.asked))
	case w.capped && !w.complete():
		return w.fail(ctx, "list_short", fmt.Sprintf("it has more pages than the %d that pagination.max_pages allows; raise that in the profile", w.portal.Pagination.MaxPages))
	}
	return w.pardon(ctx)
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
		if err := w.settle(ctx, address, rejected("http_error", detail), 1); err != nil {
			return err
		}
		w.progress.Failed--
	}
	w.failed = nil
	return nil
}

// capture fills the variables; missing says which is not found.
func (w *walk) capture(ctx context.Context) (missing string, err error) {
	w.vars = map[string]string{"entry": withoutFragment(w.entry)}
	w.vars["stem"], w.vars["ext"] = stem(w.first.base)
	for _, v := range w.portal.List.Variables {
		text, err := w.captureFrom(ctx, v)
		if err != nil {
			return "", err
		}
		p := bind(v.Pattern, w.vars)
		m := p.FindStringSubmatch(text)
		switch {
		case m == nil && v.Default != nil:
			w.assume(p, *v.Default)
		case m == nil && !v.Optional:
			return "nothing in it matches " + v.Pattern.String() + " (list.variables); check the address in the profile", nil
		default:
			w.set(p, m, v.Decode)
		}
	}
	if count := w.portal.Pagination.Count; count.Regexp != nil {
		w.set(count.Regexp, count.FindStringSubmatch(w.first.text()), nil)
	}
	return "", nil
}

// set sets the variables that the groups of a match name.
func (w *walk) set(p *regexp.Regexp, m []string, decode []portal.Step) {
	for i, name := range p.SubexpNames() {
		if name != "" && m != nil && (m[i] != "" || w.vars[name] == "") {
			w.vars[name] = unwrap(m[i], decode)
		}
	}
}

// assume sets the variables that a pattern did not find.
func (w *walk) assume(p *regexp.Regexp, value string) {
	for _, name := range p.SubexpNames() {
		if _, known := w.vars[name]; name != "" && !known {
			w.vars[name] = value
		}
	}
}

func (w *walk) captureFrom(ctx context.Context, v portal.Variable) (string, error) {
	switch {
	case v.From == portal.Page:
		return w.first.text(), nil
	case v.From == portal.Address:
		return w.entry, nil
	case v.From != "":
		return w.vars[v.From], nil
	}
	base, err := url.Parse(w.first.base)
	if err != nil {
		return "", nil
	}
	address := resolve(base, v.Get.Fill(w.vars, portal.ForURL))
	if !w.portal.Hosts.Allowed(hostOf(address)) {
		return "", nil
	}
	pg, err := w.readList(ctx, get(address), w.entry, w.entry)
	return pg.text(), err
}

// bind puts captured variables into a pattern that names them, as {cat}.
func bind(p portal.Pattern, vars map[string]string) *regexp.Regexp {
	text := p.String()
	for name, value := range vars {
		text = strings.ReplaceAll(text, "{"+name+"}", regexp.QuoteMeta(value))
	}
	if text == p.String() {
		return p.Regexp
	}
	bound, err := regexp.Compile(text)
	if err != nil {
		return p.Regexp
	}
	return bound
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

// pages reads the pages of the list in the way of its pagination.
func (w *walk) pages(ctx context.Context) error {
	p := w.portal.Pagination
	if p.First == portal.FromRequest {
		return w.byRequest(ctx)
	}
	fresh, err := w.record(ctx, w.first)
	if err != nil || fresh == 0 || p.Kind == portal.None {
		return err
	}
	if p.Kind == portal.ByRequest {
		return w.byRequest(ctx)
	}
	for _, template := range append([]portal.Template{p.Template}, p.Alternatives...) {
		found, err := w.byTemplate(ctx, template)
		if err != nil || (p.Kind == portal.Probe && found) || (p.Kind != portal.Probe && (w.total < 0 || w.rows >= w.total)) {
			return err
		}
	}
	return nil
}

// byTemplate reads the pages that a template leads to; found tells whether one of them
// had new rows.
func (w *walk) byTemplate(ctx context.Context, template portal.Template) (found bool, err error) {
	for n := 2; n <= w.pageCount() && !w.complete(); n++ {
		address := w.address(template, n)
		if address == "" || address == w.first.base {
			return found, nil
		}
		pg, err := w.page(ctx, get(address))
		if err != nil {
			return found, err
		}
		probing := w.portal.Pagination.Kind == portal.Probe
		if probing && !w.leadsToNew(pg) {
			return found, w.probed(ctx, pg, address)
		}
		fresh, err := w.record(ctx, pg)
		if err != nil || pg.body == nil {
			return found, err
		}
		if fresh == 0 {
			return found, w.stale(ctx, pg)
		}
		found = true
	}
	w.capped = w.capped || w.beyondCap()
	return found, nil
}

// leadsToNew reports whether a page that was guessed has a row of the list.
func (w *walk) leadsToNew(pg page) bool {
	return pg.body != nil && slices.ContainsFunc(w.links(pg), func(l archive.Link) bool { return l.Reason == "" && !w.seen[l.URL] })
}

// probed records that an address that was only a guess is none of the list's pages.
func (w *walk) probed(ctx context.Context, pg page, address string) error {
	const detail = "a guess at the next page; it has no new row"
	if pg.body == nil {
		return w.forgive(ctx, detail)
	}
	return w.settle(ctx, address, rejected("soft_404", detail), 1)
}

// stale records a page without rows that was counted among the list's. One whose rows
// are all known is the end of the list and no failure.
func (w *walk) stale(ctx context.Context, pg page) error {
	if len(w.links(pg)) > 0 {
		return nil
	}
	w.failed = append(w.failed, pg.address)
	return w.settle(ctx, pg.address, failed("soft_404", "no rows are found on it, although it is counted among the list's pages", http.StatusOK), 1)
}

// complete reports whether the list has as many rows as it says.
func (w *walk) complete() bool { return w.total >= 0 && w.rows >= w.total }

// pageCount returns the number of list pages that the first one names, at most the
// profile's cap, at least 1.
func (w *walk) pageCount() int {
	p := w.portal.Pagination
	if p.Kind == portal.Probe {
		return p.MaxPages
	}
	if w.vars["count"] == "" {
		return 1
	}
	count, err := strconv.Atoi(w.vars["count"])
	if err != nil {
		return p.MaxPages // a number beyond int
	}
	return max(1, min(count, p.MaxPages))
}

// beyondCap reports whether the list has, or may have, more pages than the profile allows.
func (w *walk) beyondCap() bool {
	p := w.portal.Pagination
	if p.Kind == portal.Probe {
		return true
	}
	count, err := strconv.Atoi(w.vars["count"])
	return w.vars["count"] != "" && (err != nil || count > p.MaxPages)
}

// address returns the address of the nth list page, counted from 1; "" if it lies
// outside the portal.
func (w *walk) address(template portal.Template, n int) string {
	vars := maps.Clone(w.vars)
	number := n
	switch w.portal.Pagination.Kind {
	case portal.Suffix0:
		number = n - 1
	case portal.Countdown:
		count, _ := strconv.Atoi(w.vars["count"])
		number = count - n + 1
	}
	vars["n"], vars["n0"] = strconv.Itoa(number), strconv.Itoa(n-1)
	base, err := url.Parse(w.first.base)
	if err != nil || number < 0 {
		return ""
	}
	address := resolve(base, template.Fill(vars, portal.ForURL))
	if !w.portal.Hosts.Allowed(hostOf(address)) {
		return ""
	}
	return address
}

// byRequest reads what is missing by the requests of the profile, in turn.
func (w *walk) byRequest(ctx context.Context) error {
	p := w.portal.Pagination
	for _, r := range append([]portal.Request{p.Request}, p.Otherwise...) {
		if err := w.byOneRequest(ctx, r); err != nil {
			return err
		}
		if w.rows > 0 && w.rows >= w.total {
			return nil
		}
	}
	return nil
}

// byOneRequest asks for page 1, unless the entry page has its rows, and then for what is
// missing. A server that refuses the number of rows asked for, or answers it without
// rows, is asked for fewer.
func (w *walk) byOneRequest(ctx context.Context, r portal.Request) error {
	p := w.portal.Pagination
	w.size = p.Sizes[0]
	if p.First == portal.FromEntry {
		return w.further(ctx, r, 0, w.rows)
	}
	for _, size := range p.Sizes {
		w.size = size
		pg, err := w.request(ctx, r, 1)
		if err != nil || (pg.body == nil && len(w.failed) == 0) {
			return err // or it cannot be asked for
		}
		fresh, err := w.record(ctx, pg)
		if err != nil {
			return err
		}
		if fresh > 0 || w.rows > 0 && len(w.links(pg)) > 0 {
			if err := w.forgive(ctx, "the server was asked for fewer rows then"); err != nil {
				return err
			}
			return w.further(ctx, r, 1, len(w.links(pg)))
		}
	}
	return nil
}

// further asks for the pages after the nth, which had so many rows. A page that a server
// cuts short shows how many rows it gives at a time.
func (w *walk) further(ctx context.Context, r portal.Request, n, got int) error {
	counts := n == 0 && !w.sized(r) // pages are numbered, and the entry page is the first
	if counts {
		n = 1
	}
	for w.asked < w.portal.Pagination.MaxPages && !w.complete() {
		if n > 0 && got > 0 && (got > w.size || got < w.size && w.total > w.rows) {
			w.size = got
			n = max(w.rows/got, 1)
		}
		if n++; w.sized(r) {
			n = max(n, w.rows/w.size+1)
		}
		pg, err := w.request(ctx, r, n)
		if err != nil || pg.body == nil {
			return err
		}
		fresh, err := w.record(ctx, pg)
		if got = len(w.links(pg)); err != nil || fresh == 0 && (got == 0 || got >= w.size || w.total <= w.rows) {
			return err
		}
	}
	w.capped = !w.complete()
	return nil
}

// sized reports whether a request says how many rows are wanted, or which.
func (w *walk) sized(r portal.Request) bool {
	for _, t := range []portal.Template{r.Address, r.Form, r.JSON} {
		for _, name := range t.Names() {
			if name == "size" || name == "start" || name == "end" {
				return true
			}
		}
	}
	return false
}

// request asks for the nth page by the request of the profile. The page is empty if a
// variable of the request is not known.
func (w *walk) request(ctx context.Context, r portal.Request, n int) (page, error) {
	w.vars["n"], w.vars["n0"], w.vars["size"] = strconv.Itoa(n), strconv.Itoa(n-1), strconv.Itoa(w.size)
	w.vars["start"], w.vars["end"] = strconv.Itoa((n-1)*w.size+1), strconv.Itoa(n*w.size)
	base, err := url.Parse(w.first.base)
	if err != nil || !w.known(r.Address, r.Form, r.JSON) {
		return page{}, nil
	}
	req := Request{Method: r.Method, URL: resolve(base, r.Address.Fill(w.vars, portal.ForURL)), Header: http.Header{}}
	if !w.portal.Hosts.Allowed(hostOf(req.URL)) {
		return page{}, nil
	}
	switch {
	case r.Form != "":
		req.Body = []byte(r.Form.Fill(w.vars, portal.ForURL))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	case r.JSON != "":
		req.Body = []byte(r.JSON.Fill(w.vars, portal.ForJSON))
		req.Header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	for name, value := range r.Headers {
		req.Header.Set(name, value.Fill(w.vars, portal.ForHeader))
	}
	return w.page(ctx, req)
}

// known reports whether every variable that the templates name was found.
func (w *walk) known(templates ...portal.Template) bool {
	for _, t := range templates {
		for _, name := range t.Names() {
			if _, ok := w.vars[name]; !ok {
				return false
			}
		}
	}
	return true
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
