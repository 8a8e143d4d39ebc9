package client

import "context"

// Drain closes the Socket in order: nothing more may be emitted, and what was is sent and,
// where that is asked for, acknowledged; then events that have arrived are handled, and
// the Socket is closed, as Close does. It waits for a connection if need be. When ctx ends
// before all that, the error is its cause, and the rest is dropped; ErrClosed if the Socket
// was closed meanwhile. A handler of the Socket must not wait for it.
//
// The official server drops events with which a DISCONNECT comes together: have the last
// one acknowledged (EmitWithAck) if it must be handled there.
func (s *Socket) Drain(ctx context.Context) error {
	s.m.mu.Lock()
	s.draining = true
	s.m.mu.Unlock()
	err := s.drained(ctx)
	s.Close()
	return err
}

// Drain drains all sockets, and closes the Manager.
func (m *Manager) Drain(ctx context.Context) error {
	m.mu.Lock()
	sockets := make([]*Socket, 0, len(m.sockets.all))
	for _, s := range m.sockets.all {
		s.draining = true
		sockets = append(sockets, s)
	}
	m.mu.Unlock()
	var err error
	for _, s := range sockets {
		if failed := s.drained(ctx); err == nil {
			err = failed
		}
	}
	m.Close()
	return err
}

// drained waits until nothing of the Socket is under way.
func (s *Socket) drained(ctx context.Context) error {
	for {
		s.m.mu.Lock()
		var more <-chan struct{}
		closed := s.closed
		rest := len(s.buffer) > 0 || len(s.retry.events) > 0 || len(s.acks) > 0
		if s.link != nil && s.link.conn.Queued() > 0 {
			rest, more = true, s.link.conn.More()
		}
		changed := s.m.change()
		s.m.mu.Unlock()
		switch {
		case closed && rest:
			return ErrClosed
		case !rest:
			return s.handled(ctx)
		}
		select {
		case <-changed:
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// handled waits until the events that have arrived are handled.
func (s *Socket) handled(ctx context.Context) error {
	done := make(chan struct{})
	s.post(func() { close(done) })
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
