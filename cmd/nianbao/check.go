package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

func checkCommand() *cobra.Command {
	failOn := ""
	c := &cobra.Command{
		Use:   "check",
		Short: "List failed identities and findings of the reports that stand",
		Long: `Prints every failed identity with both sides and every other finding, the most severe
first: those within a report, and those between reports, from year to year and from the
members of a city to the whole (views continuity and hierarchy). With --fail-on the exit
code is 4 where there is one at or above that severity.`,
		Example: "  nianbao check --fail-on warn",
		RunE: func(cmd *cobra.Command, _ []string) error {
			severities, ok := atOrAbove[failOn]
			if !ok {
				return &codedError{exitUsage, fmt.Errorf("--fail-on %s: use error or warn", failOn)}
			}
			ctx, o := cmd.Context(), outOf(cmd)
			health, err := checkWarehouse(ctx, o, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			if err := listFindings(ctx, o, cmd.OutOrStdout()); err != nil {
				return err
			}
			n := int64(0)
			for _, s := range severities {
				n += health.Findings[s] + health.BetweenFailed[s]
			}
			if n > 0 {
				return &codedError{exitFindings, fmt.Errorf("%d findings at or above %s", n, failOn)}
			}
			return nil
		},
	}
	c.Flags().StringVar(&failOn, "fail-on", "", "severity from which on findings fail the command: error or warn")
	return c
}

// atOrAbove are the severities that a value of --fail-on covers.
var atOrAbove = map[string][]string{"": nil, "error": {"error"}, "warn": {"error", "warn"}}

// checkWarehouse counts what holds and what does not.
func checkWarehouse(ctx context.Context, o out, stderr io.Writer) (warehouse.Health, error) {
	db, err := warehouse.Open(ctx, o.database())
	if err != nil {
		return warehouse.Health{}, err
	}
	defer db.Close()
	h, err := db.Health(ctx)
	if err != nil {
		return h, err
	}
	newProgress(stderr, "check").end("%d identities held, %d failed, %d not testable; between reports %d, %d, %d; findings: %d errors, %d warnings",
		h.Held, h.Failed, h.Untestable, h.Between.Held, h.Between.Failed, h.Between.Untestable, h.Findings["error"], h.Findings["warn"])
	return h, nil
}

// listFindings prints findings and failed identities between reports as a table.
func listFindings(ctx context.Context, o out, w io.Writer) error {
	db, err := warehouse.Open(ctx, o.database())
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Query(ctx, w, rows.Table, `
		FROM problem ORDER BY list_position(['error', 'warn', 'info'], severity), authority, report_year, code, message`)
}
