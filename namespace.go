package sio

import (
	"context"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/adapter"
)

// Namespace is a channel of its own over the connections of the server: with
// its own sockets, rooms, middleware and listeners. All methods may be called
// from any goroutine. Register listeners before clients connect.
type Namespace struct {
	server  *Server
	name    string
	adapter adapter.Adapter
	ackIDs  atomic.Int64

	recovery adapter.Recovery // nil when it is off
	dedup    *deduplicator    // nil when it is off

	mu    sync.Mutex // for writing hooks, which are replaced as a whole
	hooks atomic.Pointer[hooks]
	watch sync.Once // when somebody wants to know about rooms
}

// hooks are the functions registered on a namespace or socket. A value is
// never changed once it can be seen.
type hooks struct {
	middleware   []func(context.Context, *Socket) error
	connect      []func(*Socket)
	disconnect   []func(*Socket, Reason)
	disconnected []func(*Socket, Reason)
	upgraded     []func(transport string) // only of sockets
	events       map[string][]listener
	any          []kept[func(context.Context, *Socket, *Message)]
	outgoing     []kept[func(*Socket, *Message)]
	interceptors []kept[Interceptor]
	rooms        []kept[roomHook] // only of namespaces
	latest       int              // identifies what was added last
}

var noHooks hooks

func newNamespace(s *Server, name string) *Namespace {
	n := &Namespace{server: s, name: name, adapter: s.cfg.Adapter(name)}
	n.recovery = newRecovery(&s.cfg, n.adapter)
	n.dedup = newDeduplicator(n, s.cfg.Deduplicate)
	n.hooks.Store(&noHooks)
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

// Use adds a middleware, which is run for each client that wants to join,
// after those added before. An error refuses the client: it gets a
// connect_error with the error's text and, if it is an *Error, its data.
//
// A middleware may wait. Its context ends when the client goes. The socket is
// not connected yet: it has no broadcasts, and rooms that it joins count from
// then on when it is.
func (n *Namespace) Use(fn func(ctx context.Context, s *Socket) error) {
	n.update(func(h *hooks) { h.middleware = append(slices.Clip(h.middleware), fn) })
}

// OnConnect adds a function that is called for every socket that has joined.
// It is the first thing that runs for a socket: no event of its client is
// handled before it has returned, so listeners can be added here.
func (n *Namespace) OnConnect(fn func(s *Socket)) {
	n.update(func(h *hooks) { h.connect = append(slices.Clip(h.connect), fn) })
}

// OnDisconnecting adds a function that is called for every socket that has
// been disconnected, and that still sees its rooms. No event of the socket is
// handled after it.
func (n *Namespace) OnDisconnecting(fn func(s *Socket, reason Reason)) {
	n.update(func(h *hooks) { h.disconnect = append(slices.Clip(h.disconnect), fn) })
}

// OnDisconnect adds a function that is called last for every socket.
func (n *Namespace) OnDisconnect(fn func(s *Socket, reason Reason)) {
	n.update(func(h *hooks) { h.disconnected = append(slices.Clip(h.disconnected), fn) })
}

// On adds a listener for an event, in its untyped form: the arguments are
// decoded when asked for. See the function On for the typed form. What it
// returns removes the listener.
//
// Listeners of one event are called in the order in which they were added,
// those of the namespace before those of the socket.
func (n *Namespace) On(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return n.listen(name, untyped(fn))
}

// Once is On for the first such event of any socket in the namespace.
func (n *Namespace) Once(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return n.listen(name, untyped(fn).justOnce())
}

func (n *Namespace) listen(name string, l listener) (off func()) { return listen(n.update, name, l) }

func (n *Namespace) update(change func(*hooks)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	h := *n.hooks.Load()
	change(&h)
	n.hooks.Store(&h)
}

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
