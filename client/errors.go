package client

import (
	"errors"
	"fmt"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/fault"
)

var (
	// ErrTimeout is returned when an acknowledgement did not come in time. It
	// matches context.DeadlineExceeded as well.
	ErrTimeout = fault.ErrTimeout
	// ErrConnectTimeout is the error of an attempt to connect that took longer than
	// Config.ConnectTimeout.
	ErrConnectTimeout = errors.New("timeout")
	// ErrDisconnected is matched by the error for a call that was sent when its
	// connection was lost, and by that of a Socket's context. It is a
	// *DisconnectError, which tells the reason.
	ErrDisconnected = fault.ErrDisconnected
	// ErrReservedEvent is matched by the error for an event name that Socket.IO keeps
	// for itself.
	ErrReservedEvent = fault.ErrReservedEvent
	// ErrAcknowledged is returned by the second acknowledgement of an event, and for
	// an event that asks for none.
	ErrAcknowledged = fault.ErrAcknowledged
	// ErrBufferFull is returned for an event that would have to wait, with more than
	// Config.MaxBuffer waiting already. It is not sent.
	ErrBufferFull = errors.New("client: too many events wait for the connection")
	// ErrClosed is returned by a Socket that was closed, or is being drained.
	ErrClosed = errors.New("client: closed")
	// ErrGaveUp is matched by the error of WaitConnected after all of
	// Config.ReconnectionAttempts; it wraps that of the last one.
	ErrGaveUp = errors.New("client: no connection after all attempts")
	// ErrOldServer refuses a server of Socket.IO 2, which needs Config.Version2.
	ErrOldServer = errors.New("client: the server speaks the protocol of Socket.IO 2: set Config.Version2")

	errEarly = errors.New("client: too many events came before the namespace was joined")
)

// Error is a refusal by the server, of a connection or of a call.
type Error = event.Error

// TransportError says what failed in an attempt to connect, or ended a connection.
type TransportError = dialer.TransportError

// PanicError is a recovered panic of a handler: its Value, and its Stack.
type PanicError = fault.Panic

// DisconnectError is the cause (context.Cause) with which the context of a Socket
// ends. It matches ErrDisconnected.
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

// EventError is what Config.OnError gets: an error that a handler returned, a panic in
// it, an argument that could not be decoded, or why an event was given up.
type EventError struct {
	Namespace string
	Event     string // "" outside of events
	Err       error  // for a panic a *PanicError
}

func (e *EventError) Error() string {
	if e.Event == "" {
		return fmt.Sprintf("client: %s: %v", e.Namespace, e.Err)
	}
	return fmt.Sprintf("client: %s: event %q: %v", e.Namespace, e.Event, e.Err)
}

func (e *EventError) Unwrap() error { return e.Err }

// gaveUpError is ErrGaveUp with what the last attempt said.
type gaveUpError struct{ last error }

func (e gaveUpError) Error() string        { return fmt.Sprintf("%v: %v", ErrGaveUp, e.last) }
func (e gaveUpError) Is(target error) bool { return target == ErrGaveUp }
func (e gaveUpError) Unwrap() error        { return e.last }
