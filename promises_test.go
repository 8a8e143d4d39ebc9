package sio_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// A client that connects and emits 20 events at once gets every one handled,
// in order, on every try: also when its connection handler takes 50 ms.
func TestEventsRightAfterConnecting(t *testing.T) {
	const clients, atOnce, events = 2000, 100, 20
	for _, test := range []struct {
		name  string
		pause time.Duration
	}{{"at once", 0}, {"slow connection handler", 50 * time.Millisecond}} {
		t.Run(test.name, func(t *testing.T) {
			f := serve(t, nil)
			f.OnConnect(func(s *sio.Socket) {
				time.Sleep(test.pause)
				next := 0
				sio.Handle(s, "ev", func(_ context.Context, _ *sio.Socket, i int) (int, error) {
					if i != next {
						return -1, fmt.Errorf("event %d came instead of %d", i, next)
					}
					next++
					return i, nil
				})
			})
			var wg sync.WaitGroup
			var tried atomic.Int64
			for i := range atOnce {
				wg.Go(func() {
					for tried.Add(1) <= clients {
						if err := f.burst(transports[i%10/9], events); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// burst connects, emits as soon as it is told that it is connected, and
// checks the answers. One in ten clients polls.
func (f *fixture) burst(transport string, events int) error {
	p := &peer{t: f.t, srv: f, changed: make(chan struct{}), done: make(chan struct{})}
	start := p.startWebSocket
	if transport == "polling" {
		start = p.startPolling
	}
	if err := start(""); err != nil {
		return err
	}
	defer p.close()
	if err := p.write("40"); err != nil {
		return err
	}
	if _, err := p.next(); err != nil { // its CONNECT
		return err
	}
	packets := make([]string, events)
	for i := range packets {
		packets[i] = fmt.Sprintf(`42%d["ev",%d]`, i, i)
	}
	if err := p.write(packets...); err != nil {
		return err
	}
	for i := range events {
		packet, err := p.next()
		if err != nil {
			return fmt.Errorf("answer %d: %w", i, err)
		}
		if want := fmt.Sprintf(`43%d[%d]`, i, i); packet != want {
			return fmt.Errorf("got %s, want %s", packet, want)
		}
	}
	return nil
}

// A handler that calls its own client and waits gets the acknowledgement.
func TestHandlerCallsItsOwnClient(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		ask := func(ctx context.Context, s *sio.Socket, what string) (string, error) {
			return sio.Call[string](ctx, s, "ask", what)
		}
		sio.Handle(f, "ev", ask)
		connected := make(chan string, 1)
		f.OnConnect(func(s *sio.Socket) {
			answer, err := ask(s.Context(), s, "in OnConnect")
			if err != nil {
				t.Error(err)
			}
			connected <- answer
		})
		p := f.join(transport)
		p.expect(`420["ask","in OnConnect"]`)
		p.send(`42900["ev","in a handler"]`) // waits for the other
		p.send(`430["first"]`)
		if got := get(t, connected); got != "first" {
			t.Errorf("got %q", got)
		}
		p.expect(`421["ask","in a handler"]`)
		p.send(`431["second"]`)
		p.expect(`43900["second"]`)
	})
}

// A middleware and the disconnect handlers may wait as well.
func TestBlockedHandlerHoldsBackNothingElse(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, &sio.Config{PingInterval: 50 * time.Millisecond, PingTimeout: 10 * time.Second})
		entered, block := make(chan *sio.Socket, 1), make(chan struct{})
		f.On("block", func(ctx context.Context, s *sio.Socket, m *sio.Message) error {
			entered <- s
			<-block
			return m.Ack("released")
		})
		f.On("after", func(_ context.Context, s *sio.Socket, _ *sio.Message) error { return s.Emit("after") })
		sio.On(f.Of("/chat"), "ev", func(_ context.Context, s *sio.Socket, _ none) error { return s.Emit("ev") })
		p, other := f.join(transport), f.join(transport)
		p.send("40/chat,")
		p.granted("/chat")
		p.send(`421["block"]`, `42["after"]`)
		s := get(t, entered)

		p.beats(5) // heartbeats go on
		answer := make(chan string, 1)
		go func() {
			v, err := sio.Call[string](t.Context(), s, "ask", none{})
			if err != nil {
				t.Error(err)
			}
			answer <- v
		}()
		p.expect(`420["ask"]`) // acknowledgements as well
		p.send(`430["yes"]`)
		if v := get(t, answer); v != "yes" {
			t.Errorf("got %q", v)
		}
		p.send(`42/chat,["ev"]`) // and other namespaces of the connection
		p.expect(`42/chat,["ev"]`)
		p.send("41/chat,", "40/chat,")
		p.granted("/chat")
		other.fenced() // and other sockets
		_ = f.Emit("all")
		p.expect(`42["all"]`)
		other.expect(`42["all"]`)
		f.join(transport).fenced()

		close(block)
		p.expect(`431["released"]`, `42["after"]`)
		p.fenced()
	})
}

// What one goroutine emits arrives once and in order while the connection
// moves from polling to WebSocket, in both directions.
func TestOrderAcrossTheUpgrade(t *testing.T) {
	const events = 1000
	f := serve(t, nil)
	sockets := f.sockets()
	arrived := make(chan error, 1)
	next := 0
	sio.On(f, "up", func(_ context.Context, _ *sio.Socket, i int) error {
		if i != next {
			return fmt.Errorf("event %d came instead of %d", i, next)
		}
		if next++; next == events {
			arrived <- nil
		}
		return nil
	})
	p := f.join("polling")
	s := get(t, sockets)
	var wg sync.WaitGroup
	begun := make(chan struct{}, 2)
	wg.Go(func() { // to the client
		for i := range events {
			if err := s.Emit("down", i); err != nil {
				t.Error(err)
				return
			}
			if i == events/10 {
				begun <- struct{}{}
			}
			if i%20 == 0 {
				time.Sleep(time.Millisecond) // so that it lasts
			}
		}
	})
	wg.Go(func() { // from the client
		for i := range events {
			if err := p.write(fmt.Sprintf(`42["up",%d]`, i)); err != nil {
				t.Error(err)
				return
			}
			if i == events/10 {
				begun <- struct{}{}
			}
		}
	})
	get(t, begun)
	get(t, begun)
	p.upgrade()
	for i := range events {
		p.expect(fmt.Sprintf(`42["down",%d]`, i))
	}
	wg.Wait()
	if err := get(t, arrived); err != nil {
		t.Error(err)
	}
	if s.Transport() != "websocket" {
		t.Errorf("still on %s", s.Transport())
	}
	p.fenced() // nothing came twice
}

// A panic in any kind of handler is reported with its stack, and harms nobody.
func TestPanics(t *testing.T) {
	f := serve(t, nil)
	boom := func() { panic("boom") }
	f.OnConnect(func(s *sio.Socket) {
		s.OnDisconnecting(func(sio.Reason) { boom() })
		s.OnDisconnect(func(sio.Reason) { boom() })
		boom()
	})
	ended := make(chan sio.Reason, 2)
	f.OnConnect(func(s *sio.Socket) { s.OnDisconnect(func(r sio.Reason) { ended <- r }) })
	f.OnDisconnecting(func(*sio.Socket, sio.Reason) { boom() })
	f.OnDisconnect(func(*sio.Socket, sio.Reason) { boom() })
	f.On("untyped", func(context.Context, *sio.Socket, *sio.Message) error { boom(); return nil })
	sio.On(f, "on", func(context.Context, *sio.Socket, none) error { boom(); return nil })
	sio.On(f, "on", func(_ context.Context, s *sio.Socket, _ none) error { return s.Emit("second listener") })
	sio.Handle(f, "handle", func(context.Context, *sio.Socket, none) (int, error) { boom(); return 0, nil })
	var list []string
	sio.On(f, "runtime", func(_ context.Context, s *sio.Socket, _ none) error { return s.Emit(list[len(s.ID())]) })

	p := f.join("websocket")
	expectPanic(t, f.reported(), "", "boom")
	other := f.join("polling")
	expectPanic(t, f.reported(), "", "boom")
	for _, name := range []string{"untyped", "on", "handle"} {
		p.send(`42["`+name+`"]`, `425["`+name+`"]`)
		for range 2 {
			expectPanic(t, f.reported(), name, "boom")
		}
		if name == "on" {
			p.expect(`42["second listener"]`, `42["second listener"]`)
		}
		p.expect(`435[{"error":{"message":"internal error"}}]`) // its text stays here
	}
	p.send(`42["runtime"]`)
	var panicked *sio.PanicError
	if e := f.reported(); e.Socket.ID() != p.id || !errors.As(e, &panicked) {
		t.Errorf("reported %v", e)
	}
	p.fenced()
	other.fenced()
	p.send("41")
	for range 4 {
		expectPanic(t, f.reported(), "", "boom")
	}
	if r := get(t, ended); r != sio.ClientNamespaceDisconnect {
		t.Errorf("reason %q", r)
	}
	other.fenced()
	other.send("41")
	for range 4 {
		expectPanic(t, f.reported(), "", "boom")
	}
	get(t, ended)
}
