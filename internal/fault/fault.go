// Package fault has the errors that the server and the client have in common.
package fault

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

var (
	// ErrTimeout is for an acknowledgement that did not come in time.
	ErrTimeout error = timeout{}
	// ErrDisconnected is for a socket that is not connected.
	ErrDisconnected = errors.New("socket has been disconnected")
	// ErrReservedEvent is matched by what Reserved returns.
	ErrReservedEvent = errors.New("reserved event name")
	// ErrAcknowledged is for an acknowledgement that nobody waits for.
	ErrAcknowledged = errors.New("sio: no acknowledgement wanted")
)

type timeout struct{}

func (timeout) Error() string        { return "operation has timed out" }
func (timeout) Timeout() bool        { return true }
func (timeout) Is(target error) bool { return target == context.DeadlineExceeded }

// Reserved returns the error for an event name that Socket.IO keeps for itself.
func Reserved(name string) error { return reserved(name) }

type reserved string

func (e reserved) Error() string        { return fmt.Sprintf("%q is a reserved event name", string(e)) }
func (e reserved) Is(target error) bool { return target == ErrReservedEvent }

// GaveUp returns the error for a context that ended before an acknowledgement came.
func GaveUp(ctx context.Context) error {
	if ctx.Err() == context.DeadlineExceeded {
		return ErrTimeout
	}
	return context.Cause(ctx)
}

// Panic is a recovered panic of a function of the application.
type Panic struct {
	Value any
	Stack []byte
}

func (e *Panic) Error() string { return fmt.Sprintf("panic: %v\n%s", e.Value, e.Stack) }

// Recovered, deferred, makes a *Panic of a panic.
func Recovered(err *error) {
	if v := recover(); v != nil {
		*err = &Panic{Value: v, Stack: debug.Stack()}
	}
}

// Call runs a function of the application. A panic becomes a *Panic.
func Call(fn func() error) (err error) {
	defer Recovered(&err)
	return fn()
}
