package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/charts"
	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
	"github.com/nianbao/nianbao/warehouse/queries"
)

func siteCommand() *cobra.Command {
	var show bool
	cmd := &cobra.Command{
		Use:   "site [--serve [ADDRESS]]",
		Short: "Write the static comparison site from the warehouse",
		Long: "Write the static comparison site from the warehouse.\n\nWith --serve, show it in a browser until Ctrl-C: on " + previewAddress +
			" unless an address is given. This is a preview; any static host or file:// shows the same.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && !show {
				return fmt.Errorf("unexpected %q; an address goes with --serve", args[len(args)-1])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			err = errors.Join(s.site(cmd.Context()), s.close()) // others may write while the site is shown
			if err != nil || !show {
				return err
			}
			return serve(cmd.Context(), s.stderr, s.out.site(), append(args, previewAddress)[0])
		},
	}
	cmd.Flags().BoolVar(&show, "serve", false, "then show it in a browser, on "+previewAddress+" or the address given")
	return cmd
}

// site writes the site of the warehouse.
func (s *session) site(ctx context.Context) error {
	p := newProgress(s.stderr, "site")
	changes, err := s.changes(ctx)
	if err != nil {
		return err
	}
	in := charts.Input{Warehouse: s.out.database(), Book: s.book, Dir: s.out.site(), Changes: changes}
	for _, q := range queries.All() {
		in.Queries = append(in.Queries, charts.Query{Name: q.Name, TitleZH: q.TitleZH, TitleEN: q.TitleEN})
	}
	r, err := charts.Build(ctx, in)
	if err != nil {
		return err
	}
	p.end("%d pages; %d files written, %d unchanged, %d removed", r.Pages, r.Written, r.Unchanged, r.Removed)
	return nil
}

// changes compares the build that serves with the one that served before; nil where
// none is kept.
func (s *session) changes(ctx context.Context) (*charts.Changes, error) {
	builds, err := warehouse.Builds(ctx, s.out.warehouse())
	if err != nil {
		return nil, err
	}
	now, before := served(builds)
	if before == nil {
		return nil, nil
	}
	c := &charts.Changes{Before: before.BuildID}
	for what, rowsOf := range map[string]any{"reports": &c.Reports, "cells": &c.Cells} {
		var b bytes.Buffer
		if err := warehouse.Diff(ctx, &b, rows.JSON, s.out.warehouse(), what, nil, before.Name(), now.Name()); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(b.Bytes(), rowsOf); err != nil {
			return nil, fmt.Errorf("diff of %s: %w", what, err)
		}
	}
	return c, nil
}

// served are the build that serves and the one that served before it, nil where there is none.
func served(builds []warehouse.Kept) (now, before *warehouse.Kept) {
	at := slices.IndexFunc(builds, func(k warehouse.Kept) bool { return k.Serving })
	if at < 0 {
		return nil, nil
	}
	for i, k := range builds {
		if k.BuildID != "" && k.State == warehouse.Published && !k.Serving && k.Name() < builds[at].Name() && (before == nil || k.Name() > before.Name()) {
			before = &builds[i]
		}
	}
	return &builds[at], before
}
