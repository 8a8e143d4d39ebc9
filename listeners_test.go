package sio_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio"
)

// sequence is what happens, in order.
type sequence struct {
	mu   sync.Mutex
	list []string
}

func (n *sequence) add(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, s)
}

// expect checks what has been noted, and forgets it.
func (n *sequence) expect(t testing.TB, want string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if got := strings.Join(n.list, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	n.list = nil
}

func TestOff(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	var n sequence
	listener := func(what string) func(context.Context, *sio.Socket, *sio.Message) error {
		return func(context.Context, *sio.Socket, *sio.Message) error { n.add(what); return nil }
	}
	typed := func(what string) func(context.Context, *sio.Socket, string) error {
		return func(context.Context, *sio.Socket, string) error { n.add(what); return nil }
	}
	f.On("x", listener("a"))
	offB := f.On("x", listener("b"))
	offC := sio.On(f, "x", typed("c"))
	p := f.join("websocket")
	s := get(t, sockets)
	offD := s.On("x", listener("d"))
	offE := sio.Handle(s, "x", func(context.Context, *sio.Socket, string) (string, error) { n.add("e"); return "answer", nil })

	p.send(`421["x",""]`)
	p.expect(`431["answer"]`)
	n.expect(t, "a b c d e")
	offB()
	offB()
	offD()
	p.send(`422["x",""]`)
	p.expect(`432["answer"]`)
	n.expect(t, "a c e")
	offC()
	offE()
	p.send(`42["x",""]`)
	p.fenced()
	n.expect(t, "a")
	f.On("x", listener("f"))
	p.send(`42["x",""]`)
	p.fenced()
	n.expect(t, "a f")
}

// A listener that removes itself, or another one of the same event, changes
// nothing about the event that is being handled.
func TestOffWithinListener(t *testing.T) {
	f := serve(t, nil)
	var n sequence
	var offA, offB func()
	offA = f.On("x", func(context.Context, *sio.Socket, *sio.Message) error {
		n.add("a")
		offA()
		offB()
		return nil
	})
	offB = f.On("x", func(context.Context, *sio.Socket, *sio.Message) error { n.add("b"); return nil })
	p := f.join("websocket")
	p.send(`42["x"]`, `42["x"]`)
	p.fenced()
	n.expect(t, "a b")
}

func TestOnce(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	var n sequence
	note := func(what string) func(context.Context, *sio.Socket, *sio.Message) error {
		return func(context.Context, *sio.Socket, *sio.Message) error { n.add(what); return nil }
	}
	f.Once("x", note("server"))
	off := f.Of("/").Once("x", note("never"))
	sio.Once(f, "x", func(_ context.Context, _ *sio.Socket, text string) error { n.add(text); return nil })
	off()
	p := f.join("websocket")
	get(t, sockets).Once("x", note("socket"))
	p.send(`42["x","text"]`, `42["x","text"]`)
	p.fenced()
	n.expect(t, "server text socket")
	other := f.join("polling")
	get(t, sockets).Once("x", note("other"))
	other.send(`42["x","text"]`, `42["x","text"]`)
	other.fenced()
	n.expect(t, "other")
}

// Of sockets that send at the same time, one has the listener.
func TestOnceUnderConcurrency(t *testing.T) {
	f := serve(t, nil)
	const n = 8
	var called atomic.Int32
	peers := make([]*peer, n)
	for i := range peers {
		peers[i] = f.join("websocket")
	}
	for range 20 {
		called.Store(0)
		f.Once("x", func(context.Context, *sio.Socket, *sio.Message) error { called.Add(1); return nil })
		var wg sync.WaitGroup
		for _, p := range peers {
			wg.Go(func() { _ = p.write(`42["x"]`) })
		}
		wg.Wait()
		for _, p := range peers {
			p.fenced()
		}
		if n := called.Load(); n != 1 {
			t.Fatalf("called %d times", n)
		}
	}
}

// Listeners come and go while events arrive; the one that stays misses none.
func TestListenersComeAndGo(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	var count atomic.Int32
	f.On("x", func(context.Context, *sio.Socket, *sio.Message) error { count.Add(1); return nil })
	p := f.join("websocket")
	s := get(t, sockets)
	const events = 200
	var wg sync.WaitGroup
	nothing := func(context.Context, *sio.Socket, *sio.Message) error { return nil }
	for _, on := range []func(string, func(context.Context, *sio.Socket, *sio.Message) error) func(){f.On, s.On, f.Once, s.Once} {
		wg.Go(func() {
			for range events {
				on("x", nothing)()
				f.OnAny(func(context.Context, *sio.Socket, *sio.Message) {})()
			}
		})
	}
	for range events {
		p.send(`42["x"]`)
	}
	p.fenced()
	wg.Wait()
	if n := count.Load(); n != events {
		t.Errorf("%d of %d events", n, events)
	}
}
