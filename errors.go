package sio

import (
	"errors"
	"fmt"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/fault"
)

var (
	// ErrTimeout is returned when an acknowledgement did not come in time. It
	// matches context.DeadlineExceeded as well.
	ErrTimeout = fault.ErrTimeout
	// ErrDisconnected is returned for a socket that is not connected, or was
	// disconnected before its acknowledgement came. The error then is a
	// *DisconnectError, which tells the reason.
	ErrDisconnected = fault.ErrDisconnected
	// ErrQueueFull is returned for the message that did not fit into the
	// client's queue any more (Config.MaxQueue, Config.MaxQueuedMessages). The client
	// is disconnected, unless Config.QueuePolicy says otherwise.
	ErrQueueFull = engine.ErrQueueFull
	// ErrReservedEvent is matched by the error for an event name that
	// Socket.IO keeps for itself.
	ErrReservedEvent = fault.ErrReservedEvent
	// ErrTooManyAcks is returned when a client owes more acknowledgements than
	// it may (Config.MaxPendingAcks).
	ErrTooManyAcks = errors.New("sio: too many pending acknowledgements")
	// ErrAcknowledged is returned by the second acknowledgement of an event,
	// and for an event that asks for none.
	ErrAcknowledged = fault.ErrAcknowledged
	// ErrInvalidPacket is matched by the error that Config.OnError gets for a packet
	// that cannot be decoded.
	ErrInvalidPacket = errors.New("sio: invalid packet")
	// ErrNotAllowed is told to Observer.Violation for a packet that the state of its
	// client forbids.
	ErrNotAllowed = errors.New("sio: packet not allowed")
)

// invalidPacket is an ErrInvalidPacket that says what the decoder does.
type invalidPacket struct{ error }

func (e invalidPacket) Is(target error) bool { return target == ErrInvalidPacket }
func (e invalidPacket) Unwrap() error        { return e.error }

// Error is a refusal that crosses the wire: of a connection by a middleware, or
// of a call by a handler, on either side.
type Error = event.Error

// DisconnectError is the cause (context.Cause) with which the context of a
// socket ends. It matches ErrDisconnected.
type DisconnectError struct {
	Reason Reason
	Err    error // what explains the reason, or nil
}

func (e *DisconnectError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%v: %s: %v", ErrDisconnected, e.Reason, e.Err)
	}
	return fmt.Sprintf("%v: %s", ErrDisconnected, e.Reason)
}

// Is matches ErrDisconnected.
func (e *DisconnectError) Is(target error) bool { return target == ErrDisconnected }

func (e *DisconnectError) Unwrap() error { return e.Err }

// EventError is what Config.OnError gets: an error that a handler returned, a
// panic in it, an argument that could not be decoded, or an invalid packet.
type EventError struct {
	Socket *Socket // nil for a packet that belongs to no socket, and for functions about rooms
	Event  string  // "" outside of events
	Err    error   // for a panic a *PanicError
}

func (e *EventError) Error() string {
	switch {
	case e.Socket == nil:
		return "sio: " + e.Err.Error()
	case e.Event == "":
		return fmt.Sprintf("sio: socket %s of %s: %v", e.Socket.ID(), e.Socket.Namespace().Name(), e.Err)
	}
	return fmt.Sprintf("sio: socket %s of %s: event %q: %v", e.Socket.ID(), e.Socket.Namespace().Name(), e.Event, e.Err)
}

func (e *EventError) Unwrap() error { return e.Err }

// PanicError is a recovered panic of a handler: its Value, and its Stack.
type PanicError = fault.Panic
