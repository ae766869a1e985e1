//go:build !unix

package office

import (
	"context"
	"os/exec"
)

// command prepares a program. There are no process groups to use here: the end of
// ctx ends the program alone.
func command(ctx context.Context, program string, arguments ...string) *exec.Cmd {
	return exec.CommandContext(ctx, program, arguments...)
}
