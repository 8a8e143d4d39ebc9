package engine

import "time"

var pongFrame = packetFrame("3")

// In protocol 3 it is the client that pings, PingInterval after the last answer,
// and the server that answers and ends the session when no ping comes for
// PingInterval and PingTimeout. So its client is always awaited, and no other
// packet of it counts.

// startHeartbeat waits for the first ping to be sent or, in protocol 3, to
// come. s.mu is held.
func (s *Session) startHeartbeat() {
	first := s.srv.cfg.PingInterval
	if s.eio3 {
		s.beat.awaiting.Store(true)
		first = s.patience()
	}
	s.srv.wheel.Set(&s.beat.timer, first, s)
}

// patience is how long the client may take when it is awaited.
func (s *Session) patience() time.Duration {
	if s.eio3 {
		return s.srv.cfg.PingInterval + s.srv.cfg.PingTimeout
	}
	return s.srv.cfg.PingTimeout
}

// ping answers the ping of a client of protocol 3; like the reference
// implementation without data.
func (s *Session) ping() {
	s.mu.Lock()
	if s.state.Load() != open {
		s.mu.Unlock()
		return
	}
	s.srv.wheel.Set(&s.beat.timer, s.patience(), s)
	s.mu.Unlock()
	if s.Queue(shared(pongFrame), false) == nil {
		s.current().flush()
	}
}
