package adapter

import (
	"context"
	"sync"

	"github.com/gosio/sio/internal/frame"
)

// Recovery keeps what the clients of a namespace need to go on where their
// connection was lost: its events, for a while, and the sessions of those who
// are away. All methods may be called from any goroutine.
//
// An offset is the text that follows the arguments of an event and tells its
// place; places are numbers that grow. MemoryRecovery is the Recovery of a single
// server. An adapter of a cluster brings its own by being a Recoverer.
type Recovery interface {
	// Placeholder is encoded where the offset will be; all offsets are as long.
	Placeholder() string
	// Append gives an event the next place, keeps it, writes its offset over the
	// last placeholder, sets the Place of its first frame, and calls deliver,
	// perhaps later. All that is for one event at a time, and never while Join
	// runs: the order of the places is the order in which all get the events. It
	// takes over no reference of g.
	Append(t Target, g frame.Group, deliver func())
	// Take gives owner the session with that private id, if all is still there
	// that the client misses which has seen everything up to offset; nil for a
	// client that has seen no offset. Otherwise it returns nil, and the session is
	// no more. An owner that the session has is evicted first. A session never
	// has two owners.
	Take(ctx context.Context, pid string, offset *string, owner Owner) *Session
	// Join calls admit with what a session that was taken has missed, with a
	// reference of each, or with nothing for a new one, whose first owner joins.
	// The owner gets all events with later places. It returns what admit does, and
	// false without calling it if something that was missed is no longer there, or
	// s has another owner now.
	Join(s *Session, o Owner, admit func(missed []frame.Group) bool) bool
	// Leave notes that the owner of s gets no more events. It is called before
	// that is so, and may be called from within deliver, as Release may.
	Leave(s *Session)
	// Release ends the ownership of a session. It does nothing for others than
	// its owner.
	Release(s *Session, o Owner, f Fate)
}

// Recoverer is an Adapter that brings its own Recovery.
type Recoverer interface {
	Recovery(l RecoveryLimits) Recovery
}

// Owner is who has a session.
type Owner interface {
	// Evict makes the owner give the session up. It does not wait for handlers.
	Evict()
}

// Fate is what becomes of a session that its owner gives up.
type Fate int

const (
	Drop   Fate = iota // it cannot be taken any more
	Keep               // it can be taken until it expires
	Return             // it was taken in vain, and expires when it would have
)

// Session is what of a socket outlives its connection.
type Session struct {
	ID    string          // of the socket
	PID   string          // the private id; whoever knows it can take the session
	Rooms []string        // when the connection was lost; the owner's
	Ended <-chan struct{} // closed when the last owner's handlers have ended; the owner's

	mu   sync.Mutex
	data any

	place place
	stay  stay
}

// NewSession returns a session for its first owner.
func NewSession(id, pid string, o Owner) *Session {
	return &Session{ID: id, PID: pid, stay: stay{owner: o, fresh: true}}
}

// SetData keeps a value with the session.
func (s *Session) SetData(v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = v
}

// Data returns the value of SetData.
func (s *Session) Data() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

// Meant notes that the owner was to get the event with that place, also if its
// connection turned out to be lost. It is called from within deliver only.
func (s *Session) Meant(place uint64) { s.place.last = place }

// Alive reports whether the session has an owner, or can have one again.
func (s *Session) Alive() bool { return !s.stay.dropped.Load() }
