package crawl

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

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
	return w.settle(ctx, address, rejected("not_a_list_page", detail), 1)
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
	if w.lacking = w.unknown(r.Address, r.Form, r.JSON); err != nil || w.lacking != "" {
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

// unknown returns a variable that the templates name and that was not found, "" if there
// is none.
func (w *walk) unknown(templates ...portal.Template) string {
	for _, t := range templates {
		for _, name := range t.Names() {
			if _, ok := w.vars[name]; !ok {
				return name
			}
		}
	}
	return ""
}
