package sio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/wire"
)

// limited is a server whose observer notes only limits.
func limited(t *testing.T, cfg sio.Config) (f *fixture, reached <-chan sio.ReachedLimit) {
	limits := make(chan sio.ReachedLimit, 100)
	cfg.Observer = &sio.Observer{LimitReached: func(l sio.ReachedLimit) { limits <- l }}
	return serve(t, &cfg), limits
}

// connectTo is the CONNECT packet for a namespace.
func connectTo(namespace string) string { return "40" + namespace + "," }

// A client is in no more namespaces than it may, those included that it waits for.
func TestMaxNamespaces(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f, reached := limited(t, sio.Config{MaxNamespaces: 3})
		block := make(chan struct{})
		f.Of("/slow").Use(func(context.Context, *sio.Socket) error { <-block; return nil })
		f.Of("/a")
		f.Of("/b")
		p := f.join(transport)
		p.send(connectTo("/slow"), connectTo("/a"))
		p.granted("/a")
		const refused = `44/b,{"message":"Too many namespaces"}`
		p.send(connectTo("/b"))
		p.expect(refused)
		if l := get(t, reached); l.Err != sio.ErrTooManyNamespaces || l.Session == nil || l.Socket != nil {
			t.Errorf("told %+v", l)
		}
		p.fenced()
		close(block)
		p.granted("/slow")
		p.send(connectTo("/b"))
		p.expect(refused)
		get(t, reached)

		p.send("41/a,", connectTo("/b")) // which makes room
		p.granted("/b")
		p.send(connectTo("/a"))
		p.expect(strings.Replace(refused, "/b", "/a", 1))
		for s := range f.Of("/b").Sockets() {
			s.Disconnect()
		}
		p.expect("41/b,")
		p.send(connectTo("/a"))
		p.granted("/a")
		p.send("40") // twice is not one more
		p.expectClosed()
	})
}

// Of many namespaces that this side takes a client out of, not all are kept in mind.
func TestNamespacesComeAndGo(t *testing.T) {
	f, reached := limited(t, sio.Config{MaxNamespaces: 2})
	p := f.join("websocket")
	for i := range 50 {
		n := f.Of(fmt.Sprint("/", i))
		n.OnConnect(func(s *sio.Socket) { s.Disconnect() })
		p.send(connectTo(n.Name()))
		p.granted(n.Name())
		p.expect("41" + n.Name() + ",")
	}
	p.fenced()
	if len(reached) > 0 {
		t.Errorf("told %+v", <-reached)
	}
}

func TestNoMaxNamespaces(t *testing.T) {
	f := serve(t, &sio.Config{MaxNamespaces: -1})
	p := f.join("websocket")
	for i := range 2 * sio.DefaultMaxNamespaces {
		n := f.Of(fmt.Sprint("/", i))
		p.send(connectTo(n.Name()))
		p.granted(n.Name())
	}
	p.fenced()
}

// A client that joins and leaves, again and again, does not make more and more
// handlers that wait.
func TestClientThatJoinsAndLeaves(t *testing.T) {
	f, reached := limited(t, sio.Config{MaxNamespaces: 2})
	block, waiting := make(chan struct{}), make(chan struct{}, 100)
	f.Of("/slow").OnConnect(func(*sio.Socket) { waiting <- struct{}{}; <-block })
	p := f.join("websocket")
	for range 17 { // and the main namespace makes 18
		p.send(connectTo("/slow"))
		p.granted("/slow")
		get(t, waiting)
		p.send("41/slow,")
	}
	p.send(connectTo("/slow"))
	p.expect(`44/slow,{"message":"Too many namespaces"}`)
	get(t, reached)
	close(block)
	eventually(t, "room for it", func() bool {
		p.send(connectTo("/slow"))
		return strings.HasPrefix(p.receive(), `40/slow,`)
	})
}

func TestMaxRooms(t *testing.T) {
	for name, newAdapter := range map[string]func(string) adapter.Adapter{
		"memory": nil, "an adapter that does not count": func(string) adapter.Adapter { return plain{adapter.NewMemory()} },
	} {
		t.Run(name, func(t *testing.T) {
			f, reached := limited(t, sio.Config{MaxRooms: 3, Adapter: newAdapter})
			f.Use(func(_ context.Context, s *sio.Socket) error {
				for i, rooms := range [][]string{{"a"}, {"a", "b"}, {"b", "b", "a", "c"}, {"c", "d"}, {"d"}} {
					err := s.Join(rooms...)
					if want := i >= 3; errors.Is(err, sio.ErrTooManyRooms) != want {
						return fmt.Errorf("joining %v: %w", rooms, err)
					}
				}
				s.Leave("a")
				return nil
			})
			sockets := f.sockets()
			p := f.join("websocket")
			s := get(t, sockets)
			for range 2 {
				if l := get(t, reached); l.Err != sio.ErrTooManyRooms || l.Socket != s {
					t.Errorf("told %+v", l)
				}
			}
			in := func(want ...string) {
				t.Helper()
				if got := s.Rooms(); !slices.Equal(got, append([]string{s.ID()}, want...)) {
					t.Errorf("in %v", got)
				}
			}
			in("b", "c")
			if err := s.Join("d", "e"); err != sio.ErrTooManyRooms {
				t.Error(err)
			}
			if l := get(t, reached); l.Err != sio.ErrTooManyRooms || l.Socket != s {
				t.Errorf("told %+v", l)
			}
			in("b", "c") // none of both
			for _, rooms := range [][]string{{"d"}, {"d"}, {"b", "c", "d", "d", s.ID()}, {}} {
				if err := s.Join(rooms...); err != nil {
					t.Errorf("joining %v: %v", rooms, err)
				}
			}
			in("b", "c", "d")
			s.Leave("b")
			if err := s.Join("e"); err != nil {
				t.Error(err)
			}
			s.Disconnect()
			p.expect("41")
			if err := s.Join("late"); err != sio.ErrDisconnected {
				t.Error(err)
			}
			if len(reached) > 0 {
				t.Errorf("told %+v", <-reached)
			}
		})
	}
}

// plain hides what an adapter can do beside the interface.
type plain struct{ adapter.Adapter }

func TestNoMaxRooms(t *testing.T) {
	f := serve(t, &sio.Config{MaxRooms: -1})
	sockets := f.sockets()
	f.join("websocket")
	s := get(t, sockets)
	for i := range sio.DefaultMaxRooms + 1 {
		if err := s.Join(number(i)); err != nil {
			t.Fatal(err)
		}
	}
	f = serve(t, nil)
	sockets = f.sockets()
	f.join("websocket")
	s = get(t, sockets)
	for i := range sio.DefaultMaxRooms + 1 {
		if err := s.Join(number(i)); err != nil != (i == sio.DefaultMaxRooms) {
			t.Fatalf("room %d: %v", i, err)
		}
	}
}

func TestObserveMaxPendingAcks(t *testing.T) {
	f, reached := limited(t, sio.Config{MaxPendingAcks: 1})
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := s.EmitWithAck(ctx, "first")
		first <- err
	}()
	p.receive()
	if _, err := s.EmitWithAck(t.Context(), "second"); err != sio.ErrTooManyAcks {
		t.Error(err)
	}
	if l := get(t, reached); l.Err != sio.ErrTooManyAcks || l.Socket != s || l.Session == nil {
		t.Errorf("told %+v", l)
	}
	cancel()
	if err := get(t, first); err != context.Canceled {
		t.Error(err)
	}
}

// While the connect handler runs, as much waits as while another does.
func TestEventsBehindTheConnectHandler(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		const maxMailbox, events, perPost = 32 << 10, 400, 10
		text := strings.Repeat("x", 8<<10) // 3 MB in all
		var waiting atomic.Int64
		paused := make(chan int64, events)
		o := &sio.Observer{EventReceived: func(e sio.ReceivedEvent) { waiting.Add(int64(e.Bytes)) }}
		o.Paused = func(*engine.Session) { paused <- waiting.Load() }
		f := serve(t, &sio.Config{MaxMailbox: maxMailbox, Observer: o})
		block, done := make(chan struct{}), make(chan error, 1)
		f.OnConnect(func(*sio.Socket) { <-block })
		next := 0
		f.On("bulk", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
			if next++; next == events {
				done <- nil
			}
			return nil
		})
		p := f.join(transport)
		go func() {
			for range events / perPost {
				if err := p.write(slices.Repeat([]string{`42["bulk","` + text + `"]`}, perPost)...); err != nil {
					done <- err
				}
			}
		}()
		if n := get(t, paused); n > maxMailbox+128<<10 { // of what is read at once
			t.Errorf("%d bytes wait", n)
		}
		close(block)
		if err := get(t, done); err != nil {
			t.Error(err)
		}
		p.fenced()
	})
}

// What is nested too deeply ends the connection, wherever it is; what is not can be
// decoded, and sent back.
func TestDepth(t *testing.T) {
	nested := func(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }
	f := serve(t, nil)
	sio.Handle(f, "echo", func(_ context.Context, _ *sio.Socket, v any) (any, error) { return v, nil })
	p := f.join("websocket")
	deepest := nested(wire.MaxDepth - 1) // as what is sent has the list of arguments around it
	p.send(`421["echo",` + deepest + `]`)
	p.expect(`431[` + deepest + `]`)
	const more = wire.MaxDepth + 1
	for _, packets := range [][]string{
		{`42["echo",` + nested(more) + `]`},
		{`42["echo",` + strings.Repeat(`{"a":`, 100_000) + `1` + strings.Repeat("}", 100_000) + `]`},
		{`42["echo",` + strings.Repeat(`[`, 500_000)},
		{`430[` + nested(more) + `]`},
		{`451-["echo",` + strings.Repeat("[", more) + `{"_placeholder":true,"num":0}` + strings.Repeat("]", more) + `]`, "bAQ=="},
		{`40/other,{"a":` + nested(more) + `}`},
	} {
		p := f.join("websocket")
		_ = p.write(packets...)
		p.expectClosed()
		if e := f.reported(); !errors.Is(e, sio.ErrInvalidPacket) {
			t.Errorf("%s: %v", abbreviate(packets[0]), e)
		}
	}
}
