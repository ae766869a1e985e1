//go:build !unix

package office

import (
	"context"
	"os/exec"
	"time"
)

// command prepares a program. Its memory and its work are not bounded, and there are
// no process groups to use here: the end of ctx ends the program alone.
func command(ctx context.Context, _ time.Duration, program string, arguments ...string) *exec.Cmd {
	return exec.CommandContext(ctx, program, arguments...)
}
