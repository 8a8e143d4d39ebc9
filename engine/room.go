package engine

import (
	"context"

	"github.com/gosio/sio/internal/frame"
)

// Offer is Queue for a group that may be lost when the queue is full: it is
// dropped then, with ErrQueueFull, and the session goes on. An eighth of the queue
// is left to what is sent by Queue, and to heartbeats.
func (s *Session) Offer(g frame.Group, volatile bool) error {
	err := s.put(g, volatile, true)
	if err == ErrQueueFull {
		s.dropped(DropQueueFull)
	}
	return err
}

// QueueWithin is Queue for a group that is not to be lost, by a caller who can
// wait: until the group is queued, it waits for room, of which it leaves an eighth
// to others. Those who wait are served one after the other, in the order in which
// they came. Errors: ErrSessionClosed, also when gone is closed, and the cause of
// ctx when that ends.
func (s *Session) QueueWithin(ctx context.Context, gone <-chan struct{}, g frame.Group) error {
	defer g.Release()
	return s.whenRoom(ctx, gone, func() error {
		g.Retain(1)
		return s.put(g, false, true)
	})
}

// RoomWithin waits like QueueWithin, and calls then, which queues g, as soon as
// there is room for that. Others who do not wait can take the room in between.
func (s *Session) RoomWithin(ctx context.Context, gone <-chan struct{}, g frame.Group, then func()) error {
	return s.whenRoom(ctx, gone, func() error {
		if !s.current().fits(g) {
			return ErrQueueFull
		}
		then()
		return nil
	})
}

// whenRoom tries until there is room. Callers take turns: so nobody who waits is
// overtaken by another, and one at a time is woken up.
func (s *Session) whenRoom(ctx context.Context, gone <-chan struct{}, try func() error) error {
	turn := s.turns()
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-gone:
	case <-ctx.Done():
	}
	for {
		if err := overdue(ctx, gone); err != nil {
			return err
		}
		if err := try(); err != ErrQueueFull {
			return err
		}
		more := s.current().more() // before the next try, so that none is missed
		if err := try(); err != ErrQueueFull {
			return err
		}
		s.Flush() // whoever waits here must not hold it back
		select {
		case <-more:
		case <-gone:
		case <-ctx.Done():
		}
	}
}

// overdue returns why nobody need wait any more, or nil.
func overdue(ctx context.Context, gone <-chan struct{}) error {
	select {
	case <-gone:
		return ErrSessionClosed
	default:
		return context.Cause(ctx)
	}
}

func (s *Session) turns() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turn == nil {
		s.turn = make(chan struct{}, 1)
	}
	return s.turn
}

func (t *webSocket) fits(g frame.Group) bool { return t.conn.Fits(g.Len(), 1+len(g.Rest)) }
func (t *webSocket) more() <-chan struct{}   { return t.conn.More() }

func (p *polling) fits(g frame.Group) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state != polls || !p.full(g, true)
}

func (p *polling) more() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.room == nil {
		p.room = make(chan struct{})
	}
	room := p.room
	if p.state != polls || len(p.queue) == 0 && p.leaves == 0 {
		p.freed()
	}
	return room
}

// full reports whether a group does not fit into the queue. p.mu is held.
func (p *polling) full(g frame.Group, polite bool) bool {
	limit := frame.Limit{Bytes: p.s.srv.cfg.MaxQueue, Frames: p.s.srv.cfg.MaxQueuedMessages}
	if polite {
		limit = limit.Polite()
	}
	return (len(p.queue) > 0 || p.leaves > 0) && limit.Exceeded(p.bytes+p.leaves+g.Len(), len(p.queue)+1+len(g.Rest))
}

// freed wakes up those who wait for room. p.mu is held.
func (p *polling) freed() {
	if p.room != nil {
		close(p.room)
		p.room = nil
	}
}
