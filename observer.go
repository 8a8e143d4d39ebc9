package sio

import (
	"time"

	"github.com/gosio/sio/engine"
)

// Observer is told what happens on a server, for metrics, traces and logs: on
// its connections (the hooks of engine.Observer), and on its sockets. Each hook
// is optional, and one that is nil costs a comparison.
//
// Hooks are called at once, by whoever does what they tell: from many
// goroutines at the same time, among them those that read connections. So they
// must not block, and not emit to or close the socket; what takes time is for a
// goroutine of the hook. What they are given by value allocates nothing.
//
// No hook gets a name that a client can make up, so all of them can be labels of
// metrics: namespaces and events are those of the application.
type Observer struct {
	engine.Observer

	// SocketConnected tells of a socket that has joined its namespace, and
	// SocketDisconnected, once for each of those, that it has been disconnected. If
	// the client goes at once, they can come at the same time.
	SocketConnected    func(*Socket)
	SocketDisconnected func(Disconnection)
	// SocketRefused tells of a socket that a middleware did not let in.
	SocketRefused func(Refusal)
	// EventReceived tells of an event that has arrived, and that waits for the
	// handlers from now on.
	EventReceived func(ReceivedEvent)
	// EventHandled tells of an event that has been handled, also if nobody listened
	// to it.
	EventHandled func(HandledEvent)
	// CallEnded tells of an EmitWithAck or Call that has returned.
	CallEnded func(EndedCall)
	// Violation tells of a client that is disconnected as it sent a Socket.IO
	// packet that cannot be decoded, or that its state forbids. Of faults
	// below Socket.IO tells ConnectionClosed (Closing.Violation).
	Violation func(Violation)
	// LimitReached tells of a client or socket that would have had more than it may,
	// and goes on without. Of limits that end a connection tells ConnectionClosed
	// (Config.MaxPayload, MaxQueue) or Violation (MaxAttachments, wire.MaxDepth).
	LimitReached func(ReachedLimit)
}

// Disconnection is how a socket was disconnected.
type Disconnection struct {
	Socket *Socket
	Reason Reason
	Err    error // explains the reason, or nil
}

// Refusal is a socket that a middleware did not let in.
type Refusal struct {
	Socket *Socket
	Err    error // what the middleware returned, or a *PanicError
}

// ReceivedEvent is an event that has arrived.
type ReceivedEvent struct {
	Socket *Socket
	Bytes  int // as they count for Config.MaxMailbox
}

// HandledEvent is what became of an event.
type HandledEvent struct {
	Socket *Socket
	// Event is the name, or "" for an event without a listener: its name was the
	// client's choice.
	Event string
	// Duration is that of all listeners together.
	Duration time.Duration
	// Err is the first error of a listener, such as an *Error that the client is
	// told, a *PanicError, or that the arguments could not be decoded.
	Err error
}

// EndedCall is an event that was to be acknowledged.
type EndedCall struct {
	Socket   *Socket
	Event    string
	Duration time.Duration // from the call to the acknowledgement, or until it was given up
	Err      error         // what EmitWithAck returned; an *Error of Call is none here
}

// Violation is what a client did wrong.
type Violation struct {
	Session *engine.Session
	Err     error // ErrNotAllowed, or what the decoder says (ErrInvalidPacket)
}

func (s *Socket) observer() *Observer { return s.namespace.server.cfg.Observer }

func (s *Socket) observeDisconnect(reason Reason, err error) {
	if hook := s.observer().SocketDisconnected; hook != nil {
		hook(Disconnection{Socket: s, Reason: reason, Err: err})
	}
}

// observeCall, deferred, tells how a call ended.
func (s *Socket) observeCall(hook func(EndedCall), name string, begun time.Time, err *error) {
	hook(EndedCall{Socket: s, Event: name, Duration: time.Since(begun), Err: *err})
}

func (c *client) observeViolation(err error) {
	if hook := c.server.cfg.Observer.Violation; hook != nil {
		hook(Violation{Session: c.session, Err: err})
	}
}
