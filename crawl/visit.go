package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// visit is the crawl of one portal in one run.
type visit struct {
	*crawler
	portal    portal.Portal
	conduct   *conduct
	fetcher   *fetcher
	impostors *impostors
	progress  Progress // that the run does not know of yet

	lists    map[string]bool // list pages that were read, entry points and archives of years
	archives map[string]bool // addresses that lead to lists and are no rows
	counted  map[string]bool // rows that the progress counts
	reports  map[string]bool // titles and addresses of the documents that the lists lead to
	broken   bool            // a list failed, so that a loss is said already
	parts    map[string]int  // parts followed so far, by the address of the document
}

func (c *crawler) newVisit(ctx context.Context, p portal.Portal, owed *conduct) *visit {
	return &visit{crawler: c, portal: p, conduct: owed, fetcher: newFetcher(ctx, p, owed), impostors: newImpostors(p),
		lists: map[string]bool{}, archives: map[string]bool{}, counted: map[string]bool{}, reports: map[string]bool{}, parts: map[string]int{}}
}

// page is what an address holds now; body is nil if it holds nothing.
type page struct {
	address     string // as linked
	entry       string // entry page of the list; of list pages only
	base        string // after redirects
	body        []byte
	contentType string // as declared
}

func (p page) text() string { return charset.Decode(p.body, p.contentType) }

// read returns what an address holds, and records the outcome. What has its outcome in
// this cycle, or is unchanged, comes from the archive.
func (v *visit) read(ctx context.Context, req Request, addr archive.Address) (page, error) {
	if addr.Done && addr.State != archive.Fetched {
		return page{}, nil // bytes of an earlier cycle are not what it holds now
	}
	if addr.Done {
		return v.stored(addr)
	}
	got, tries, err := v.ask(ctx, req, addr)
	if err != nil {
		return page{}, err
	}
	addr.Exchange, got.outcome.exchange = got.exchange, got.exchange
	switch {
	case got.outcome.state != "":
		return page{}, v.settle(ctx, addr.URL, got.outcome, tries)
	case got.unchanged:
		return v.keep(ctx, addr, tries)
	}
	pg := page{base: got.address, body: got.body, contentType: got.header.Get("Content-Type")}
	if err := v.recordParts(ctx, addr, pg); err != nil { // first, so that an interruption loses none
		return page{}, err
	}
	return v.store(ctx, addr, got, tries)
}

func (v *visit) stored(addr archive.Address) (page, error) {
	if addr.SHA256 == "" {
		return page{}, nil
	}
	body, err := v.Archive.Object(addr.SHA256)
	return page{base: addr.FinalURL, body: body, contentType: addr.ContentType}, err
}

func (v *visit) keep(ctx context.Context, addr archive.Address, tries int) (page, error) {
	pg, err := v.stored(addr)
	if err != nil {
		return page{}, err
	}
	if err := v.recordParts(ctx, addr, pg); err != nil {
		return page{}, err
	}
	if err := v.Archive.Unchanged(ctx, v.stamp(), addr, tries); err != nil {
		return page{}, err
	}
	v.count(addr, false)
	return pg, nil
}

func (v *visit) store(ctx context.Context, addr archive.Address, got result, tries int) (page, error) {
	contentType := got.header.Get("Content-Type")
	changed, err := v.Archive.Store(ctx, v.stamp(), archive.Answer{
		URL: addr.URL, FinalURL: got.address, HTTPStatus: http.StatusOK, ContentType: contentType,
		ETag: got.header.Get("ETag"), LastModified: got.header.Get("Last-Modified"), Body: got.body, Tries: tries, Exchange: got.exchange,
	})
	if err != nil {
		return page{}, err
	}
	v.count(addr, changed)
	return page{base: got.address, body: got.body, contentType: contentType}, nil
}

// settle records an outcome without bytes; tries is 0 if the address was not asked.
func (v *visit) settle(ctx context.Context, address string, o outcome, tries int) error {
	err := v.Archive.Settle(ctx, v.stamp(), archive.Outcome{
		URL: address, State: o.state, Reason: o.reason, Detail: o.detail, HTTPStatus: o.status, Tries: tries, Exchange: o.exchange,
	})
	if err != nil {
		return fmt.Errorf("portal %s: %w", v.portal.ID, err)
	}
	if o.state == archive.Rejected {
		v.progress.Rejected++
	} else {
		v.progress.Failed++
	}
	v.tell(address)
	return nil
}

func (v *visit) count(addr archive.Address, changed bool) {
	switch {
	case addr.Kind == archive.List:
	case changed:
		v.progress.Fetched++
	default:
		v.progress.Unchanged++
	}
	v.tell(addr.URL)
}

// tell counts an address, and what else was done since the last one.
func (v *visit) tell(address string) {
	v.progress.Address = address
	v.add(v.progress)
	v.progress = Progress{}
}

func (v *visit) end() {
	v.fetcher.close()
	if v.progress != (Progress{}) {
		v.tell("")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.made.Requests += v.fetcher.made.Requests
	v.made.Conditional += v.fetcher.made.Conditional
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
