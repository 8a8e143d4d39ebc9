package engine

import (
	"net/http"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// noopInterval is how often a pending poll is released while an upgrade waits
// for the client to stop polling.
const noopInterval = 100 * time.Millisecond

// upgrade begins to move a session from polling to a WebSocket:
//
//	client                        server
//	GET …&transport=websocket  →
//	2probe                     →  probe
//	                           ←  3probe, and noops to a pending poll
//	5                          →  completeUpgrade
//
// Until the 5, everything goes on over polling.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request, sess *Session) {
	conn := s.accept101(w, r, false)
	if conn == nil {
		return
	}
	t := &webSocket{s: sess, tracked: tracked{conn: conn}, candidate: true}
	sess.mu.Lock()
	busy := sess.candidate != nil || sess.upgraded || sess.state.Load() == closed || sess.Transport() != Polling
	if !busy {
		sess.candidate = t
	}
	sess.mu.Unlock()
	if busy {
		s.discard(conn)
		return
	}
	conn.Start(t)
	sess.After(s.cfg.UpgradeTimeout, func() { sess.giveUpUpgrade(t) })
}

// probe handles a packet on the candidate of an upgrade; s.recv is held.
func (s *Session) probe(t *webSocket, p eio.Packet, err error) {
	switch {
	case err == nil && p.Type == eio.Ping && string(p.Data) == "probe":
		if t.conn.Enqueue(shared(probeFrame).First) == nil {
			t.conn.Flush()
			s.releasePoll(t)
		}
	case err == nil && p.Type == eio.Upgrade:
		s.completeUpgrade(t)
	default:
		t.end()
	}
}

// releasePoll answers a pending poll with a noop, again and again until the
// upgrade has ended, so that the client can pause polling.
func (s *Session) releasePoll(t *webSocket) {
	if p, ok := s.upgradingFrom(t); ok {
		p.noop()
		s.After(noopInterval, func() { s.releasePoll(t) })
	}
}

// upgradingFrom returns the transport that t is about to replace.
func (s *Session) upgradingFrom(t *webSocket) (*polling, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.current().(*polling)
	return p, ok && s.candidate == t
}

// completeUpgrade makes t the session's transport; s.recv is held. What waits
// on the polling transport moves over before anything else can be sent on t,
// so that the order of messages holds.
func (s *Session) completeUpgrade(t *webSocket) {
	s.mu.Lock()
	p, ok := s.current().(*polling)
	if !ok || s.candidate != t {
		s.mu.Unlock()
		t.end()
		return
	}
	t.candidate = false
	s.candidate, s.upgraded = nil, true
	var next transport = t
	full := false
	p.move(func(queue []*frame.Frame) {
		full = len(queue) > 0 && t.conn.Enqueue(queue...) != nil
		s.transport.Store(&next)
	})
	ending := s.state.Load() == closing
	s.mu.Unlock()
	if full {
		s.finish(TransportError, ErrQueueFull)
		return
	}
	t.conn.Flush()
	if ending {
		t.end()
		s.conclude(ForcedClose, nil)
	}
}

// giveUpUpgrade closes a candidate that has not got through in time.
func (s *Session) giveUpUpgrade(t *webSocket) {
	if _, ok := s.upgradingFrom(t); ok {
		t.end()
	}
}

// abandonUpgrade forgets a candidate that has closed; the session goes on.
func (s *Session) abandonUpgrade(t *webSocket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.candidate == t {
		s.candidate = nil
	}
}
