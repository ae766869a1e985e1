//go:build unix

package office

import (
	"context"
	"os/exec"
	"strconv"
	"syscall"
)

// command prepares a program that may take maxMemory of address space, where the
// system can say so, and that the end of ctx kills together with its children:
// soffice is a script that starts the program proper.
func command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	const script = `ulimit -v "$0" 2>/dev/null; exec "$@"`
	kilobytes := strconv.Itoa(maxMemory >> 10)
	cmd := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", script, kilobytes, program}, arguments...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}
