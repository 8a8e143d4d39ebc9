package engine

import (
	"sync/atomic"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/wheel"
	"github.com/gosio/sio/wire/eio"
)

// heartbeat is the state of a session's pings; guarded by Session.mu. The
// server pings PingInterval after the last sign of life, and the client has
// PingTimeout to answer. While nothing is read, it pings each PingInterval.
type heartbeat struct {
	timer    wheel.Timer
	awaiting atomic.Bool // a ping is unanswered; written under the lock
	extended bool        // another packet has put off its timeout, which happens once
}

var (
	pingFrame  = packetFrame("2")
	probeFrame = packetFrame("3probe")
)

// packetFrame makes a frame that is never given back: a reference is kept.
func packetFrame(packet string) *frame.Frame {
	f := frame.New(len(packet))
	f.B = append(f.B, packet...)
	f.Seal(false, false)
	return f
}

func shared(f *frame.Frame) frame.Group {
	f.Retain(1)
	return frame.Group{First: f}
}

// Expire is called by the timing wheel: it is time to ping, or the answer is
// overdue.
func (s *Session) Expire() {
	s.mu.Lock()
	if s.state.Load() == closed || s.srv.wheel.IsSet(&s.beat.timer) { // a sign of life came in this moment
		s.mu.Unlock()
		return
	}
	awaiting, paused := s.beat.awaiting.Load(), s.pauses.Load() > 0
	if awaiting && !paused {
		s.mu.Unlock()
		s.finish(PingTimeout, nil)
		return
	}
	ping, next := !awaiting && s.state.Load() == open, s.patience()
	if paused && !s.eio3 { // nobody reads its answers, but it must not give up for want of pings
		ping, next = s.state.Load() == open, s.srv.cfg.PingInterval
	}
	s.beat.awaiting.Store(true)
	s.beat.extended = false
	s.srv.wheel.Set(&s.beat.timer, next, s)
	s.mu.Unlock()
	if ping && s.Queue(shared(pingFrame), false) == nil {
		s.current().flush()
	}
}

// pong handles the client's answer.
func (s *Session) pong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Load() != open {
		return
	}
	s.beat.awaiting.Store(false)
	s.srv.wheel.Set(&s.beat.timer, s.srv.cfg.PingInterval, s)
}

// beaten handles a ping or a pong, of which the other is the server's to send.
func (s *Session) beaten(t eio.Type) {
	switch {
	case s.eio3 != (t == eio.Ping):
		s.finish(TransportError, errHeartbeat)
	case s.eio3:
		s.ping()
	default:
		s.pong()
	}
}

// alive notes a packet that is not a pong: the first one after a ping gives
// its answer more time, so that a client survives that is busy sending on a
// slow link.
func (s *Session) alive() {
	if !s.beat.awaiting.Load() || s.eio3 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.beat.awaiting.Load() && !s.beat.extended && s.state.Load() == open {
		s.beat.extended = true
		s.srv.wheel.Set(&s.beat.timer, s.srv.cfg.PingTimeout, s)
	}
}
