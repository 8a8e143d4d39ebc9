package sio

import (
	"iter"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/adapter"
)

// Namespace is a channel of its own over the connections of the server: with
// its own sockets, rooms, middleware and listeners. All methods may be called
// from any goroutine. Register listeners before clients connect.
type Namespace struct {
	registry
	server  *Server
	name    string
	adapter adapter.Adapter
	ackIDs  atomic.Int64

	recovery adapter.Recovery // nil when it is off
	dedup    *deduplicator    // nil when it is off
	watching sync.Once        // the adapter's rooms

	dynamic *dynamic // nil for those that the application has made
	birth   *birth   // nil if nobody is to be told of it
}

func newNamespace(s *Server, name string) *Namespace {
	n := &Namespace{server: s, name: name, adapter: s.cfg.Adapter(name)}
	n.recovery = newRecovery(&s.cfg, n.adapter)
	n.dedup = newDeduplicator(n, s.cfg.Deduplicate)
	n.watch = n.watchRooms
	n.hooks.Store(&noHooks)
	if c, ok := n.adapter.(adapter.Cluster); ok {
		c.HandleServerSide(n.handleServerSide)
	}
	return n
}

// Name returns the name of the namespace, with its leading slash.
func (n *Namespace) Name() string { return n.name }

// Server returns the server that the namespace belongs to.
func (n *Namespace) Server() *Server { return n.server }

// Len returns the number of sockets of this server in the namespace.
func (n *Namespace) Len() int { return n.adapter.Len() }

// Sockets iterates over the sockets of this server in the namespace, as they
// were at the start.
func (n *Namespace) Sockets() iter.Seq[*Socket] { return n.broadcast().Sockets() }

func (n *Namespace) broadcast() Broadcast { return Broadcast{namespace: n} }

// Emit sends an event to all sockets of the namespace.
func (n *Namespace) Emit(name string, args ...any) error { return n.broadcast().Emit(name, args...) }

// To means the sockets in any of the rooms.
func (n *Namespace) To(rooms ...string) Broadcast { return n.broadcast().To(rooms...) }

// Except means all sockets but those in any of the rooms.
func (n *Namespace) Except(rooms ...string) Broadcast { return n.broadcast().Except(rooms...) }

// Volatile means all sockets, for messages that may be lost.
func (n *Namespace) Volatile() Broadcast { return n.broadcast().Volatile() }

// Local means all sockets of this server.
func (n *Namespace) Local() Broadcast { return n.broadcast().Local() }
