package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/charts"
)

func siteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "site",
		Short: "Write the static comparison site from the warehouse",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			return s.site(cmd.Context())
		},
	}
}

// site writes the site of the warehouse.
func (s *session) site(ctx context.Context) error {
	p := newProgress(s.stderr, "site")
	r, err := charts.Build(ctx, charts.Input{Warehouse: s.out.database(), Book: s.book, Dir: s.out.site()})
	if err != nil {
		return err
	}
	p.end("%d pages; %d files written, %d unchanged, %d removed", r.Pages, r.Written, r.Unchanged, r.Removed)
	return nil
}
