// Package process starts the servers, and the clients, that the bench compares, each
// as a program of its own, and measures them from outside.
package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"

	"github.com/gosio/sio/bench/result"
)

// ErrMissing says that a program cannot be started because something that it
// needs is not installed; the error around it names that.
var ErrMissing = errors.New("missing")

// A program is one that the bench knows. Its functions may take a while the
// first time: they build or install it.
type program struct {
	result.Server
	command func(context.Context) (*exec.Cmd, error)
	version func(context.Context) (string, error)
}

// known returns the programs without their version.
func known(programs []program) []result.Server {
	known := make([]result.Server, len(programs))
	for i, p := range programs {
		known[i] = p.Server
	}
	return known
}

// find returns the program of a name; kind is what it is.
func find(programs []program, kind, name string) (program, error) {
	i := slices.IndexFunc(programs, func(p program) bool { return p.Name == name })
	if i < 0 {
		return program{}, fmt.Errorf("no %s %q", kind, name)
	}
	return programs[i], nil
}

// start starts it with arguments, and returns the first line that it says, too.
func (p program) start(ctx context.Context, arguments ...string) (*Process, string, error) {
	cmd, err := p.command(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", p.Name, err)
	}
	cmd.Args = append(cmd.Args, arguments...)
	started, line, err := start(p.Name, cmd)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", p.Name, err)
	}
	return started, line, nil
}
