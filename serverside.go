package sio

import (
	"context"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/fault"
)

// reservedServerSide are the names that events between servers cannot have.
var reservedServerSide = map[string]bool{"connect": true, "connection": true, "new_namespace": true}

// serverHook is a function for events of other servers.
type serverHook struct {
	name string
	call func(ctx context.Context, args []any) (any, error)
}

func (h *hooks) serverList() *[]kept[serverHook] { return &h.servers }

// OnServerSide adds a function for an event that another server of the cluster emits
// with ServerSideEmit or ServerSideEmitWithAck. What the first function returns that
// was added for an event is the answer to the latter. Functions are called one after
// the other; their arguments are plain values, as of Message.Args.
//
// What OnServerSide returns removes the function.
func (r *registry) OnServerSide(name string, fn func(ctx context.Context, args []any) (any, error)) (off func()) {
	return keep(r.update, (*hooks).serverList, serverHook{name, fn})
}

// ServerSideEmit sends an event to all other servers of the cluster, for their
// functions that were added with OnServerSide to the namespace of this name. Without a
// cluster, whose adapter is an adapter.Cluster, there are none, and nothing happens.
// The error is ErrReservedEvent, or the adapter's.
func (n *Namespace) ServerSideEmit(name string, args ...any) error {
	if reservedServerSide[name] {
		return fault.Reserved(name)
	}
	if c, ok := n.adapter.(adapter.Cluster); ok {
		return c.ServerSideEmit(append([]any{name}, args...))
	}
	return nil
}

// ServerSideEmitWithAck is ServerSideEmit, and returns the answers of all other
// servers in the order in which they came. If some are missing, the error is a
// *PartialAckError, and the answers are those that came. Without a deadline in ctx it
// is Config.AckTimeout that ends the waiting.
func (n *Namespace) ServerSideEmitWithAck(ctx context.Context, name string, args ...any) ([]any, error) {
	if reservedServerSide[name] {
		return nil, fault.Reserved(name)
	}
	c, ok := n.adapter.(adapter.Cluster)
	if !ok {
		return nil, nil
	}
	ctx, cancel := n.server.ackContext(ctx)
	defer cancel()
	answers, missing, err := c.ServerSideEmitWithAck(ctx, append([]any{name}, args...))
	if err == nil && missing > 0 {
		err = &PartialAckError{Answered: len(answers), Missing: missing, Err: fault.GaveUp(ctx)}
	}
	return answers, err
}

// handleServerSide handles an event of another server.
func (n *Namespace) handleServerSide(ctx context.Context, event []any) (answer any, err error) {
	if len(event) == 0 {
		return nil, nil
	}
	name, _ := event[0].(string)
	answered := false
	for _, hook := range n.hooks.Load().servers {
		if hook.fn.name != name {
			continue
		}
		value, failed := hook.fn.run(ctx, event[1:])
		if failed != nil {
			n.server.cfg.OnError(&EventError{Event: name, Err: failed})
		}
		if !answered {
			answer, err, answered = value, failed, true
		}
	}
	return answer, err
}

func (h serverHook) run(ctx context.Context, args []any) (answer any, err error) {
	defer fault.Recovered(&err)
	return h.call(ctx, args)
}

// ServerSideEmit sends an event to all other servers; see Namespace.ServerSideEmit.
func (s *Server) ServerSideEmit(name string, args ...any) error {
	return s.main.ServerSideEmit(name, args...)
}

// ServerSideEmitWithAck sends an event to all other servers, and returns their
// answers; see Namespace.ServerSideEmitWithAck.
func (s *Server) ServerSideEmitWithAck(ctx context.Context, name string, args ...any) ([]any, error) {
	return s.main.ServerSideEmitWithAck(ctx, name, args...)
}

// OnServerSide adds a function for an event of other servers to the main namespace;
// see Namespace.OnServerSide.
func (s *Server) OnServerSide(name string, fn func(ctx context.Context, args []any) (any, error)) (off func()) {
	return s.main.OnServerSide(name, fn)
}
