package sio_test

import (
	"context"
	"io"
	"testing"

	"github.com/gosio/sio"
)

// exchanges are the requests of the hot path, and the length of their answers.
var exchanges = []struct {
	name   string
	packet string
	answer string
	allocs float64 // the text that the handler gets, and what it makes of it
}{
	{"echo", `42["echo","hello, world, hello, world, hello, world"]`, `42["echo","hello, world, hello, world, hello, world"]`, 2},
	{"call", `427["call","hello, world, hello, world, hello, world"]`, `437["hello, world, hello, world, hello, world"]`, 1},
	{"none", `428["none"]`, `438[]`, 0},
}

func exchange(f *fixture) {
	sio.On(f, "echo", func(_ context.Context, s *sio.Socket, text string) error { return s.Emit("echo", text) })
	sio.Handle(f, "call", func(_ context.Context, _ *sio.Socket, text string) (string, error) { return text, nil })
	sio.On(f, "none", func(context.Context, *sio.Socket, none) error { return nil })
}

func TestExchangeAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	f := serve(t, nil)
	exchange(f)
	w := f.joinRaw()
	for _, x := range exchanges {
		request, answer := packed(x.packet), make([]byte, 2+len(x.answer))
		n := testing.AllocsPerRun(500, func() {
			if _, err := w.conn.Write(request); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(w.r, answer); err != nil {
				t.Fatal(err)
			}
		})
		if got := string(answer[2:]); got != x.answer {
			t.Errorf("%s: answered %s", x.name, got)
		}
		if n > x.allocs {
			t.Errorf("%s: %.0f allocations, at most %.0f", x.name, n, x.allocs)
		}
	}
}

// BenchmarkExchange is one client with 16 requests in flight.
func BenchmarkExchange(b *testing.B) {
	for _, x := range exchanges {
		b.Run(x.name, func(b *testing.B) {
			f := serve(b, nil)
			exchange(f)
			w := f.joinRaw()
			const burst = 16
			var requests []byte
			for range burst {
				requests = append(requests, packed(x.packet)...)
			}
			answers := make([]byte, burst*(2+len(x.answer)))
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if n%burst != 0 {
					continue // counted with its burst
				}
				if _, err := w.conn.Write(requests); err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadFull(w.r, answers); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
