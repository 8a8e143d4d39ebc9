package sio

import "github.com/gosio/sio/engine"

// Reason says why a socket was disconnected. The texts are those of the
// official server.
type Reason string

// The reasons for which a socket is disconnected.
const (
	ClientNamespaceDisconnect Reason = "client namespace disconnect" // the client left the namespace
	ServerNamespaceDisconnect Reason = "server namespace disconnect" // Socket.Disconnect or Socket.Close
	ServerShuttingDown        Reason = "server shutting down"        // Server.Shutdown or Server.Close
	ForcedServerClose         Reason = "forced server close"         // a packet came that is not allowed in its state
	TransportClose                   = Reason(engine.TransportClose) // the client closed the connection, or it was lost
	TransportError                   = Reason(engine.TransportError) // the transport failed, was abused, or its queue was full
	PingTimeout                      = Reason(engine.PingTimeout)    // the client did not answer a ping in time
	ParseError                       = Reason(engine.ParseError)     // the client sent an Engine.IO packet that cannot be decoded
	ForcedClose                      = Reason(engine.ForcedClose)    // the client sent a Socket.IO packet that cannot be decoded, or a forbidden one
)
