package client

import (
	"slices"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire"
)

// waiting is an event that waits for a connection.
type waiting struct {
	g   frame.Group
	id  int64 // of its acknowledgement; wire.NoID if it needs none
	ack waiter
}

// overhead is what an event counts for beyond its bytes.
const overhead = 64

func (w waiting) size() int { return size(w.g) }

func size(g frame.Group) int { return g.Len() + overhead*(1+len(g.Rest)) }

// keep keeps an event for the next connection. m.mu is held.
func (s *Socket) keep(w waiting) error {
	if len(s.buffer) > 0 && s.exceeds(s.buffered+w.size()) {
		w.g.Release()
		return ErrBufferFull
	}
	s.buffer = append(s.buffer, w)
	s.buffered += w.size()
	return nil
}

// sendBuffer sends what was kept. m.mu is held, and the Socket is connected.
func (s *Socket) sendBuffer() {
	sent := 0
	for _, w := range s.buffer {
		size := w.size()
		if !s.queue(w, false) {
			break
		}
		s.buffered -= size
		sent++
	}
	s.buffer = slices.Delete(s.buffer, 0, sent)
	if len(s.buffer) == 0 {
		s.buffer = nil
	}
	s.m.notify()
}

// unkeep drops an event that waits, and reports whether it did. m.mu is held.
func (s *Socket) unkeep(id int64) bool {
	i := slices.IndexFunc(s.buffer, func(w waiting) bool { return w.id == id })
	if i < 0 {
		return false
	}
	s.buffered -= s.buffer[i].size()
	s.buffer[i].g.Release()
	s.buffer = slices.Delete(s.buffer, i, i+1)
	s.m.notify()
	return true
}

// dropBuffer drops all that waits. m.mu is held.
func (s *Socket) dropBuffer() {
	for _, w := range s.buffer {
		if w.id != wire.NoID {
			w.ack.settle(nil, ErrClosed)
		}
		w.g.Release()
	}
	s.buffer, s.buffered = nil, 0
	s.retry.drop(s)
	s.m.notify()
}
