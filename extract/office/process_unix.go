//go:build unix

package office

import (
	"context"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// command prepares a program that may take maxMemory of address space and so much
// processor time, where the system can say so, and that the end of ctx kills together with its children:
// soffice is a script that starts the program proper.
func command(ctx context.Context, work time.Duration, program string, arguments ...string) *exec.Cmd {
	const script = `ulimit -v "$0" 2>/dev/null; ulimit -t "$1" 2>/dev/null; shift; exec "$@"`
	kilobytes, seconds := strconv.Itoa(maxMemory>>10), strconv.Itoa(int(work.Seconds()))
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", script, kilobytes, seconds, program}, arguments...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}
