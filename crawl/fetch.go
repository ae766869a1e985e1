package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"code.dny.dev/ssrf"
	"github.com/gocolly/colly/v2"
	"golang.org/x/net/publicsuffix"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

const maxRedirects = 5

const acceptLanguage = "zh-CN,zh;q=0.9" // some portals refuse requests without

// fetcher asks the hosts of one portal, through colly, which keeps the cookies and, a
// second time, the allow-list. What we owe the hosts is decided before colly is called
// ([fetcher.admit]). The bytes bypass colly, which would transcode or cut them: a
// recorder below it takes them off the wire.
type fetcher struct {
	ctx       context.Context
	portal    portal.Portal
	conduct   *conduct
	collector *colly.Collector
	recorder  *recorder
	transport *wire
	host      string // the one asked last
	broken    error  // the run cannot go on; nil: it can
	made      Made
}

func newFetcher(ctx context.Context, p portal.Portal, c *conduct) *fetcher {
	transport := newTransport(p, c)
	rec := &recorder{next: transport, maxBytes: p.Politeness.MaxBytes}
	collector := colly.NewCollector(
		colly.AllowedDomains(p.Hosts.Allow...),
		colly.AllowURLRevisit(), // the archive knows what is done
		colly.MaxBodySize(0),    // the recorder has its own limit
		colly.UserAgent(c.UserAgent),
		colly.IgnoreRobotsTxt(), // admit obeys it, with Crawl-delay, in its turn
		colly.StdlibContext(context.WithValue(ctx, recorderKey{}, rec)),
	)
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // fails never
	collector.SetCookieJar(jar)
	collector.WithTransport(rec)
	collector.SetRequestTimeout(p.Politeness.Timeout)
	collector.SetRedirectHandler(stopAtRedirect)
	return &fetcher{ctx: ctx, portal: p, conduct: c, collector: collector, recorder: rec, transport: transport}
}

// stopAtRedirect hands redirects back, to be asked as requests of their own.
func stopAtRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// ended returns why the run cannot go on, nil if it can.
func (f *fetcher) ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.broken
}

func (f *fetcher) close() { f.transport.CloseIdleConnections() }

// result is what asking for an address gave: new bytes, word that the stored ones are
// unchanged, or an outcome without bytes.
type result struct {
	answer
	address    string // the one that answered, after redirects
	asked      bool   // at least one request was made
	unchanged  bool
	outcome    outcome
	product    string // whose challenge or refusal it is; "": none
	transient  bool   // asking again may help
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

// fetch makes a request and follows its redirects. addr is what the archive holds of it.
func (f *fetcher) fetch(req Request, addr archive.Address) result {
	asked := false
	for range maxRedirects + 1 {
		ans, err := f.get(req, addr)
		asked = asked || !errors.As(err, new(*refusal))
		target := redirectTarget(req.URL, ans)
		if err != nil || target == "" || challengeIn(ans, false) != nil {
			r := judge(addr, req.URL, ans, err, f.conduct.Clock())
			r.asked = asked
			return r
		}
		req = req.after(ans.status, target)
	}
	return result{asked: asked, address: req.URL, outcome: failed("http_error", fmt.Sprintf("more than %d redirects", maxRedirects), http.StatusFound)}
}

// get makes one request, if it may be made; the error says why no answer came.
func (f *fetcher) get(req Request, addr archive.Address) (answer, error) {
	u, err := url.Parse(req.URL)
	if err != nil {
		return answer{}, refuse(rejected("off_site", brief("leads to what is no address: "+err.Error())))
	}
	if u.Scheme == "https" && f.portal.Net.Scheme == "http_only" {
		u.Scheme = "http"
	}
	if err := f.admit(u); err != nil {
		return answer{}, err
	}
	defer f.done(u.Hostname())
	f.recorder.reset()
	if req.Method == http.MethodPost {
		addr = archive.Address{} // a validator that holds would make it fail (RFC 9110, 13.2.2)
	}
	h := header(addr)
	f.made.Requests++
	if h.Get("If-None-Match")+h.Get("If-Modified-Since") != "" {
		f.made.Conditional++
	}
	for name, values := range req.Header {
		h[name] = values
	}
	var body io.Reader
	if req.Body != nil {
		body = bytes.NewReader(req.Body)
	}
	err = f.collector.Request(req.Method, u.String(), body, nil, h)
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
	h := http.Header{"Accept-Language": {acceptLanguage}}
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
	if err != nil || ans.header.Get("Location") == "" {
		return ""
	}
	return target.String() // of any scheme: admit refuses
}

// judge makes a result of an answer, or of the error that came instead.
func judge(addr archive.Address, address string, ans answer, err error, now time.Time) result {
	r := result{answer: ans, address: address}
	if err != nil {
		return r.judgeError(err)
	}
	sign := challengeIn(ans, false)
	switch {
	case sign != nil && !sign.Retry:
		r.outcome, r.product = failed(reasonOf(sign), fmt.Sprintf("%s, status %d", sign.Product, ans.status), ans.status), sign.Product
	case sign != nil:
		r.outcome, r.product, r.transient = failed(reasonOf(sign), fmt.Sprintf("status %d", ans.status), ans.status), sign.Product, true
		r.retryAfter = retryAfter(ans.header, now)
	case ans.tooLarge > 0:
		r.outcome = failed("too_large", fmt.Sprintf("more than %d bytes", ans.tooLarge), ans.status)
	case ans.cut != nil:
		r.outcome, r.transient = failed("corrupt", "cut off before its end: "+cause(ans.cut), ans.status), true
	case ans.status == http.StatusNotModified && addr.SHA256 != "":
		r.unchanged = true
	case ans.status != http.StatusOK:
		r.outcome, r.transient = failed("http_error", fmt.Sprintf("status %d", ans.status), ans.status), passing(ans.status)
		r.retryAfter = retryAfter(ans.header, now)
	case len(ans.body) == 0:
		r.outcome = failed("empty", "no bytes", ans.status)
	}
	return r
}

func (r result) judgeError(err error) result {
	var no *refusal
	var tls *tlsError
	switch {
	case errors.As(err, &no):
		r.outcome, r.product = no.outcome, no.product
	case errors.Is(err, colly.ErrForbiddenDomain):
		r.outcome = rejected("off_site", brief("leads to "+r.address+", whose host is not in hosts.allow"))
	case errors.As(err, &tls):
		r.outcome, r.transient = failed("unreachable", tls.Error(), 0), tls.passing()
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		r.outcome = rejected("off_site", "the name leads to an address that is not public: "+cause(err))
	default:
		r.outcome, r.transient = failed("unreachable", cause(err), 0), true
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
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}
