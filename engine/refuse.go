package engine

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
)

// Code says why a request was refused, as the Engine.IO protocol numbers it.
type Code int

// The codes of refused requests.
const (
	TransportUnknown           Code = 0
	SessionIDUnknown           Code = 1
	BadHandshakeMethod         Code = 2
	BadRequest                 Code = 3
	Forbidden                  Code = 4
	UnsupportedProtocolVersion Code = 5
)

func (c Code) String() string {
	switch c {
	case TransportUnknown:
		return "Transport unknown"
	case SessionIDUnknown:
		return "Session ID unknown"
	case BadHandshakeMethod:
		return "Bad handshake method"
	case BadRequest:
		return "Bad request"
	case Forbidden:
		return "Forbidden"
	case UnsupportedProtocolVersion:
		return "Unsupported protocol version"
	}
	return "Code " + strconv.Itoa(int(c))
}

// Names in the context of a ConnectionError with code BadRequest.
const (
	TransportMismatch       = "TRANSPORT_MISMATCH"
	TransportHandshakeError = "TRANSPORT_HANDSHAKE_ERROR"
	IDGenerationError       = "ID_GENERATION_ERROR"
	ProtocolMismatch        = "PROTOCOL_MISMATCH"
	ServerClosing           = "SERVER_CLOSING" // 503, without a body
)

// Names in the context of a ConnectionError with code Forbidden, for limits; the
// "address" beside is that of the client. The status is 429 for limits of one
// address, else 503, and the response has a Retry-After.
const (
	HandshakeRateInAll          = "HANDSHAKE_RATE"
	HandshakeRateOfAddress      = "HANDSHAKE_RATE_OF_ADDRESS"
	TooManyConnections          = "TOO_MANY_CONNECTIONS"
	TooManyConnectionsOfAddress = "TOO_MANY_CONNECTIONS_OF_ADDRESS"
)

// ConnectionError tells about a request that was refused. No session is
// touched by it.
type ConnectionError struct {
	Request *http.Request
	Code    Code
	// Context has what explains the refusal, by the code: "transport", "sid",
	// "method", "message", "protocol"; with BadRequest a "name" such as
	// TransportMismatch, and for limits too.
	Context map[string]any

	status     int // of HTTP, if not the usual one
	retryAfter string
}

func (e *ConnectionError) Error() string { return "engine: " + e.Code.String() }

// text is what the client reads: for a request that the application refused,
// the application's words.
func (e *ConnectionError) text() string {
	if m, ok := e.Context["message"].(string); ok && e.Code == Forbidden && m != "" {
		return m
	}
	return e.Code.String()
}

func refusal(r *http.Request, code Code, context map[string]any) *ConnectionError {
	return &ConnectionError{Request: r, Code: code, Context: context}
}

// refuse answers a request as Engine.IO servers do: JSON for plain requests,
// a bare text and the end of the connection for WebSocket ones.
func (s *Server) refuse(w http.ResponseWriter, e *ConnectionError) {
	s.tell(e)
	h, text := w.Header(), e.text()
	if e.retryAfter != "" {
		h.Set("Retry-After", e.retryAfter)
	}
	if isUpgrade(e.Request) {
		h.Set("Connection", "close")
		h.Set("Content-Type", "text/html")
		h.Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(cmp.Or(e.status, http.StatusBadRequest))
		_, _ = w.Write([]byte(text))
		return
	}
	status := http.StatusBadRequest
	if e.Code == Forbidden {
		status = http.StatusForbidden
	}
	body, _ := json.Marshal(struct { // two plain fields: cannot fail
		Code    Code   `json:"code"`
		Message string `json:"message"`
	}{e.Code, text})
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(cmp.Or(e.status, status))
	_, _ = w.Write(body)
}

// tell tells those of a refused request who want to know.
func (s *Server) tell(e *ConnectionError) {
	if s.cfg.OnConnectionError != nil {
		s.cfg.OnConnectionError(e)
	}
	if hook := s.cfg.Observer.RequestRefused; hook != nil {
		hook(e)
	}
}

// unavailable answers handshakes while the server shuts down.
func (s *Server) unavailable(w http.ResponseWriter, r *http.Request) {
	s.tell(refusal(r, BadRequest, map[string]any{"name": ServerClosing}))
	w.Header().Set("Retry-After", "1")
	fail(w, http.StatusServiceUnavailable)
}

// fail answers a request of a known session: a bare status, as the protocol has it.
func fail(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
}
