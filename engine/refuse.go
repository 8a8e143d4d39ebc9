package engine

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
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
)

// ConnectionError tells about a request that was refused. No session is
// touched by it.
type ConnectionError struct {
	Request *http.Request
	Code    Code
	// Context has what explains the refusal, by the code: "transport", "sid",
	// "method", "message", "protocol"; with BadRequest a "name" such as
	// TransportMismatch.
	Context map[string]any

	status int           // of the answer, if it is not one of the protocol's
	retry  time.Duration // after which the client may come again
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
	if s.cfg.OnConnectionError != nil {
		s.cfg.OnConnectionError(e)
	}
	if hook := s.cfg.Observer.RequestRefused; hook != nil {
		hook(e)
	}
	if e.status != 0 {
		refuseBare(w, e)
		return
	}
	h, text := w.Header(), e.text()
	if isUpgrade(e.Request) {
		h.Set("Connection", "close")
		h.Set("Content-Type", "text/html")
		h.Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(http.StatusBadRequest)
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
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// fail answers a request of a known session: a bare status, as the protocol has it.
func fail(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
}
