package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/rows"
	"github.com/nianbao/nianbao/warehouse"
	"github.com/nianbao/nianbao/warehouse/queries"
)

// queryFlags are the flags of nianbao query.
type queryFlags struct {
	format             rows.Format
	file, output, show string
	list               bool
	params             []string
}

func queryCommand() *cobra.Command {
	var f queryFlags
	c := &cobra.Command{
		Use:   "query [SQL|NAME]",
		Short: "Run SQL or a named query on the warehouse",
		Long: `Runs SQL on the warehouse, or the named query of docs/queries.md. The warehouse is
opened read-only, and SQL can neither read nor write other files. --param binds a value
to $name in the SQL; it is never pasted into it. What each table, view and column means
is answered by the named queries tables and columns.

Without SQL, on a terminal, it is a shell with completion and history; .help says more.`,
		Example: `  nianbao query "SELECT authority, report_year, app_new FROM requests ORDER BY ALL"
  nianbao query --list
  nianbao query refusal-grounds --param city=410100 --param year=2022
  nianbao query outcome-shares --param city=郑州市 -o outcomes.xlsx
  nianbao query 'FROM errata WHERE report_year = $year' --param year=2023 --format jsonl`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.FixedCompletions(queries.Names(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.list:
				return listQueries(cmd.OutOrStdout())
			case f.show != "":
				return showQuery(cmd.Context(), cmd.OutOrStdout(), f.show)
			}
			if err := f.settle(cmd.OutOrStdout()); err != nil {
				return err
			}
			if len(args) == 0 && f.file == "" && f.output == "" && isTerminal(os.Stdin) && isTerminal(cmd.OutOrStdout()) {
				return runShell(cmd, f.format)
			}
			text, err := sqlOf(args, f.file)
			if err != nil {
				return err
			}
			return f.answer(cmd, text)
		},
	}
	c.Flags().Var(&f.format, "format", "output: "+rows.Formats+" (default: by the ending of -o, else table)")
	c.Flags().StringVarP(&f.file, "file", "f", "", "file that holds the SQL")
	c.Flags().StringVarP(&f.output, "output", "o", "", "file for the rows, written whole or not at all (default: standard output)")
	c.Flags().BoolVar(&f.list, "list", false, "list the named queries with their parameters")
	c.Flags().StringVar(&f.show, "show", "", "print the SQL of this named query")
	c.Flags().StringArrayVar(&f.params, "param", nil, "name=value of a parameter, once for each")
	return c
}

// settle finds the format, and refuses to print what is binary on a terminal.
func (f *queryFlags) settle(stdout io.Writer) error {
	if f.format == "" && f.output != "" {
		if err := f.format.Set(strings.TrimPrefix(filepath.Ext(f.output), ".")); err != nil {
			return &codedError{exitUsage, fmt.Errorf("the ending of %s names no format; give --format: %s", f.output, rows.Formats)}
		}
	}
	if f.format == "" {
		f.format = rows.Table
	}
	if f.output == "" && f.format.Binary() && isTerminal(stdout) {
		return &codedError{exitUsage, fmt.Errorf("%s is binary; send it to a file: -o answer.%s", f.format, f.format)}
	}
	return nil
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// answer runs the SQL or named query that text is.
func (f *queryFlags) answer(cmd *cobra.Command, text string) error {
	db, err := warehouse.Open(cmd.Context(), outOf(cmd).database())
	if err != nil {
		return err
	}
	defer db.Close()
	given, err := paramsOf(f.params)
	if err != nil {
		return err
	}
	q, err := questionOf(cmd.Context(), db, text, given)
	if err != nil {
		return f.inFile(err)
	}
	var n int64
	ask := func(w io.Writer) (err error) {
		n, err = q.run(cmd.Context(), db, w, f.format)
		return f.inFile(err)
	}
	if f.output == "" {
		err = ask(cmd.OutOrStdout())
	} else {
		err = writeWhole(f.output, 0o644, ask)
	}
	if err == nil && n == 0 && q.named && len(given) > 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "no rows; nianbao query bodies lists the bodies and years there are")
	}
	return err
}

// inFile says which file the SQL stands in.
func (f *queryFlags) inFile(err error) error {
	if err == nil || f.file == "" {
		return err
	}
	return fmt.Errorf("%s: %w", f.file, err)
}

// writeWhole writes a file beside path and renames it, so that path is the old or the new.
func writeWhole(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".nianbao-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	if err := errors.Join(write(temp), temp.Chmod(mode), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// sqlOf is the SQL or the name of the argument, or the SQL of the file or of standard input.
func sqlOf(args []string, file string) (string, error) {
	if file != "" && len(args) > 0 {
		return "", &codedError{exitUsage, fmt.Errorf("give the SQL as an argument or in a file with -f, one of the two")}
	}
	if len(args) > 0 {
		return args[0], nil
	}
	read := func() ([]byte, error) { return os.ReadFile(file) }
	if file == "" {
		read = func() ([]byte, error) { return io.ReadAll(os.Stdin) }
	}
	raw, err := read()
	if err == nil && strings.TrimSpace(string(raw)) == "" {
		err = &codedError{exitUsage, fmt.Errorf("no SQL: give it as an argument, in a file with -f or on standard input; nianbao query --list has queries ready")}
	}
	return string(raw), err
}

// listQueries prints what the named queries answer and take.
func listQueries(w io.Writer) error {
	for _, q := range queries.All() {
		if _, err := fmt.Fprintf(w, "%s\n    %s\n    %s\n", q.Name, q.TitleZH, q.TitleEN); err != nil {
			return err
		}
		for _, p := range q.Parameters {
			if _, err := fmt.Fprintf(w, "    %-10s %s\n", p.Name, p.Describe()); err != nil {
				return err
			}
		}
	}
	return nil
}

// showQuery prints the SQL of a named query.
func showQuery(ctx context.Context, w io.Writer, name string) error {
	q, err := findQuery(ctx, name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, q.SQL)
	return err
}
