package sio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/gosio/sio"
)

func TestMiddlewaresRunInOrder(t *testing.T) {
	f := serve(t, nil)
	var mu sync.Mutex
	var order []string
	step := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, s)
	}
	enter, leave := make(chan struct{}), make(chan struct{})
	f.Use(func(_ context.Context, s *sio.Socket) error {
		if s.Connected() || s.Namespace().Len() != 0 {
			t.Error("connected in a middleware")
		}
		step("first")
		return nil
	})
	f.Use(func(context.Context, *sio.Socket) error {
		step("second")
		close(enter)
		<-leave // asynchronous work
		step("second done")
		return nil
	})
	f.Use(func(context.Context, *sio.Socket) error { step("third"); return nil })
	f.Of("/other").Use(func(context.Context, *sio.Socket) error { step("other"); return nil })
	f.OnConnect(func(*sio.Socket) { step("connect") })
	f.OnConnect(func(*sio.Socket) { step("connect again") })
	p := f.dial("websocket")
	p.send("40")
	await(t, enter)
	// The connection goes on meanwhile: another namespace does not wait.
	p.send("40/other,")
	p.granted("/other")
	close(leave)
	p.granted("/")
	p.fenced()
	mu.Lock()
	defer mu.Unlock()
	want := []string{"first", "second", "other", "second done", "third", "connect", "connect again"}
	if !slices.Equal(order, want) {
		t.Errorf("got  %q\nwant %q", order, want)
	}
}

func TestMiddlewareRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		want string
	}{
		{"plain error", errors.New("go away"), `44{"message":"go away"}`},
		{"without data", &sio.Error{Message: "no"}, `44{"message":"no"}`},
		{"with data", &sio.Error{Message: "no", Data: []int{1, 2}}, `44{"message":"no","data":[1,2]}`},
		{"wrapped", fmt.Errorf("outer: %w", &sio.Error{Message: "inner", Data: true}), `44{"message":"inner","data":true}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			overTransports(t, func(t *testing.T, transport string) {
				f := serve(t, nil)
				var refused string // middlewares of one client run one after the other
				f.Use(func(_ context.Context, s *sio.Socket) error {
					if refused == "" {
						refused = s.ID()
						return test.err
					}
					return nil
				})
				f.Use(func(_ context.Context, s *sio.Socket) error {
					if s.ID() == refused {
						t.Error("the chain went on")
					}
					return nil
				})
				sockets := f.sockets()
				never := func(s *sio.Socket, _ sio.Reason) {
					if s.ID() == refused {
						t.Error("disconnected without having been connected")
					}
				}
				f.OnDisconnecting(never)
				f.OnDisconnect(never)
				p := f.dial(transport)
				p.send("40")
				p.expect(test.want)
				p.send("40") // may try again over the same connection
				id := p.granted("/")
				if s := get(t, sockets); s.ID() != id || id == refused {
					t.Errorf("connected %s, told %s, refused %s", s.ID(), id, refused)
				}
				p.fenced()
			})
		})
	}
}

func TestRefusalWithDataThatCannotBeEncoded(t *testing.T) {
	f := serve(t, nil)
	f.Use(func(context.Context, *sio.Socket) error {
		return &sio.Error{Message: "no", Data: func() {}}
	})
	p := f.dial("websocket")
	p.send("40")
	p.expect(`44{"message":"no"}`)
	f.reported()
}

func TestRoomsJoinedInAMiddleware(t *testing.T) {
	f := serve(t, nil)
	refuse := make(chan error, 2)
	f.Use(func(_ context.Context, s *sio.Socket) error {
		s.Join("a", "b", "a")
		s.Leave("b")
		if got := s.Rooms(); !slices.Equal(got, []string{"a"}) {
			t.Errorf("rooms in the middleware: %q", got)
		}
		_ = f.To("a").Emit("early") // it is not connected: nothing comes
		return <-refuse
	})
	sockets := f.sockets()
	p := f.dial("websocket")
	refuse <- errors.New("no")
	p.send("40")
	p.expect(`44{"message":"no"}`)
	_ = f.To("a").Emit("after a refusal")
	refuse <- nil
	p.send("40")
	p.id = p.granted("/")
	s := get(t, sockets)
	if got := s.Rooms(); !slices.Equal(got, []string{p.id, "a"}) {
		t.Errorf("rooms: %q", got)
	}
	_ = f.To("a").Emit("now")
	p.expect(`42["now"]`)
	p.fenced()
}

// What a middleware emits to its socket comes before the CONNECT.
func TestMiddlewareEmits(t *testing.T) {
	f := serve(t, nil)
	f.Use(func(_ context.Context, s *sio.Socket) error { return s.Emit("wait", "please") })
	f.OnConnect(func(s *sio.Socket) { _ = s.Emit("welcome") })
	p := f.dial("websocket")
	p.send("40")
	p.expect(`42["wait","please"]`)
	p.granted("/")
	p.expect(`42["welcome"]`)
}

func TestClientGoneWhileMiddlewareRuns(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		entered, done := make(chan *sio.Socket, 1), make(chan error, 1)
		f.Use(func(ctx context.Context, s *sio.Socket) error {
			entered <- s
			<-ctx.Done()
			done <- context.Cause(ctx)
			return nil
		})
		f.OnConnect(func(*sio.Socket) { t.Error("connected a client that had gone") })
		f.OnDisconnect(func(*sio.Socket, sio.Reason) { t.Error("disconnected without having been connected") })
		p := f.dial(transport)
		p.send("40")
		s := get(t, entered)
		if transport == "polling" { // that it goes between two polls is not seen at once
			eventually(t, "the poll has begun", func() bool { return f.polls.Load() > 0 })
		}
		p.close()
		if err := get(t, done); !errors.Is(err, sio.ErrDisconnected) {
			t.Errorf("cause %v", err)
		}
		shutdown(t, f)
		if s.Connected() || f.Of("/").Len() != 0 {
			t.Error("a socket is left")
		}
	})
}

func TestMiddlewarePanics(t *testing.T) {
	f := serve(t, nil)
	panics := true
	f.Use(func(context.Context, *sio.Socket) error {
		if panics {
			panics = false
			panic("secret")
		}
		return nil
	})
	p := f.dial("websocket")
	p.send("40")
	p.expect(`44{"message":"internal error"}`)
	expectPanic(t, f.reported(), "", "secret")
	p.send("40")
	p.id = p.granted("/")
	p.fenced()
}

func TestServerGoneWhileMiddlewareRuns(t *testing.T) {
	f := serve(t, nil)
	entered := make(chan struct{})
	f.Use(func(ctx context.Context, s *sio.Socket) error {
		close(entered)
		<-ctx.Done() // Shutdown waits for it, and it for Shutdown: the context must end
		return nil
	})
	f.OnConnect(func(*sio.Socket) { t.Error("connected") })
	p := f.dial("websocket")
	p.send("40")
	await(t, entered)
	shutdown(t, f)
	p.expectClosed()
}
