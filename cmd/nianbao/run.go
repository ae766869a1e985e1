package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/crawl"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/parts"
	"github.com/nianbao/nianbao/warehouse"
)

func runCommand() *cobra.Command {
	var from source
	var o buildOptions
	c := &cobra.Command{
		Use:   "run",
		Short: "The nightly job: crawl, extract, build, check, publish",
		Long: `Crawls the portals, extracts what is new, builds and checks the warehouse, and writes
the site. It can be interrupted at any time and goes on where it stopped.`,
		Example: "  nianbao run --portals sample --out out",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			if err := o.load(s.book); err != nil {
				return err
			}
			e, err := from.open(cmd.Context())
			if err != nil {
				return err
			}
			defer e.close()
			return s.runAll(cmd.Context(), e, from.portals, o, cmd.OutOrStdout())
		},
	}
	from.flags(c)
	o.flags(c)
	return c
}

// manifest is run.json: what one run did, and when. It is the only file with the time
// of day in it.
type manifest struct {
	StartedAt   time.Time          `json:"started_at"`
	FinishedAt  time.Time          `json:"finished_at"`
	Portals     string             `json:"portals"`
	Extractor   string             `json:"extractor"`
	Codebook    string             `json:"codebook"`
	BuildID     string             `json:"build_id"` // of the build that serves
	Refused     string             `json:"refused"`  // name of the build that was kept but not published; empty: none
	Found       int                `json:"found"`
	Requests    int                `json:"requests"`    // made
	Conditional int                `json:"conditional"` // requests that ask only whether something has changed
	Fetched     int                `json:"fetched"`
	Unchanged   int                `json:"unchanged"`
	Rejected    int                `json:"rejected"`
	Failed      int                `json:"failed"`
	Extracted   int                `json:"extracted"`
	Kept        int                `json:"kept"`
	Health      warehouse.Health   `json:"health"`
	Coverage    warehouse.Coverage `json:"coverage"`
}

// runAll goes through the stages in order. The crawl cycle ends only when the site
// stands, so that a run interrupted anywhere asks no portal twice. It ends, too, where the
// build is not published: tomorrow's crawl may bring what mends it.
func (s *session) runAll(ctx context.Context, e *edition, portals string, o buildOptions, stdout io.Writer) error {
	m := manifest{StartedAt: time.Now().UTC(), Portals: portals, Extractor: extract.Version(), Codebook: codebook.Version()}
	crawled, err := s.crawl(ctx, e)
	if err != nil {
		return err
	}
	extracted, err := s.extract(ctx)
	if err != nil {
		return err
	}
	built, unpublished := s.build(ctx, o)
	refused := (*warehouse.RefusedError)(nil)
	if unpublished != nil && !errors.As(unpublished, &refused) {
		return unpublished
	}
	if m.Health, err = checkWarehouse(ctx, s.out, s.stderr); err != nil {
		return err
	}
	if m.Coverage, err = s.coverage(ctx); err != nil {
		return err
	}
	if refused != nil {
		m.Refused = refused.Build.Name()
	} else if err := s.site(ctx); err != nil {
		return err
	}
	if err := s.archive.EndCycle(ctx, e.clock()); err != nil {
		return err
	}
	m.record(crawled, extracted, built)
	if err := m.write(s.out); err != nil {
		return err
	}
	m.summary(s.out, stdout)
	return errors.Join(unpublished, crawlFailures(crawled), extractFailures(extracted))
}

func (m *manifest) record(c crawl.Summary, x parts.Summary, w warehouse.Result) {
	m.Found, m.Fetched, m.Unchanged, m.Rejected, m.Failed = c.Found, c.Fetched, c.Unchanged, c.Rejected, c.Failed
	m.Requests, m.Conditional = c.Made.Requests, c.Made.Conditional
	m.Extracted, m.Kept = x.Extracted, x.Kept
	m.BuildID = w.BuildID
	m.FinishedAt = time.Now().UTC()
}

func (m *manifest) write(o out) error {
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	temporary := o.manifest() + ".writing"
	if err := os.WriteFile(temporary, append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the manifest of the run: %w", err)
	}
	return os.Rename(temporary, o.manifest())
}

// summary ends the run with what a person wants to know.
func (m *manifest) summary(o out, w io.Writer) {
	site, err := filepath.Abs(filepath.Join(o.site(), "index.html"))
	if err != nil {
		site = filepath.Join(o.site(), "index.html")
	}
	if m.Found > 0 && m.Fetched+m.Failed+m.Extracted == 0 {
		fmt.Fprint(w, "\nnothing new since the run before, and nothing extracted\n")
	}
	due, here, missing := m.Coverage.Due, m.Coverage.States["accepted"], m.Coverage.States["missing"]
	fmt.Fprintf(w, `
found       %d reports on the portals
asked       %d requests, %d of them only whether something has changed
fetched     %d new, %d unchanged, %d failed
extracted   %d new, %d as before
cells       %d in %d reports (%d numbers, the rest blank or marked)
identities  %d held, %d failed, %d not testable
due         %d reports of the portals' own authorities: %d here, %d on no list, %d not known or not read
warehouse   %s
site        open file://%s
`, m.Found, m.Requests, m.Conditional, m.Fetched, m.Unchanged, m.Failed, m.Extracted, m.Kept,
		m.Health.Cells, m.Health.Reports, m.Health.Numbers,
		m.Health.Held, m.Health.Failed, m.Health.Untestable,
		due, here, missing, due-here-missing, o.database(), site)
}
