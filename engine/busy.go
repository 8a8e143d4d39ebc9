package engine

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// More names in the context of a ConnectionError with code BadRequest. It then has
// an "error" as well, which errors.Is finds.
const (
	ServerClosing      = "SERVER_CLOSING"
	TooManyConnections = "TOO_MANY_CONNECTIONS" // with the client's "address"
	TooManyHandshakes  = "TOO_MANY_HANDSHAKES"  // with the client's "address"
	BodyTimeout        = "BODY_TIMEOUT"
)

// Errors of requests that a limit or the end of the server refuses.
var (
	// ErrServerClosing refuses sessions after StopAccepting, Shutdown or Close: 503.
	ErrServerClosing = errors.New("engine: server closing")
	// ErrTooManyConnections refuses sessions beyond Limits.MaxConnections (503) and
	// MaxConnectionsPerAddress (429).
	ErrTooManyConnections = errors.New("engine: too many connections")
	// ErrTooManyHandshakes refuses sessions beyond Limits.HandshakeRate (503) and
	// HandshakeRatePerAddress (429).
	ErrTooManyHandshakes = errors.New("engine: too many handshakes")
	// ErrBodyTimeout ends a session whose client sends the body of a request too
	// slowly (Limits.BodyTimeout): 408.
	ErrBodyTimeout = errors.New("engine: request body timed out")
	// ErrResponseTimeout ends a session whose client receives the answer to a poll
	// too slowly (Limits.ResponseTimeout).
	ErrResponseTimeout = errors.New("engine: response timed out")
)

// Unwrap returns the "error" of the context, or nil.
func (e *ConnectionError) Unwrap() error {
	err, _ := e.Context["error"].(error)
	return err
}

// closingRetry is when clients of a server that ends may find another one.
const closingRetry = time.Second

// closingRefusal refuses a handshake while the server shuts down.
func closingRefusal(r *http.Request) *ConnectionError {
	e := refusal(r, BadRequest, map[string]any{"name": ServerClosing, "error": ErrServerClosing})
	e.status, e.retry = http.StatusServiceUnavailable, closingRetry
	return e
}

// bodyRefusal refuses a request whose body does not come in time.
func bodyRefusal(r *http.Request) *ConnectionError {
	e := refusal(r, BadRequest, map[string]any{"name": BodyTimeout, "error": ErrBodyTimeout})
	e.status = http.StatusRequestTimeout
	return e
}

// excess says that something is beyond a limit.
type excess struct {
	status int
	name   string
	err    error
	retry  time.Duration
}

func (x *excess) refusal(r *http.Request, address string) *ConnectionError {
	e := refusal(r, BadRequest, map[string]any{"name": x.name, "error": x.err, "address": address})
	e.status, e.retry = x.status, x.retry
	return e
}

// refuseBare answers with a bare status, which says when to come again.
func refuseBare(w http.ResponseWriter, e *ConnectionError) {
	if e.retry > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64((e.retry+time.Second-1)/time.Second), 10))
	}
	fail(w, e.status)
}
