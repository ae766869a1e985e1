package crawl

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
)

const (
	maxTries      = 3                  // of one address in one run
	maxRetryAfter = time.Minute        // that a run waits; a longer one is for a later run
	maxLater      = 7 * 24 * time.Hour // that a server can put us off
	firstLater    = 10 * time.Minute   // before a run asks again what failed once
	mostLater     = 12 * time.Hour     // the same, of what keeps failing
)

// ask fetches an address; if the failure may pass, twice more. tries is how many times
// it was asked, 0 if it may not be asked now.
func (v *visit) ask(ctx context.Context, req Request, addr archive.Address) (got result, tries int, err error) {
	before, err := v.Archive.NextAttempt(ctx, addr.URL)
	if err != nil {
		return result{}, 0, err
	}
	if before.Due.After(v.Clock()) {
		return result{outcome: failed(before.Reason, fmt.Sprintf("not asked: it failed in %d runs; the next attempt is due at %s", before.Fails, before.Due.Format(time.RFC3339)), 0)}, 0, nil
	}
	for tries = 1; ; tries++ {
		got = v.fetcher.fetch(req, addr)
		if err := v.fetcher.ended(ctx); err != nil {
			return result{}, tries, err
		}
		if !got.asked {
			tries--
		}
		if !got.asked || !got.transient || tries == maxTries || got.retryAfter > maxRetryAfter {
			return got, tries, v.conclude(ctx, addr, before, &got)
		}
		if err := v.Sleep(ctx, max(backoff(tries), got.retryAfter)); err != nil {
			return result{}, tries, err
		}
	}
}

// backoff is the pause after the given number of tries.
func backoff(tries int) time.Duration { return time.Second << (2 * tries) }

// later is the pause after the given number of runs that failed.
func later(fails int) time.Duration { return min(firstLater<<min(fails-1, 10), mostLater) }

// conclude judges an answer that came with status 200, opens the circuits of a host that
// refuses us, and records when what failed may be asked again.
func (v *visit) conclude(ctx context.Context, addr archive.Address, before archive.Attempt, got *result) error {
	switch {
	case got.unchanged:
		v.impostors.known(addr)
	case got.outcome.state == "":
		if why := v.impostors.judge(addr, *got); why != "" {
			got.outcome = failed("soft_404", brief(why), got.status)
		}
	}
	v.conduct.reached(hostOf(addr.URL), *got)
	if got.product != "" {
		if err := v.openCircuits(ctx, addr, got); err != nil {
			return err
		}
	}
	next := archive.Attempt{}
	switch {
	case !got.asked:
		return nil
	case got.transient:
		pause := max(later(before.Fails+1), min(got.retryAfter, maxLater))
		next = archive.Attempt{Due: v.Clock().Add(pause), Fails: before.Fails + 1, Reason: got.outcome.reason}
	}
	if next == before {
		return nil
	}
	return v.Archive.SetNextAttempt(ctx, addr.URL, next)
}

// openCircuits leaves the host alone that was asked, and that which it led to.
func (v *visit) openCircuits(ctx context.Context, addr archive.Address, got *result) error {
	at := v.Clock()
	until := at.Add(max(circuitTime, min(got.retryAfter, maxLater)))
	hosts := slices.Compact([]string{hostOf(addr.URL), hostOf(got.address)})
	for _, host := range hosts {
		err := v.Archive.OpenCircuit(ctx, archive.Circuit{
			Portal: v.portal.ID, Host: host, Address: addr.URL, Product: got.product, Reason: got.outcome.reason, Status: got.outcome.status,
			Opened: at, Until: until,
		})
		if err != nil {
			return err
		}
	}
	got.outcome.detail += fmt.Sprintf("; %s is left alone until %s", strings.Join(hosts, " and "), until.UTC().Format(time.RFC3339))
	return nil
}

// reached notes whether a host that was asked could be reached.
func (c *conduct) reached(host string, got result) {
	switch {
	case !got.asked:
	case got.outcome.reason == "unreachable":
		c.dead[host]++
	default:
		c.dead[host] = 0
	}
}

// retryAfter is the pause that an answer asks for, in seconds or until a date; 0: none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, min(seconds, int(maxLater/time.Second)))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(now), maxLater))
	}
	return 0
}
