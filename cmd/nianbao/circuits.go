package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/nianbao/nianbao/crawl/archive"
	"github.com/nianbao/nianbao/crawl/portal"
)

func circuitsCommand() *cobra.Command {
	var clear, by, reason string
	c := &cobra.Command{
		Use:   "circuits",
		Short: "Show which hosts refused or challenged the crawler, and let them be asked again",
		Long: `Shows the hosts that answered with a challenge or a refusal. Each is left alone for a day
at least; after three such answers its profile is disabled until a person, having looked at
the portal or written to it, clears it with --clear. See docs/crawling.md.`,
		Example: `  nianbao circuits
  nianbao circuits --clear cn-410100-zhengzhou --by 张三 --reason "portal office agreed by letter"`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if clear != "" && (by == "" || reason == "") {
				return &codedError{exitUsage, fmt.Errorf("clearing a portal is a person's decision: give --by, a name, and --reason")}
			}
			s, err := openSession(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			if clear != "" {
				return s.clearCircuits(cmd, clear, by+": "+reason)
			}
			return s.listCircuits(cmd)
		},
	}
	c.Flags().StringVar(&clear, "clear", "", "id of the portal whose hosts may be asked again")
	c.Flags().StringVar(&by, "by", "", "name of the person who decided so")
	c.Flags().StringVar(&reason, "reason", "", "why")
	return c
}

func (s *session) clearCircuits(cmd *cobra.Command, id, by string) error {
	n, err := s.archive.ClearCircuits(cmd.Context(), id, by, time.Now())
	if err == nil && n == 0 {
		err = fmt.Errorf("no host of the portal %q is left alone; nianbao circuits lists those that are", id)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stderr, "%d circuits of %s are cleared; the next run asks it again\n", n, id)
	return nil
}

func (s *session) listCircuits(cmd *cobra.Command) error {
	list, err := s.archive.Circuits(cmd.Context(), "")
	if err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(s.stderr, "no host has refused or challenged the crawler")
	}
	for _, c := range list {
		fmt.Fprintln(cmd.OutOrStdout(), circuitLine(c))
	}
	return nil
}

// circuitLine says of a circuit what a person needs to decide.
func circuitLine(c archive.Circuit) string {
	local := func(t time.Time) string { return t.In(portal.China).Format("2006-01-02 15:04 MST") }
	return fmt.Sprintf("%s: %s answered %s (%d) on %s at %s; left alone until %s", c.Portal, c.Host, c.Product, c.Status, local(c.Opened), c.Address, local(c.Until))
}
