package process

import (
	"context"
	"fmt"

	"github.com/gosio/sio/bench/result"
)

var clients = []program{
	goProgram("clients", "sio", "gosio", result.Ours, "github.com/gosio/sio"),
	goProgram("clients", "zishang", "zishang520", result.Peer, "github.com/zishang520/socket.io/clients/socket/v3"),
	jsProgram("client.mjs", "node", "socket.io-client on Node", node, "socket.io-client", "ws"),
	jsProgram("client.mjs", "bun", "socket.io-client on Bun", bun, "socket.io-client"),
	goProgram("clients", "gobwas", "gobwas/ws", result.Raw, "github.com/gobwas/ws"),
}

// Clients returns the clients that StartClient knows, without their version.
func Clients() []result.Server { return known(clients) }

// StartClient starts a program of clients, which have connected to the server at addr
// when it returns, and work as a scenario says. It is killed when the context ends.
func StartClient(ctx context.Context, name, addr, scenario string) (*Process, error) {
	c, err := find(clients, "client", name)
	if err != nil {
		return nil, err
	}
	p, line, err := c.start(ctx, addr, scenario)
	if err != nil {
		return nil, err
	}
	if line != "working" {
		_ = p.Stop()
		return nil, fmt.Errorf("%s: said %q instead of working", name, line)
	}
	return p, nil
}

// AddClient makes a client known that follows the same contract as the others: command
// is a command line of the shell that starts it.
func AddClient(name, command string) { clients = append(clients, shell(name, command)) }

// ClientVersion returns the versions of a client's library and of what runs it.
func ClientVersion(ctx context.Context, name string) (string, error) {
	c, err := find(clients, "client", name)
	if err != nil {
		return "", err
	}
	return c.version(ctx)
}
