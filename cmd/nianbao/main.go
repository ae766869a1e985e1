// Command nianbao collects the annual reports of Chinese governments on how they
// handled requests for government information (政府信息公开工作年度报告), checks every
// printed number by the form's own arithmetic, and publishes a DuckDB warehouse and
// a static comparison site.
//
// One file here holds one verb. Data goes to standard output, talk to standard error.
//
// Exit codes: 0 done; 1 internal error; 2 usage; 3 finished, some items failed;
// 4 finished, findings at or above --fail-on; 5 the build was kept but not
// published; 130 interrupted, run again to resume.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes; 1 is any other error.
const (
	exitUsage       = 2
	exitItemsFailed = 3
	exitFindings    = 4
	exitRefused     = 5
	exitInterrupted = 130
)

// codedError is an error that decides the exit code.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }
func (e *codedError) Unwrap() error { return e.err }

func main() {
	// A batch tool may trade memory for speed: collect less often, while there is little.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(350 << 20)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var coded *codedError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &coded):
		fmt.Fprintln(stderr, "nianbao:", err)
		return coded.code
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "nianbao: interrupted; run the same command again, it goes on where it stopped")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "nianbao:", err)
	return 1
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "nianbao",
		Short:         "Annual reports on government information disclosure: crawl, extract, check, compare",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.PersistentFlags().String("out", "out", "folder of archive, parts, warehouse and site")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &codedError{exitUsage, fmt.Errorf("%w; see nianbao %s --help", err, cmd.Name())}
	})
	root.AddCommand(
		runCommand(), crawlCommand(), extractCommand(), buildCommand(), diffCommand(), siteCommand(),
		checkCommand(), explainCommand(), queryCommand(), connectCommand(), exportCommand(), portalsCommand(), circuitsCommand(), archiveCommand(), doctorCommand(),
	)
	usageErrors(root)
	return root
}

// usageErrors gives wrong arguments of the commands below c the exit code of usage.
func usageErrors(parent *cobra.Command) {
	for _, c := range parent.Commands() {
		usageErrors(c)
		if c.RunE != nil {
			usageErrorsOf(c)
		}
	}
}

func usageErrorsOf(c *cobra.Command) {
	validate := c.Args
	if validate == nil {
		validate = cobra.NoArgs
	}
	c.Args = func(cmd *cobra.Command, args []string) error {
		if err := validate(cmd, args); err != nil {
			return &codedError{exitUsage, fmt.Errorf("%w; see nianbao %s --help", err, cmd.Name())}
		}
		return nil
	}
}
