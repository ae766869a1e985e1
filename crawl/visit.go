package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/nianbao/nianbao/charset"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// visit is the crawl of one portal in one run.
type visit struct {
	*crawler
	portal  portal.Portal
	fetcher *fetcher
}

// listing reads a list page and those that follow it, and records their rows. It ends
// at the number of pages that the first one names, at the profile's cap, or at a page
// with no row that an earlier one did not have.
func (v *visit) listing(ctx context.Context, entry string) error {
	seen := map[string]bool{}
	pages, address, foundOn := 1, entry, ""
	var first page
	for n := 1; ; n++ {
		pg, err := v.readList(ctx, address, foundOn)
		if err != nil || pg.body == nil {
			return err
		}
		if n == 1 {
			first, foundOn, pages = pg, entry, pageCount(pg, v.portal.Pagination)
		}
		fresh, err := v.recordRows(ctx, pg, seen)
		if err == nil && n == 1 && fresh == 0 {
			err = v.settle(ctx, entry, failed("soft_404", "no rows are found on it; check the address and list.item in the profile", http.StatusOK), 1)
		}
		if err != nil || fresh == 0 || n >= pages {
			return err
		}
		if address = pageAddress(first, v.portal, n+1); address == "" {
			return nil
		}
	}
}

func (v *visit) readList(ctx context.Context, address, foundOn string) (page, error) {
	link := archive.Link{URL: address, Portal: v.portal.ID, Kind: archive.List, FoundOn: foundOn}
	if err := v.Archive.Discover(ctx, v.stamp(), []archive.Link{link}); err != nil {
		return page{}, err
	}
	addr, err := v.Archive.Lookup(ctx, v.cycle, address)
	if err != nil {
		return page{}, err
	}
	pg, err := v.read(ctx, addr)
	if len(pg.body) > maxListBytes {
		o := failed("too_large", fmt.Sprintf("a list page of more than %d bytes", maxListBytes), http.StatusOK)
		return page{}, v.settle(ctx, address, o, 1)
	}
	pg.address = address
	return pg, err
}

// recordRows records the rows of a list page and returns how many are new to seen.
func (v *visit) recordRows(ctx context.Context, pg page, seen map[string]bool) (fresh int, err error) {
	links := v.links(pg)
	for _, l := range links {
		if seen[l.URL] {
			continue
		}
		seen[l.URL] = true
		fresh++
		if l.Reason == "" {
			v.progress.Found++
		} else {
			v.progress.Rejected++
		}
	}
	if err := v.Archive.Discover(ctx, v.stamp(), links); err != nil {
		return 0, err
	}
	v.tell(pg.address)
	return fresh, nil
}

// page is what an address holds now; body is nil if it holds nothing.
type page struct {
	address     string // as linked
	base        string // after redirects
	body        []byte
	contentType string // as declared
}

func (p page) text() string { return charset.Decode(p.body, p.contentType) }

// read returns what an address holds, and records the outcome. What has its outcome in
// this cycle, or is unchanged, comes from the archive.
func (v *visit) read(ctx context.Context, addr archive.Address) (page, error) {
	if addr.Done && addr.State != archive.Fetched {
		return page{}, nil // bytes of an earlier cycle are not what it holds now
	}
	if addr.Done {
		return v.stored(addr)
	}
	if told := v.stopped[hostOf(addr.URL)]; told != "" {
		return page{}, v.settle(ctx, addr.URL, failed("challenge_page", "not asked: the host answered a challenge at "+told, 0), 0)
	}
	got, tries, err := v.ask(ctx, addr)
	if err != nil {
		return page{}, err
	}
	addr.Exchange, got.outcome.exchange = got.exchange, got.exchange
	switch {
	case got.outcome.state != "":
		if got.outcome.reason == "challenge_page" {
			v.stopped[hostOf(addr.URL)], v.stopped[hostOf(got.address)] = addr.URL, addr.URL
		}
		return page{}, v.settle(ctx, addr.URL, got.outcome, tries)
	case got.unchanged:
		return v.keep(ctx, addr, tries)
	}
	return v.store(ctx, addr, got, tries)
}

// ask fetches an address; if the failure may pass, twice more.
func (v *visit) ask(ctx context.Context, addr archive.Address) (got result, tries int, err error) {
	for tries = 1; ; tries++ {
		got = v.fetcher.fetch(addr)
		if err := ctx.Err(); err != nil {
			return result{}, tries, err
		}
		if !got.transient || tries == maxTries {
			return got, tries, nil
		}
		if err := v.Sleep(ctx, max(backoff(tries), got.retryAfter)); err != nil {
			return result{}, tries, err
		}
	}
}

const maxTries = 3

// backoff is the pause after the given number of tries.
func backoff(tries int) time.Duration { return time.Second << (2 * tries) }

func (v *visit) stored(addr archive.Address) (page, error) {
	if addr.SHA256 == "" {
		return page{}, nil
	}
	body, err := v.Archive.Object(addr.SHA256)
	return page{base: addr.FinalURL, body: body, contentType: addr.ContentType}, err
}

func (v *visit) keep(ctx context.Context, addr archive.Address, tries int) (page, error) {
	if err := v.Archive.Unchanged(ctx, v.stamp(), addr, tries); err != nil {
		return page{}, err
	}
	v.count(addr, false)
	if addr.Kind == archive.Document {
		return page{}, nil // nobody reads it now
	}
	return v.stored(addr)
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

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
