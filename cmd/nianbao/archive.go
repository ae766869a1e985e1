package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/crawl/archive"
)

func archiveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "archive",
		Short: "Look after the archive of what was crawled",
		Long: `The archive holds what the portals answered:

  archive/objects        the documents and list pages, named by their sha256
  archive/warc/*.warc.gz every exchange with a portal as it was transferred (WARC 1.1)
  archive/ledger.sqlite  what happened to every address

The WARC files are enough to rebuild all of it: nianbao crawl --replay.`,
	}
	c.AddCommand(verifyCommand())
	return c
}

func verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Read the whole archive and report damage",
		Long: `Reads the ledger, every object against its name and every WARC record against its digest
and checksum. For what is damaged it prints the file, the offset of the record, an address,
and what to do; the exit code is then 3.`,
		Example: "  nianbao archive verify --out out",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := os.Stat(outOf(cmd).archive()); err != nil {
				return &codedError{exitUsage, fmt.Errorf("no archive to verify: %w; say with --out where it is", err)}
			}
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			err = s.verify(cmd)
			return errors.Join(err, s.close())
		},
	}
}

func (s *session) verify(cmd *cobra.Command) error {
	p := newProgress(s.stderr, "verify")
	const mega = 1_000_000
	done, err := s.archive.Verify(cmd.Context(), func(at archive.Verified) {
		p.set(int(at.Bytes/mega), int(at.Total/mega), fmt.Sprintf("MB (%d damaged)", at.Damaged))
	}, func(d archive.Damage) {
		fmt.Fprintln(cmd.OutOrStdout(), damageLine(d))
	})
	if err != nil {
		return err
	}
	p.end("%d objects and %d WARC records read, %d damaged", done.Objects, done.Records, done.Damaged)
	if done.Damaged > 0 {
		return &codedError{exitItemsFailed, fmt.Errorf("%d places of the archive are damaged", done.Damaged)}
	}
	return nil
}

func damageLine(d archive.Damage) string {
	line := d.Path
	if d.Offset >= 0 {
		line += fmt.Sprintf(" at offset %d", d.Offset)
	}
	line += ": " + d.Problem
	if d.Address != "" {
		line += " (" + d.Address + ")"
	}
	return line + "; next: " + d.NextStep
}
