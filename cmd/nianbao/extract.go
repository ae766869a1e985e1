package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/rows"
)

func extractCommand() *cobra.Command {
	format, checks := rows.CSV, ""
	c := &cobra.Command{
		Use:   "extract PATH...",
		Short: "Print every numeric cell of reports in files or folders",
		Long: `Reads each file, or each file below a folder, and prints one row a printed numeric
cell. What needs a person's look goes to standard error, or to --checks.`,
		Example: "  nianbao extract report.pdf\n  nianbao extract --format parquet reports/ > cells.parquet",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return extractFiles(cmd.Context(), args, format, checks, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.Flags().Var(&format, "format", "output: "+rows.Formats)
	c.Flags().StringVar(&checks, "checks", "", "file for findings and failed identities (default: standard error)")
	return c
}

// cellRow is a printed cell with the report it stands in.
type cellRow struct {
	Document   string          `arrow:"document"`
	Authority  string          `arrow:"authority"`
	Adcode     string          `arrow:"adcode"`
	ReportYear *int32          `arrow:"report_year"`
	Scope      string          `arrow:"scope"`
	Era        string          `arrow:"era"`
	Table      string          `arrow:"table"`
	Metric     string          `arrow:"metric"`
	Applicant  string          `arrow:"applicant"`
	Value      *decimal128.Num `arrow:"value,decimal(28,8)"`
	Status     string          `arrow:"status"`
	Raw        string          `arrow:"raw"`
	Locator    string          `arrow:"locator"`
}

func extractFiles(ctx context.Context, paths []string, format rows.Format, checks string, stdout, stderr io.Writer) (err error) {
	book, err := codebook.Load()
	if err != nil {
		return err
	}
	talk := stderr
	if checks != "" {
		f, err := os.Create(checks)
		if err != nil {
			return fmt.Errorf("open the file for checks: %w", err)
		}
		defer f.Close()
		talk = f
	}
	e := extract.New(book, extract.Options{CacheDir: engineCache(), Reread: true})
	defer e.Close()
	schema, err := record.Schema[cellRow]()
	if err != nil {
		return err
	}
	w, err := rows.NewWriter(stdout, format, schema)
	if err != nil {
		return err
	}
	read, failed := 0, 0
	err = eachFile(paths, func(path string, pathErr error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		read++
		x, err := extractFile(ctx, e, path, pathErr)
		if err != nil || x.Report == nil {
			failed++
			fmt.Fprintln(stderr, notExtracted(book, path, x, err))
			return nil
		}
		writeFindings(talk, path, x)
		return writeRows(w, cellRows(path, x))
	})
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	if failed > 0 {
		return &codedError{exitItemsFailed, fmt.Errorf("%d of %d files yielded no report", failed, read)}
	}
	return nil
}

// eachFile visits files in the order of their names, below folders too. A path that
// cannot be visited is passed on with its error.
func eachFile(paths []string, visit func(path string, err error) error) error {
	for _, p := range paths {
		err := filepath.WalkDir(p, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return nil
			}
			return visit(path, err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func extractFile(ctx context.Context, e *extract.Extractor, path string, err error) (*record.Extraction, error) {
	if err != nil {
		return nil, err
	}
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a pipe may never end
		return nil, errors.New("no regular file; name a file or a folder of files")
	case info.Size() > extract.MaxBytes: // do not even read it
		return &record.Extraction{Document: record.Document{Bytes: info.Size(), Reason: "too_large",
			Detail: fmt.Sprintf("%d bytes, the limit is %d", info.Size(), extract.MaxBytes)}}, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return e.Extract(ctx, data)
}

// notExtracted says of a file why it yields no report and what to do.
func notExtracted(book *codebook.Book, path string, x *record.Extraction, err error) string {
	if err != nil {
		return fmt.Sprintf("%s: %v", path, err)
	}
	return fmt.Sprintf("%s: %s: %s; next: %s", path, x.Document.Reason, x.Document.Detail, nextStep(book, x.Document.Reason))
}

// nextStep is what reason.csv advises.
func nextStep(book *codebook.Book, reason string) string {
	if r, ok := book.Reason[reason]; ok {
		return r.NextStep
	}
	return "report it as an error of nianbao"
}

func writeFindings(w io.Writer, path string, x *record.Extraction) {
	for _, f := range x.Findings {
		at := ""
		if f.Locator != "" {
			at = " at " + f.Locator
		}
		fmt.Fprintf(w, "%s: %s: %s%s: %s\n", path, f.Severity, f.Code, at, f.Message)
	}
}

func cellRows(path string, x *record.Extraction) []cellRow {
	out := make([]cellRow, len(x.Cells))
	for i, c := range x.Cells {
		out[i] = cellRow{
			Document: path, Authority: x.Report.Authority, Adcode: x.Report.Adcode, ReportYear: x.Report.ReportYear,
			Scope: x.Report.Scope, Era: x.Report.Era, Table: c.Table, Metric: c.Metric, Applicant: c.Applicant,
			Value: c.Value, Status: c.Status, Raw: c.Raw, Locator: c.Locator,
		}
	}
	return out
}

func writeRows[T any](w *rows.Writer, all []T) error {
	batch, err := record.Batch(all)
	if err != nil {
		return err
	}
	defer batch.Release()
	return w.Write(batch)
}

// engineCache is where the compiled PDF engine is kept, or empty where there is no
// folder for such things.
func engineCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "nianbao")
}
