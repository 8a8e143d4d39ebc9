package client

import (
	"context"
	"errors"

	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
)

// handle runs the listeners of an event, in the mailbox of the Socket.
func (s *Socket) handle(m *Message) {
	ctx := s.Context()
	if string(m.packet.Name) == authEvent && s.answerAuth(ctx, m) {
		return
	}
	var r run
	if s.hooks.catchAll.any() || s.hooks.interceptors.any() {
		r = s.runAround(ctx, m)
	} else {
		s.runAll(ctx, m, &r)
	}
	var err error
	switch {
	case !r.called || !m.WantsAck():
	case r.failed != nil:
		err = message.Refuse(public(r.failed), m.Ack)
	case !r.manual:
		err = m.Ack()
	}
	if err != nil && !errors.Is(err, ErrDisconnected) {
		s.report(m.Event(), err)
	}
}

// run is what became of the listeners of an event.
type run struct {
	called, manual bool
	failed         error // the first error
	intercepted    bool  // interceptors decide what becomes of that
}

func (s *Socket) runAll(ctx context.Context, m *Message, r *run) {
	for _, l := range s.hooks.events.of(m.packet.Name) {
		if l.once {
			if l.done.Swap(true) {
				continue
			}
			l.off()
		}
		r.called, r.manual = true, r.manual || l.manual
		err := invoke(ctx, l, m)
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

func invoke(ctx context.Context, l *listener, m *Message) (err error) {
	defer fault.Recovered(&err)
	return l.call(ctx, m)
}

// blame reports the error of a handler, unless the server gets to know it.
func (s *Socket) blame(m *Message, err error) {
	var e *Error
	if m.WantsAck() && errors.As(err, &e) || errors.Is(err, ErrDisconnected) { // which is nobody's fault
		return
	}
	s.report(m.Event(), err)
}

// public returns what the server may know of an error.
func public(err error) error {
	var p *PanicError
	if errors.As(err, &p) {
		return &Error{Message: "internal error"}
	}
	return err
}

func (s *Socket) report(event string, err error) {
	s.m.cfg.OnError(&EventError{Namespace: s.name, Event: event, Err: err})
}

// run runs a function of the application.
func (s *Socket) run(fn func()) {
	if err := fault.Call(func() error { fn(); return nil }); err != nil {
		s.report("", err)
	}
}

// post has a function run after the events that wait.
func (s *Socket) post(fn func()) { s.mail.Put(s.owner(), &postedJob{fn: fn}, 0, s.m.cfg.MaxMailbox) }

type postedJob struct {
	mailbox.Link
	fn func()
}

func (j *postedJob) Do() { j.fn() }
