// Package crawl fetches the annual reports that portal profiles lead to and keeps them
// in an archive.
//
// For each portal it reads the list pages from the entry points on, judges every row
// by the profile, and fetches the documents. The ledger of the archive says of every
// address what happened and why: fetched, failed or rejected, with a reason of the
// codebook. A bad address never stops the others.
//
// It is polite: it obeys robots.txt, waits between requests, keeps to the hours and the
// number of requests a day of the profile, asks no host that the profile does not name
// (not by redirect either) and no address that is not public, asks for what it has only
// if it has changed, and takes a challenge or a refusal as a request to stop: the host
// is left alone for a day, and after three of them until a person decides. Challenges
// are never solved. docs/crawling.md says what a portal sees.
//
// It can be interrupted at any moment. What has an outcome in the open cycle of the
// archive is not asked for again; the caller closes the cycle with
// [archive.Archive.EndCycle] when its night's work is done.
//
//	summary, err := crawl.Run(ctx, crawl.Options{Archive: a, Portals: portals})
//	err = a.EndCycle(ctx, time.Now())
package crawl

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

// Version names the code that records outcomes in the ledger.
const Version = "1"

// UserAgent is how the crawler introduces itself. robots.txt addresses it as nianbao.
const UserAgent = "nianbao/" + Version + " (+https://github.com/nianbao/nianbao)"

// Options say what to crawl and with what. Archive is required; the zero value of
// every other field means what its comment says.
type Options struct {
	Archive *archive.Archive
	Portals []portal.Portal
	// DialContext connects to a host; nil: the network, public addresses only.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// RootCAs sign for the hosts; nil: the system's.
	RootCAs *x509.CertPool
	// Replay answers in place of the network, from WARC files, at the times recorded and
	// without waiting; nil: the network does.
	Replay *Replay
	// UserAgent introduces the crawler and says how to reach who runs it. "" is for
	// replicas: UserAgent.
	UserAgent string
	// Jobs is how many portals are crawled at a time, if they share no host and no rate
	// group; 0: one. With more, DialContext, Clock and Sleep are called concurrently.
	Jobs int
	// Clock dates what is fetched; nil: time.Now.
	Clock func() time.Time
	// Sleep waits before a request: for its turn, or before it is repeated; nil: real time.
	Sleep func(ctx context.Context, d time.Duration) error
	// Progress is called after each address, by one goroutine at a time; nil: nobody.
	Progress func(Progress)
}

// Progress counts what a run has done so far. A run that resumes another counts what
// it finds on all list pages, and of the outcomes only its own.
type Progress struct {
	Found     int    // documents that the list pages read so far link to
	Fetched   int    // documents whose bytes are new
	Unchanged int    // documents whose bytes are those already stored
	Failed    int    // addresses, list pages among them
	Rejected  int    // rows that the profile excludes, and addresses that may not be asked
	Address   string // the latest
}

// A Summary is the outcome of a run.
type Summary struct {
	Progress
	Made    Made
	Cycle   int64
	Resumed bool // the cycle had been left open
	// Failures are the addresses that failed in this cycle, those before an
	// interruption included, sorted by address; nil if this run was interrupted.
	Failures []Failure
	// Skipped are the portals that were left alone because their profile needs something.
	Skipped []Skipped
}

// Made counts the requests of a run, redirects and robots.txt included.
type Made struct {
	Requests    int
	Conditional int // those that ask only whether something has changed
}

// Skipped is a portal that is not crawled, and what its profile needs.
type Skipped struct{ Portal, Needs string }

// A Failure is an address that was to be fetched and was not.
type Failure struct {
	Address, Portal string
	Reason          string // codebook reason
	Detail          string
	NextStep        string
}

// Run crawls the portals, in their order but for those that are crawled at the same time;
// what is exported and the WARC files do not depend on how many are. A failing address or
// portal is no error; the summary lists it. An error means that the run could not go on:
// the archive cannot be written, or ctx has ended, and then the next run resumes it.
func Run(ctx context.Context, o Options) (Summary, error) {
	if err := ready(o); err != nil {
		return Summary{}, err
	}
	o = withDefaults(o)
	c := &crawler{Options: o}
	var err error
	if c.cycle, c.resumed, err = c.Archive.BeginCycle(ctx, c.Clock()); err != nil {
		return Summary{}, err
	}
	active, err := c.register(ctx)
	if err == nil {
		err = c.run(ctx, lanes(active))
	}
	s := c.summary()
	if err != nil {
		return s, interruption(ctx, err)
	}
	s.Failures, err = c.failures(ctx)
	return s, err
}

// ready reports what a run lacks before it makes a request.
func ready(o Options) error {
	if o.DialContext == nil && o.UserAgent == "" && o.Replay == nil {
		return errors.New("real portals are asked only by a crawler that can be reached: set UserAgent, with a contact in it")
	}
	_, challenges := book()
	_, impostors := soft404()
	return errors.Join(challenges, impostors)
}

func withDefaults(o Options) Options {
	if o.DialContext == nil {
		o.DialContext = publicDialer().DialContext
	}
	if o.UserAgent == "" {
		o.UserAgent = UserAgent
	}
	if o.Replay != nil {
		o.Clock, o.Jobs = o.Replay.Now, 1
		o.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		o.Portals = slices.Clone(o.Portals)
		for i := range o.Portals {
			o.Portals[i].Politeness.Delay = 0
		}
	}
	o.Jobs = max(o.Jobs, 1)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	return o
}

func interruption(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("crawl interrupted: %w; run it again to resume", context.Cause(ctx))
	}
	return fmt.Errorf("crawling: %w", err)
}

// crawler is one run.
type crawler struct {
	Options
	cycle   int64
	resumed bool
	skipped []Skipped

	mu   sync.Mutex // of what follows
	done Progress
	made Made
}

func (c *crawler) summary() Summary {
	return Summary{Progress: c.done, Made: c.made, Cycle: c.cycle, Resumed: c.resumed, Skipped: c.skipped}
}

func (c *crawler) stamp() archive.Stamp {
	return archive.Stamp{Cycle: c.cycle, At: c.Clock(), CodeVersion: Version}
}

// add counts what a visit has done, and tells.
func (c *crawler) add(p Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done.Found += p.Found
	c.done.Fetched += p.Fetched
	c.done.Unchanged += p.Unchanged
	c.done.Failed += p.Failed
	c.done.Rejected += p.Rejected
	if p.Address != "" {
		c.done.Address = p.Address
	}
	c.Progress(c.done)
}

// register records the portals and what is expected of them, and returns those to crawl.
func (c *crawler) register(ctx context.Context) (active []portal.Portal, err error) {
	for _, p := range c.Portals {
		err := c.Archive.PutPortal(ctx, archive.Portal{ID: p.ID, Name: p.Name, RegionCode: p.RegionCode, Provenance: p.Provenance})
		if err == nil {
			err = c.Archive.PutExpectations(ctx, p.ID, expectations(p, c.Clock()))
		}
		if err != nil {
			return nil, err
		}
		if p.Active() {
			active = append(active, p)
		} else {
			c.skipped = append(c.skipped, Skipped{Portal: p.ID, Needs: p.Needs})
		}
	}
	return active, nil
}

// portal reads the lists of a portal, then fetches the documents that have no outcome
// in this cycle, those of earlier cycles included.
func (c *crawler) portal(ctx context.Context, p portal.Portal, owed *conduct) (err error) {
	v := c.newVisit(ctx, p, owed)
	defer v.end()
	defer func() { err = errors.Join(err, owed.giveBack(ctx)) }()
	for _, entry := range p.Lists(c.Clock()) {
		if err := v.enter(ctx, entry); err != nil {
			return err
		}
	}
	if err := v.drift(ctx); err != nil {
		return err
	}
	return v.documents(ctx)
}

func (c *crawler) failures(ctx context.Context) ([]Failure, error) {
	book, err := book()
	if err != nil {
		return nil, err
	}
	entries, err := c.Archive.Failures(ctx, c.cycle)
	var out []Failure
	for _, e := range entries {
		out = append(out, Failure{Address: e.URL, Portal: e.Portal, Reason: e.Reason, Detail: e.Detail, NextStep: book.Reason[e.Reason].NextStep})
	}
	return out, err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
