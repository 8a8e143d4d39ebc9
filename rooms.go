package sio

import (
	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/mailbox"
)

// OnCreateRoom adds a function that is called when a room begins to exist: with
// the first socket of this server in it. What it returns removes it.
//
// Functions about rooms are called one at a time, in the order in which things
// happened, shortly after that. The room of a socket's own id is one as well.
// They need an adapter.Watcher, as Memory is.
func (r *registry) OnCreateRoom(fn func(room string)) (off func()) {
	return r.onRoom(adapter.RoomCreated, func(room, _ string) { fn(room) })
}

// OnDeleteRoom adds a function that is called when the last socket of this server
// has left a room; see OnCreateRoom.
func (r *registry) OnDeleteRoom(fn func(room string)) (off func()) {
	return r.onRoom(adapter.RoomDeleted, func(room, _ string) { fn(room) })
}

// OnJoinRoom adds a function that is called when a socket is in a room that it was
// not in; see OnCreateRoom.
func (r *registry) OnJoinRoom(fn func(room, id string)) (off func()) {
	return r.onRoom(adapter.RoomJoined, fn)
}

// OnLeaveRoom adds a function that is called when a socket has left a room, also
// by being disconnected; see OnCreateRoom.
func (r *registry) OnLeaveRoom(fn func(room, id string)) (off func()) {
	return r.onRoom(adapter.RoomLeft, fn)
}

// roomHook is a function about rooms.
type roomHook struct {
	kind adapter.RoomEventKind
	call func(room, id string)
}

func (h *hooks) roomList() *[]kept[roomHook] { return &h.rooms }

func (r *registry) onRoom(kind adapter.RoomEventKind, fn func(room, id string)) (off func()) {
	return keep(r.update, (*hooks).roomList, roomHook{kind, fn})
}

// watchRooms begins to watch the rooms of the adapter.
func (n *Namespace) watchRooms() {
	n.watching.Do(func() {
		if w, ok := n.adapter.(adapter.Watcher); ok {
			rooms := &roomWatch{n: n}
			w.Watch(rooms.happened)
		}
	})
}

// roomWatch calls the functions about the rooms of a namespace, as it is the owner
// of a mailbox.
type roomWatch struct {
	n    *Namespace
	mail mailbox.Mailbox
}

func (w *roomWatch) Workers() *mailbox.Workers { return &w.n.server.workers }
func (w *roomWatch) Busy()                     {}
func (w *roomWatch) Idle()                     {}

// happened is called by the adapter, which must not wait.
func (w *roomWatch) happened(e adapter.RoomEvent) {
	if w.n.hooks.Load().rooms != nil {
		w.mail.Put(w, &roomJob{n: w.n, e: e}, 0, 1)
	}
}

// roomJob tells of what has happened to a room.
type roomJob struct {
	mailbox.Link
	n *Namespace
	e adapter.RoomEvent
}

func (j *roomJob) Do() {
	for _, hook := range j.n.hooks.Load().rooms {
		if hook.fn.kind != j.e.Kind {
			continue
		}
		if err := j.call(hook.fn.call); err != nil {
			j.n.server.cfg.OnError(&EventError{Err: err})
		}
	}
}

func (j *roomJob) call(fn func(room, id string)) (err error) {
	defer fault.Recovered(&err)
	fn(j.e.Room, j.e.ID)
	return nil
}
