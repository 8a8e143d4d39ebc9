package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gosio/sio/internal/cork"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/wheel"
	"github.com/gosio/sio/wire/eio"
)

// Session is the connection of one client, over whatever transport. All
// methods may be called from any goroutine.
type Session struct {
	id        string
	srv       *Server
	handshake Handshake
	receiver  Receiver
	transport atomic.Pointer[transport]
	state     atomic.Int32 // an openness; written under mu
	cork      cork.Cork    // replies gather until Uncork
	dirty     atomic.Bool  // in a flusher's list
	pauses    atomic.Int32 // the receiver holds back reading

	turn chan struct{} // of those who wait for room; nil if nobody has; guarded by mu

	recv sync.Mutex // held while packets are handed to the receiver

	mu        sync.Mutex
	candidate *webSocket // of an upgrade that is going on
	upgraded  bool
	eio3      bool     // the client speaks protocol 3; never changes
	begun     bool     // the receiver is known
	early     *outcome // of a session that ended before it had begun
	beat      heartbeat
}

// outcome is what a receiver is told at the end.
type outcome struct {
	reason Reason
	err    error
}

type openness = int32

const (
	open openness = iota
	closing
	closed
)

// ID returns the session's id. It is a secret: whoever knows it can act as
// the client.
func (s *Session) ID() string { return s.id }

// Handshake returns what is kept of the request that began the session.
func (s *Session) Handshake() *Handshake { return &s.handshake }

// Context returns the context that Config.ConnContext gave, or the background
// context. It does not end with the session.
func (s *Session) Context() context.Context {
	if s.handshake.ctx == nil {
		return context.Background()
	}
	return s.handshake.ctx
}

// Transport returns the name of the transport that the session is on:
// "polling" or "websocket".
func (s *Session) Transport() string { return s.current().name() }

// Upgraded reports whether the session has moved from polling to WebSocket.
func (s *Session) Upgraded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.upgraded
}

// Open reports whether messages can still be sent.
func (s *Session) Open() bool { return s.state.Load() == open }

// Queued returns the bytes that wait for the client to take them.
func (s *Session) Queued() int { return s.current().queued() }

func (s *Session) current() transport { return *s.transport.Load() }

// Send sends a message: a copy of data is queued, and leaves as soon as the
// client takes it. It does not block. Errors: ErrSessionClosed, and
// ErrQueueFull, which has ended the session.
func (s *Session) Send(data []byte, binary bool) error {
	f := frame.New(1 + len(data))
	if !binary {
		f.B = append(f.B, '4')
	}
	f.B = append(f.B, data...)
	f.Seal(binary, true)
	if err := s.Queue(frame.Group{First: f}, false); err != nil {
		return err
	}
	s.current().flush()
	return nil
}

// Queue queues a group for sending, taking over its references, without
// sending it yet: Flush, FlushSoon or FlushAsync do. A volatile group is
// dropped, without an error, unless it can leave at once. Errors are those of
// Send.
func (s *Session) Queue(g frame.Group, volatile bool) error {
	err := s.put(g, volatile, false)
	if err == ErrQueueFull {
		s.dropped(DropQueueFull)
		s.finish(TransportError, err)
	}
	return err
}

// put is Queue, but for what comes of a queue that is full. What is polite leaves
// a part of the queue to others.
func (s *Session) put(g frame.Group, volatile, polite bool) error {
	if s.state.Load() != open {
		g.Release()
		return ErrSessionClosed
	}
	for {
		t := s.current()
		if volatile && !t.writable() {
			g.Release()
			s.dropped(DropVolatile)
			return nil
		}
		switch err := t.send(g, polite); err {
		case nil:
			return nil
		case errMoved: // an upgrade came in between
			continue
		case ErrQueueFull:
			if volatile {
				s.dropped(DropVolatile)
				return nil // it is the one to drop
			}
			return err
		default:
			return err
		}
	}
}

// receive handles one packet of the established transport. If it returns a
// channel, the session takes no more until that is closed. s.recv is held.
func (s *Session) receive(p eio.Packet) (wait <-chan struct{}) {
	if s.state.Load() != open {
		return nil
	}
	switch p.Type {
	case eio.Message:
		s.alive()
		wait = s.receiver.Message(p.Data, p.Binary)
	case eio.Ping, eio.Pong:
		s.beaten(p.Type)
	case eio.Close:
		s.receiver.CaughtUp() // what came with it came before
		s.finish(TransportClose, nil)
	default: // open, upgrade, noop: of no meaning here, and ignored by the reference implementation
		s.alive()
	}
	return wait
}

// pause says that a transport reads nothing as the receiver wants to wait, so that
// missing answers to pings are not the client's fault. resume ends it, and gives
// an answer that is behind what has not been read yet its full time again.
func (s *Session) pause() {
	s.pauses.Add(1)
	if hook := s.observer().Paused; hook != nil {
		hook(s)
	}
}

// resume ends a pause.
func (s *Session) resume() {
	if hook := s.observer().Resumed; hook != nil {
		hook(s)
	}
	s.mu.Lock() // as when the timer expires, which must not come in between
	overdue := s.pauses.Add(-1) == 0 && s.beat.awaiting.Load() && s.state.Load() == open
	if overdue {
		s.beat.extended = false
		s.srv.wheel.Set(&s.beat.timer, s.patience(), s)
	}
	s.mu.Unlock()
	// Answers to old pings that are read now put off the next one by an interval,
	// which is too late for a client that has waited most of one already.
	if overdue && !s.eio3 && s.Queue(shared(pingFrame), false) == nil {
		s.current().flush()
	}
}

// Close ends the session after what was sent before has been delivered, with
// reason ForcedClose. A client that polls, and has no request pending, gets it
// with its next ones; it is given up after 30 seconds.
func (s *Session) Close() {
	s.mu.Lock()
	if s.state.Load() != open {
		s.mu.Unlock()
		return
	}
	s.state.Store(closing)
	s.mu.Unlock()
	if t, ok := s.current().(*webSocket); ok { // whose client may answer before the reason is noted
		if s.conclude(ForcedClose, nil) {
			t.end()
		}
		return
	}
	if s.current().end() {
		s.conclude(ForcedClose, nil)
	}
}

// Abort ends the session at once, with reason ForcedClose. What waits is dropped.
func (s *Session) Abort() { s.finish(ForcedClose, nil) }

// finish ends the session and closes its transport at once.
func (s *Session) finish(reason Reason, err error) {
	if s.conclude(reason, err) {
		s.current().abort()
	}
}

// conclude ends the session, but for its transport, which is ending by itself
// or is the caller's. It reports false if the session had ended before.
func (s *Session) conclude(reason Reason, err error) bool {
	s.mu.Lock()
	if s.state.Load() == closed {
		s.mu.Unlock()
		return false
	}
	s.state.Store(closed)
	candidate := s.candidate
	s.candidate = nil
	if !s.begun {
		s.early = &outcome{reason, err}
		s.mu.Unlock()
		return true
	}
	s.mu.Unlock()
	s.srv.wheel.Stop(&s.beat.timer)
	s.srv.remove(s)
	if candidate != nil {
		candidate.timers.stop(&s.srv.wheel)
		candidate.conn.CloseNow()
		s.upgradeFailed(ErrSessionClosed)
	}
	s.ended(reason, err)
	return true
}

// After runs f once d has passed, on a goroutine that it must not block,
// unless the timer that it returns is stopped before with StopTimer.
func (s *Session) After(d time.Duration, f func()) *wheel.Timer {
	t := new(wheel.Timer)
	s.srv.wheel.Set(t, d, wheel.Func(f))
	return t
}

// StopTimer stops a timer of After.
func (s *Session) StopTimer(t *wheel.Timer) { s.srv.wheel.Stop(t) }
