// Package adapter keeps the rooms of a namespace and brings broadcasts to the
// sockets in them.
//
// Memory is the adapter of a single server. Adapters of a cluster build on it.
package adapter

import (
	"iter"

	"github.com/gosio/sio/internal/frame"
)

// Socket is what an adapter sees of a server's socket.
type Socket interface {
	ID() string
	// Deliver queues a message for the client, taking over a reference of it.
	// It neither blocks nor calls back into the adapter.
	Deliver(g frame.Group, volatile bool)
}

// Target says which sockets are meant: those in at least one of Rooms (all,
// if it is empty) and in none of Except. A socket's id is the name of a room
// with only that socket in it.
type Target struct {
	Rooms  []string
	Except []string
}

// Adapter is the set of a namespace's sockets and their rooms. All methods may
// be called from any goroutine. A room exists as long as a socket is in it.
type Adapter interface {
	// Add adds a socket, in the room of its own id and in the rooms given.
	Add(s Socket, rooms ...string)
	// Remove takes a socket out of everything, and returns the rooms it was in.
	Remove(id string) []string
	// Join adds a socket to rooms. It does nothing for a socket that is not there.
	Join(id string, rooms ...string)
	// Leave takes a socket out of a room. It does nothing if it is not in it.
	Leave(id, room string)
	// Rooms returns the rooms that a socket is in, its own first; nil for a
	// socket that is not there.
	Rooms(id string) []string
	// Sockets iterates over the sockets meant, each once, as they were at the
	// start. The adapter can be used and changed meanwhile.
	Sockets(t Target) iter.Seq[Socket]
	// Broadcast delivers a message to the sockets meant, each once, and
	// returns how many of them are on this server. It takes over the caller's
	// reference. A volatile message is dropped for those who cannot take it at
	// once.
	Broadcast(g frame.Group, t Target, volatile bool) int
	// Len returns the number of sockets on this server.
	Len() int
}

// RoomCounter is an Adapter that can count rooms faster than it can list them,
// which each Join of a socket asks for as their number is limited.
type RoomCounter interface {
	// CountRooms returns how many rooms a socket is in, beside its own.
	CountRooms(id string) int
}
