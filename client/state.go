package client

import (
	"context"
	"fmt"
	"iter"
)

// State returns what the Socket is doing.
func (s *Socket) State() State {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.state()
}

func (s *Socket) state() State {
	switch {
	case s.closed:
		return Closed
	case s.connected:
		return Connected
	case s.wanted:
		return Connecting
	}
	return Idle
}

// OnState adds a function that is called after each change of the state, in order with
// the events. What it returns removes the function.
func (s *Socket) OnState(fn func(State)) (off func()) { return s.hooks.state.add(fn) }

// stateChanged tells of the state, if it has changed. m.mu is held.
func (s *Socket) stateChanged() {
	state := s.state()
	if state == s.told {
		return
	}
	s.told = state
	s.m.notify()
	if s.hooks.state.any() {
		s.post(func() {
			for _, fn := range s.hooks.state.all() {
				s.run(func() { (*fn)(state) })
			}
		})
	}
}

// States returns the state, and the one after each change, until ctx ends or the Socket
// is closed. A state that has passed before the loop has come to it is left out.
func (s *Socket) States(ctx context.Context) iter.Seq[State] {
	return func(yield func(State) bool) {
		for last := State(0xff); ; {
			s.m.mu.Lock()
			state, changed := s.state(), s.m.change()
			s.m.mu.Unlock()
			if state != last {
				last = state
				if !yield(state) || state == Closed {
					return
				}
				continue
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// WaitConnected waits until the Socket is connected. Errors: why it will not be before
// Connect is called again: an *Error if the server has refused, ErrGaveUp, with
// Config.NoReconnection what the attempt has said; ErrClosed; else the cause of ctx, with
// the error of the latest attempt.
func (s *Socket) WaitConnected(ctx context.Context) error {
	for {
		s.m.mu.Lock()
		state, err, changed := s.state(), s.err, s.m.change()
		s.m.mu.Unlock()
		switch {
		case state == Connected:
			return nil
		case state == Closed:
			return ErrClosed
		case state == Idle && err != nil:
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if err != nil {
				return fmt.Errorf("%w: %w", context.Cause(ctx), err)
			}
			return context.Cause(ctx)
		}
	}
}
