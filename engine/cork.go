package engine

import (
	"sync"
	"time"
)

// corkDelay is the longest that a message waits in a corked session whose
// handler goes on working.
const corkDelay = 2 * time.Millisecond

// Cork lets messages of the session gather, until Uncork or Flush, so that the
// replies of a burst leave in one write. FlushSoon bounds how long they can.
func (s *Session) Cork() { s.corked.Store(true) }

// Uncork ends Cork and sends what has gathered.
func (s *Session) Uncork() {
	s.corked.Store(false)
	s.current().flush()
}

// Flush sends what is queued, as far as that goes without blocking, and ends Cork.
func (s *Session) Flush() { s.Uncork() }

// FlushSoon sends what is queued: now, or when the session is corked with the
// rest, at most 2 ms later.
func (s *Session) FlushSoon() {
	if !s.corked.Load() {
		s.current().flush()
		return
	}
	if !s.guarded.Load() && !s.guarded.Swap(true) {
		s.srv.guard.add(s)
	}
	if !s.corked.Load() { // uncorked in between: perhaps before the message was queued
		s.current().flush()
	}
}

// corkGuard flushes corked sessions whose handlers take longer than corkDelay.
// Its timer runs only while there are some.
type corkGuard struct {
	mu    sync.Mutex
	list  []*Session
	timer *time.Timer
}

func (g *corkGuard) add(s *Session) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.list = append(g.list, s)
	if len(g.list) > 1 {
		return // the timer is set
	}
	if g.timer == nil {
		g.timer = time.AfterFunc(corkDelay, g.run)
		return
	}
	g.timer.Reset(corkDelay)
}

func (g *corkGuard) run() {
	g.mu.Lock()
	list := g.list
	g.list = nil
	g.mu.Unlock()
	for _, s := range list {
		s.guarded.Store(false)
		s.Uncork()
	}
}
