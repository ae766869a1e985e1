package main

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
)

//go:embed connect/*.txt
var connectTexts embed.FS

// connectTools are those that a text in connect/ is for.
var connectTools = []string{"duckdb", "python", "r", "go"}

// firstQuery is what each text asks; the program in Go scans its three columns.
const firstQuery = "SELECT authority, report_year, app_new FROM requests ORDER BY adcode, scope, report_year"

func connectCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "connect [" + strings.Join(connectTools, "|") + "]",
		Short: "Print how to open the warehouse from other programs",
		Long: `Prints how to open the warehouse read-only from the DuckDB shell, Python, R and Go,
each with a first query. With the name of one, what is printed is the program.`,
		Example:   "  nianbao connect\n  nianbao connect python > first.py",
		ValidArgs: connectTools,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			how, err := newConnection(cmd)
			if err != nil {
				return err
			}
			if len(args) > 0 {
				return how.print(cmd.OutOrStdout(), args[0])
			}
			for i, tool := range connectTools {
				fmt.Fprintf(cmd.OutOrStdout(), "%s== %s ==\n\n", strings.Repeat("\n", min(i, 1)), tool)
				if err := how.print(cmd.OutOrStdout(), tool); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// A connection is what the texts are filled with.
type connection struct {
	Path   string // of the warehouse, absolute
	DuckDB string // the version that wrote it
	Query  string
}

// DSN opens the file read-only with duckdb-go.
func (c connection) DSN() string { return c.Path + "?access_mode=read_only" }

func newConnection(cmd *cobra.Command) (connection, error) {
	path, err := filepath.Abs(outOf(cmd).database())
	if err != nil {
		return connection{}, err
	}
	db, err := warehouse.Open(cmd.Context(), path)
	if err != nil {
		return connection{}, err
	}
	defer db.Close()
	var version bytes.Buffer
	err = db.Query(cmd.Context(), &version, rows.JSONL, "SELECT ltrim(library_version, 'v') AS v FROM pragma_version()")
	return connection{path, strings.Trim(version.String(), "{\"v:}\n"), firstQuery}, err
}

func (c connection) print(w io.Writer, tool string) error {
	quote := func(with string) func(string) string {
		return func(s string) string { return "'" + strings.ReplaceAll(s, "'", with) + "'" }
	}
	t, err := template.New("").Funcs(template.FuncMap{"string": strconv.Quote, "sql": quote("''"), "shell": quote(`'\''`)}).
		ParseFS(connectTexts, "connect/*.txt")
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, tool+".txt", c)
}
