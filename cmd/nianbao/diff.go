package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

func diffCommand() *cobra.Command {
	format, what, gate := rows.Table, "summary", ""
	c := &cobra.Command{
		Use:   "diff [OLD [NEW]]",
		Short: "Compare two builds: rows, reports, cells, grades, coverage, identities",
		Long: `Compares two builds that are kept. Without names: the build that serves and the newest, if
that was refused or is held, else the build that served before and the one that serves. With
one name: that build and the one that serves, the older first. Names are as of nianbao build.

--what chooses what is printed: summary, counts of both; reports that are new, gone, replaced
or named or graded otherwise; cells of the same documents whose value or status changed, with
document and locator; identities that come out otherwise; gate, what the new build loses by
each measure of the diff gate, how much is let pass, and examples.`,
		Example: `  nianbao diff
  nianbao diff --what cells --format csv 000040 000042 > cells.csv`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			thresholds, err := warehouse.Thresholds(gate)
			if err != nil {
				return &codedError{exitUsage, err}
			}
			return warehouse.Diff(cmd.Context(), cmd.OutOrStdout(), format, outOf(cmd).warehouse(), what, thresholds, args...)
		},
	}
	c.Flags().Var(&format, "format", "output: "+rows.Formats)
	c.Flags().StringVar(&what, "what", what, "what to print: "+strings.Join(warehouse.Comparisons, ", "))
	gateFlag(c, &gate)
	return c
}

func gateFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "gate", "", "CSV file of thresholds (measure,max_share,max_count,reason) in the place of those that nianbao has")
}
