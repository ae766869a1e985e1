package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/codebook"
	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/extract"
	"github.com/nianbao/nianbao/warehouse"
)

func explainCommand() *cobra.Command {
	var key warehouse.Key
	mark := ""
	c := &cobra.Command{
		Use:   "explain REGION YEAR METRIC",
		Short: "Walk from one number to its cell, file and address, and show the arithmetic around it",
		Long: `REGION is a GB/T 2260 code, the name of an authority or of its region; METRIC is an id
of the table metric. Where the archive is in --out, too, the WARC record of the exchange
that brought the file is named, with its offset.`,
		Example: "  nianbao explain 410100 2022 app_new\n  nianbao explain 平潭综合实验区管委会 2020 out_granted --applicant natural_person --mark cell.html",
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			year, err := strconv.Atoi(args[1])
			if err != nil {
				return &codedError{exitUsage, fmt.Errorf("year %q is no number", args[1])}
			}
			key.Region, key.Year, key.Metric = args[0], year, args[2]
			db, err := warehouse.Open(cmd.Context(), outOf(cmd).database())
			if err != nil {
				return err
			}
			defer db.Close()
			all, err := db.Explain(cmd.Context(), key)
			if err != nil {
				return err
			}
			if mark != "" {
				if err := markCell(cmd.Context(), outOf(cmd), all, mark); err != nil {
					return err
				}
			}
			for i, e := range all {
				if err := addRecords(cmd.Context(), outOf(cmd), e.SHA256, e.Locations); err != nil {
					return err
				}
				if i > 0 {
					fmt.Fprintln(cmd.OutOrStdout())
				}
				if err := e.WriteText(cmd.OutOrStdout()); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&key.Applicant, "applicant", "", "kind of applicant (default: total)")
	c.Flags().StringVar(&mark, "mark", "", "write the page or table with the cell marked to this file (.png for PDF, else .html)")
	c.Flags().StringVar(&key.Scope, "scope", "", "scope (default: every scope the region has)")
	return c
}

// addRecords says of each address where the archive keeps the exchange that brought the
// bytes, if the archive is here. The warehouse does not hold it: where a record stands
// depends on how the crawl went, the number does not.
func addRecords(ctx context.Context, o out, sha string, locations []warehouse.Fetch) error {
	places, err := archive.Records(ctx, o.archive(), sha)
	for i, l := range locations {
		if p, kept := places[l.URL]; kept {
			locations[i].Record = fmt.Sprintf("%s at offset %d  (warcio extract FILE OFFSET prints it)", p.File, p.Offset)
		}
	}
	return err
}

// markCell writes the page or table in which a number is printed, with its cell marked.
func markCell(ctx context.Context, o out, all []warehouse.Explanation, path string) error {
	if len(all) != 1 {
		return &codedError{exitUsage, fmt.Errorf("--mark shows one cell, and %d numbers fit; give --scope", len(all))}
	}
	e := all[0]
	if e.Cell == nil {
		return &codedError{exitUsage, fmt.Errorf("%s is not printed but the sum of other cells; mark one of those", e.Metric)}
	}
	data, err := os.ReadFile(filepath.Join(o.archive(), filepath.FromSlash(e.Object())))
	if err != nil {
		return fmt.Errorf("read the document from the archive: %w", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != e.SHA256 {
		return fmt.Errorf("%s in the archive is damaged; run nianbao crawl to fetch it again", e.Object())
	}
	book, err := codebook.Load()
	if err != nil {
		return err
	}
	x := extract.New(book, extract.Options{CacheDir: engineCache()})
	defer x.Close()
	page, ext, err := x.Mark(ctx, data, e.Cell.Locator)
	if err != nil {
		return fmt.Errorf("mark the cell in %s: %w", e.Object(), err)
	}
	if filepath.Ext(path) != ext {
		return &codedError{exitUsage, fmt.Errorf("the marked document is a %s file; name it so", ext)}
	}
	return os.WriteFile(path, page, 0o644)
}
