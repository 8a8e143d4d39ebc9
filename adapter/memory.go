package adapter

import (
	"iter"
	"slices"
	"sync"

	"github.com/gosio/sio/internal/frame"
)

// Memory is the adapter of a single server.
//
// A room is a slice of its members, and every member knows its place in each,
// so that joining and leaving take constant time and a broadcast runs over
// memory in a row. The room named like a socket's id is not stored at all.
type Memory struct {
	mu    sync.RWMutex
	all   room
	byID  map[string]*member
	rooms map[string]*room
	watch func(RoomEvent) // nil if nobody is told
}

type room struct{ members []*member }

type member struct {
	socket Socket
	place  int            // in Memory.all
	rooms  map[string]int // name → place in that room; nil until the first join
	own    bool           // still in the room of its own id
}

// NewMemory returns an empty adapter.
func NewMemory() *Memory {
	return &Memory{byID: make(map[string]*member), rooms: make(map[string]*room)}
}

var (
	_ Adapter     = (*Memory)(nil)
	_ RoomCounter = (*Memory)(nil)
)

// Add adds a socket.
func (a *Memory) Add(s Socket, rooms ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byID[s.ID()] != nil {
		return
	}
	m := &member{socket: s, place: len(a.all.members), own: true}
	a.byID[s.ID()] = m
	a.all.members = append(a.all.members, m)
	a.joined(s.ID(), s.ID(), a.rooms[s.ID()] == nil)
	a.join(m, rooms)
}

// Remove takes a socket out of everything.
func (a *Memory) Remove(id string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	m := a.byID[id]
	if m == nil {
		return nil
	}
	names := m.names()
	a.leaveOwn(m)
	for name := range m.rooms {
		a.leave(m, name)
	}
	delete(a.byID, id)
	last := len(a.all.members) - 1
	moved := a.all.members[last]
	a.all.members[m.place], moved.place = moved, m.place
	a.all.members[last] = nil
	a.all.members = a.all.members[:last]
	return names
}

// Join adds a socket to rooms.
func (a *Memory) Join(id string, rooms ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if m := a.byID[id]; m != nil {
		a.join(m, rooms)
	}
}

func (a *Memory) join(m *member, rooms []string) {
	for _, name := range rooms {
		if name == m.socket.ID() {
			if !m.own {
				m.own = true
				a.joined(name, name, a.rooms[name] == nil)
			}
			continue
		}
		if _, in := m.rooms[name]; in {
			continue
		}
		r := a.rooms[name]
		if r == nil {
			r = new(room)
			a.rooms[name] = r
		}
		if m.rooms == nil {
			m.rooms = make(map[string]int)
		}
		m.rooms[name] = len(r.members)
		r.members = append(r.members, m)
		a.joined(name, m.socket.ID(), len(r.members) == 1 && !a.isOwn(name))
	}
}

// Leave takes a socket out of a room.
func (a *Memory) Leave(id, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	m := a.byID[id]
	switch {
	case m == nil:
	case name == id:
		a.leaveOwn(m)
	default:
		a.leave(m, name)
	}
}

func (a *Memory) leave(m *member, name string) {
	place, in := m.rooms[name]
	if !in {
		return
	}
	delete(m.rooms, name)
	r := a.rooms[name]
	last := len(r.members) - 1
	if moved := r.members[last]; moved != m {
		r.members[place] = moved
		moved.rooms[name] = place
	}
	r.members[last] = nil
	if r.members = r.members[:last]; last == 0 {
		delete(a.rooms, name)
	}
	a.left(name, m.socket.ID(), last == 0 && !a.isOwn(name))
}

// leaveOwn takes a socket out of the room of its own id.
func (a *Memory) leaveOwn(m *member) {
	if !m.own {
		return
	}
	m.own = false
	id := m.socket.ID()
	a.left(id, id, a.rooms[id] == nil)
}

// isOwn reports whether a room has the socket of which it is the own.
func (a *Memory) isOwn(name string) bool {
	m := a.byID[name]
	return m != nil && m.own
}

// Rooms returns the rooms that a socket is in.
func (a *Memory) Rooms(id string) []string {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if m := a.byID[id]; m != nil {
		return m.names()
	}
	return nil
}

// CountRooms returns how many rooms a socket is in, beside its own.
func (a *Memory) CountRooms(id string) int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if m := a.byID[id]; m != nil {
		return len(m.rooms)
	}
	return 0
}

func (m *member) names() []string {
	names := make([]string, 0, 1+len(m.rooms))
	if m.own {
		names = append(names, m.socket.ID())
	}
	first := len(names)
	for name := range m.rooms {
		names = append(names, name)
	}
	slices.Sort(names[first:])
	return names
}

func (m *member) in(name string) bool {
	if m.own && name == m.socket.ID() {
		return true
	}
	_, in := m.rooms[name]
	return in
}

// Len returns the number of sockets.
func (a *Memory) Len() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return len(a.all.members)
}

// Sockets iterates over the sockets meant.
func (a *Memory) Sockets(t Target) iter.Seq[Socket] {
	return func(yield func(Socket) bool) {
		s := a.snapshot(t)
		defer s.free()
		for _, socket := range s.sockets {
			if !yield(socket) {
				return
			}
		}
	}
}

// Broadcast delivers a message to the sockets meant.
func (a *Memory) Broadcast(g frame.Group, t Target, volatile bool) int {
	s := a.snapshot(t)
	defer s.free()
	g.Retain(len(s.sockets))
	for _, socket := range s.sockets {
		socket.Deliver(g, volatile)
	}
	g.Release()
	return len(s.sockets)
}

// snapshot is a pooled list of sockets, so that nothing is called under the
// lock and a broadcast allocates nothing per recipient.
type snapshot struct {
	sockets []Socket
	seen    map[*member]struct{} // only when several rooms may share members
}

var snapshots = sync.Pool{New: func() any { return &snapshot{seen: make(map[*member]struct{})} }}

// maxPooledSnapshot keeps one huge broadcast from pinning its list for good.
const maxPooledSnapshot = 1 << 16

func (s *snapshot) free() {
	if cap(s.sockets) > maxPooledSnapshot {
		return
	}
	clear(s.sockets)
	s.sockets = s.sockets[:0]
	clear(s.seen)
	snapshots.Put(s)
}

func (a *Memory) snapshot(t Target) *snapshot {
	s := snapshots.Get().(*snapshot)
	a.mu.RLock()
	defer a.mu.RUnlock()
	if len(t.Rooms) == 0 {
		s.add(a.all.members, t.Except, false)
		return s
	}
	for _, name := range t.Rooms {
		if m := a.byID[name]; m != nil && m.own {
			s.add([]*member{m}, t.Except, len(t.Rooms) > 1)
		}
		if r := a.rooms[name]; r != nil {
			s.add(r.members, t.Except, len(t.Rooms) > 1)
		}
	}
	return s
}

func (s *snapshot) add(members []*member, except []string, dedupe bool) {
next:
	for _, m := range members {
		for _, name := range except {
			if m.in(name) {
				continue next
			}
		}
		if dedupe {
			if _, seen := s.seen[m]; seen {
				continue
			}
			s.seen[m] = struct{}{}
		}
		s.sockets = append(s.sockets, m.socket)
	}
}
