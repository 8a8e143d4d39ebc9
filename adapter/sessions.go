package adapter

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"
)

// sessions are those of a namespace, with and without an owner.
type sessions struct {
	mu    sync.Mutex // a leaf
	byPID map[string]*Session
	away  list.List // of *Session without an owner, the first to expire first, nearly
}

// stay is where a session is. It is guarded by sessions.mu once it was added.
type stay struct {
	owner   Owner // nil while it is away
	fresh   bool  // it has not had another owner
	expires time.Time
	away    *list.Element
	dropped atomic.Bool
}

func (l *sessions) owns(s *Session, o Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return s.stay.owner == o
}

func (l *sessions) add(s *Session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byPID[s.PID] = s
}

// take gives a session to a new owner, after it was evicted from that which it has.
func (l *sessions) take(pid string, owner Owner) *Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		s := l.byPID[pid]
		if s == nil {
			return nil
		}
		held := s.stay.owner
		if held == nil {
			if !time.Now().Before(s.stay.expires) {
				l.drop(s)
				return nil
			}
			l.away.Remove(s.stay.away)
			s.stay.away, s.stay.owner, s.stay.fresh = nil, owner, false
			return s
		}
		l.mu.Unlock()
		held.Evict()
		l.mu.Lock()
		if s.stay.owner == held {
			return nil // it is not given up
		}
	}
}

// release ends the ownership of a session; with Keep it expires at that time.
func (l *sessions) release(s *Session, o Owner, f Fate, expires time.Time, maxAway int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case s.stay.owner != o:
		return
	case f == Drop || l.byPID[s.PID] != s: // which its client does not know yet
		l.drop(s)
	case f == Return:
		s.stay.owner = nil
		s.stay.away = l.away.PushFront(s)
	default:
		s.stay.owner, s.stay.expires = nil, expires
		s.stay.away = l.away.PushBack(s)
	}
	for l.away.Len() > maxAway {
		l.drop(l.away.Front().Value.(*Session))
	}
}

// expire drops those whose time is over. l.mu is held.
func (l *sessions) expire(now time.Time) {
	for e := l.away.Front(); e != nil; e = l.away.Front() {
		s := e.Value.(*Session)
		if now.Before(s.stay.expires) {
			return
		}
		l.drop(s)
	}
}

// drop forgets a session. l.mu is held.
func (l *sessions) drop(s *Session) {
	if s.stay.away != nil {
		l.away.Remove(s.stay.away)
		s.stay.away = nil
	}
	s.stay.owner = nil
	s.stay.dropped.Store(true)
	delete(l.byPID, s.PID)
}
