package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/warehouse"
	"github.com/nianbao/nianbao/warehouse/export"
)

func exportCommand() *cobra.Command {
	to := ""
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the warehouse as Parquet, CSV and XLSX with a data package",
		Long: `Writes Parquet in partitions by year, CSV as it is and for Excel, an XLSX workbook with
a codebook, datapackage.json, SHA256SUMS, CITATION.cff and notes. The same build gives the
same bytes; files that did not change are kept, and the folder is swapped when all is there.`,
		Example: "  nianbao export\n  nianbao export --to nianbao-export",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			spill, err := os.MkdirTemp("", "nianbao-export-*")
			if err != nil {
				return fmt.Errorf("a folder for what does not fit into memory: %w; name another with TMPDIR", err)
			}
			defer func() { err = errors.Join(err, os.RemoveAll(spill)) }()
			db, err := warehouse.OpenBounded(cmd.Context(), outOf(cmd).database(), spill)
			if err != nil {
				return err
			}
			defer db.Close()
			dir := cmp.Or(to, outOf(cmd).export())
			p := newProgress(cmd.ErrOrStderr(), "export")
			sum, err := export.Write(cmd.Context(), db, dir, p.set)
			if err != nil {
				return err
			}
			p.end("%d files, %d of them changed, %.1f MB", sum.Files, sum.Changed, float64(sum.Bytes)/1e6)
			for _, what := range sum.LeftOut {
				fmt.Fprintln(cmd.ErrOrStderr(), "  "+what)
			}
			fmt.Fprintln(cmd.OutOrStdout(), dir)
			return nil
		},
	}
	c.Flags().StringVar(&to, "to", "", "folder for the export (default: export in the folder of --out)")
	return c
}
