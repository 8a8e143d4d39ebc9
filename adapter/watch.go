package adapter

// RoomEventKind is what can happen to a room.
type RoomEventKind int

// What can happen to a room.
const (
	RoomCreated RoomEventKind = iota + 1 // before its first member joins
	RoomJoined
	RoomLeft
	RoomDeleted // after its last member has left
)

// RoomEvent is what has happened to a room of this server.
type RoomEvent struct {
	Kind RoomEventKind
	Room string
	ID   string // of the socket; "" for RoomCreated and RoomDeleted
}

// Watcher is an Adapter that tells what happens to its rooms, those of sockets' own
// ids among them.
type Watcher interface {
	// Watch sets the function that is told, in order. It must neither wait nor call
	// back into the adapter. It is not told of what happened before.
	Watch(fn func(RoomEvent))
}

var _ Watcher = (*Memory)(nil)

// Watch sets the function that is told what happens to rooms.
func (a *Memory) Watch(fn func(RoomEvent)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.watch = fn
}

// joined tells that a socket has joined a room, which is new perhaps.
func (a *Memory) joined(room, id string, first bool) {
	if a.watch == nil {
		return
	}
	if first {
		a.watch(RoomEvent{Kind: RoomCreated, Room: room})
	}
	a.watch(RoomEvent{Kind: RoomJoined, Room: room, ID: id})
}

// left tells that a socket has left a room, which is empty perhaps.
func (a *Memory) left(room, id string, last bool) {
	if a.watch == nil {
		return
	}
	a.watch(RoomEvent{Kind: RoomLeft, Room: room, ID: id})
	if last {
		a.watch(RoomEvent{Kind: RoomDeleted, Room: room})
	}
}
