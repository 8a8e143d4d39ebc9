package event

import "errors"

// Error is a refusal that crosses the wire: of a connection, or of a call. So
// errors.As tells a refusal by the peer from a failure on the way.
//
// A server's middleware that returns one refuses the connection: the client
// gets a connect_error with this message and data. A handler that returns one
// refuses the call: the acknowledgement is {"error":{"message":…,"data":…}}.
// Other errors cross as Error{Message: err.Error()}.
type Error struct {
	Message string
	Data    any // anything that can be encoded; nil for none
}

func (e *Error) Error() string { return e.Message }

// AsError returns the Error that err is or wraps, else one with its text.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Message: err.Error()}
}
