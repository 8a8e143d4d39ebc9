package adapter_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/frame"
)

// recorder is a socket that counts what it gets.
type recorder struct {
	id        string
	delivered atomic.Int64
	volatile  atomic.Int64
}

func (r *recorder) ID() string { return r.id }

func (r *recorder) Deliver(g frame.Group, volatile bool) {
	r.delivered.Add(1)
	if volatile {
		r.volatile.Add(1)
	}
	g.Release()
}

func message() frame.Group {
	f := frame.New(8)
	f.B = append(f.B, "4x"...)
	f.Seal(false, true)
	return frame.Group{First: f}
}

func ids(a adapter.Adapter, t adapter.Target) []string {
	var list []string
	for s := range a.Sockets(t) {
		list = append(list, s.ID())
	}
	slices.Sort(list)
	return list
}

// filled returns an adapter with a socket for each id.
func filled(names ...string) (*adapter.Memory, map[string]*recorder) {
	a := adapter.NewMemory()
	sockets := map[string]*recorder{}
	for _, id := range names {
		sockets[id] = &recorder{id: id}
		a.Add(sockets[id])
	}
	return a, sockets
}

func TestTargets(t *testing.T) {
	a, sockets := filled("1", "2", "3", "4")
	a.Join("1", "a")
	a.Join("2", "a", "b")
	a.Join("3", "b", "c", "1") // the room of another's id
	for _, test := range []struct {
		name          string
		rooms, except []string
		want          []string
	}{
		{"all", nil, nil, []string{"1", "2", "3", "4"}},
		{"room", []string{"a"}, nil, []string{"1", "2"}},
		{"rooms, each socket once", []string{"a", "b"}, nil, []string{"1", "2", "3"}},
		{"the same room twice", []string{"a", "a"}, nil, []string{"1", "2"}},
		{"unknown room", []string{"x"}, nil, nil},
		{"unknown room beside another", []string{"x", "c"}, nil, []string{"3"}},
		{"id", []string{"4"}, nil, []string{"4"}},
		{"id that is also a room", []string{"1"}, nil, []string{"1", "3"}},
		{"that and a room of both", []string{"1", "c", "a"}, nil, []string{"1", "2", "3"}},
		{"ids", []string{"4", "2", "4"}, nil, []string{"2", "4"}},
		{"except room", nil, []string{"a"}, []string{"3", "4"}},
		{"except rooms", nil, []string{"a", "c"}, []string{"4"}},
		{"except id", nil, []string{"4"}, []string{"1", "2", "3"}},
		{"except id that is also a room", nil, []string{"1"}, []string{"2", "4"}},
		{"except unknown", []string{"a"}, []string{"x"}, []string{"1", "2"}},
		{"except wins", []string{"a"}, []string{"a"}, nil},
		{"room except id", []string{"a", "b"}, []string{"2"}, []string{"1", "3"}},
	} {
		target := adapter.Target{Rooms: test.rooms, Except: test.except}
		if got := ids(a, target); !slices.Equal(got, test.want) {
			t.Errorf("%s: sockets %q, want %q", test.name, got, test.want)
		}
		for _, volatile := range []bool{false, true} {
			before, soft := counts(sockets)
			if n := a.Broadcast(message(), target, volatile); n != len(test.want) {
				t.Errorf("%s: broadcast to %d, want %d", test.name, n, len(test.want))
			}
			after, softer := counts(sockets)
			for id := range sockets {
				want := int64(0)
				if slices.Contains(test.want, id) {
					want = 1
				}
				if got := after[id] - before[id]; got != want {
					t.Errorf("%s: %s got %d messages, want %d", test.name, id, got, want)
				}
				if got := softer[id] - soft[id]; volatile && got != want || !volatile && got != 0 {
					t.Errorf("%s: %s got %d volatile messages", test.name, id, got)
				}
			}
		}
	}
}

func counts(sockets map[string]*recorder) (all, volatile map[string]int64) {
	all, volatile = map[string]int64{}, map[string]int64{}
	for id, s := range sockets {
		all[id], volatile[id] = s.delivered.Load(), s.volatile.Load()
	}
	return all, volatile
}

func TestMembership(t *testing.T) {
	a := adapter.NewMemory()
	s := &recorder{id: "me"}
	rooms := func(want ...string) {
		t.Helper()
		if got := a.Rooms("me"); !slices.Equal(got, want) {
			t.Errorf("rooms %q, want %q", got, want)
		}
	}
	a.Join("me", "too early")
	a.Leave("me", "never joined")
	rooms()
	if got := a.Remove("me"); got != nil {
		t.Errorf("removed from %q", got)
	}
	a.Add(s, "z", "b", "z", "me")
	rooms("me", "b", "z")
	a.Add(&recorder{id: "me"}, "twice")
	rooms("me", "b", "z")
	if a.Len() != 1 {
		t.Errorf("%d sockets", a.Len())
	}
	a.Join("me")
	a.Join("me", "c", "b")
	rooms("me", "b", "c", "z")
	a.Leave("me", "unknown")
	a.Leave("me", "z")
	a.Leave("me", "z")
	rooms("me", "b", "c")
	a.Leave("me", "me") // its own room can be left, and entered again
	rooms("b", "c")
	if got := ids(a, adapter.Target{Rooms: []string{"me"}}); got != nil {
		t.Errorf("in the room that was left: %q", got)
	}
	if got := ids(a, adapter.Target{Except: []string{"me"}}); !slices.Equal(got, []string{"me"}) {
		t.Errorf("except the room that was left: %q", got)
	}
	if got := ids(a, adapter.Target{}); !slices.Equal(got, []string{"me"}) {
		t.Errorf("all: %q", got)
	}
	a.Join("me", "me")
	rooms("me", "b", "c")
	got := a.Rooms("me")
	got[0] = "changed"
	rooms("me", "b", "c")
	if got := a.Remove("me"); !slices.Equal(got, []string{"me", "b", "c"}) {
		t.Errorf("removed from %q", got)
	}
	if got := a.Remove("me"); got != nil {
		t.Errorf("removed again from %q", got)
	}
	rooms()
	if a.Len() != 0 || ids(a, adapter.Target{}) != nil || ids(a, adapter.Target{Rooms: []string{"b", "me"}}) != nil {
		t.Error("something is left")
	}
}

// Sockets is a snapshot: what happens meanwhile neither disturbs it nor is
// held up by it, and it may be left early.
func TestSnapshot(t *testing.T) {
	a, _ := filled("1", "2", "3", "4")
	for _, id := range []string{"1", "2", "3"} {
		a.Join(id, "a")
	}
	var got []string
	for s := range a.Sockets(adapter.Target{Rooms: []string{"a"}}) {
		got = append(got, s.ID())
		a.Remove("1")
		a.Remove("2")
		a.Leave("3", "a")
		a.Join("4", "a")
		a.Broadcast(message(), adapter.Target{}, false)
		for inner := range a.Sockets(adapter.Target{}) { // does not share the list
			_ = inner
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("got %q", got)
	}
	for range a.Sockets(adapter.Target{}) {
		break
	}
	if got := ids(a, adapter.Target{Rooms: []string{"a"}}); !slices.Equal(got, []string{"4"}) {
		t.Errorf("afterwards %q", got)
	}
}

// A broadcast leaves no reference of its message behind.
func TestBroadcastReleasesItsMessage(t *testing.T) {
	for _, size := range []int{0, 1, 10} {
		a := adapter.NewMemory()
		for i := range size {
			a.Add(&recorder{id: string(rune('a' + i))})
		}
		g := message()
		g.Rest = []*frame.Frame{message().First}
		g.Retain(1) // kept here, to look at it
		a.Broadcast(g, adapter.Target{}, false)
		g.Release()
		for i, f := range append([]*frame.Frame{g.First}, g.Rest...) {
			if !released(f) {
				t.Errorf("%d sockets: frame %d has references left", size, i)
			}
		}
	}
}

// released reports whether a frame has no reference left, by giving up one
// more than there is.
func released(f *frame.Frame) (yes bool) {
	defer func() { yes = recover() != nil }()
	f.Release()
	return false
}

func TestConcurrentUse(t *testing.T) {
	names := []string{"0", "1", "2", "3", "4", "5", "6", "7"}
	rooms := []string{"a", "b", "c", "0", "7"}
	a := adapter.NewMemory()
	var wg sync.WaitGroup
	for i, id := range names {
		wg.Go(func() {
			for n := range 300 {
				a.Add(&recorder{id: id}, rooms[n%len(rooms)])
				a.Join(id, rooms[(n+i)%len(rooms)], rooms[(n+1)%len(rooms)])
				if got := a.Rooms(id); len(got) == 0 || got[0] != id {
					t.Errorf("rooms of %s: %q", id, got)
				}
				a.Leave(id, rooms[n%len(rooms)])
				a.Broadcast(message(), adapter.Target{Rooms: rooms[:1+n%len(rooms)], Except: []string{id}}, n%2 == 0)
				for s := range a.Sockets(adapter.Target{Rooms: rooms[:2]}) {
					_ = s.ID()
				}
				a.Remove(id)
			}
		})
	}
	wg.Wait()
	if a.Len() != 0 || ids(a, adapter.Target{}) != nil || ids(a, adapter.Target{Rooms: rooms}) != nil {
		t.Errorf("%d sockets left", a.Len())
	}
}
