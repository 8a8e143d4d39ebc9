package sio

import (
	"errors"
	"slices"
	"time"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// tenure is a socket's ownership of a session, which outlives it. Without
// recovery there is none.
type tenure struct {
	s         *Socket
	session   *adapter.Session
	recovered bool
	settled   chan struct{} // closed when the socket has its session
	ended     chan struct{} // closed when its last job is done
}

var _ adapter.Owner = (*tenure)(nil)

// handover is how long a recovered socket waits for the last handlers of the
// one before it.
const handover = 5 * time.Second

var errReplaced = errors.New("the client came back over another connection")

// Recovered reports whether the socket goes on where its client lost another
// connection: it has the id, the rooms and the data that it had, and the client
// has been sent what it missed. See Recovery.
func (s *Socket) Recovered() bool { return s.tenure != nil && s.tenure.recovered }

// occupy gives a socket that is joining its session: that of a client that comes
// back, or a new one. It reports false if the client has gone meanwhile.
func (s *Socket) occupy() bool {
	r := s.namespace.recovery
	if r == nil || s.client.old() { // clients of Socket.IO 2 do not come back
		return true
	}
	t := &tenure{s: s, settled: make(chan struct{}), ended: make(chan struct{})}
	if pid, offset, ok := s.claim(); ok && s.state.Load() != gone {
		t.session = r.Take(s.Context(), pid, offset, t)
	}
	if t.recovered = t.session != nil; !t.recovered {
		t.session = adapter.NewSession(s.id, engine.NewID(), t)
	}
	s.mu.Lock()
	s.tenure, s.id = t, t.session.ID // nobody has seen the other id
	left := s.state.Load() == gone
	s.mu.Unlock()
	if left { // and did not give up what it had not got yet
		r.Release(t.session, t, adapter.Return)
	}
	close(t.settled)
	return !left && (!t.recovered || t.takeOver())
}

// takeOver waits for the socket that had the session, and takes over the rest.
func (t *tenure) takeOver() bool {
	s := t.s
	timeout := time.NewTimer(handover)
	defer timeout.Stop()
	select {
	case <-t.session.Ended:
	case <-timeout.C:
	case <-s.Context().Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Load() == gone {
		return false
	}
	own := func(room string) bool { return room == s.id }
	s.extend().rooms = slices.DeleteFunc(slices.Clone(t.session.Rooms), own)
	t.session.Ended = t.ended
	return true
}

// claim returns what a client says that comes back: the private id, and the
// offset of the last event that it got.
func (s *Socket) claim() (pid string, offset *string, ok bool) {
	auth := s.Handshake().Auth()
	if pid, ok = auth["pid"].(string); !ok {
		return "", nil, false
	}
	if v, given := auth["offset"]; given {
		text, isText := v.(string)
		return pid, &text, isText
	}
	return pid, nil, true
}

// Evict ends the connection of a socket whose client has come back over another.
func (t *tenure) Evict() {
	<-t.settled
	t.s.client.end(TransportClose, errReplaced)
	t.s.client.session.Abort()
}

// admit connects the socket, and sends the client what it missed and then the
// grant, in one step for all that is kept.
func (t *tenure) admit() bool {
	s, r := t.s, t.s.namespace.recovery
	g, err := s.namespace.encode(wire.Header{Type: wire.Connect, ID: wire.NoID}, message.Outcome{Compress: true},
		[]any{grant{SID: s.id, PID: t.session.PID}})
	if err != nil {
		s.mail.Put(s.owner(), &errorJob{s: s, err: err}, 0, 1)
		s.client.violation()
		return false
	}
	if !t.recovered {
		t.session.Ended = t.ended
	}
	var asked bool
	admitted := r.Join(t.session, t, func(missed []frame.Group) bool {
		asked = true
		all := together(append(missed, g))
		if !s.advance(joining, granted) {
			all.Release()
			return false
		}
		_ = s.client.session.Queue(all, false)
		return s.advance(granted, connected)
	})
	if !asked {
		// While middlewares ran, something was dropped that the client missed. It
		// may be known by its old id already, so it has to come again, as a new one.
		g.Release()
		r.Release(t.session, t, adapter.Drop)
		s.client.violation()
	}
	if admitted {
		s.client.joined()
		s.client.session.FlushSoon()
	}
	return admitted
}

// together makes one of many groups. The official client keeps events that come
// before the grant for later, even if the connection is lost in between, and then
// has those twice that it misses again.
func together(groups []frame.Group) frame.Group {
	var all []*frame.Frame
	for _, g := range groups {
		all = append(append(all, g.First), g.Rest...)
	}
	return frame.Group{First: all[0], Rest: all[1:]}
}

// giveBack lets another socket have the session, as this one is refused.
func (t *tenure) giveBack() { t.s.namespace.recovery.Release(t.session, t, adapter.Return) }

// leave notes that the socket gets no more events. s.mu is held.
func (t *tenure) leave(was socketState) {
	if was == connected {
		t.s.namespace.recovery.Leave(t.session)
	}
}

// release gives the session up, which may be taken again if the client may come
// back. s.mu is held.
func (t *tenure) release(was socketState, reason Reason, rooms []string) {
	fate := adapter.Drop
	switch {
	case was == connected && reason.recoverable():
		t.session.Rooms = slices.Clone(rooms)
		fate = adapter.Keep
	case was != connected && t.recovered:
		fate = adapter.Return
	}
	t.s.namespace.recovery.Release(t.session, t, fate)
}

// queue queues a message, of which it takes over a reference.
func (t *tenure) queue(g frame.Group, volatile bool) error {
	if place := g.First.Place; place != 0 {
		t.session.Meant(place)
		return t.s.client.session.Queue(g, volatile) // in its turn, or when the client is back
	}
	return t.s.offer(g, volatile)
}
