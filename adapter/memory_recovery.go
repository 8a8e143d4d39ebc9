package adapter

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gosio/sio/internal/frame"
)

// RecoveryLimits bounds what a Recovery keeps.
type RecoveryLimits struct {
	MaxDisconnection time.Duration // how long a session is kept
	MaxAge           time.Duration // how long an event is kept
	MaxBytes         int           // of all events that are kept
	MaxSessions      int           // sessions that are kept; with more, the one that is away longest goes
	MaxReplay        int           // bytes of what one session may have missed
	// MaxReplayMessages is how many messages that may be, each attachment being one
	// more. 0 or less: any number.
	MaxReplayMessages int
}

// MemoryRecovery is the Recovery of a single server.
//
// The lock of the log is held while an event is queued for all who get it, and
// while a session joins; so the two never mix. As a queue that is full ends a
// connection there and then, what that needs (Leave, Release) does without that lock.
type MemoryRecovery struct {
	limits      RecoveryLimits
	offsets     offsets
	placeholder string
	started     time.Time

	mu   sync.Mutex // the outermost lock
	log  log
	done atomic.Uint64 // the place up to which events have been delivered

	sessions sessions
	armed    bool // sweep will be called; guarded by sessions.mu
	sweeper  *time.Timer
}

// place is where a session is in the log. It is guarded by the log's lock, but
// for through, which is the owner's while there is one.
type place struct {
	joined  uint64 // the latest event when the session began
	last    uint64 // the latest event that was meant for the client
	through uint64 // no event up to this one was for the client after last
	from    uint64 // of a session that was taken: the client misses what is after it
}

// NewMemoryRecovery returns a Recovery without events and sessions.
func NewMemoryRecovery(l RecoveryLimits) *MemoryRecovery {
	o := newOffsets()
	return &MemoryRecovery{
		limits: l, offsets: o, placeholder: o.of(0), started: time.Now(),
		sessions: sessions{byPID: make(map[string]*Session)},
	}
}

var _ Recovery = (*MemoryRecovery)(nil)

// Placeholder is encoded where the offset will be.
func (r *MemoryRecovery) Placeholder() string { return r.placeholder }

// Append gives an event the next place, and delivers it.
func (r *MemoryRecovery) Append(t Target, g frame.Group, deliver func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	packet := g.First.Payload()
	if at := bytes.LastIndex(packet, []byte(r.placeholder)); at >= 0 {
		place := r.log.last + 1
		copy(packet[at:], r.offsets.of(place))
		g.First.Place = place
		g.Retain(1)
		r.log.push(t, g, time.Since(r.started))
		r.arm()
	}
	deliver()
	r.done.Store(r.log.last)
	r.log.trim(r.oldest(), r.limits.MaxBytes)
}

// Take gives a session to a new owner.
func (r *MemoryRecovery) Take(_ context.Context, pid string, offset *string, owner Owner) *Session {
	s := r.sessions.take(pid, owner)
	if s != nil && !r.resumable(s, offset) {
		r.Release(s, owner, Drop)
		return nil
	}
	return s
}

// resumable reports whether all is there that is missed by a client with that
// offset, and notes where that begins.
func (r *MemoryRecovery) resumable(s *Session, offset *string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &s.place
	seen := p.joined
	if offset != nil {
		var ok bool
		if seen, ok = r.offsets.place(*offset); !ok || seen <= p.joined || seen > r.log.last {
			return false
		}
	}
	if p.from = seen; seen == p.last {
		p.from = max(seen, p.through) // its last event may be long forgotten
	}
	_, _, ok := r.missed(s)
	return ok
}

// missed returns what a session that was taken has missed, and whether all of it
// is there, and within the limit.
func (r *MemoryRecovery) missed(s *Session) (missed []frame.Group, last uint64, ok bool) {
	if r.log.trim(r.oldest(), r.limits.MaxBytes); r.log.gone() > s.place.from {
		return nil, 0, false
	}
	const perFrame = 64 // what queues count beside the payload
	size, messages := 0, 0
	missed, last = r.log.after(s.place.from, s.Rooms)
	for _, g := range missed {
		size += g.Len() + perFrame*(1+len(g.Rest))
		messages += 1 + len(g.Rest)
	}
	most := r.limits.MaxReplayMessages
	return missed, last, size <= r.limits.MaxReplay && (most <= 0 || messages <= most)
}

// Join brings a session up to date.
func (r *MemoryRecovery) Join(s *Session, o Owner, admit func(missed []frame.Group) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.sessions.owns(s, o) {
		return false
	}
	p, now := &s.place, r.log.last
	if s.stay.fresh {
		*p = place{joined: now, last: now, through: now}
		r.sessions.add(s)
		if !admit(nil) {
			r.Release(s, o, Drop)
			return false
		}
		return true
	}
	missed, last, ok := r.missed(s)
	if !ok {
		return false
	}
	for _, g := range missed {
		g.Retain(1)
	}
	before := p.through
	p.through = now // once it has joined, it is Leave's
	if !admit(missed) {
		p.through = before
		return false
	}
	p.last = max(p.last, last)
	return true
}

// Leave notes up to where the owner has got all events. What is being delivered
// just now may come too late, and so does not count.
func (r *MemoryRecovery) Leave(s *Session) {
	s.place.through = max(s.place.through, r.done.Load())
}

// Release ends the ownership of a session.
func (r *MemoryRecovery) Release(s *Session, o Owner, f Fate) {
	r.sessions.release(s, o, f, time.Now().Add(r.limits.MaxDisconnection), r.limits.MaxSessions)
	if f != Drop {
		r.arm()
	}
}

func (r *MemoryRecovery) oldest() time.Duration { return time.Since(r.started) - r.limits.MaxAge }

// arm sees to it that what is too old goes, even if nothing else happens.
func (r *MemoryRecovery) arm() {
	r.sessions.mu.Lock()
	defer r.sessions.mu.Unlock()
	if r.armed {
		return
	}
	r.armed = true
	if r.sweeper == nil {
		r.sweeper = time.AfterFunc(r.period(), r.sweep)
		return
	}
	r.sweeper.Reset(r.period())
}

func (r *MemoryRecovery) period() time.Duration {
	return r.limits.MaxDisconnection/4 + time.Millisecond
}

// sweep forgets what is too old, and comes back as long as there is something.
func (r *MemoryRecovery) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.log.trim(r.oldest(), r.limits.MaxBytes)
	r.sessions.mu.Lock()
	defer r.sessions.mu.Unlock()
	r.sessions.expire(time.Now())
	if r.armed = len(r.log.entries) > 0 || r.sessions.away.Len() > 0; r.armed {
		r.sweeper.Reset(r.period())
	}
}
