package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/parts"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

func buildCommand() *cobra.Command {
	o := buildOptions{}
	var list, rollback, accept bool
	c := &cobra.Command{
		Use:   "build [BUILD]",
		Short: "Extract what is new in the archive and build the warehouse",
		Long: `Extracts the documents of the archive that this version has not extracted yet and
builds the DuckDB file from all of them. Readers of the old file are not disturbed.

The last builds are kept in OUT/warehouse/builds. --list shows them; --rollback makes the one
that served before serve again, or BUILD; --accept publishes one that was refused (exit code 5)
or rolled back, the newest or BUILD. A build is named by its name, its number or its id, whole
or the first digits. After a rollback nothing new is published until a build is accepted.`,
		Example: `  nianbao build
  nianbao build --list
  nianbao build --rollback
  nianbao build --accept 000012`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && !rollback && !accept {
				return &codedError{exitUsage, fmt.Errorf("BUILD goes with --rollback or --accept; see nianbao build --help")}
			}
			name := strings.Join(args, "")
			switch {
			case list:
				return listBuilds(cmd.Context(), outOf(cmd), cmd.OutOrStdout())
			case rollback:
				return swapBuild(cmd, warehouse.Rollback, name)
			case accept:
				return swapBuild(cmd, warehouse.Accept, name)
			}
			return buildAll(cmd, o)
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&list, "list", false, "list the builds that are kept")
	c.Flags().BoolVar(&rollback, "rollback", false, "make the build that served before serve again")
	c.Flags().BoolVar(&accept, "accept", false, "publish a build that was refused or rolled back")
	c.MarkFlagsMutuallyExclusive("list", "rollback", "accept")
	return c
}

// buildOptions are the flags of the verbs that build.
type buildOptions struct {
	keep        int
	corrections string // file beside those of the codebook; empty: none
	read        []codebook.Correction
	gate        string // file in the place of thresholds of the gate; empty: none
	thresholds  []warehouse.Threshold
}

func (o *buildOptions) flags(c *cobra.Command) {
	c.Flags().IntVar(&o.keep, "keep", warehouse.DefaultKeep, "how many builds to keep of those that served, and as many of the others")
	gateFlag(c, &o.gate)
	c.Flags().StringVar(&o.corrections, "corrections", "", "YAML file of corrections to use beside the reviewed ones that come with nianbao")
}

// load reads the files that the flags name, before anything takes time.
func (o *buildOptions) load(book *codebook.Book) error {
	var err error
	if o.thresholds, err = warehouse.Thresholds(o.gate); err != nil {
		return &codedError{exitUsage, fmt.Errorf("--gate: %w", err)}
	}
	if o.corrections == "" {
		return nil
	}
	text, err := os.ReadFile(o.corrections)
	if err == nil {
		o.read, err = book.Corrections(o.corrections, text)
	}
	if err != nil {
		return &codedError{exitUsage, fmt.Errorf("--corrections: %w; see docs/corrections.md", err)}
	}
	return nil
}

func buildAll(cmd *cobra.Command, o buildOptions) error {
	s, err := openSession(cmd)
	if err != nil {
		return err
	}
	defer s.close()
	if err := o.load(s.book); err != nil {
		return err
	}
	extracted, err := s.extract(cmd.Context())
	if err != nil {
		return err
	}
	if _, err := s.build(cmd.Context(), o); err != nil {
		return err
	}
	return extractFailures(extracted)
}

// listBuilds prints the builds that are kept, the newest first.
func listBuilds(ctx context.Context, o out, w io.Writer) error {
	all, err := warehouse.Builds(ctx, o.warehouse())
	if err != nil {
		return err
	}
	type line struct {
		Build     string `arrow:"build"`
		State     string `arrow:"state"`
		MadeAt    string `arrow:"made_at"`
		Documents int64  `arrow:"documents"`
		Reports   int64  `arrow:"reports"`
		Cells     int64  `arrow:"cells"`
		File      string `arrow:"file"`
	}
	var lines []line
	for _, k := range slices.Backward(all) {
		lines = append(lines, line{k.Name(), k.Says(), k.MadeAt.UTC().Format(time.DateTime), k.Documents, k.Reports, k.Cells, k.Path})
	}
	batch, err := record.Batch(lines)
	if err != nil {
		return err
	}
	defer batch.Release()
	table, err := rows.NewWriter(w, rows.Table, batch.Schema())
	if err != nil {
		return err
	}
	return errors.Join(table.Write(batch), table.Close())
}

// swapBuild puts a kept build in the place of the one that serves.
func swapBuild(cmd *cobra.Command, swap func(ctx context.Context, dir, name string) (warehouse.Kept, error), name string) error {
	s, err := openSession(cmd)
	if err != nil {
		return err
	}
	defer s.close()
	k, err := swap(cmd.Context(), s.out.warehouse(), name)
	if err != nil {
		return err
	}
	newProgress(s.stderr, "build").end("%s serves: %d documents, %d reports, %d cells; `nianbao site` writes its site", k.Name(), k.Documents, k.Reports, k.Cells)
	return nil
}

// currentParts are the parts made by this version of the extractor and the codebook.
func (o out) currentParts() *parts.Store {
	return parts.Open(o.parts(), extract.Version()+"-"+codebook.ReadingVersion())
}

// maxExtractors bounds the documents that are extracted at a time; each may take 100 MB.
const maxExtractors = 4

// extract brings the parts up to date with the archive.
func (s *session) extract(ctx context.Context) (parts.Summary, error) {
	documents, err := s.archive.Documents(ctx)
	if err != nil {
		return parts.Summary{}, err
	}
	workers := min(runtime.NumCPU(), maxExtractors)
	idle := make(chan *extract.Extractor, workers) // an Extractor is for one goroutine
	for range workers {
		e := extract.New(s.book, extract.Options{CacheDir: engineCache(), Reread: true})
		defer e.Close()
		idle <- e
	}
	extractOne := func(ctx context.Context, sha string) (*record.Extraction, error) {
		data, err := s.archive.Object(sha)
		if err != nil {
			return nil, err
		}
		e := <-idle
		defer func() { idle <- e }()
		return e.Extract(ctx, data)
	}
	p := newProgress(s.stderr, "extract")
	sum, err := s.out.currentParts().Update(ctx, documents, workers, extractOne, func(done, total int) { p.set(done, total, "") })
	if err != nil {
		return sum, err
	}
	p.end("%d extracted, %d as before, %d failed", sum.Extracted, sum.Kept, len(sum.Failed))
	for _, f := range sum.Failed {
		fmt.Fprintf(s.stderr, "  %v\n", f)
	}
	return sum, nil
}

// extractFailures is the error of an extraction that left documents out.
func extractFailures(s parts.Summary) error {
	if len(s.Failed) == 0 {
		return nil
	}
	return &codedError{exitItemsFailed, fmt.Errorf("%d documents of the archive could not be extracted", len(s.Failed))}
}

// links are what the links to documents say of them.
func (s *session) links(ledger []record.LedgerEntry) warehouse.Links {
	read := func() (links []record.Link) {
		for _, e := range ledger {
			if e.Kind == archive.Document && e.Reason != "title_excluded" {
				l := extract.FromLink(s.book, e.Title, e.Authority)
				l.URL = e.URL
				links = append(links, l)
			}
		}
		return links
	}
	return warehouse.Links{Version: extract.Version() + " " + codebook.ReadingVersion(), Read: read}
}

// build builds the DuckDB file, unless it stands already.
func (s *session) build(ctx context.Context, o buildOptions) (warehouse.Result, error) {
	locations, err := s.archive.Locations(ctx)
	if err != nil {
		return warehouse.Result{}, err
	}
	ledger, err := s.archive.Ledger(ctx)
	if err != nil {
		return warehouse.Result{}, err
	}
	expected, err := s.archive.Expectations(ctx)
	if err != nil {
		return warehouse.Result{}, err
	}
	p := newProgress(s.stderr, "build")
	r, err := warehouse.Build(ctx, warehouse.Input{
		Dir: s.out.warehouse(), Parts: s.out.currentParts().Dir(), Locations: locations, Ledger: ledger, Links: s.links(ledger),
		Expected: expected, Book: s.book, Keep: o.keep, Corrections: o.read, Gate: o.thresholds,
	})
	if refused := (*warehouse.RefusedError)(nil); errors.As(err, &refused) {
		return r, &codedError{exitRefused, err}
	}
	if err != nil {
		return r, err
	}
	if r.Unchanged {
		p.end("nothing new; build %s stands", r.BuildID[:12])
	} else {
		p.end("%d documents, %d reports, %d cells; build %s", r.Documents, r.Reports, r.Cells, r.BuildID[:12])
	}
	return r, nil
}
