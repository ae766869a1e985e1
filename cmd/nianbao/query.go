package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

func queryCommand() *cobra.Command {
	format, file := rows.Table, ""
	c := &cobra.Command{
		Use:   "query [SQL]",
		Short: "Run SQL on the warehouse",
		Long: `Runs SQL on the warehouse, which is opened read-only. What each table, view and
column means stands in the file: SELECT table_name, comment FROM duckdb_tables().`,
		Example: `  nianbao query "SELECT authority, report_year, app_new FROM requests ORDER BY ALL"
  nianbao query --format csv -f question.sql > answer.csv`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			sql, err := sqlOf(args, file)
			if err != nil {
				return err
			}
			db, err := warehouse.Open(cmd.Context(), outOf(cmd).database())
			if err != nil {
				return err
			}
			defer db.Close()
			return db.Query(cmd.Context(), cmd.OutOrStdout(), format, sql)
		},
	}
	c.Flags().Var(&format, "format", "output: "+rows.Formats)
	c.Flags().StringVarP(&file, "file", "f", "", "file that holds the SQL")
	return c
}

// sqlOf is the SQL of the argument or of the file.
func sqlOf(args []string, file string) (string, error) {
	if (file == "") == (len(args) == 0) {
		return "", &codedError{exitUsage, fmt.Errorf("give the SQL as an argument or in a file with -f, one of the two")}
	}
	if file == "" {
		return args[0], nil
	}
	raw, err := os.ReadFile(file)
	return string(raw), err
}
