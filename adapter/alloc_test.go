package adapter_test

import (
	"strconv"
	"testing"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/frame"
)

// idle is a socket that only lets messages go.
type idle struct{ id string }

func (s *idle) ID() string { return s.id }

func (s *idle) Deliver(g frame.Group, _ bool) { g.Release() }

// A broadcast allocates nothing, however many sockets get it.
func TestBroadcastAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for _, n := range []int{1, 10, 1000} {
		a := adapter.NewMemory()
		for i := range n {
			a.Add(&idle{strconv.Itoa(i)}, "a", "b")
		}
		for _, test := range []struct {
			name   string
			target adapter.Target
		}{
			{"all", adapter.Target{}},
			{"a room", adapter.Target{Rooms: []string{"a"}}},
			{"two rooms", adapter.Target{Rooms: []string{"a", "b"}}},
			{"all but one", adapter.Target{Except: []string{"0"}}},
			{"one", adapter.Target{Rooms: []string{"0"}}},
		} {
			g := message()
			allocs := testing.AllocsPerRun(100, func() {
				g.Retain(1)
				a.Broadcast(g, test.target, false)
			})
			if allocs >= 1 {
				t.Errorf("%s of %d: %.0f allocations", test.name, n, allocs)
			}
		}
	}
}

func BenchmarkBroadcast(b *testing.B) {
	for _, n := range []int{10, 10_000} {
		for _, rooms := range [][]string{nil, {"a"}, {"a", "b"}} {
			b.Run(strconv.Itoa(n)+"/rooms="+strconv.Itoa(len(rooms)), func(b *testing.B) {
				a := adapter.NewMemory()
				for i := range n {
					a.Add(&idle{strconv.Itoa(i)}, "a", "b")
				}
				g := message()
				b.ReportAllocs()
				for b.Loop() {
					g.Retain(1)
					a.Broadcast(g, adapter.Target{Rooms: rooms}, false)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/recipient")
			})
		}
	}
}
