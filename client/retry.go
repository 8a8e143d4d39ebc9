package client

import (
	"slices"
	"time"

	"github.com/gosio/sio/internal/frame"
)

// retryQueue has the events that are sent until they are acknowledged (Config.Retries):
// the first one is under way, the others wait. It is guarded by m.mu. The zero value is
// empty.
type retryQueue struct {
	events []*attempt
	bytes  int
}

// attempt is an event of a retryQueue. It has the same acknowledgement id each time that
// it is sent, so that a late answer counts, too.
type attempt struct {
	s      *Socket
	name   string
	g      frame.Group
	id     int64
	size   int
	tries  int
	flying bool        // it was sent, and its answer is waited for
	timer  *time.Timer // for that
	result waiter      // nil if nobody waits
}

// retryEvent appends an event to the queue.
func (s *Socket) retryEvent(e Sender, name string, args []any, result waiter) error {
	id := s.ids.Add(1) - 1
	g, err := e.encode(name, id, args)
	if err != nil {
		return err
	}
	a := &attempt{s: s, name: name, g: g, id: id, size: size(g), result: result}
	s.m.mu.Lock()
	defer s.m.unlock()
	q := &s.retry
	switch {
	case s.closed || s.draining:
		err = ErrClosed
	case len(q.events) > 0 && s.exceeds(q.bytes+a.size):
		err = ErrBufferFull
	}
	if err != nil {
		g.Release()
		return err
	}
	q.events = append(q.events, a)
	q.bytes += a.size
	s.pump()
	return nil
}

// pump sends the first event, if it is not under way. m.mu is held.
func (s *Socket) pump() {
	if len(s.retry.events) == 0 || s.retry.events[0].flying || !s.ready() {
		return
	}
	a := s.retry.events[0]
	a.g.Retain(1) // for the next time
	if !s.queue(waiting{g: a.g, id: a.id, ack: a}, false) {
		a.g.Release()
		return // the connection is about to end, and the next one sends it
	}
	a.flying = true
	a.tries++
	s.m.later(s.link.conn.Flush)
	try := a.tries
	a.timer = time.AfterFunc(s.m.cfg.AckTimeout, func() { a.expire(try) })
}

// expire sends the event again, or gives it up.
func (a *attempt) expire(try int) {
	s := a.s
	s.m.mu.Lock()
	defer s.m.unlock()
	if a.flying && a.tries == try {
		delete(s.acks, a.id)
		a.settle(nil, ErrTimeout)
	}
}

// settle tells what became of a try.
func (a *attempt) settle(m *Message, err error) {
	s := a.s
	if a.timer != nil {
		a.timer.Stop()
	}
	a.flying = false
	if err == nil || s.m.cfg.Retries >= 0 && a.tries > s.m.cfg.Retries {
		s.retry.remove(s, a)
		switch {
		case a.result != nil:
			a.result.settle(m, err)
		case err != nil:
			s.m.later(func() { s.report(a.name, err) })
		}
	}
	s.pump()
}

// remove takes an event out, and lets its frames go. m.mu is held.
func (q *retryQueue) remove(s *Socket, a *attempt) {
	i := slices.Index(q.events, a)
	if i < 0 {
		return
	}
	q.events = slices.Delete(q.events, i, i+1)
	q.bytes -= a.size
	a.g.Release()
	s.m.notify()
}

// cancel takes out the event that somebody has waited for.
func (q *retryQueue) cancel(s *Socket, result waiter) {
	s.m.mu.Lock()
	defer s.m.unlock()
	i := slices.IndexFunc(q.events, func(a *attempt) bool { return a.result == result })
	if i < 0 {
		return
	}
	a := q.events[i]
	if a.flying {
		a.flying = false
		a.timer.Stop()
		delete(s.acks, a.id)
	}
	q.remove(s, a)
	s.pump()
}

// drop takes out all events. m.mu is held.
func (q *retryQueue) drop(s *Socket) {
	for len(q.events) > 0 {
		a := q.events[0]
		if a.flying {
			a.flying = false
			a.timer.Stop()
		}
		q.remove(s, a)
		if a.result != nil {
			a.result.settle(nil, ErrClosed)
		}
	}
}
