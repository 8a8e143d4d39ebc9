package sio_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/gosio/sio"
)

// The client comes back before the server has noticed that it had gone.
func TestRecoveryTakesOverLiveConnections(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := recovering(t, sio.Recovery{})
		var mu sync.Mutex
		var seen []string
		note := func(what string) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, what)
		}
		connected, working := make(chan struct{}, 2), make(chan struct{})
		f.OnConnect(func(s *sio.Socket) { note("connect"); connected <- struct{}{} })
		f.OnDisconnect(func(s *sio.Socket, r sio.Reason) { note("disconnect " + string(r)) })
		sio.On(f, "work", func(ctx context.Context, s *sio.Socket, _ none) error {
			note("work")
			close(working)
			<-ctx.Done()
			s.SetData("done")
			note("worked")
			return s.Emit("result")
		})
		p, v := f.visit(transport)
		get(t, connected)
		p.send(`42["work"]`)
		await(t, working)
		_ = f.Emit("x", 1)
		v.event(p, `42["x",1]`)
		stay := *v
		_ = f.Emit("x", 2)
		q := f.back(transport, &stay)
		stay.event(q, `42["x",2]`)
		stay.event(q, `42["result"]`)
		stay.expectBack(q)
		get(t, connected)
		_ = p.wait(func() bool { return p.closed })
		mu.Lock()
		defer mu.Unlock()
		if got := strings.Join(seen, ", "); got != "connect, work, worked, disconnect transport close, connect" {
			t.Error(got)
		}
		for s := range f.Of("/").Sockets() {
			if s.Data() != "done" {
				t.Errorf("data %v", s.Data())
			}
		}
	})
}

// Of many connections that come back at once, one at a time has the session.
func TestRecoveryIsForOne(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	p, v := f.visit("websocket")
	cut(p, get(t, ready))
	_ = f.Emit("missed", 1)
	var wg sync.WaitGroup
	for range 8 {
		q := f.dial("websocket")
		wg.Go(func() { q.send(v.connect()) })
	}
	wg.Wait()
	eventually(t, "all but one are out", func() bool { return f.Connections() == 1 && f.Of("/").Len() == 1 })
	for s := range f.Of("/").Sockets() {
		if s.ID() != v.SID || !s.Recovered() {
			t.Error("it is not the one that recovered")
		}
	}
}

// Nothing is sent before the middlewares have decided; then all in order.
func TestRecoveryRunsMiddleware(t *testing.T) {
	f := recovering(t, sio.Recovery{RunMiddleware: true})
	ready := f.sockets()
	asked, answer := make(chan *sio.Socket), make(chan error)
	f.Use(func(_ context.Context, s *sio.Socket) error {
		if !s.Recovered() {
			s.Join("red")
			s.SetData(1)
			return nil
		}
		asked <- s
		return <-answer
	})
	p, v := f.visit("websocket")
	cut(p, get(t, ready))
	_ = f.To("red").Emit("x", 1)

	q := f.back("websocket", v) // is refused
	s := get(t, asked)
	if rooms := strings.Join(s.Rooms(), " "); rooms != "red" || s.Data() != 1 || s.ID() != v.SID {
		t.Errorf("rooms %s, data %v", rooms, s.Data())
	}
	answer <- errors.New("not now")
	q.expect(`44{"message":"not now"}`)

	q = f.back("websocket", v) // goes meanwhile
	s = get(t, asked)
	cut(q, s)
	answer <- nil

	q = f.back("websocket", v) // goes on, while more happens
	s = get(t, asked)
	_ = f.To("red").Emit("x", 2)
	s.Join("blue")
	_ = f.To("blue").Emit("not yet")
	answer <- nil
	v.event(q, `42["x",1]`)
	v.event(q, `42["x",2]`)
	v.expectBack(q)
	_ = f.To("blue").Emit("now")
	v.event(q, `42["now"]`)
	if s := get(t, ready); strings.Join(s.Rooms(), " ") != v.SID+" blue red" {
		t.Errorf("rooms %s", s.Rooms())
	}
}

// What a middleware emits comes before what was missed, and has no place there.
func TestRecoveryEmitInMiddleware(t *testing.T) {
	f := recovering(t, sio.Recovery{RunMiddleware: true})
	ready := f.sockets()
	f.Use(func(_ context.Context, s *sio.Socket) error { return s.Emit("hello") })
	p := f.dial("websocket")
	v := new(visit)
	p.send("40")
	p.expect(`42["hello"]`)
	v.grant(p)
	cut(p, get(t, ready))
	_ = f.Emit("x", 1)
	q := f.back("websocket", v)
	q.expect(`42["hello"]`)
	v.event(q, `42["x",1]`)
	v.expectBack(q)
}

// While middlewares run, what the client missed may be dropped. It then starts anew.
func TestRecoveryTooLate(t *testing.T) {
	f := recovering(t, sio.Recovery{RunMiddleware: true, MaxBytes: 2000})
	ready := f.sockets()
	asked, answer := make(chan *sio.Socket), make(chan error)
	f.Use(func(_ context.Context, s *sio.Socket) error {
		if s.Recovered() {
			asked <- s
			return <-answer
		}
		return nil
	})
	p, v := f.visit("websocket")
	cut(p, get(t, ready))
	_ = f.Emit("x", 1)
	q := f.back("websocket", v)
	get(t, asked)
	for i := range 20 {
		_ = f.Emit("x", i)
	}
	answer <- nil
	q.expectClosed()
	q = f.back("websocket", v)
	v.expectNew(q)
}

func TestRecoveryIsBounded(t *testing.T) {
	f := recovering(t, sio.Recovery{MaxBytes: 4000, MaxSessions: 2})
	ready := f.sockets()
	idle, iv := f.visit("websocket")
	is := get(t, ready)
	mute, mv := f.visit("websocket") // never gets an event
	ms := get(t, ready)
	busy, bv := f.visit("websocket")
	bs := get(t, ready)
	is.Join("idle")
	bs.Join("busy")
	_ = f.To("idle").Emit("once")
	iv.event(idle, `42["once"]`)
	for i := range 50 { // forgets what the idle one has seen
		_ = f.To("busy").Emit("x", i)
		bv.event(busy, `42["x",`+number(i)+`]`)
	}
	cut(idle, is)
	cut(mute, ms)
	_ = f.To("idle").Emit("missed")
	q := f.back("websocket", iv)
	iv.event(q, `42["missed"]`)
	iv.expectBack(q)
	is = get(t, ready)
	q2 := f.back("websocket", mv)
	mv.expectBack(q2)
	ms = get(t, ready)

	cut(q, is)
	cut(q2, ms)
	cut(busy, bs) // the third: the first is forgotten
	q = f.back("websocket", iv)
	iv.expectNew(q)
	for i := range 50 {
		_ = f.Emit("x", i)
	}
	q = f.back("websocket", bv) // misses more than there is
	bv.expectNew(q)
}

// A client that has missed more than its queue takes would fail time and again.
func TestRecoveryLeavesRoomInTheQueue(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueue: 10_000, Recovery: &sio.Recovery{}})
	ready := f.sockets()
	p, v := f.visit("websocket")
	cut(p, get(t, ready))
	for range 20 {
		_ = f.Emit("x", strings.Repeat("x", 1000))
	}
	q := f.back("websocket", v)
	v.expectNew(q)
}

// A queue that is full ends the connection in the midst of a broadcast.
func TestRecoverySlowClient(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueue: 1 << 20, Recovery: &sio.Recovery{}})
	ready := f.sockets()
	slow, _ := f.visit("websocket")
	s := get(t, ready)
	stall(slow)
	text := strings.Repeat("x", 10_000)
	for i := 0; s.Connected(); i++ {
		if i%2 == 0 {
			_ = f.Emit("x", text)
		} else if err := s.Emit("x", text); err != nil {
			t.Fatal(err)
		}
	}
	resume(slow)
	if err := context.Cause(s.Context()); !errors.Is(err, sio.ErrQueueFull) {
		t.Error(err)
	}
}

// All see the events of several goroutines in the same order.
func TestRecoveryOrderIsTheSameForAll(t *testing.T) {
	const clients, emitters, events = 3, 4, 200
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	var peers []*peer
	for range clients {
		p, _ := f.visit("websocket")
		get(t, ready).Join("room")
		peers = append(peers, p)
	}
	var wg sync.WaitGroup
	for e := range emitters {
		wg.Go(func() {
			for i := range events {
				if i%2 == 0 {
					_ = f.Emit("x", e, i)
				} else {
					_ = f.To("room").Emit("x", e, i)
				}
			}
		})
	}
	wg.Wait()
	for range emitters * events {
		first := peers[0].receive()
		for _, p := range peers[1:] {
			p.expect(first)
		}
	}
}

func TestRecoveryShutdown(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	p, _ := f.visit("websocket")
	s := get(t, ready)
	shutdown(t, f)
	p.expectClosed()
	if s.Connected() {
		t.Error("still connected")
	}
}
