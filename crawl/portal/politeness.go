package portal

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/net/publicsuffix"
)

// Conduct is how a portal's hosts are to be asked: what bounds the crawl, and the
// exceptions that a person has allowed.
type Conduct struct {
	// RateGroup names hosts that stand on one machine, across profiles: they share one
	// connection and one delay. "": the hosts of one registrable domain do.
	RateGroup  string         `yaml:"rate_group"`
	Politeness Politeness     `yaml:"politeness"`
	Robots     Robots         `yaml:"robots"`
	TLS        []TLSException `yaml:"tls"`
	Net        Net            `yaml:"net"`
	Soft404    Soft404        `yaml:"soft404"`
}

// Politeness bounds what the portal is asked for.
type Politeness struct {
	Delay    time.Duration `yaml:"delay"`     // between two requests to a rate group
	Jitter   time.Duration `yaml:"jitter"`    // at most so much is added to a delay; none to no delay
	Timeout  time.Duration `yaml:"timeout"`   // of one request, body included
	MaxBytes int64         `yaml:"max_bytes"` // of one answer
	// MaxRequestsPerDay bounds the requests to one host on a day of China Standard
	// Time, robots.txt included.
	MaxRequestsPerDay int `yaml:"max_requests_per_day"`
	// MaxGroupRequestsPerDay bounds those to all hosts of a rate group together; 0: twice
	// as many as to one host.
	MaxGroupRequestsPerDay int    `yaml:"max_group_requests_per_day"`
	Window                 Window `yaml:"window"` // "20:00-07:00", China Standard Time; "": always
}

// GroupRequestsPerDay returns how many requests a rate group gets on a day at most.
func (p Politeness) GroupRequestsPerDay() int {
	return cmp.Or(p.MaxGroupRequestsPerDay, 2*p.MaxRequestsPerDay)
}

// Robots says whether robots.txt is obeyed. Not to obey it takes the name of the person
// who decided so and the reason.
type Robots struct {
	Respect        bool   `yaml:"respect"`
	OverrideReason string `yaml:"override_reason"`
	OverrideBy     string `yaml:"override_by"`
}

// A TLSException lets one host have a weaker TLS until a day.
type TLSException struct {
	Host       string `yaml:"host"`
	MinVersion string `yaml:"min_version"` // "1.0", "1.1" or "1.2"; "": 1.2
	RSAKex     bool   `yaml:"rsa_kex"`     // key exchange by RSA, which has no forward secrecy
	// PinSHA256 is the sha256 of the host's certificate, in hex; it stands in for a
	// valid chain, name and date. "": the certificate must be valid.
	PinSHA256 string `yaml:"pin_sha256"`
	Expires   Date   `yaml:"expires"` // the last day on which it holds
	Reason    string `yaml:"reason"`
}

// Net says how the hosts can be reached.
type Net struct {
	Scheme string   `yaml:"scheme"` // any, https (http is refused) or http_only (https addresses are asked by http)
	Family string   `yaml:"family"` // any, ipv4 or ipv6
	Ports  []uint16 `yaml:"ports"`  // besides 80 and 443
}

// Soft404 names answers with status 200 that are no document, beyond those known of all
// portals.
type Soft404 struct {
	Markers []string `yaml:"markers"` // words of a notice
	Lengths []int    `yaml:"lengths"` // bytes of a notice that always has the same length
	SHA256  []string `yaml:"sha256"`  // of a page that comes in place of others, in hex
}

// China is China Standard Time, in which hours and days of portals are counted.
var China = time.FixedZone("CST", 8*60*60)

// A Window is a span of hours of the day, past midnight if it ends before it begins.
// The zero Window is the whole day.
type Window struct{ from, to time.Duration }

var hours = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$`)

// UnmarshalYAML reads "20:00-07:00"; "" is the whole day.
func (w *Window) UnmarshalYAML(node ast.Node) error { return compile(node, w.parse) }

func (w *Window) parse(text string) error {
	*w = Window{}
	if text == "" {
		return nil
	}
	if !hours.MatchString(text) {
		return fmt.Errorf(`window %q is not of the form "20:00-07:00" (China Standard Time)`, text)
	}
	clock := func(s string) time.Duration {
		t, _ := time.Parse("15:04", s) // the pattern holds
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	from, to, _ := strings.Cut(text, "-")
	*w = Window{clock(from), clock(to)}
	return nil
}

// Open reports whether t lies in the window; its end does not.
func (w Window) Open(t time.Time) bool {
	t = t.In(China)
	now := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	switch {
	case w.from == w.to:
		return true
	case w.from < w.to:
		return w.from <= now && now < w.to
	}
	return now >= w.from || now < w.to
}

// String is the form in which a profile says it.
func (w Window) String() string {
	clock := func(d time.Duration) string {
		return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
	}
	return clock(w.from) + "-" + clock(w.to)
}

// A Date is a day, as in 2027-01-31.
type Date struct{ time.Time }

// UnmarshalYAML reads the day.
func (d *Date) UnmarshalYAML(node ast.Node) error {
	return compile(node, func(text string) (err error) {
		if d.Time, err = time.ParseInLocation(time.DateOnly, text, China); err != nil {
			return fmt.Errorf("%q is not a day such as 2027-01-31", text)
		}
		return nil
	})
}

// Over reports whether the day has ended at t.
func (d Date) Over(t time.Time) bool { return !t.Before(d.AddDate(0, 0, 1)) }

// Exception returns the TLS exception of a host.
func (c Conduct) Exception(host string) (TLSException, bool) {
	i := slices.IndexFunc(c.TLS, func(e TLSException) bool { return e.Host == host })
	if i < 0 {
		return TLSException{}, false
	}
	return c.TLS[i], true
}

// GroupOf returns the rate group of a host: the profile's, else the host's registrable
// domain, else the host.
func (c Conduct) GroupOf(host string) string {
	if c.RateGroup != "" {
		return c.RateGroup
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// PortAllowed reports whether a port, "" for that of the scheme, may be asked.
func (n Net) PortAllowed(port string) bool {
	return port == "" || port == "80" || port == "443" ||
		slices.ContainsFunc(n.Ports, func(p uint16) bool { return fmt.Sprint(p) == port })
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (d *document) checkConduct(p Portal) []error {
	var errs []error
	wrong := func(bad bool, at, format string, args ...any) {
		if bad {
			errs = append(errs, d.errorf(at, format, args...))
		}
	}
	pol, r := p.Politeness, p.Robots
	wrong(pol.Delay < 0 || pol.Jitter < 0 || pol.Timeout <= 0 || pol.MaxBytes <= 0 || pol.MaxRequestsPerDay <= 0 || pol.MaxGroupRequestsPerDay < 0, "$.politeness",
		"politeness: delay and jitter must not be negative; timeout, max_bytes and max_requests_per_day must be positive, max_group_requests_per_day not negative")
	wrong(!r.Respect && (strings.TrimSpace(r.OverrideReason) == "" || strings.TrimSpace(r.OverrideBy) == ""), "$.robots",
		"robots: respect: false needs override_reason, in words, and override_by, the name of the person who decided")
	wrong(r.Respect && r.OverrideReason+r.OverrideBy != "", "$.robots", "robots: an override without respect: false; say that, or drop it")
	wrong(!slices.Contains([]string{"any", "https", "http_only"}, p.Net.Scheme), "$.net.scheme", "net.scheme %q is none of any, https, http_only", p.Net.Scheme)
	wrong(!slices.Contains([]string{"any", "ipv4", "ipv6"}, p.Net.Family), "$.net.family", "net.family %q is none of any, ipv4, ipv6", p.Net.Family)
	for i, e := range p.TLS {
		at := fmt.Sprintf("$.tls[%d]", i)
		wrong(!p.Hosts.Allowed(e.Host), at, "tls exception for %q, which hosts.allow does not name", e.Host)
		wrong(!slices.Contains([]string{"", "1.0", "1.1", "1.2"}, e.MinVersion), at, `tls exception: min_version %q is none of "1.0", "1.1", "1.2"`, e.MinVersion)
		wrong(e.PinSHA256 != "" && !sha256Hex.MatchString(e.PinSHA256), at, "tls exception: pin_sha256 is not 64 hexadecimal digits in lower case")
		wrong(e.Expires.IsZero() || strings.TrimSpace(e.Reason) == "", at, "tls exception: expires, a day, and reason are needed")
	}
	for i, sum := range p.Soft404.SHA256 {
		wrong(!sha256Hex.MatchString(sum), fmt.Sprintf("$.soft404.sha256[%d]", i), "soft404.sha256 is not 64 hexadecimal digits in lower case")
	}
	return errs
}
