package client

import "github.com/gosio/sio/engine/dialer"

// Reason says why a Socket was disconnected. The texts are those of the official
// client.
type Reason string

// The reasons for which a Socket is disconnected.
const (
	ServerDisconnect Reason = "io server disconnect"         // by the server; it does not connect again by itself
	ClientDisconnect Reason = "io client disconnect"         // by Disconnect or Close; likewise
	PingTimeout      Reason = Reason(dialer.PingTimeout)     // nothing was heard of the server for too long
	TransportClose   Reason = Reason(dialer.TransportClose)  // the connection was closed, or lost
	TransportFailed  Reason = Reason(dialer.TransportFailed) // the connection failed
	ParseError       Reason = "parse error"                  // the server sent a packet that cannot be decoded
)

// State is what a Socket is doing.
type State uint8

// The states of a Socket.
const (
	Idle       State = iota // not connected, and not about to be before Connect is called
	Connecting              // about to connect, for the first time or again
	Connected               // has joined its namespace
	Closed                  // for good
)

func (s State) String() string {
	return [...]string{"idle", "connecting", "connected", "closed"}[s]
}
