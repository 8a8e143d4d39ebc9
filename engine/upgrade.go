package engine

import (
	"net/http"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/wheel"
	"github.com/gosio/sio/wire/eio"
)

// While an upgrade waits for the client to stop polling, a pending poll is
// released at once, and again in every interval. One that comes a little later
// than the probe, or before the client has seen the answer to it, need not wait
// for the next interval either, but a client that does not stop may not go on
// and on.
const (
	noopInterval     = 100 * time.Millisecond
	noopsPerInterval = 2
)

// upgradeTimers is what only a candidate needs.
type upgradeTimers struct{ timeout, noops wheel.Timer }

func (t *upgradeTimers) stop(w *wheel.Wheel) {
	w.Stop(&t.timeout)
	w.Stop(&t.noops)
}

// upgrade begins to move a session from polling to a WebSocket:
//
//	client                        server
//	GET …&transport=websocket  →
//	2probe                     →  probe
//	                           ←  3probe, and noops to a pending poll
//	5                          →  completeUpgrade
//
// Until the 5, everything goes on over polling.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request, sess *Session, q query) {
	conn := s.accept101(w, r, false)
	if conn == nil {
		return
	}
	t := newWebSocket(sess, conn, q)
	t.candidate = true
	sess.mu.Lock()
	busy := sess.candidate != nil || sess.upgraded || sess.state.Load() == closed || sess.Transport() != Polling
	if !busy {
		sess.candidate = t
		t.timers = new(upgradeTimers)
		s.wheel.Set(&t.timers.timeout, s.cfg.UpgradeTimeout, wheel.Func(func() { sess.giveUpUpgrade(t, ErrUpgradeTimeout) }))
	}
	sess.mu.Unlock()
	if busy {
		s.discard(conn)
		return
	}
	conn.Start(t)
}

// probe handles a packet on the candidate of an upgrade; s.recv is held.
func (s *Session) probe(t *webSocket, p eio.Packet, err error) {
	switch {
	case err == nil && p.Type == eio.Ping && string(p.Data) == "probe":
		if t.conn.Enqueue(shared(probeFrame).First) == nil {
			t.conn.Flush()
			if !t.probed { // a client that probes again does not make more timers
				t.probed = true
				s.releasePoll(t)
			}
		}
	case err == nil && p.Type == eio.Upgrade:
		s.completeUpgrade(t)
	default:
		s.giveUpUpgrade(t, ErrUpgradePacket)
	}
}

// releasePoll answers polls with noops, again and again until the upgrade has
// ended, so that the client can pause polling.
func (s *Session) releasePoll(t *webSocket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.current().(*polling); ok && s.candidate == t {
		p.hurry(noopsPerInterval)
		s.srv.wheel.Set(&t.timers.noops, noopInterval, wheel.Func(func() { s.releasePoll(t) }))
	}
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
	t.timers.stop(&s.srv.wheel)
	t.timers = nil
	full := false
	p.move(func(queue []*frame.Frame) {
		if t.dialect != nil {
			queue = t.dialect.frames(queue)
		}
		full = len(queue) > 0 && t.conn.Enqueue(queue...) != nil
		s.transport.Store(&t.self)
	})
	ending := s.state.Load() == closing
	s.mu.Unlock()
	if hook := s.observer().Upgraded; hook != nil {
		hook(s)
	}
	if r, ok := s.receiver.(UpgradeReceiver); ok {
		r.Upgraded()
	}
	if full {
		s.finish(TransportError, ErrQueueFull)
		return
	}
	t.conn.Flush()
	if ending {
		s.conclude(ForcedClose, nil)
		t.end()
	}
}

// giveUpUpgrade closes a candidate that has not got through in time, or has
// sent something else; what it sends from now on has no effect.
func (s *Session) giveUpUpgrade(t *webSocket, err error) {
	if s.abandonUpgrade(t, err) {
		t.end()
	}
}

// abandonUpgrade forgets a candidate; the session goes on. It reports false if
// t is none, or no more.
func (s *Session) abandonUpgrade(t *webSocket, err error) bool {
	s.mu.Lock()
	if s.candidate != t {
		s.mu.Unlock()
		return false
	}
	s.candidate = nil
	t.timers.stop(&s.srv.wheel)
	if p, ok := s.current().(*polling); ok {
		p.hurry(0)
	}
	s.mu.Unlock()
	s.upgradeFailed(err)
	return true
}
