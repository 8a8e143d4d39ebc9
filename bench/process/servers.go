package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/gosio/sio/bench/result"
)

var servers = []program{
	goProgram("servers", "sio", "gosio", result.Ours, "github.com/gosio/sio"),
	jsProgram("node.mjs", "node", "socket.io on Node", node, "socket.io", "ws"),
	jsProgram("bun.mjs", "bun", "socket.io on Bun", bun, "socket.io", "@socket.io/bun-engine"),
	goProgram("servers", "gobwas", "gobwas/ws", result.Raw, "github.com/gobwas/ws"),
	goProgram("servers", "nethttp", "net/http", result.Raw, "github.com/gobwas/ws"),
	goProgram("servers", "gws", "gws", result.Raw, "github.com/lxzan/gws"),
}

// Known returns the servers that Start knows, without their version.
func Known() []result.Server { return known(servers) }

// Start starts a server and returns when it can be reached. It is killed when
// the context ends.
func Start(ctx context.Context, name string) (*Process, error) {
	s, err := find(servers, "server", name)
	if err != nil {
		return nil, err
	}
	p, line, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	addr, ok := strings.CutPrefix(line, "listening ")
	if !ok {
		_ = p.Stop()
		return nil, fmt.Errorf("%s: said %q instead of where it listens", name, line)
	}
	p.addr = addr
	return p, nil
}

// Add makes a Socket.IO server known that follows the same contract as the
// others: command is a command line of the shell that starts it.
func Add(name, command string) error {
	if name == "" || command == "" {
		return errors.New("a server needs a name and a command")
	}
	if _, err := find(servers, "server", name); err == nil {
		return fmt.Errorf("there is a server %q already", name)
	}
	servers = append(servers, shell(name, command))
	return nil
}

// shell is a program that a command line starts.
func shell(name, command string) program {
	return program{
		Server: result.Server{Name: name, Title: name, Kind: result.Peer},
		command: func(ctx context.Context) (*exec.Cmd, error) {
			// exec: what is measured is the program, not a shell around it.
			return exec.CommandContext(ctx, "sh", "-c", "exec "+command), nil
		},
		version: func(context.Context) (string, error) { return "", nil },
	}
}

// Version returns the versions of a server's library and of what runs it, or
// "" for one that was added.
func Version(ctx context.Context, name string) (string, error) {
	s, err := find(servers, "server", name)
	if err != nil {
		return "", err
	}
	return s.version(ctx)
}
