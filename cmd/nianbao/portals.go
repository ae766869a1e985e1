package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/crawl/portal"
	"github.com/nianbao/nianbao/record"
	"github.com/nianbao/nianbao/rows"
)

func portalsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "portals",
		Short: "Portal profiles: list, validate, detect the family of a page, coverage",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(portalsListCommand(), portalsValidateCommand(), portalsDetectCommand(), portalsCoverageCommand())
	return c
}

// portalRow is a profile as portals list prints it.
type portalRow struct {
	ID          string `arrow:"id"`
	Name        string `arrow:"name"`
	RegionCode  string `arrow:"region_code"`
	AdminLevel  string `arrow:"admin_level"`
	Family      string `arrow:"family"`
	Dialect     string `arrow:"dialect"`
	Active      bool   `arrow:"active"`
	Verified    bool   `arrow:"verified"`
	Status      string `arrow:"evidence"`
	Source      string `arrow:"source"`
	ObservedAt  string `arrow:"observed_at"`
	EntryPoints string `arrow:"entry_points"` // role and address, semicolons between
	Needs       string `arrow:"needs"`
}

func portalsListCommand() *cobra.Command {
	format, family, region := rows.Table, "", ""
	c := &cobra.Command{
		Use:   "list [DIR|FILE]",
		Short: "List portal profiles with their evidence (default: the shipped ones)",
		Long: `Prints one row a profile. A portal that is not active is not crawled: needs says what
is to be found out first. None is verified until an operator has crawled it and looked.
The table names the first entry point alone; other formats name them all.`,
		Example: "  nianbao portals list --family trs_wcm\n  nianbao portals list --region 320000 --format csv",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if family != "" && !slices.Contains(portal.Families(), family) {
				return &codedError{exitUsage, fmt.Errorf("--family %s: no such family; known: %s", family, strings.Join(portal.Families(), ", "))}
			}
			portals, err := loadProfiles(first(args, shippedProfiles))
			if err != nil {
				return err
			}
			var list []portalRow
			for _, p := range portals {
				if (family == "" || p.Family == family) && within(p.RegionCode, region) {
					list = append(list, rowOf(p, format != rows.Table))
				}
			}
			return printRows(cmd.OutOrStdout(), format, list)
		},
	}
	c.Flags().Var(&format, "format", "output: "+rows.Formats)
	c.Flags().StringVar(&family, "family", "", "only portals of this family")
	c.Flags().StringVar(&region, "region", "", "only portals of this region and those below it, a code of GB/T 2260")
	return c
}

// rowOf is the row of a profile, with all its entry points or the first alone.
func rowOf(p portal.Portal, all bool) portalRow {
	var entries []string
	for _, e := range p.EntryPoints {
		entries = append(entries, e.Role+" "+e.URL)
	}
	if more := len(entries) - 1; more > 0 && !all {
		entries = []string{fmt.Sprintf("%s and %d more", entries[0], more)}
	}
	return portalRow{
		ID: p.ID, Name: p.Name, RegionCode: p.RegionCode, AdminLevel: p.AdminLevel, Family: p.Family, Dialect: p.Dialect,
		Active: p.Active(), Verified: p.Verified, Status: p.Evidence.Status, Source: p.Evidence.Source,
		ObservedAt: p.Evidence.ObservedAt, EntryPoints: strings.Join(entries, "; "), Needs: p.Needs,
	}
}

// within reports whether a region is another or below it: in GB/T 2260 a code of a
// province or a city ends in pairs of zeros.
func within(code, region string) bool {
	for strings.HasSuffix(region, "00") {
		region = strings.TrimSuffix(region, "00")
	}
	return strings.HasPrefix(code, region)
}

// printRows prints all rows in a format.
func printRows[T any](w io.Writer, format rows.Format, all []T) error {
	schema, err := record.Schema[T]()
	if err != nil {
		return err
	}
	out, err := rows.NewWriter(w, format, schema)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return out.Close()
	}
	return errors.Join(writeRows(out, all), out.Close())
}

func portalsValidateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate [DIR|FILE]",
		Short: "Check portal profiles (default: the shipped ones)",
		Long: `Reads every profile and names all errors with file and line: unknown keys and
families, patterns that RE2 refuses, hosts, regions, and addresses that two profiles
share. No portal is asked. Exit code 2 if there is nothing to read, 3 if there are errors.`,
		Example: "  nianbao portals validate ./portals",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			portals, err := loadNamed(first(args, shippedProfiles))
			if coded := (*codedError)(nil); errors.As(err, &coded) {
				return err
			}
			if err != nil {
				problems := strings.Split(err.Error(), "\n") // errors.Join puts each on a line
				for _, p := range problems {
					fmt.Fprintln(cmd.ErrOrStderr(), rows.Printable(p))
				}
				return &codedError{exitItemsFailed, fmt.Errorf("%d errors in portal profiles", len(problems))}
			}
			active, verified := 0, 0
			for _, p := range portals {
				active += count(p.Active())
				verified += count(p.Verified)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%d profiles are valid: %d active, %d with something still to be found out; %d verified by an operator\n",
				len(portals), active, len(portals)-active, verified)
			return nil
		},
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// maxPageBytes is more than any list page has.
const maxPageBytes = 8 << 20

func portalsDetectCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "detect FILE|-",
		Short: "Tell the family of a saved list page, and what to write into a profile",
		Long: `Reads a page that you saved, or standard input, and tells by which signature of
crawl/portal/detect.yaml its family is known, and where it links to a column of annual
reports. No portal is asked. Exit code 3 if nothing known is in the page.`,
		Example: "  nianbao portals detect page.html",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			page, err := readPage(args[0], cmd.InOrStdin())
			if err != nil {
				return err
			}
			found, ok := portal.Detect(page)
			if !ok {
				return &codedError{exitItemsFailed, errors.New("nothing of a known family is in the page; if a script fills it or leads on, save the page that it leads to; else use family: static")}
			}
			printDetected(cmd.OutOrStdout(), found)
			return nil
		},
	}
}

func readPage(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &codedError{exitUsage, err}
		}
		defer f.Close()
		in = f
	}
	page, err := io.ReadAll(io.LimitReader(in, maxPageBytes+1))
	if err == nil && len(page) > maxPageBytes {
		err = fmt.Errorf("%s: larger than %d bytes; save the list page alone", name, maxPageBytes)
	}
	return page, err
}

// printDetected prints a profile to fill in. What comes from the page is quoted.
func printDetected(w io.Writer, found portal.Detected) {
	s := found.Signature
	sure := "certain"
	if !s.Certain {
		sure = "likely; another system might do so, too"
	}
	fmt.Fprintf(w, "# %s, %s: %s\n# found: %s\n", s.Family, sure, s.Means, rows.Printable(found.Text))
	for _, ref := range found.Columns {
		fmt.Fprintf(w, "# it links to a column of annual reports: %s\n", rows.Printable(strconv.Quote(ref)))
	}
	fmt.Fprintf(w, "id: \"\"          # such as cn-410100-zhengzhou\nname: %s\nregion_code: \"\" # GB/T 2260\nadmin_level: \"\" # see docs/portals.md\n", strconv.Quote(rows.Printable(found.SiteName)))
	fmt.Fprintf(w, "hosts:\n  allow: []\nfamily: %s\n", s.Family)
	if s.Dialect != "" {
		fmt.Fprintf(w, "dialect: %s\n", s.Dialect)
	}
	fmt.Fprint(w, "entry_points:\n  - \"\"          # the address of the page\nverified: false # until you have crawled it and looked\n")
}

// first is the first of values, or what stands in for it.
func first(values []string, otherwise string) string {
	if len(values) == 0 {
		return otherwise
	}
	return values[0]
}
