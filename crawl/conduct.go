package crawl

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// circuitTime is how long a host that challenged or refused us is left alone at least.
const circuitTime = 24 * time.Hour

// maxOpenings is how many times a portal's circuits open before its profile is disabled
// until a person clears it.
const maxOpenings = 3

// maxDead is how many addresses of a host in a row cannot be reached before the rest are
// left to the next run.
const maxDead = 3

// conduct is what a run owes the hosts of a lane, across the portals that share them. What
// must outlive the run stands in the ledger.
type conduct struct {
	Options
	series string                  // of WARC files
	robots map[string]*robotsRules // by scheme and host
	asked  map[string]time.Time    // end of the latest request, by rate group
	dead   map[string]int          // addresses in a row that could not be reached, by host
	taken  map[hostDay]int         // requests that are counted and not made yet
}

// hostDay is a day of a host, or of a rate group as "group NAME".
type hostDay struct{ host, day string }

// block is how many requests are counted at once: the ledger is synced to disk only so
// often. A run that is killed has counted up to so many too many, none too few.
const block = 20

func newConduct(o Options, series string) *conduct {
	return &conduct{Options: o, series: series, robots: map[string]*robotsRules{}, asked: map[string]time.Time{}, dead: map[string]int{}, taken: map[hostDay]int{}}
}

// refusal is the decision not to make a request, as an error.
type refusal struct {
	outcome
	product string // whose challenge in robots.txt decided so; "": none
}

func (r *refusal) Error() string { return r.detail }

func refuse(o outcome) *refusal { return &refusal{outcome: o} }

// admit returns when a request may be made, or why it may not. It asks for robots.txt if
// that is not known yet, waits for the request's turn and counts it.
func (f *fetcher) admit(u *url.URL) error {
	if r := f.conduct.address(f.portal, u); r != nil {
		return r
	}
	if err := f.closed(u.Hostname()); err != nil {
		return err
	}
	rules, err := f.rulesFor(u)
	if err != nil {
		return err
	}
	delay, err := rules.allow(u)
	if err != nil {
		return err
	}
	return f.turn(u, delay)
}

// closed refuses a host that is not to be asked now: a circuit is open, it cannot be
// reached, or it is not the hour.
func (f *fetcher) closed(host string) error {
	c, p := f.conduct, f.portal
	past, err := c.Archive.Circuits(f.ctx, p.ID)
	if err != nil {
		return err
	}
	if n := openings(past); n >= maxOpenings {
		return refuse(failed(past[len(past)-1].Reason, fmt.Sprintf("not asked: the profile is disabled after %d challenges or refusals; a person looks at them and clears it, see nianbao circuits", n), 0))
	}
	open, err := c.Archive.OpenAt(f.ctx, host, c.Clock())
	switch {
	case err != nil:
		return err
	case len(open) > 0:
		return refuse(failed(open[0].Reason, fmt.Sprintf("not asked: the host answered %s (%d) at %s and is left alone until %s",
			open[0].Product, open[0].Status, open[0].Address, open[0].Until.Format(time.RFC3339)), 0))
	case c.dead[host] >= maxDead:
		return refuse(failed("unreachable", fmt.Sprintf("not asked: %d addresses in a row on %s could not be reached", maxDead, host), 0))
	case !p.Politeness.Window.Open(c.Clock()):
		return refuse(failed("postponed", "not asked: outside the hours "+p.Politeness.Window.String()+" (China Standard Time) of politeness.window", 0))
	}
	return nil
}

// openings counts the occasions on which circuits opened; one occasion can close two
// hosts, that which was asked and that which it led to.
func openings(list []archive.Circuit) int {
	type occasion struct {
		address string
		at      time.Time
	}
	seen := map[occasion]bool{}
	for _, c := range list {
		seen[occasion{c.Address, c.Opened}] = true
	}
	return len(seen)
}

// turn waits until the rate group may be asked again, and counts the request.
func (f *fetcher) turn(u *url.URL, crawlDelay time.Duration) error {
	c, pol, host := f.conduct, f.portal.Politeness, u.Hostname()
	if last, asked := c.asked[f.portal.GroupOf(host)]; asked {
		pause := max(pol.Delay, crawlDelay)
		if pause > 0 {
			pause += jitter(pol.Jitter, u)
		}
		if wait := min(pause, pause-c.Clock().Sub(last)); wait > 0 {
			if err := c.Sleep(f.ctx, wait); err != nil {
				return f.fail(err)
			}
		}
	}
	if host != f.host {
		f.transport.CloseIdleConnections() // a rate group has one connection
	}
	f.host = host
	return f.count(host)
}

// count counts a request to a host, against the budgets of the day of the host and of its
// rate group.
func (f *fetcher) count(host string) error {
	c, pol, day := f.conduct, f.portal.Politeness, f.conduct.Clock().In(portal.China).Format(time.DateOnly)
	group := f.portal.GroupOf(host)
	budgets := []struct {
		of, name, key string
		limit         int
	}{
		{host, host, "max_requests_per_day", pol.MaxRequestsPerDay},
		{"group " + group, "the rate group " + group, "max_group_requests_per_day", pol.GroupRequestsPerDay()},
	}
	for _, b := range budgets {
		key := hostDay{b.of, day}
		if c.taken[key] == 0 {
			n, err := c.Archive.TakeRequests(f.ctx, b.of, day, block, b.limit)
			if err != nil {
				return f.fail(err)
			}
			c.taken[key] = n
		}
		if c.taken[key] == 0 {
			return refuse(failed("postponed", fmt.Sprintf("not asked: %s has had its %d requests of %s (politeness.%s)", b.name, b.limit, day, b.key), 0))
		}
	}
	for _, b := range budgets {
		c.taken[hostDay{b.of, day}]--
	}
	return nil
}

// giveBack returns what was counted and not made, also where the run was interrupted.
func (c *conduct) giveBack(ctx context.Context) error {
	var errs []error
	for key, n := range c.taken {
		if n > 0 {
			_, err := c.Archive.TakeRequests(context.WithoutCancel(ctx), key.host, key.day, -n, 0)
			errs = append(errs, err)
		}
	}
	clear(c.taken)
	return errors.Join(errs...)
}

// done notes that a request has ended.
func (f *fetcher) done(host string) { f.conduct.asked[f.portal.GroupOf(host)] = f.conduct.Clock() }

// fail keeps an error after which the run cannot go on, such as an archive that cannot
// be written.
func (f *fetcher) fail(err error) error {
	f.broken = errors.Join(f.broken, err)
	return err
}

// jitter spreads requests over up to most. It is taken from the address, so a crawl can
// be repeated exactly.
func jitter(most time.Duration, u *url.URL) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(u.String()))
	return most * time.Duration(h.Sum32()%1000) / 1000
}
