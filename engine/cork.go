package engine

// Cork lets messages of the session gather, until Uncork or Flush, so that the
// replies of a burst leave in one write. FlushSoon bounds how long they can.
func (s *Session) Cork() { s.cork.Begin() }

// Uncork ends Cork and sends what has gathered.
func (s *Session) Uncork() {
	s.cork.End()
	s.current().flush()
}

// Flush sends what is queued, as far as that goes without blocking, and ends Cork.
func (s *Session) Flush() { s.Uncork() }

// FlushSoon sends what is queued: now, or when the session is corked with the
// rest, at most 2 ms later.
func (s *Session) FlushSoon() {
	if s.cork.Corked() && !s.cork.Guarded() {
		s.cork.Guard(s, &s.srv.guard)
	}
	if !s.cork.Corked() {
		s.current().flush()
	}
}
