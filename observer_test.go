package sio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/wire"
)

// notes is what an observer was told.
type notes struct {
	t    *testing.T
	mu   sync.Mutex
	list []string
}

func (n *notes) add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, fmt.Sprintf(format, args...))
}

// expect waits until the observer was told all of this, in any order, and nothing else.
func (n *notes) expect(want ...string) {
	n.t.Helper()
	eventually(n.t, fmt.Sprintf("told %d things", len(want)), func() bool {
		n.mu.Lock()
		defer n.mu.Unlock()
		return len(n.list) >= len(want)
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	slices.Sort(n.list)
	slices.Sort(want)
	if !slices.Equal(n.list, want) {
		n.t.Errorf("told %q, want %q", n.list, want)
	}
	n.list = nil
}

func (n *notes) observer() *sio.Observer {
	o := &sio.Observer{
		SocketConnected: func(s *sio.Socket) { n.add("connected to %s", s.Namespace().Name()) },
		SocketDisconnected: func(d sio.Disconnection) {
			n.add("disconnected from %s: %s, %v", d.Socket.Namespace().Name(), d.Reason, d.Err)
		},
		SocketRefused: func(r sio.Refusal) { n.add("refused by %s: %v", r.Socket.Namespace().Name(), r.Err) },
		EventReceived: func(e sio.ReceivedEvent) {
			if e.Bytes == 0 {
				n.add("an event without bytes")
			}
			n.add("received")
		},
		EventHandled: func(e sio.HandledEvent) {
			var p *sio.PanicError
			if errors.As(e.Err, &p) {
				e.Err = fmt.Errorf("panic %v", p.Value)
			}
			n.add("handled %q: %v", e.Event, e.Err)
		},
		CallEnded: func(c sio.EndedCall) { n.add("call %q: %v", c.Event, c.Err) },
		Violation: func(v sio.Violation) { n.add("violation on %s: %v", v.Session.Transport(), v.Err) },
	}
	o.ConnectionClosed = func(c engine.Closing) { n.add("closed: %s", c.Reason) }
	return o
}

func observe(t *testing.T, cfg sio.Config) (*fixture, *notes) {
	n := &notes{t: t}
	cfg.Observer = n.observer()
	return serve(t, &cfg), n
}

func TestObserveEvents(t *testing.T) {
	f, n := observe(t, sio.Config{})
	sio.On(f, "fine", func(context.Context, *sio.Socket, none) error { return nil })
	sio.On(f, "number", func(context.Context, *sio.Socket, int) error { return nil })
	f.OnConnect(func(s *sio.Socket) {
		sio.On(s, "refuses", func(context.Context, *sio.Socket, none) error { return &sio.Error{Message: "no"} })
		sio.On(s, "panics", func(context.Context, *sio.Socket, none) error { panic("oops") })
	})
	p := f.join("websocket")
	n.expect("connected to /")
	p.send(`42["fine"]`)
	n.expect("received", `handled "fine": <nil>`)
	p.send(`421["refuses"]`)
	n.expect("received", `handled "refuses": no`)
	p.expect(`431[{"error":{"message":"no"}}]`)
	p.send(`42["panics"]`)
	n.expect("received", `handled "panics": panic oops`)
	_ = f.reported()
	p.send(`42["number","many"]`)
	n.expect("received", fmt.Sprintf(`handled "number": %v`, f.reported().Err))
	p.send(`42["nobody listens"]`)
	n.expect("received", `handled "": <nil>`)
}

// The duration is that of the handlers.
func TestObserveDuration(t *testing.T) {
	durations := make(chan time.Duration, 1)
	f := serve(t, &sio.Config{Observer: &sio.Observer{EventHandled: func(e sio.HandledEvent) { durations <- e.Duration }}})
	var took time.Duration
	sio.On(f, "wait", func(context.Context, *sio.Socket, none) error {
		begun := time.Now()
		<-time.After(time.Millisecond)
		took = time.Since(begun)
		return nil
	})
	f.join("websocket").send(`42["wait"]`)
	if d := get(t, durations); d < took {
		t.Errorf("%v, and the handler alone took %v", d, took)
	}
}

func TestObserveSockets(t *testing.T) {
	f, n := observe(t, sio.Config{})
	f.Of("/members").Use(func(context.Context, *sio.Socket) error { return errors.New("who?") })
	f.Of("/chat")
	p := f.join("websocket")
	p.send("40/members,", "40/chat,")
	p.expectAny(`44/members,{"message":"who?"}`, "40/chat,"+fmt.Sprintf(`{"sid":%q}`, f.only("/chat").ID()))
	n.expect("connected to /", "connected to /chat", "refused by /members: who?")
	p.send("41/chat,")
	n.expect("disconnected from /chat: client namespace disconnect, <nil>")
	f.only("/").Disconnect()
	n.expect("disconnected from /: server namespace disconnect, <nil>")
	p.close()
	n.expect("closed: transport close")
}

// only returns the socket of a namespace, once there is one.
func (f *fixture) only(namespace string) (s *sio.Socket) {
	f.t.Helper()
	eventually(f.t, "a socket in "+namespace, func() bool {
		for s = range f.Of(namespace).Sockets() {
			return true
		}
		return false
	})
	return s
}

func TestObserveCalls(t *testing.T) {
	f, n := observe(t, sio.Config{})
	p := f.join("polling")
	n.expect("connected to /")
	s := f.only("/")
	answered := make(chan error, 1)
	go func() {
		_, err := s.EmitWithAck(context.Background(), "question")
		answered <- err
	}()
	p.expect(`420["question"]`)
	p.send(`430[]`)
	if err := get(t, answered); err != nil {
		t.Error(err)
	}
	n.expect(`call "question": <nil>`)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_, _ = s.EmitWithAck(ended, "question")
	n.expect(`call "question": context canceled`)
	if _, err := s.EmitWithAck(context.Background(), "connect"); !errors.Is(err, sio.ErrReservedEvent) {
		t.Error(err)
	}
	n.expect(`call "connect": "connect" is a reserved event name`)
}

func TestObserveViolations(t *testing.T) {
	f, n := observe(t, sio.Config{})
	p := f.join("websocket")
	n.expect("connected to /")
	p.send("40")
	n.expect("violation on websocket: sio: packet not allowed", "disconnected from /: forced close, <nil>", "closed: forced close")
	p.expectClosed()
	p = f.join("websocket")
	n.expect("connected to /")
	p.send("42")
	n.expect("violation on websocket: invalid payload", "disconnected from /: forced close, <nil>", "closed: forced close")
	if err := f.reported(); !errors.Is(err, sio.ErrInvalidPacket) || !errors.Is(err, wire.ErrInvalidPayload) {
		t.Errorf("reported %v", err)
	}
}

// A client that joins nothing is sent away, and has done nothing wrong.
func TestObserveConnectTimeout(t *testing.T) {
	f, n := observe(t, sio.Config{ConnectTimeout: time.Millisecond})
	f.dial("websocket").expectClosed()
	n.expect("closed: forced close")
}

// All hooks together allocate nothing.
func TestObserverAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	o := &sio.Observer{EventReceived: func(sio.ReceivedEvent) {}, EventHandled: func(sio.HandledEvent) {}}
	o.Received = func(engine.Traffic) {}
	o.Sent = func(engine.Traffic) {}
	f := serve(t, &sio.Config{Observer: o})
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
		if n > x.allocs {
			t.Errorf("%s: %.0f allocations, at most %.0f", x.name, n, x.allocs)
		}
	}
}
