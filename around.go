package sio

import (
	"context"
	"slices"
	"time"

	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Interceptor is put around the handling of events. It calls next, which calls
// the interceptors added after it and then the listeners, and returns the first
// error of them; without that the event ends here. What the interceptor returns
// decides what becomes of an error, as what a listener returns does. So it can
// refuse events, measure, change arguments (Message.SetArgs) or errors.
//
// If nobody handles an event, it is not acknowledged. Next may be called once.
type Interceptor func(ctx context.Context, s *Socket, m *Message, next func() error) error

// Intercept adds an interceptor for all events of the namespace, also those that
// nobody listens to. Interceptors are called in the order in which they were
// added, those of the namespace before those of the socket. What Intercept
// returns removes it.
func (r *registry) Intercept(fn Interceptor) (off func()) {
	return keep(r.update, (*hooks).interceptorList, fn)
}

// Intercept adds an interceptor for all events of this socket.
func (s *Socket) Intercept(fn Interceptor) (off func()) {
	return keep(s.update, (*hooks).interceptorList, fn)
}

// OnAny adds a catch-all listener: it is called for every event, before
// interceptors and listeners, also if there is no listener. It may acknowledge
// the event. What OnAny returns removes it.
func (r *registry) OnAny(fn func(ctx context.Context, s *Socket, m *Message)) (off func()) {
	return keep(r.update, (*hooks).anyList, fn)
}

// OnAny adds a catch-all listener for the events of this socket.
func (s *Socket) OnAny(fn func(ctx context.Context, s *Socket, m *Message)) (off func()) {
	return keep(s.update, (*hooks).anyList, fn)
}

// OnAnyOutgoing adds a catch-all listener for the events that are emitted to
// sockets of the namespace, by themselves or by broadcasts, but not for
// acknowledgements. It is called like a handler of the socket: one at a time, in
// order, after the handler that emits has returned. Notices of more than
// Config.MaxMailbox bytes are not kept for one that is too slow. With recovery,
// the last argument is the offset. What OnAnyOutgoing returns removes it.
func (r *registry) OnAnyOutgoing(fn func(s *Socket, m *Message)) (off func()) {
	return keep(r.update, (*hooks).outgoingList, fn)
}

// OnAnyOutgoing adds a catch-all listener for the events that are emitted to this
// socket; see Namespace.OnAnyOutgoing.
func (s *Socket) OnAnyOutgoing(fn func(s *Socket, m *Message)) (off func()) {
	s.watched.Store(true)
	return keep(s.update, (*hooks).outgoingList, fn)
}

func (h *hooks) interceptorList() *[]kept[Interceptor] { return &h.interceptors }

func (h *hooks) anyList() *[]kept[func(context.Context, *Socket, *Message)] { return &h.any }

func (h *hooks) outgoingList() *[]kept[func(*Socket, *Message)] { return &h.outgoing }

// around reports whether there is more to an event than its listeners.
func (h *hooks) around() bool { return h.any != nil || h.interceptors != nil }

// runAround runs catch-all listeners, interceptors, and what they let through.
// Its run is its own, for that of most events does not leave the stack.
func (s *Socket) runAround(h *handling, common *hooks, m *Message, begun time.Time) run {
	r := &run{begun: begun}
	own := h.around
	if own == nil {
		own = &noHooks
	}
	m.kept = true
	for _, any := range slices.Concat(common.any, own.any) {
		if err := fault.Call(func() error { any.fn(h.ctx, s, m); return nil }); err != nil {
			s.report(m.Event(), err)
		}
	}
	list := slices.Concat(common.interceptors, own.interceptors)
	if len(list) == 0 {
		s.runAll(h, common, m, r)
		return *r
	}
	r.intercepted = true
	r.failed = s.intercept(h.ctx, list, m, func() error {
		s.runAll(h, common, m, r)
		return r.failed
	})
	if r.failed != nil {
		r.called = true
		s.blame(m, r.failed)
	}
	return *r
}

func (s *Socket) intercept(ctx context.Context, list []kept[Interceptor], m *Message, listeners func() error) (err error) {
	if len(list) == 0 {
		return listeners()
	}
	defer fault.Recovered(&err)
	return list[0].fn(ctx, s, m, func() error { return s.intercept(ctx, list[1:], m, listeners) })
}

// SetArgs replaces the arguments of an event, for who handles it after an
// interceptor. The error is the codec's, and then nothing has changed.
func (m *Message) SetArgs(args ...any) error {
	h := wire.Header{Type: wire.Event, Namespace: m.socket.namespace.name, ID: m.packet.ID, Name: m.Event()}
	p, data, err := message.Replace(m.socket.codec(), h, arguments.Spread(args))
	if err == nil {
		m.packet, m.data = p, data
	}
	return err
}

// outgoing tells catch-all listeners of an event that is emitted to the socket.
func (s *Socket) outgoing(g frame.Group) {
	if !s.isWatched() || s.mail.Size() > s.namespace.server.cfg.MaxMailbox {
		return
	}
	size := 0
	for _, f := range append([]*frame.Frame{g.First}, g.Rest...) {
		size += f.Len()
	}
	g.Retain(1)
	if _, taken := s.mail.Put(s.owner(), &outgoingJob{s: s, g: g}, size, s.namespace.server.cfg.MaxMailbox); !taken {
		g.Release()
	}
}

// isWatched reports whether there may be outgoing catch-all listeners.
func (s *Socket) isWatched() bool {
	return s.watched.Load() || s.namespace.hooks.Load().outgoing != nil
}

// outgoingJob brings an event that was emitted to catch-all listeners.
type outgoingJob struct {
	mailbox.Link
	s *Socket
	g frame.Group
}

func (j *outgoingJob) Do() {
	s := j.s
	m, err := s.decode(j.g)
	j.g.Release()
	if err != nil {
		s.report("", err)
		return
	}
	own := s.own()
	for _, listener := range slices.Concat(s.namespace.hooks.Load().outgoing, own.outgoing) {
		if err := fault.Call(func() error { listener.fn(s, m); return nil }); err != nil {
			s.report(m.Event(), err)
		}
	}
}

// decode makes a message of what was encoded.
func (s *Socket) decode(g frame.Group) (*Message, error) {
	p, err := message.Decode(s.codec(), g)
	p.ID = wire.NoID // there is nobody to acknowledge to
	return &Message{socket: s, packet: p, kept: true}, err
}
