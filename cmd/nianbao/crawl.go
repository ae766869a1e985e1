package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/crawl/replica"
)

func crawlCommand() *cobra.Command {
	var from source
	replay := ""
	c := &cobra.Command{
		Use:   "crawl",
		Short: "Fetch what is new on the portals into the archive",
		Long: `Fetches what is new on the portals into the archive. With --replay the answers come
from WARC files instead, those of archive/warc or another program's: nothing is asked
of the network, and an archive is rebuilt as it was, one crawl cycle after the other.`,
		Example: "  nianbao crawl --portals sample\n  nianbao crawl --portals ./portals --contact mailto:you@example.org\n" +
			"  nianbao crawl --portals ./portals --replay out/archive/warc --out rebuilt",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			if replay != "" {
				return s.replay(ctx, from, replay)
			}
			e, err := from.open(ctx)
			if err != nil {
				return err
			}
			defer e.close()
			summary, err := s.crawl(ctx, e)
			if err != nil {
				return err
			}
			if err := s.archive.EndCycle(ctx, e.clock()); err != nil {
				return err
			}
			return crawlFailures(summary)
		},
	}
	from.flags(c)
	c.Flags().StringVar(&replay, "replay", "", "a WARC file (*.warc.gz), or a folder of them, that answers in place of the portals")
	return c
}

// replay crawls, in place of the network, the cycles that WARC files hold and the
// archive does not.
func (s *session) replay(ctx context.Context, from source, path string) error {
	portals, err := from.profiles()
	if err != nil {
		return err
	}
	recorded, err := crawl.OpenReplay(path)
	if err != nil {
		return err
	}
	e := &edition{options: crawl.Options{Portals: portals, Replay: recorded}}
	var failures error
	for {
		n, err := s.archive.NextCycle(ctx)
		if err != nil || n > int64(recorded.Cycles()) {
			return errors.Join(err, failures)
		}
		recorded.Begin(int(n))
		summary, err := s.crawl(ctx, e)
		if err != nil {
			return err
		}
		if err := s.archive.EndCycle(ctx, recorded.Now()); err != nil {
			return err
		}
		failures = crawlFailures(summary)
	}
}

// source is where to crawl: the flags that crawl and run share.
type source struct {
	portals, contact string
	only             []string // ids; none: all
	jobs             int
}

func (s *source) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.portals, "portals", "", `"sample" for the replica portals of the sample edition, "replicas" for made-up portals of every kind, "shipped" for the profiles that come with nianbao, or a folder of profiles (*.yaml); "shipped,DIR" lays yours over the shipped`)
	c.Flags().StringVar(&s.contact, "contact", os.Getenv("NIANBAO_CONTACT"), "address or page at which portals can reach you; required for real portals (or NIANBAO_CONTACT)")
	c.Flags().StringSliceVar(&s.only, "only", nil, "only these portals, by their ids; to look at one before the others")
	c.Flags().IntVar(&s.jobs, "jobs", 8, "portals crawled at a time; those that share a host or a rate group are still crawled one after the other")
	c.MarkFlagRequired("portals")
}

// edition is the portals to crawl and the network and clock to do it with.
type edition struct {
	options crawl.Options
	clock   func() time.Time
	close   func() error
}

// open starts the sample edition's replicas, or loads the profiles of real portals.
func (s *source) open(ctx context.Context) (*edition, error) {
	if s.jobs < 1 {
		return nil, &codedError{exitUsage, fmt.Errorf("--jobs %d: at least one portal is crawled at a time", s.jobs)}
	}
	if s.portals == replica.Sample || s.portals == replica.Replicas {
		server, err := replica.StartEdition(ctx, s.portals)
		if err != nil {
			return nil, err
		}
		portals, err := named(server.Portals(), s.only)
		if err != nil {
			return nil, errors.Join(err, server.Close())
		}
		return &edition{crawl.Options{
			Portals: portals, Jobs: s.jobs, DialContext: server.DialContext, RootCAs: server.RootCAs(), Clock: server.Now,
		}, server.Now, server.Close}, nil
	}
	if s.contact == "" {
		return nil, &codedError{exitUsage, fmt.Errorf("real portals are asked only by a crawler that can be reached: give --contact or set NIANBAO_CONTACT")}
	}
	if err := checkContact(s.contact); err != nil {
		return nil, &codedError{exitUsage, err}
	}
	portals, err := s.profiles()
	if err != nil {
		return nil, err
	}
	return &edition{crawl.Options{
		Portals: portals, Jobs: s.jobs, UserAgent: fmt.Sprintf("nianbao/%s (+%s)", crawl.Version, s.contact),
	}, time.Now, func() error { return nil }}, nil
}

// checkContact refuses what no portal could write to, and what would break a header.
func checkContact(contact string) error {
	u, err := url.Parse(contact)
	reachable := err == nil && (u.Scheme == "mailto" && strings.Contains(u.Opaque, "@") || (u.Scheme == "https" || u.Scheme == "http") && u.Host != "")
	if !reachable || strings.ContainsFunc(contact, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("--contact %q is no address that a portal can reach: give mailto:you@example.org or the address of a page", contact)
	}
	return nil
}

// profiles loads the profiles, of an edition of replicas or of real portals.
func (s *source) profiles() ([]portal.Portal, error) {
	load := func() ([]portal.Portal, error) { return loadProfiles(s.portals) }
	if s.portals == replica.Sample || s.portals == replica.Replicas {
		load = func() ([]portal.Portal, error) { return replica.Portals(s.portals) }
	}
	portals, err := load()
	if err != nil {
		return nil, err
	}
	return named(portals, s.only)
}

// crawl crawls into the archive and says how it went. The cycle stays open.
func (s *session) crawl(ctx context.Context, e *edition) (crawl.Summary, error) {
	p := newProgress(s.stderr, "crawl")
	options := e.options
	options.Archive = s.archive
	options.Progress = func(at crawl.Progress) {
		p.set(at.Fetched+at.Unchanged, at.Found, fmt.Sprintf("(%d failed) %s", at.Failed, at.Address))
	}
	sum, err := crawl.Run(ctx, options)
	if err != nil {
		return sum, err
	}
	resumed := ""
	if sum.Resumed {
		resumed = " (resumed)"
	}
	p.end("%d found, %d fetched, %d unchanged, %d rejected, %d failed%s", sum.Found, sum.Fetched, sum.Unchanged, sum.Rejected, sum.Failed, resumed)
	if n := unverified(options.Portals); n > 0 {
		fmt.Fprintf(s.stderr, "  %d portals are not verified yet: compare what was found with their pages; docs/portals.md says how\n", n)
	}
	if n := len(sum.Skipped); n > 0 {
		fmt.Fprintf(s.stderr, "  %d portals were left alone, such as %s: it needs %s; nianbao portals list says of each what it needs\n", n, sum.Skipped[0].Portal, sum.Skipped[0].Needs)
	}
	for _, f := range sum.Failures {
		fmt.Fprintf(s.stderr, "  %s: %s: %s; next: %s\n", f.Address, f.Reason, f.Detail, f.NextStep)
	}
	return sum, nil
}

// crawlFailures is the error of a crawl that left addresses unfetched.
func crawlFailures(s crawl.Summary) error {
	if len(s.Failures) == 0 {
		return nil
	}
	return &codedError{exitItemsFailed, fmt.Errorf("%d addresses could not be fetched; they are tried again in the next run", len(s.Failures))}
}
