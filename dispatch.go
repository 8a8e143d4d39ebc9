package sio

import (
	"context"
	"errors"
	"time"

	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/mailbox"
)

// handle runs the listeners of an event, in the socket's mailbox.
func (s *Socket) handle(m *Message) {
	h := s.ready()
	if h == nil {
		return
	}
	if d := s.namespace.dedup; d != nil && !d.first(s, m) {
		return
	}
	var r run
	hook := s.observer().EventHandled
	if hook != nil {
		r.begun = time.Now()
	}
	if common := s.namespace.hooks.Load(); h.around == nil && !common.around() {
		s.runAll(h, common, m, &r)
	} else {
		r = s.runAround(h, common, m, r.begun)
	}
	switch {
	case !r.called || !m.WantsAck():
	case r.failed != nil:
		if err := m.refuse(public(r.failed)); err != nil && !errors.Is(err, ErrDisconnected) {
			s.report(m.Event(), err)
		}
	case !r.manual:
		_ = m.Ack()
	}
	if hook != nil {
		hook(HandledEvent{Socket: s, Event: r.name, Duration: time.Since(r.begun), Err: r.failed})
	}
}

// run is what became of the listeners of an event.
type run struct {
	called, manual bool
	failed         error // the first error
	intercepted    bool  // interceptors decide what becomes of that
	name           string
	begun          time.Time // if it is observed
}

// runAll runs the listeners of the namespace and those of the socket.
func (s *Socket) runAll(h *handling, common *hooks, m *Message, r *run) {
	s.run(h.ctx, common.events[string(m.packet.Name)], m, r)
	s.run(h.ctx, h.own[string(m.packet.Name)], m, r)
}

func (s *Socket) run(ctx context.Context, list []listener, m *Message, r *run) {
	for i := range list {
		if once := list[i].once; once != nil && !once.first() {
			continue
		}
		r.called, r.name = true, list[i].name
		r.manual = r.manual || list[i].manual
		err := s.invoke(ctx, &list[i], m)
		if err == nil {
			continue
		}
		first := r.failed == nil
		if first {
			r.failed = err
		}
		if !first || !r.intercepted {
			s.blame(m, err)
		}
	}
}

// blame reports the error of a handler, unless the client gets to know it.
func (s *Socket) blame(m *Message, err error) {
	if !refusedByHandler(err, m) && !errors.Is(err, ErrDisconnected) { // which is nobody's fault
		s.report(m.Event(), err)
	}
}

func (s *Socket) invoke(ctx context.Context, l *listener, m *Message) (err error) {
	defer fault.Recovered(&err)
	return l.call(ctx, s, m)
}

// refusedByHandler reports whether err is an answer that the client gets, so
// that nobody else needs to know.
func refusedByHandler(err error, m *Message) bool {
	var e *Error
	return m.WantsAck() && errors.As(err, &e)
}

// public returns what a client may know of an error.
func public(err error) error {
	var p *PanicError
	if errors.As(err, &p) {
		return &Error{Message: "internal error"}
	}
	return err
}

// callAll runs functions of the application, whatever becomes of the others.
func callAll[F any](s *Socket, list []F, run func(F)) {
	for _, fn := range list {
		err := fault.Call(func() error { run(fn); return nil })
		if err != nil {
			s.report("", err)
		}
	}
}

func (s *Socket) report(event string, err error) {
	s.namespace.server.cfg.OnError(&EventError{Socket: s, Event: event, Err: err})
}

// errorJob reports an error that was met where nothing of the application may run.
type errorJob struct {
	mailbox.Link
	s   *Socket
	err error
}

func (j *errorJob) Do() { j.s.report("", j.err) }
