package engine

// What the tests must know to wait for a moment instead of sleeping.

// Timers returns how many timers are set.
func (s *Server) Timers() int { return s.wheel.Len() }

// Writable reports whether something sent now would leave at once: on polling,
// whether a poll is pending.
func (s *Session) Writable() bool { return s.current().writable() }

// Receiving reports whether a POST is being received.
func (s *Session) Receiving() bool {
	p, ok := s.current().(*polling)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.body != nil
}

// Upgrading reports whether a candidate for an upgrade is connected.
func (s *Session) Upgrading() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.candidate != nil
}
