// Package process starts the servers that the bench compares, each as a
// program of its own, and measures them from outside.
package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"

	"github.com/gosio/sio/bench/result"
)

// ErrMissing says that a server cannot be started because something that it
// needs is not installed; the error around it names that.
var ErrMissing = errors.New("missing")

// A server is one that the bench knows. Its functions may take a while the
// first time: they build or install it.
type server struct {
	result.Server
	command func(context.Context) (*exec.Cmd, error)
	version func(context.Context) (string, error)
}

var servers = []server{
	goServer("sio", "gosio", result.Ours, "github.com/gosio/sio"),
	jsServer("node", "socket.io on Node", node, "socket.io", "ws"),
	jsServer("bun", "socket.io on Bun", bun, "socket.io", "@socket.io/bun-engine"),
	goServer("gobwas", "gobwas/ws", result.Raw, "github.com/gobwas/ws"),
	goServer("nethttp", "net/http", result.Raw, "github.com/gobwas/ws"),
	goServer("gws", "gws", result.Raw, "github.com/lxzan/gws"),
}

// Known returns the servers that Start knows, without their version.
func Known() []result.Server {
	known := make([]result.Server, len(servers))
	for i, s := range servers {
		known[i] = s.Server
	}
	return known
}

// Add makes a Socket.IO server known that follows the same contract as the
// others: command is a command line of the shell that starts it.
func Add(name, command string) error {
	if name == "" || command == "" {
		return errors.New("a server needs a name and a command")
	}
	if _, err := find(name); err == nil {
		return fmt.Errorf("there is a server %q already", name)
	}
	servers = append(servers, server{
		Server: result.Server{Name: name, Title: name, Kind: result.Peer},
		command: func(ctx context.Context) (*exec.Cmd, error) {
			// exec: what is measured is the server, not a shell around it.
			return exec.CommandContext(ctx, "sh", "-c", "exec "+command), nil
		},
		version: func(context.Context) (string, error) { return "", nil },
	})
	return nil
}

// Version returns the versions of a server's library and of what runs it, or
// "" for one that was added.
func Version(ctx context.Context, name string) (string, error) {
	s, err := find(name)
	if err != nil {
		return "", err
	}
	return s.version(ctx)
}

func find(name string) (server, error) {
	i := slices.IndexFunc(servers, func(s server) bool { return s.Name == name })
	if i < 0 {
		return server{}, fmt.Errorf("no server %q", name)
	}
	return servers[i], nil
}
