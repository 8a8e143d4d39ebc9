package sio

import (
	"errors"
	"runtime/debug"
)

// handle runs the listeners of an event, in the socket's mailbox.
func (s *Socket) handle(m *Message) {
	if s.muted() {
		return
	}
	called, manual := false, false
	var failed error
	run := func(list []listener) {
		for _, l := range list {
			called = true
			manual = manual || l.manual
			err := s.call(func() error { return l.call(s.Context(), s, m) })
			if err != nil && failed == nil {
				failed = err
			}
			if err != nil && !refusedByHandler(err, m) {
				s.report(m.Event(), err)
			}
		}
	}
	run(s.namespace.hooks.Load().events[string(m.packet.Name)])
	run(s.own().events[string(m.packet.Name)])
	switch {
	case !m.WantsAck() || !called:
	case failed != nil:
		if err := m.refuse(public(failed)); err != nil && !errors.Is(err, ErrDisconnected) {
			s.report(m.Event(), err)
		}
	case !manual:
		_ = m.Ack()
	}
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

// call runs a function of the application. A panic becomes a *PanicError.
func (s *Socket) call(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return fn()
}

// callAll runs functions of the application, whatever becomes of the others.
func callAll[F any](s *Socket, list []F, run func(F)) {
	for _, fn := range list {
		err := s.call(func() error { run(fn); return nil })
		if err != nil {
			s.report("", err)
		}
	}
}

func (s *Socket) report(event string, err error) {
	s.namespace.server.cfg.OnError(&EventError{Socket: s, Event: event, Err: err})
}
