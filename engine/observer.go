package engine

import (
	"errors"
	"time"

	"github.com/gosio/sio/internal/ws"
)

// Observer is told what happens on a server, for metrics, traces and logs. Each
// hook is optional, and one that is nil costs a comparison.
//
// Hooks are called at once, by whoever does what they tell: from many
// goroutines at the same time, among them those that read connections, some
// with locks of the session held. So they must not block and not call methods of
// the session that send or close; what takes time is for a goroutine of the hook.
// What they are given by value allocates nothing.
type Observer struct {
	// ConnectionOpened tells of a session that begins. It comes first of all
	// that is told of a session, ConnectionClosed last, and once.
	ConnectionOpened func(*Session)
	ConnectionClosed func(Closing)
	// RequestRefused tells what Config.OnConnectionError does: a handshake, or a
	// request of no session, that was refused; and a POST that took too long.
	RequestRefused func(*ConnectionError)
	// Upgraded tells that a session has moved from polling to WebSocket, and
	// UpgradeFailed that it has not and goes on, or has ended meanwhile.
	Upgraded      func(*Session)
	UpgradeFailed func(FailedUpgrade)
	// Received and Sent count packets: what one message of a WebSocket, one POST,
	// one write to a WebSocket or one answer to a poll had.
	Received func(Traffic)
	Sent     func(Traffic)
	// Dropped tells of a message that the client will not get.
	Dropped func(DroppedMessage)
	// Paused tells that nothing is read from a client until its messages have been
	// handled (of a socket: Config.MaxMailbox is full), and Resumed that this is over.
	Paused  func(*Session)
	Resumed func(*Session)
}

// Closing is how a session ended.
type Closing struct {
	Session  *Session
	Reason   Reason
	Err      error         // explains the reason, or nil
	Duration time.Duration // since the handshake
}

// Violation reports whether the client is at fault: it broke the protocol, or
// exceeded a limit.
func (c Closing) Violation() bool {
	var protocol *ws.ProtocolError
	if c.Reason == ParseError || errors.As(c.Err, &protocol) {
		return true
	}
	for _, err := range []error{ErrQueueFull, errMaxPayload, errOverlap, errPostOverlap, errContent, errHeartbeat, ErrBodyTimeout, ErrResponseTimeout} {
		if errors.Is(c.Err, err) {
			return true
		}
	}
	return false
}

// FailedUpgrade is an upgrade that did not come about.
type FailedUpgrade struct {
	Session *Session
	// Err is ErrUpgradeTimeout, ErrUpgradePacket, ErrSessionClosed, or what ended
	// the WebSocket connection.
	Err error
}

// Errors of upgrades.
var (
	ErrUpgradeTimeout = errors.New("engine: upgrade timed out")
	ErrUpgradePacket  = errors.New("engine: unexpected packet in an upgrade")
)

// Traffic is a number of Engine.IO packets, heartbeats included.
type Traffic struct {
	Transport string
	Packets   int
	Bytes     int // uncompressed, without what HTTP and WebSocket add
}

// DroppedMessage is a message that the client will not get.
type DroppedMessage struct {
	Session *Session
	Cause   DropCause
}

// DropCause says why a message was dropped.
type DropCause string

// The causes for which messages are dropped.
const (
	DropVolatile  DropCause = "volatile"   // it may be lost, and could not leave at once
	DropQueueFull DropCause = "queue full" // Config.MaxQueue, Config.MaxQueuedMessages
)

var noObserver Observer

func (s *Session) observer() *Observer { return s.srv.cfg.Observer }

// ended tells of the end of a session that had begun.
func (s *Session) ended(reason Reason, err error) {
	s.leave()
	s.receiver.Closed(reason, err)
	if hook := s.observer().ConnectionClosed; hook != nil {
		age := time.Since(s.handshake.Time())
		hook(Closing{Session: s, Reason: reason, Err: err, Duration: max(age, 0)}) // clocks are set back now and then
	}
}

func (s *Session) dropped(cause DropCause) {
	if hook := s.observer().Dropped; hook != nil {
		hook(DroppedMessage{s, cause})
	}
}

func (s *Session) upgradeFailed(err error) {
	if hook := s.observer().UpgradeFailed; hook != nil {
		hook(FailedUpgrade{s, err})
	}
}

func (s *Server) received(transport string, packets, bytes int) {
	if hook := s.cfg.Observer.Received; hook != nil {
		hook(Traffic{transport, packets, bytes})
	}
}

func (s *Server) sent(transport string, packets, bytes int) {
	if hook := s.cfg.Observer.Sent; hook != nil {
		hook(Traffic{transport, packets, bytes})
	}
}

// Queued returns how many bytes wait for clients that do not take them yet, and
// how many of them for one client.
func (s *Server) Queued() (total, longest int) {
	for _, sess := range s.snapshot() {
		n := sess.Queued()
		total += n
		longest = max(longest, n)
	}
	return total, longest
}
