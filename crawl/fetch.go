package crawl

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

const maxRedirects = 5

// maxRetryAfter bounds what a server can make us wait by Retry-After.
const maxRetryAfter = time.Minute

// fetcher asks the hosts of one portal, through colly, which keeps robots.txt, the
// allow-list, the delay and the cookies. The bytes bypass colly, which would transcode
// or cut them: a recorder below it takes them off the wire.
type fetcher struct {
	collector *colly.Collector
	recorder  *recorder
	transport *wire
}

func newFetcher(ctx context.Context, p portal.Portal, o Options) *fetcher {
	transport := newTransport(o, p.Politeness.Timeout)
	rec := &recorder{next: transport, maxBytes: p.Politeness.MaxBytes}
	c := colly.NewCollector(
		colly.AllowedDomains(p.Hosts.Allow...),
		colly.AllowURLRevisit(), // the archive knows what is done
		colly.MaxBodySize(0),    // the recorder has its own limit
		colly.UserAgent(o.UserAgent),
		colly.StdlibContext(context.WithValue(ctx, recorderKey{}, rec)),
	)
	c.IgnoreRobotsTxt = false
	c.WithTransport(rec)
	c.SetRequestTimeout(p.Politeness.Timeout)
	c.SetRedirectHandler(stopAtRedirect)
	for _, host := range p.Hosts.Allow {
		// One rule a host: a rule shared by hosts would make them wait for each other.
		// The glob ends in * because colly matches it with the port. It is a host name
		// that the profile checked, so Limit cannot fail.
		c.Limit(&colly.LimitRule{DomainGlob: host + "*", Parallelism: 1, Delay: p.Politeness.Delay})
	}
	return &fetcher{collector: c, recorder: rec, transport: transport}
}

// stopAtRedirect hands redirects of pages back, to be asked as requests of their own,
// with robots.txt and delay; those of robots.txt are followed.
func stopAtRedirect(req *http.Request, via []*http.Request) error {
	if _, page := recorderOf(req); page || len(via) > maxRedirects {
		return http.ErrUseLastResponse
	}
	return nil
}

func (f *fetcher) close() { f.transport.CloseIdleConnections() }

// result is what asking for an address gave: new bytes, word that the stored ones are
// unchanged, or an outcome without bytes.
type result struct {
	answer
	address    string // the one that answered, after redirects
	unchanged  bool
	outcome    outcome
	transient  bool // asking again may help
	retryAfter time.Duration
}

// outcome is why an address yields no bytes; the zero value: it does.
type outcome struct {
	state, reason, detail string
	status                int           // 0: no answer came
	exchange              archive.Place // with the answer
}

func failed(reason, detail string, status int) outcome {
	return outcome{state: archive.Failed, reason: reason, detail: detail, status: status}
}

func rejected(reason, detail string) outcome {
	return outcome{state: archive.Rejected, reason: reason, detail: detail}
}

// fetch asks for an address and follows its redirects.
func (f *fetcher) fetch(addr archive.Address) result {
	address := addr.URL
	for range maxRedirects + 1 {
		ans, err := f.get(address, addr)
		target := redirectTarget(address, ans)
		if err != nil || target == "" {
			return judge(addr, address, ans, err)
		}
		address = target
	}
	return result{outcome: failed("http_error", fmt.Sprintf("more than %d redirects", maxRedirects), http.StatusFound)}
}

// get makes one request; the error says why no answer came.
func (f *fetcher) get(address string, addr archive.Address) (answer, error) {
	f.recorder.reset()
	err := f.collector.Request(http.MethodGet, address, nil, nil, header(addr))
	if ans, came := f.recorder.answer(); came {
		return ans, nil // colly counts 304 and redirects as errors
	}
	if err == nil {
		err = errors.New("no answer")
	}
	return answer{}, err
}

// header asks for what the archive holds only if it has changed.
func header(addr archive.Address) http.Header {
	h := http.Header{"Accept-Language": {"zh-CN,zh;q=0.9"}} // some portals refuse requests without
	if addr.SHA256 == "" {
		return h
	}
	if addr.ETag != "" {
		h.Set("If-None-Match", addr.ETag)
	}
	if addr.LastModified != "" {
		h.Set("If-Modified-Since", addr.LastModified)
	}
	return h
}

// redirectTarget returns the address an answer redirects to, "" if it does not.
func redirectTarget(address string, ans answer) string {
	switch ans.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return ""
	}
	base, err := url.Parse(address)
	if err != nil {
		return ""
	}
	target, err := base.Parse(ans.header.Get("Location"))
	if err != nil || (target.Scheme != "http" && target.Scheme != "https") {
		return ""
	}
	return target.String()
}

// judge makes a result of an answer, or of the error that came instead.
func judge(addr archive.Address, address string, ans answer, err error) result {
	r := result{answer: ans, address: address}
	switch {
	case errors.Is(err, colly.ErrRobotsTxtBlocked):
		r.outcome = rejected("robots_disallowed", "robots.txt of "+hostOf(address))
	case errors.Is(err, colly.ErrForbiddenDomain):
		r.outcome = rejected("off_site", "leads to "+address+", whose host is not in hosts.allow")
	case err != nil:
		r.outcome, r.transient = failed("unreachable", cause(err), 0), true
	case ans.tooLarge > 0:
		r.outcome = failed("too_large", fmt.Sprintf("more than %d bytes", ans.tooLarge), ans.status)
	case ans.cut != nil:
		r.outcome, r.transient = failed("corrupt", "cut off before its end: "+cause(ans.cut), ans.status), true
	case isChallenge(ans):
		r.outcome = failed("challenge_page", fmt.Sprintf("status %d", ans.status), ans.status)
	case ans.status == http.StatusNotModified && addr.SHA256 != "":
		r.unchanged = true
	case ans.status != http.StatusOK:
		r.outcome, r.transient = failed("http_error", fmt.Sprintf("status %d", ans.status), ans.status), passing(ans.status)
		r.retryAfter = retryAfter(ans.header)
	case len(ans.body) == 0:
		r.outcome = failed("empty", "no bytes", ans.status)
	}
	return r
}

// cause words a network error without what differs from one time to the next, such as
// ports and name servers: the same failure leaves the same words in the ledger.
func cause(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	var request *url.Error
	switch {
	case errors.As(err, &dns):
		return "looking up " + dns.Name + ": " + dns.Err
	case errors.As(err, &op):
		return op.Op + ": " + op.Err.Error()
	case errors.As(err, &request):
		return request.Err.Error()
	}
	return err.Error()
}

// passing reports whether a status speaks of the moment, not of the address.
func passing(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, maxRetryAfter)
}
