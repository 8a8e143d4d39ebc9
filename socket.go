package sio

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/wire"
)

// Socket is one client in one namespace. A client that joins several
// namespaces has a socket in each, over one connection.
//
// The events of a socket reach its handlers one at a time, in the order in
// which the client sent them; sockets do not wait for each other. A handler may
// block, and may wait for an acknowledgement of its own client.
//
// All methods may be called from any goroutine. None blocks, but
// EmitWithAck, and Emit after Within.
type Socket struct {
	id        string
	namespace *Namespace
	client    *client
	mail      mailbox.Mailbox
	state     atomic.Int32 // a socketState; written under mu
	watched   atomic.Bool  // there has been an outgoing catch-all listener
	tenure    *tenure      // nil without recovery, and before middlewares run

	handling atomic.Pointer[handling] // nil when it has to be found out; written under mu

	mu     sync.Mutex
	extras *extras // nil until something in it is needed
}

type socketState = int32

const (
	joining   socketState = iota // middlewares run
	granted                      // the CONNECT packet is on its way
	connected                    // and the socket is in its rooms
	gone                         // disconnected; the last job may still be waiting
)

// extras is what idle sockets do without.
type extras struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	hooks  hooks
	acks   map[int64]ackWaiter
	rooms  []string // joined before the socket was connected, or held when it was disconnected
	auth   []byte   // the payload of the CONNECT packet, or what took its place, as it came; nil if there was none
	data   any
	cause  *DisconnectError // once gone
	left   bool             // rooms has been given up
	mute   bool             // this side disconnected: events that wait are dropped
}

func newSocket(n *Namespace, c *client, auth []byte) *Socket {
	s := &Socket{id: c.socketID(n.name), namespace: n, client: c}
	if auth != nil {
		s.extras = &extras{auth: auth}
	}
	return s
}

// ID returns the socket's id, which is the name of a room with only this
// socket in it as well. It may be shown to other clients, but for that of a
// client of Socket.IO 2 (Config.AllowEIO3).
func (s *Socket) ID() string { return s.id }

// Namespace returns the namespace that the socket is in.
func (s *Socket) Namespace() *Namespace { return s.namespace }

// Connected reports whether the client is connected.
func (s *Socket) Connected() bool { return s.state.Load() == connected }

// Transport returns what the connection is on now: "polling" or "websocket".
func (s *Socket) Transport() string { return s.client.session.Transport() }

// Queued returns the bytes that wait for the client to take them.
func (s *Socket) Queued() int { return s.client.session.Queued() }

// Context returns a context that ends when the socket is disconnected, with a
// *DisconnectError as its cause. It is the one that handlers get.
func (s *Socket) Context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.context(s.extend())
}

// context is Context. s.mu is held.
func (s *Socket) context(x *extras) context.Context {
	if x.ctx == nil {
		x.ctx, x.cancel = context.WithCancelCause(s.client.session.Context())
		if x.cause != nil {
			x.cancel(x.cause)
		}
	}
	return x.ctx
}

// SetData keeps a value with the socket, and Data returns it. The value is
// not sent anywhere.
func (s *Socket) SetData(v any) {
	if s.tenure != nil {
		s.tenure.session.SetData(v)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.extend().data = v
}

// Data returns the value of SetData, or nil.
func (s *Socket) Data() any {
	if s.tenure != nil {
		return s.tenure.session.Data()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras == nil {
		return nil
	}
	return s.extras.data
}

// DataOf returns the value of SetData as a T, and whether it is one.
func DataOf[T any](s *Socket) (T, bool) {
	v, ok := s.Data().(T)
	return v, ok
}

// Join adds the socket to rooms: to all of them, or with an error to none. Errors:
// ErrTooManyRooms (Config.MaxRooms), and ErrDisconnected, which needs no handling.
func (s *Socket) Join(rooms ...string) error {
	return s.reached(s.join(rooms))
}

// join notes rooms of a socket that is not connected yet.
func (x *extras) join(rooms []string) {
	for _, room := range rooms {
		if !slices.Contains(x.rooms, room) {
			x.rooms = append(x.rooms, room)
		}
	}
}

// Leave takes the socket out of rooms.
func (s *Socket) Leave(rooms ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.state.Load() {
	case connected:
		for _, room := range rooms {
			s.namespace.adapter.Leave(s.id, room)
		}
	case joining, granted:
		x := s.extend()
		x.rooms = slices.DeleteFunc(x.rooms, func(r string) bool { return slices.Contains(rooms, r) })
	}
}

// Rooms returns the rooms that the socket is in, that of its own id first.
// While it is being disconnected (OnDisconnecting) they are those it was in,
// after that none.
func (s *Socket) Rooms() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Load() == connected {
		return s.namespace.adapter.Rooms(s.id)
	}
	if s.extras == nil || s.extras.left {
		return nil
	}
	return slices.Clone(s.extras.rooms)
}

// On adds a listener for an event of this socket, in its untyped form. What it
// returns removes the listener.
func (s *Socket) On(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return s.listen(name, untyped(fn))
}

// Once is On for the first such event.
func (s *Socket) Once(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return s.listen(name, untyped(fn).justOnce())
}

func (s *Socket) listen(name string, l listener) (off func()) { return listen(s.update, name, l) }

// OnDisconnecting adds a function that is called when the socket has been
// disconnected, and still sees its rooms.
func (s *Socket) OnDisconnecting(fn func(reason Reason)) {
	s.update(func(h *hooks) {
		h.disconnect = append(slices.Clip(h.disconnect), func(_ *Socket, r Reason) { fn(r) })
	})
}

// OnDisconnect adds a function that is called last, when the socket has been
// disconnected. context.Cause(s.Context()) says more than the reason.
func (s *Socket) OnDisconnect(fn func(reason Reason)) {
	s.update(func(h *hooks) {
		h.disconnected = append(slices.Clip(h.disconnected), func(_ *Socket, r Reason) { fn(r) })
	})
}

func (s *Socket) update(change func(*hooks)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.extend().hooks)
	s.handling.Store(nil)
}

// own returns the hooks of this socket. They are never changed in place.
func (s *Socket) own() hooks {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras == nil {
		return noHooks
	}
	return s.extras.hooks
}

// extend returns the extras, which it makes if there are none yet. s.mu is held.
func (s *Socket) extend() *extras {
	if s.extras == nil {
		s.extras = new(extras)
	}
	return s.extras
}

// handling is what every event of a connected socket needs.
type handling struct {
	ctx context.Context
	own map[string][]listener // those of this socket alone
	// around has its catch-all listeners and interceptors, and is nil for most.
	around *hooks
}

// ready returns what handlers need, or nil if events are not to be handled:
// those that still wait when this side disconnects are dropped.
func (s *Socket) ready() *handling {
	if h := s.handling.Load(); h != nil && s.state.Load() == connected {
		return h
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extend()
	if x.mute {
		return nil
	}
	h := &handling{ctx: s.context(x), own: x.hooks.events}
	if x.hooks.around() {
		own := x.hooks
		h.around = &own
	}
	s.handling.Store(h)
	return h
}

func (s *Socket) codec() wire.Codec { return s.namespace.server.cfg.Codec }

// corker is a Socket as its mailbox sees it: what handlers emit to their own
// client, while there are jobs, leaves together.
type corker Socket

func (s *corker) Workers() *mailbox.Workers { return &s.namespace.server.workers }

func (s *corker) Busy() { s.client.session.Cork() }
func (s *corker) Idle() { s.client.session.Uncork() }

func (s *Socket) owner() mailbox.Owner { return (*corker)(s) }

// member is a Socket as its adapter sees it.
type member Socket

var _ adapter.Socket = (*member)(nil)

func (m *member) ID() string { return m.id }

func (m *member) Deliver(g frame.Group, volatile bool) { _ = (*Socket)(m).deliver(g, volatile) }

// deliver queues the message of a broadcast.
func (s *Socket) deliver(g frame.Group, volatile bool) (err error) {
	if s.state.Load() != connected {
		g.Release()
		return ErrDisconnected
	}
	s.outgoing(g)
	if s.tenure != nil {
		err = s.tenure.queue(g, volatile)
	} else {
		err = s.offer(g, volatile)
	}
	if err == nil {
		s.client.session.FlushAsync()
	}
	return err
}
