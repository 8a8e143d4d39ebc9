package dialer

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gosio/sio/wire/eio"
)

// Reason says why a session ended. The texts are those of the protocol's
// reference implementation.
type Reason string

// The reasons for which a session ends.
const (
	TransportClose  Reason = "transport close" // the server closed the session, or the connection was lost
	TransportFailed Reason = "transport error" // a request was refused or failed, or the server sent what it must not
	PingTimeout     Reason = "ping timeout"    // the server did not ping, or answer, in time
	ForcedClose     Reason = "forced close"    // this side closed the session
)

var (
	// ErrClosed is returned for messages to a session that is closing or closed.
	ErrClosed = errors.New("dialer: session closed")
	// ErrQueueFull is returned for a message that does not fit into the queue
	// (Config.MaxQueue, Config.MaxQueuedMessages). The session goes on.
	ErrQueueFull = errors.New("dialer: write queue full")

	errTooLarge = errors.New("larger than Config.MaxMessage")
	errUnread   = errors.New("the receiver is too slow for what the browser reads")
	errNotOpen  = errors.New("the server did not begin with an open packet")
	errProbe    = errors.New("the server did not answer the probe")
	errPatience = errors.New("the upgrade took too long")
)

// TransportError says how a transport failed.
type TransportError struct {
	Transport string // Polling or WebSocket
	Text      string // what the reference implementation says: "xhr poll error", "xhr post error", "websocket error", "server error" or "probe error"
	Status    int    // of HTTP, of an answer that was not the right one; 0 if there was none
	Code      int    // of the Engine.IO error in that answer; -1 if there was none
	Message   string // of the Engine.IO error, or "parser error" if a packet cannot be decoded; "" if there was none
	Err       error  // what caused it, such as an error of the network; nil if all has been said
}

// Error returns the text and what explains it.
func (e *TransportError) Error() string {
	text := e.Text
	if e.Status != 0 {
		text += fmt.Sprintf(": status %d", e.Status)
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns Err.
func (e *TransportError) Unwrap() error { return e.Err }

// The texts of a TransportError.
const (
	pollError      = "xhr poll error"
	postError      = "xhr post error"
	webSocketError = "websocket error"
	serverError    = "server error"
	probeError     = "probe error"
)

// failed makes a TransportError of an error.
func failed(transport, text string, err error) *TransportError {
	if u, ok := errors.AsType[*url.Error](err); ok { // whose text has the URL, and so the session's id, which is a secret
		err = u.Err
	}
	return &TransportError{Transport: transport, Text: text, Code: -1, Err: err}
}

// refused makes a TransportError of an answer that is an error.
func refused(transport, text string, status int, body []byte) *TransportError {
	e := &TransportError{Transport: transport, Text: text, Status: status, Code: -1}
	var answer struct {
		Code    *int   `json:"code"`
		Message string `json:"message"`
	}
	switch {
	case json.Unmarshal(body, &answer) == nil && answer.Code != nil:
		e.Code, e.Message = *answer.Code, answer.Message
	case transport == WebSocket && len(body) <= 200 && utf8.Valid(body) && !strings.ContainsAny(string(body), "<{"):
		e.Message = strings.TrimSpace(string(body)) // which is all that servers say there
	}
	return e
}

// undecodable is the error of what is not a packet.
func undecodable(transport string) *TransportError {
	return &TransportError{Transport: transport, Text: serverError, Code: -1, Message: "parser error", Err: eio.ErrPacket}
}
