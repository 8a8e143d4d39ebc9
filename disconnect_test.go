package sio_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gosio/sio"
)

// ending is what handlers see of a socket's end.
type ending struct {
	reason sio.Reason
	cause  error
}

// endings registers all four kinds of disconnect listener, checks what they
// have in common, and delivers the reason of every socket that has ended.
func endings(t *testing.T, f *fixture, n *sio.Namespace) <-chan ending {
	ch := make(chan ending, 4096)
	var mu sync.Mutex
	steps := map[string][]string{}
	step := func(s *sio.Socket, what string, r sio.Reason) {
		mu.Lock()
		defer mu.Unlock()
		steps[s.ID()] = append(steps[s.ID()], what+string(r))
		if s.Connected() {
			t.Errorf("%s: still connected", what)
		}
		want := []string{s.ID(), "room"}
		if what == "gone " || what == "own gone " {
			want = nil
		}
		if got := s.Rooms(); !slices.Equal(got, want) {
			t.Errorf("%s: rooms %q, want %q", what, got, want)
		}
		if s.Context().Err() == nil {
			t.Errorf("%s: the context has not ended", what)
		}
	}
	n.OnConnect(func(s *sio.Socket) {
		s.Join("room")
		s.OnDisconnecting(func(r sio.Reason) { step(s, "own ", r) })
		s.OnDisconnect(func(r sio.Reason) {
			step(s, "own gone ", r)
			mu.Lock()
			defer mu.Unlock()
			want := []string{"" + string(r), "own " + string(r), "gone " + string(r), "own gone " + string(r)}
			if !slices.Equal(steps[s.ID()], want) {
				t.Errorf("steps %q, want %q", steps[s.ID()], want)
			}
			ch <- ending{r, context.Cause(s.Context())}
		})
	})
	n.OnDisconnecting(func(s *sio.Socket, r sio.Reason) { step(s, "", r) })
	n.OnDisconnect(func(s *sio.Socket, r sio.Reason) { step(s, "gone ", r) })
	return ch
}

func TestDisconnectReasons(t *testing.T) {
	type scene struct {
		t *testing.T
		f *fixture
		p *peer
		s *sio.Socket
	}
	fast := &sio.Config{PingInterval: 100 * time.Millisecond, PingTimeout: time.Second}
	for _, test := range []struct {
		name   string
		only   string // a transport
		cfg    *sio.Config
		act    func(scene)
		reason sio.Reason
		or     sio.Reason
		err    error
		stays  bool // the connection
	}{
		{name: "client leaves", act: func(s scene) { s.p.send("41") },
			reason: sio.ClientNamespaceDisconnect, stays: true},
		{name: "Disconnect", act: func(s scene) { s.s.Disconnect(); s.p.expect("41") },
			reason: sio.ServerNamespaceDisconnect, stays: true},
		{name: "Close", act: func(s scene) { s.s.Close(); s.p.expect("41") },
			reason: sio.ServerNamespaceDisconnect},
		{name: "Shutdown", act: func(s scene) { shutdown(s.t, s.f) },
			reason: sio.ServerShuttingDown},
		{name: "server Close", act: func(s scene) { _ = s.f.Close() },
			reason: sio.ServerShuttingDown},
		{name: "client closes", act: func(s scene) { s.p.send("1") },
			reason: sio.TransportClose},
		{name: "connection lost", only: "websocket", act: func(s scene) { s.p.carrier.close() },
			reason: sio.TransportClose},
		{name: "close frame", only: "websocket", act: func(s scene) {
			_ = s.p.carrier.(*webSocket).frame(ws.OpClose, ws.NewCloseFrameBody(1001, "bye"))
		}, reason: sio.TransportClose},
		{name: "poll aborted", only: "polling", act: func(s scene) {
			c := s.p.rest(s.s)
			before := s.f.polls.Load()
			go func() { _, err := c.request("GET", ""); s.p.gone(err) }()
			eventually(s.t, "the poll has begun", func() bool { return s.f.polls.Load() > before })
			c.close()
		}, reason: sio.TransportError},
		{name: "ping timeout", cfg: fast, act: func(s scene) { s.p.silent.Store(true) },
			reason: sio.PingTimeout},
		{name: "message too large", only: "websocket", cfg: &sio.Config{MaxPayload: 1000}, act: func(s scene) {
			s.p.send(`42["x","` + string(make([]byte, 2000)) + `"]`)
		}, reason: sio.TransportError},
		{name: "undecodable engine packet", act: func(s scene) { s.p.send("9") },
			reason: sio.ParseError},
		{name: "undecodable packet", act: func(s scene) { s.p.send("4abc"); s.f.reported() },
			reason: sio.ForcedClose},
		{name: "second CONNECT", act: func(s scene) { s.p.send("40") },
			reason: sio.ForcedClose, or: sio.ForcedServerClose},
		{name: "packet for a namespace not joined", act: func(s scene) { s.p.send(`42/other,["x"]`) },
			reason: sio.ForcedClose, or: sio.ForcedServerClose},
		{name: "queue full", only: "websocket", cfg: &sio.Config{MaxQueue: 1000}, act: func(s scene) {
			s.p.deaf.Store(true)
			stall(s.p)
			var err error
			for err == nil {
				err = s.s.Emit("x", string(make([]byte, 900)))
			}
			if !errors.Is(err, sio.ErrQueueFull) {
				s.t.Errorf("Emit: %v", err)
			}
			resume(s.p)
		}, reason: sio.TransportError, err: sio.ErrQueueFull},
	} {
		t.Run(test.name, func(t *testing.T) {
			overTransports(t, func(t *testing.T, transport string) {
				if test.only != "" && test.only != transport {
					t.Skip("not on this transport")
				}
				f := serve(t, test.cfg)
				f.Of("/other")
				ended := endings(t, f, f.Of("/"))
				sockets := f.sockets()
				p := f.join(transport)
				s := get(t, sockets)
				ctx := s.Context()
				test.act(scene{t, f, p, s})
				e := get(t, ended)
				if e.reason != test.reason && e.reason != test.or {
					t.Errorf("reason %q, want %q", e.reason, test.reason)
				}
				var cause *sio.DisconnectError
				if !errors.As(e.cause, &cause) || !errors.Is(e.cause, sio.ErrDisconnected) || cause.Reason != e.reason {
					t.Errorf("cause %v", e.cause)
				}
				if context.Cause(ctx) != e.cause {
					t.Errorf("an earlier context has cause %v", context.Cause(ctx))
				}
				if test.err != nil && !errors.Is(e.cause, test.err) {
					t.Errorf("cause %v, want %v", e.cause, test.err)
				}
				if s.Connected() || f.Of("/").Len() != 0 {
					t.Error("the socket is left behind")
				}
				if err := s.Emit("x"); !errors.Is(err, sio.ErrDisconnected) {
					t.Errorf("Emit: %v", err)
				}
				if test.stays {
					p.send("40")
					if id := p.granted("/"); id == s.ID() {
						t.Error("the same id again")
					}
					p.fenced()
					return
				}
				p.expectClosed()
				eventually(t, "no connection is left", func() bool { return f.Connections() == 0 })
			})
		})
	}
}

func TestDisconnectLeavesOtherNamespaces(t *testing.T) {
	f := serve(t, nil)
	chat := f.Of("/chat")
	ended := endings(t, f, f.Of("/"))
	chatEnded := endings(t, f, chat)
	sockets := make(chan *sio.Socket, 1)
	chat.OnConnect(func(s *sio.Socket) { sockets <- s })
	p := f.join("websocket")
	p.send("40/chat,")
	p.granted("/chat")
	s := get(t, sockets)
	s.Disconnect()
	s.Disconnect()
	p.expect("41/chat,")
	if e := get(t, chatEnded); e.reason != sio.ServerNamespaceDisconnect {
		t.Errorf("reason %q", e.reason)
	}
	p.fenced()
	p.send("40/chat,") // joins again
	p.granted("/chat")
	get(t, sockets).Close() // everything
	p.expectAny("41/chat,", "41")
	p.expectClosed()
	for _, ch := range []<-chan ending{ended, chatEnded} {
		if e := get(t, ch); e.reason != sio.ServerNamespaceDisconnect {
			t.Errorf("reason %q", e.reason)
		}
	}
}

// Packets that were on their way when the server disconnected the socket are
// no violation: its connection and other namespaces stay.
func TestLatePacketsAfterDisconnect(t *testing.T) {
	f := serve(t, nil)
	chat := f.Of("/chat")
	sockets := make(chan *sio.Socket, 1)
	chat.OnConnect(func(s *sio.Socket) { sockets <- s })
	chat.On("late", func(context.Context, *sio.Socket, *sio.Message) error {
		t.Error("a late event was handled")
		return nil
	})
	p := f.join("websocket")
	p.send("40/chat,")
	p.granted("/chat")
	get(t, sockets).Disconnect()
	p.send(`42/chat,["late"]`, `42/chat,1["late"]`, `43/chat,0[]`, `451-/chat,["late",{"_placeholder":true,"num":0}]`, "bAQ==", "41/chat,", `42/chat,["late"]`)
	p.expect("41/chat,")
	p.fenced()
	// After leaving by itself there is no such excuse.
	p.send("40/chat,")
	p.granted("/chat")
	p.send("41/chat,")
	p.send(`42/chat,["after leaving"]`)
	p.expectClosed()
}

// No handler runs once OnDisconnecting has been called, and events that came
// before the client's own goodbye are handled.
func TestNoHandlerAfterDisconnect(t *testing.T) {
	f := serve(t, nil)
	var mu sync.Mutex
	handled, over := 0, false
	block := make(chan struct{})
	done := make(chan int, 1)
	f.On("ev", func(context.Context, *sio.Socket, *sio.Message) error {
		<-block
		mu.Lock()
		defer mu.Unlock()
		handled++
		if over {
			t.Error("handled after the end")
		}
		return nil
	})
	f.OnDisconnecting(func(*sio.Socket, sio.Reason) { mu.Lock(); over = true; mu.Unlock() })
	f.OnDisconnect(func(*sio.Socket, sio.Reason) { mu.Lock(); done <- handled; mu.Unlock() })
	p := f.join("websocket")
	p.send(`42["ev"]`, `42["ev"]`, `42["ev"]`, "41", "40")
	close(block)
	p.granted("/")
	if n := get(t, done); n != 3 {
		t.Errorf("%d events handled before the end", n)
	}
}

// Events that still wait when the server disconnects the socket are dropped.
func TestWaitingEventsAreDroppedByDisconnect(t *testing.T) {
	f := serve(t, nil)
	entered, block := make(chan *sio.Socket, 1), make(chan struct{})
	f.On("block", func(_ context.Context, s *sio.Socket, _ *sio.Message) error {
		entered <- s
		<-block
		return nil
	})
	f.On("ev", func(context.Context, *sio.Socket, *sio.Message) error {
		t.Error("handled after Disconnect")
		return nil
	})
	over := make(chan sio.Reason, 1)
	f.OnDisconnect(func(_ *sio.Socket, r sio.Reason) { over <- r })
	p := f.join("websocket")
	p.send(`42["block"]`, `42["ev"]`, `42["ev"]`)
	s := get(t, entered)
	s.Disconnect()
	if s.Context().Err() == nil {
		t.Error("the handler's context goes on")
	}
	close(block)
	get(t, over)
	p.expect("41")
}

// What was emitted before Close is delivered, and then the connection ends.
func TestCloseDeliversWhatWasEmitted(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		f.On("bye", func(_ context.Context, s *sio.Socket, _ *sio.Message) error {
			for i := range 100 {
				_ = s.Emit("last", i)
			}
			s.Close()
			return nil
		})
		p := f.join(transport)
		p.send(`42["bye"]`)
		for i := range 100 {
			p.expect(`42["last",` + number(i) + `]`)
		}
		p.expect("41")
		p.expectClosed()
	})
}
