package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/parts"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/warehouse"
)

func buildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "build",
		Short: "Extract what is new in the archive and build the warehouse",
		Long: `Extracts the documents of the archive that this version has not extracted yet and
builds the DuckDB file from all of them. Readers of the old file are not disturbed.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			extracted, err := s.extract(cmd.Context())
			if err != nil {
				return err
			}
			if _, err := s.build(cmd.Context()); err != nil {
				return err
			}
			return extractFailures(extracted)
		},
	}
}

// currentParts are the parts made by this version of the extractor and the codebook.
func (o out) currentParts() *parts.Store {
	return parts.Open(o.parts(), extract.Version()+"-"+codebook.Version())
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
	return warehouse.Links{Version: extract.Version() + " " + codebook.Version(), Read: read}
}

// build builds the DuckDB file, unless it stands already.
func (s *session) build(ctx context.Context) (warehouse.Result, error) {
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
		Expected: expected, Book: s.book,
	})
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
