package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

func portalsCoverageCommand() *cobra.Command {
	format, id, all := rows.Table, "", false
	c := &cobra.Command{
		Use:   "coverage",
		Short: "What became of each report that was due, by portal, authority and year",
		Long: `Prints for each portal and year whether the report of the portal's own authority was
due, and what became of it: accepted (a report of that year was extracted), fetched or
located (and the reason why it went no further), missing (no list has it), or unknown
(the lists could not be read, or the portal is not crawled yet). late says that the list
gives it a day after the last one for publishing. With --all the other bodies follow whose
reports the portal lists; each is expected to go on from year to year. It reads the
warehouse; crawl and build first.`,
		Example: "  nianbao portals coverage\n  nianbao portals coverage --portal cn-410100-zhengzhou --all --format csv",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := warehouse.Open(cmd.Context(), outOf(cmd).database())
			if err != nil {
				return err
			}
			defer db.Close()
			if err := db.Query(cmd.Context(), cmd.OutOrStdout(), format, selectCoverage, id, id, all); err != nil {
				return err
			}
			_, err = reportCoverage(cmd.Context(), db, cmd.ErrOrStderr())
			return err
		},
	}
	c.Flags().Var(&format, "format", "output: "+rows.Formats)
	c.Flags().StringVar(&id, "portal", "", "only this portal, by its id")
	c.Flags().BoolVar(&all, "all", false, "also the other bodies whose reports the portals list")
	return c
}

const selectCoverage = `
	SELECT portal, authority, report_year, expected, due_on, published_on, late, state, reason, located, fetched, reports, scopes, withdrawn, detail, url
	FROM portal_coverage WHERE (? = '' OR portal = ?) AND (own OR ?) ORDER BY portal, own DESC, authority, report_year NULLS FIRST`

// coverage reports the coverage of the warehouse of the session.
func (s *session) coverage(ctx context.Context) (warehouse.Coverage, error) {
	db, err := warehouse.Open(ctx, s.out.database())
	if err != nil {
		return warehouse.Coverage{}, err
	}
	defer db.Close()
	return reportCoverage(ctx, db, s.stderr)
}

// reportCoverage says in one line what became of the reports that were due, and names
// what was there at an earlier crawl and is no longer.
func reportCoverage(ctx context.Context, db *warehouse.DB, stderr io.Writer) (warehouse.Coverage, error) {
	c, err := db.Coverage(ctx)
	if err != nil {
		return c, err
	}
	newProgress(stderr, "coverage").end("%d reports due: %s, %d late; of other bodies %s; %d portals not crawled yet",
		c.Due, statesText(c.States), c.Late, statesText(c.Others), c.NotCrawled)
	for _, w := range c.Withdrawn {
		fmt.Fprintf(stderr, "  %s %s: %d of %d documents that an earlier crawl fetched did not come any more; next: look at the portal, and at the profile if the portal was rebuilt\n",
			w.Portal, yearText(w.ReportYear), w.Documents, w.Fetched)
	}
	return c, nil
}

func statesText(n map[string]int64) string {
	return fmt.Sprintf("%d accepted, %d fetched only, %d located only, %d missing, %d unknown",
		n["accepted"], n["fetched"], n["located"], n["missing"], n["unknown"])
}

func yearText(year int64) string {
	if year == 0 {
		return "(year not established)"
	}
	return strconv.FormatInt(year, 10)
}
