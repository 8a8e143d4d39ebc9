package client

import (
	"context"

	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Interceptor is put around the handling of events. It calls next, which calls the
// interceptors added after it and then the listeners, and returns the first error of
// them; without that the event ends here. What the interceptor returns decides what
// becomes of an error, as what a listener returns does. If nobody handles an event, it is
// not acknowledged. Next may be called once.
type Interceptor func(ctx context.Context, m *Message, next func() error) error

type catchAll func(ctx context.Context, m *Message)

// Intercept adds an interceptor for all events, also those that nobody listens to.
// Interceptors are called in the order in which they were added. What Intercept returns
// removes it.
func (s *Socket) Intercept(fn Interceptor) (off func()) { return s.hooks.interceptors.add(fn) }

// OnAny adds a catch-all listener: it is called for every event, before interceptors and
// listeners, also if there is no listener. It may acknowledge the event. What OnAny
// returns removes it.
func (s *Socket) OnAny(fn func(ctx context.Context, m *Message)) (off func()) {
	return s.hooks.catchAll.add(fn)
}

// OnAnyOutgoing adds a catch-all listener for the events that are sent, again too, but not
// for acknowledgements. It is called like a handler: one at a time, in order. Notices of
// more than Config.MaxMailbox bytes are not kept for one that is too slow. What
// OnAnyOutgoing returns removes it.
func (s *Socket) OnAnyOutgoing(fn func(m *Message)) (off func()) { return s.hooks.outgoing.add(fn) }

// runAround runs catch-all listeners, interceptors, and what they let through.
func (s *Socket) runAround(ctx context.Context, m *Message) (r run) {
	m.kept = true
	for _, fn := range s.hooks.catchAll.all() {
		s.run(func() { (*fn)(ctx, m) })
	}
	list := s.hooks.interceptors.all()
	if len(list) == 0 {
		s.runAll(ctx, m, &r)
		return r
	}
	r.intercepted = true
	r.failed = intercept(ctx, list, m, func() error {
		s.runAll(ctx, m, &r)
		return r.failed
	})
	if r.failed != nil {
		r.called = true
		s.blame(m, r.failed)
	}
	return r
}

func intercept(ctx context.Context, list []*Interceptor, m *Message, listeners func() error) (err error) {
	if len(list) == 0 {
		return listeners()
	}
	defer fault.Recovered(&err)
	return (*list[0])(ctx, m, func() error { return intercept(ctx, list[1:], m, listeners) })
}

// watch tells catch-all listeners of an event that is sent. m.mu is held.
func (s *Socket) watch(g frame.Group) {
	if !s.hooks.outgoing.any() || s.mail.Size() > s.m.cfg.MaxMailbox {
		return
	}
	g.Retain(1)
	s.mail.Put(s.owner(), &outgoingJob{s: s, g: g}, g.Len(), s.m.cfg.MaxMailbox)
}

// outgoingJob brings an event that was sent to catch-all listeners.
type outgoingJob struct {
	mailbox.Link
	s *Socket
	g frame.Group
}

func (j *outgoingJob) Do() {
	s := j.s
	p, err := message.Decode(s.m.cfg.Codec, j.g)
	j.g.Release()
	if err != nil {
		s.report("", err)
		return
	}
	p.ID = wire.NoID // there is nobody to acknowledge to
	m := &Message{socket: s, packet: p, kept: true}
	for _, fn := range s.hooks.outgoing.all() {
		s.run(func() { (*fn)(m) })
	}
}
