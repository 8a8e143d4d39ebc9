package engine

import "errors"

// Reason says why a session ended. The texts are those of the protocol's
// reference implementation.
type Reason string

// The reasons for which a session ends.
const (
	TransportClose Reason = "transport close" // the peer closed the connection, or it was lost
	TransportError Reason = "transport error" // the transport failed, or the peer abused it
	PingTimeout    Reason = "ping timeout"    // the peer did not answer a ping in time
	ParseError     Reason = "parse error"     // the peer sent a packet that cannot be decoded
	ForcedClose    Reason = "forced close"    // this side closed the session
)

// Errors that a session ends with, beside those of the network.
var (
	// ErrSessionClosed is returned for messages to a session that is closing or closed.
	ErrSessionClosed = errors.New("engine: session closed")
	// ErrQueueFull ends a session whose peer does not take what is sent to it
	// (Config.MaxQueue, Config.MaxQueuedMessages), but for what may be dropped
	// (Session.Offer); the message that did not fit is not sent.
	ErrQueueFull = errors.New("engine: write queue full")

	errOverlap     = errors.New("overlap from client")
	errPostOverlap = errors.New("data request overlap from client")
	errContent     = errors.New("invalid content")
	errPollAborted = errors.New("poll connection closed prematurely")
	errPostAborted = errors.New("data request connection closed prematurely")
	errHeartbeat   = errors.New("invalid heartbeat direction")
	//lint:ignore ST1005 the text is that of the reference implementation
	errMaxPayload = errors.New("Max payload size exceeded")
)
