package sio

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

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
	rooms        []kept[roomHook]   // only of namespaces
	servers      []kept[serverHook] // only of namespaces
	latest       int                // identifies what was added last
}

var noHooks hooks

// registry is where functions are registered: that of a Namespace, or of a
// ParentNamespace, whose functions its children have as well.
type registry struct {
	mu     sync.Mutex
	own    hooks                 // registered here
	used   bool                  // something is or was
	hooks  atomic.Pointer[hooks] // in force
	parent *registry             // nil for most
	heirs  map[*registry]struct{}
	watch  func() // called, perhaps often, when there are functions about rooms
}

// Use adds a middleware, which is run for each client that wants to join,
// after those added before. An error refuses the client: it gets a
// connect_error with the error's text and, if it is an *Error, its data.
//
// A middleware may wait. Its context ends when the client goes. The socket is
// not connected yet: it has no broadcasts, and rooms that it joins count from
// then on when it is.
func (r *registry) Use(fn func(ctx context.Context, s *Socket) error) {
	r.update(func(h *hooks) { h.middleware = append(slices.Clip(h.middleware), fn) })
}

// OnConnect adds a function that is called for every socket that has joined.
// It is the first thing that runs for a socket: no event of its client is
// handled before it has returned, so listeners can be added here.
func (r *registry) OnConnect(fn func(s *Socket)) {
	r.update(func(h *hooks) { h.connect = append(slices.Clip(h.connect), fn) })
}

// OnDisconnecting adds a function that is called for every socket that has
// been disconnected, and that still sees its rooms. No event of the socket is
// handled after it.
func (r *registry) OnDisconnecting(fn func(s *Socket, reason Reason)) {
	r.update(func(h *hooks) { h.disconnect = append(slices.Clip(h.disconnect), fn) })
}

// OnDisconnect adds a function that is called last for every socket.
func (r *registry) OnDisconnect(fn func(s *Socket, reason Reason)) {
	r.update(func(h *hooks) { h.disconnected = append(slices.Clip(h.disconnected), fn) })
}

// On adds a listener for an event, in its untyped form: the arguments are
// decoded when asked for. See the function On for the typed form. What it
// returns removes the listener.
//
// Listeners of one event are called in the order in which they were added,
// those of the namespace before those of the socket.
func (r *registry) On(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return r.listen(name, untyped(fn))
}

// Once is On for the first such event of any socket in the namespace.
func (r *registry) Once(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return r.listen(name, untyped(fn).justOnce())
}

func (r *registry) listen(name string, l listener) (off func()) { return listen(r.update, name, l) }

func (r *registry) update(change func(*hooks)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.own)
	r.used = true
	r.publish()
}

// publish puts in force what is registered. r.mu is held.
func (r *registry) publish() {
	h := r.own
	switch {
	case r.parent == nil:
		r.hooks.Store(&h)
	case r.used:
		h = r.parent.hooks.Load().and(&r.own)
		r.hooks.Store(&h)
	default: // as most children
		r.hooks.Store(r.parent.hooks.Load())
	}
	if r.hooks.Load().rooms != nil && r.watch != nil {
		r.watch()
	}
	for heir := range r.heirs {
		heir.mu.Lock()
		heir.publish()
		heir.mu.Unlock()
	}
}

// inherit gives an heir what is registered, now and later.
func (r *registry) inherit(heir *registry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.heirs == nil {
		r.heirs = make(map[*registry]struct{})
	}
	r.heirs[heir] = struct{}{}
	heir.mu.Lock()
	defer heir.mu.Unlock()
	heir.parent = r
	heir.publish()
}

// disown forgets an heir.
func (r *registry) disown(heir *registry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.heirs, heir)
}

// and returns the functions of both, first those of h.
func (h *hooks) and(own *hooks) hooks {
	both := hooks{
		middleware:   slices.Concat(h.middleware, own.middleware),
		connect:      slices.Concat(h.connect, own.connect),
		disconnect:   slices.Concat(h.disconnect, own.disconnect),
		disconnected: slices.Concat(h.disconnected, own.disconnected),
		any:          slices.Concat(h.any, own.any),
		outgoing:     slices.Concat(h.outgoing, own.outgoing),
		interceptors: slices.Concat(h.interceptors, own.interceptors),
		rooms:        slices.Concat(h.rooms, own.rooms),
		servers:      slices.Concat(h.servers, own.servers),
		events:       make(map[string][]listener, len(h.events)+len(own.events)),
	}
	for _, events := range []map[string][]listener{h.events, own.events} {
		for name, list := range events {
			both.events[name] = slices.Concat(both.events[name], list)
		}
	}
	return both
}
