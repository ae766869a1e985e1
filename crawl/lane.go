package crawl

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/nianbao/nianbao/crawl/portal"
)

// A lane is portals that share hosts or rate groups, directly or by way of others. They
// are crawled one after the other: what a host is owed is the affair of one lane alone.
type lane []portal.Portal

// lanes divides portals. Lanes come in the order of their first portals.
func lanes(portals []portal.Portal) (out []lane) {
	first := make([]int, len(portals)) // portal of its lane
	owner := map[string]int{}          // of a host or rate group: the first portal with it
	for i, p := range portals {
		first[i] = i
		for _, key := range shared(p) {
			if j, taken := owner[key]; taken {
				join(first[:i+1], first[i], first[j])
			} else {
				owner[key] = i
			}
		}
	}
	at := map[int]int{}
	for i, f := range first {
		if f == i {
			at[f] = len(out)
			out = append(out, nil)
		}
		out[at[f]] = append(out[at[f]], portals[i])
	}
	return out
}

// shared returns what no two lanes may have both: hosts, their rate groups, and their
// domains even where a profile puts them into a rate group of its own.
func shared(p portal.Portal) (keys []string) {
	for _, host := range p.Hosts.Allow {
		keys = append(keys, host, p.GroupOf(host), portal.Conduct{}.GroupOf(host))
	}
	return keys
}

// join makes two lanes one.
func join(first []int, a, b int) {
	for i := range first {
		if first[i] == max(a, b) {
			first[i] = min(a, b)
		}
	}
}

// run crawls lanes side by side, as many as there are jobs, until one cannot go on.
func (c *crawler) run(ctx context.Context, all []lane) error {
	jobs, ctx := errgroup.WithContext(ctx)
	jobs.SetLimit(c.Jobs)
	for _, l := range all {
		jobs.Go(func() error { return c.lane(ctx, l) })
	}
	return jobs.Wait()
}

// lane crawls the portals of a lane. Its exchanges stand in WARC files of its own, so that
// their order does not depend on other lanes.
func (c *crawler) lane(ctx context.Context, l lane) (err error) {
	owed := newConduct(c.Options, l[0].ID)
	defer func() { err = errors.Join(err, c.Archive.FinishSeries(owed.series)) }()
	if c.Replay != nil {
		c.Replay.turnTo(l)
	}
	for _, p := range l {
		if err := c.portal(ctx, p, owed); err != nil {
			return err
		}
	}
	return nil
}
