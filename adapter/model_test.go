package adapter_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/gosio/sio/adapter"
)

// model is the adapter as one would write it without a thought for speed: the
// rooms of each socket.
type model map[string]map[string]bool

func (m model) ids(t adapter.Target) []string {
	in := func(id string, rooms []string) bool {
		return slices.ContainsFunc(rooms, func(r string) bool { return m[id][r] })
	}
	var list []string
	for id := range m {
		if (len(t.Rooms) == 0 || in(id, t.Rooms)) && !in(id, t.Except) {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

func (m model) rooms(id string) []string {
	if m[id] == nil {
		return nil
	}
	own := m[id][id]
	list := slices.DeleteFunc(slices.Sorted(maps.Keys(m[id])), func(r string) bool { return r == id })
	if own {
		list = append([]string{id}, list...)
	}
	return list
}

func (m model) join(id string, rooms []string) {
	for _, r := range rooms {
		m[id][r] = true
	}
}

// told is what events say about rooms: who is in them.
type told map[string]map[string]bool

// take notes an event, and returns what is wrong with it.
func (w told) take(e adapter.RoomEvent) string {
	members, exists := w[e.Room]
	switch {
	case e.Kind == adapter.RoomCreated && !exists && e.ID == "":
		w[e.Room] = map[string]bool{}
	case e.Kind == adapter.RoomJoined && exists && !members[e.ID]:
		members[e.ID] = true
	case e.Kind == adapter.RoomLeft && exists && members[e.ID]:
		delete(members, e.ID)
	case e.Kind == adapter.RoomDeleted && exists && len(members) == 0 && e.ID == "":
		delete(w, e.Room)
	default:
		return fmt.Sprintf("event %+v in a room that is %v with %v", e, exists, members)
	}
	return ""
}

// members returns the rooms that are not empty, with those in them.
func (m model) members() told {
	w := told{}
	for id, rooms := range m {
		for room := range rooms {
			if w[room] == nil {
				w[room] = map[string]bool{}
			}
			w[room][id] = true
		}
	}
	return w
}

// The adapter does the same as the model, whatever happens in whatever order.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			sockets := []string{"s0", "s1", "s2", "s3", "s4", "s5"}
			rooms := slices.Concat(sockets[:3], []string{"a", "b", "c", "d"})
			pick := func(from []string, most int) []string {
				list := make([]string, rnd.IntN(most+1))
				for i := range list {
					list[i] = from[rnd.IntN(len(from))]
				}
				return list
			}
			a, m, w := adapter.NewMemory(), model{}, told{}
			a.Watch(func(e adapter.RoomEvent) {
				if wrong := w.take(e); wrong != "" {
					t.Error(wrong)
				}
			})
			for step := range 1000 {
				id := sockets[rnd.IntN(len(sockets))]
				did := ""
				switch op := rnd.IntN(10); {
				case op < 2:
					list := pick(rooms, 3)
					did = fmt.Sprintf("Add(%s, %q)", id, list)
					a.Add(&recorder{id: id}, list...)
					if m[id] == nil {
						m[id] = map[string]bool{id: true}
						m.join(id, list)
					}
				case op < 3:
					did = fmt.Sprintf("Remove(%s)", id)
					if got, want := a.Remove(id), m.rooms(id); !slices.Equal(got, want) {
						t.Fatalf("step %d: %s = %q, want %q", step, did, got, want)
					}
					delete(m, id)
				case op < 6:
					list := pick(rooms, 3)
					did = fmt.Sprintf("Join(%s, %q)", id, list)
					a.Join(id, list...)
					if m[id] != nil {
						m.join(id, list)
					}
				default:
					room := rooms[rnd.IntN(len(rooms))]
					did = fmt.Sprintf("Leave(%s, %s)", id, room)
					a.Leave(id, room)
					delete(m[id], room)
				}
				if a.Len() != len(m) {
					t.Fatalf("step %d: after %s %d sockets, want %d", step, did, a.Len(), len(m))
				}
				for _, id := range sockets {
					if got, want := a.Rooms(id), m.rooms(id); !slices.Equal(got, want) {
						t.Fatalf("step %d: after %s the rooms of %s are %q, want %q", step, did, id, got, want)
					}
				}
				if want := m.members(); !reflect.DeepEqual(w, want) {
					t.Fatalf("step %d: after %s the rooms are told to be %v, want %v", step, did, w, want)
				}
				target := adapter.Target{Rooms: pick(rooms, 3), Except: pick(rooms, 2)}
				want := m.ids(target)
				if got := ids(a, target); !slices.Equal(got, want) {
					t.Fatalf("step %d: after %s %+v means %q, want %q", step, did, target, got, want)
				}
				if got := a.Broadcast(message(), target, false); got != len(want) {
					t.Fatalf("step %d: broadcast to %d, want %d", step, got, len(want))
				}
			}
		})
	}
}
