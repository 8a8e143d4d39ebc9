package sio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

func TestInterceptorsRunInOrder(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sockets := f.sockets()
		var n sequence
		around := func(what string) sio.Interceptor {
			return func(_ context.Context, _ *sio.Socket, m *sio.Message, next func() error) error {
				if m.Event() != "x" {
					return next()
				}
				n.add(what)
				err := next()
				n.add("/" + what)
				return err
			}
		}
		f.Intercept(around("a"))
		offB := f.Of("/").Intercept(around("b"))
		f.On("x", func(context.Context, *sio.Socket, *sio.Message) error { n.add("x"); return nil })
		p := f.join(transport)
		s := get(t, sockets)
		offC := s.Intercept(around("c"))
		s.OnAny(func(_ context.Context, _ *sio.Socket, m *sio.Message) {
			if m.Event() == "x" {
				n.add("any")
			}
		})
		p.send(`42["x"]`)
		p.fenced()
		n.expect(t, "any a b c x /c /b /a")
		offB()
		offC()
		p.send(`42["x"]`)
		p.fenced()
		n.expect(t, "any a x /a")
	})
}

func TestInterceptorsDecide(t *testing.T) {
	f := serve(t, nil)
	private := errors.New("of the handler")
	handled := make(chan string, 10)
	listen := func(name string, err error) {
		sio.On(f, event.Name[none](name), func(context.Context, *sio.Socket, none) error { handled <- name; return err })
	}
	listen("refused", nil)
	listen("dropped", nil)
	listen("passed", nil)
	listen("changed", private)
	listen("hidden", private)
	listen("worse", nil)
	listen("panics", nil)
	f.Intercept(func(_ context.Context, _ *sio.Socket, m *sio.Message, next func() error) error {
		switch m.Event() {
		case "refused", "refused without listener":
			return &sio.Error{Message: "not you", Data: 7}
		case "dropped":
			return nil
		case "acknowledged":
			return m.Ack("by hand")
		case "changed":
			return fmt.Errorf("wrapped: %w", errors.Join(next(), &sio.Error{Message: "changed"}))
		case "hidden":
			_ = next()
			return nil
		case "worse":
			return errors.Join(next(), private)
		case "panics":
			panic("interceptor")
		}
		return next()
	})
	p := f.join("websocket")

	p.send(`421["refused"]`, `422["refused without listener"]`)
	p.expect(`431[{"error":{"message":"not you","data":7}}]`, `432[{"error":{"message":"not you","data":7}}]`)
	p.send(`423["dropped"]`)
	p.send(`424["acknowledged"]`)
	p.expect(`434["by hand"]`)
	p.send(`425["passed"]`)
	p.expect(`435[]`)
	p.send(`426["changed"]`)
	p.expect(`436[{"error":{"message":"changed"}}]`)
	p.send(`427["hidden"]`)
	p.expect(`437[]`)
	p.fenced()
	for _, want := range []string{"passed", "changed", "hidden"} {
		if got := get(t, handled); got != want {
			t.Errorf("handled %s, want %s", got, want)
		}
	}
	p.send(`428["worse"]`)
	p.expect(`438[{"error":{"message":"of the handler"}}]`)
	if e := f.reported(); e.Event != "worse" || !errors.Is(e, private) {
		t.Errorf("reported %v", e)
	}
	p.send(`429["panics"]`)
	p.expect(`439[{"error":{"message":"internal error"}}]`)
	expectPanic(t, f.reported(), "panics", "interceptor")
	p.fenced()
}

// An interceptor around the end of a call chain sees the panic of a listener.
func TestInterceptorSeesPanic(t *testing.T) {
	f := serve(t, nil)
	seen := make(chan error, 1)
	f.Intercept(func(_ context.Context, _ *sio.Socket, m *sio.Message, next func() error) error {
		err := next()
		if m.Event() == "x" {
			seen <- err
			return nil
		}
		return err
	})
	f.On("x", func(context.Context, *sio.Socket, *sio.Message) error { panic("listener") })
	p := f.join("websocket")
	p.send(`42["x"]`)
	var panicked *sio.PanicError
	if err := get(t, seen); !errors.As(err, &panicked) || panicked.Value != "listener" {
		t.Errorf("seen %v", err)
	}
	p.fenced() // and it was the interceptor's to report it
}

func TestSetArgs(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		own := []byte{1, 2, 3}
		f.Intercept(func(_ context.Context, _ *sio.Socket, m *sio.Message, next func() error) error {
			var err error
			switch m.Event() {
			case "x":
				err = m.SetArgs("new", 2)
			case "bytes":
				err = m.SetArgs(own)
				own[0] = 9 // it is the caller's again
			case "none":
				err = m.SetArgs()
			case "bad":
				if m.SetArgs(func() {}) == nil {
					t.Error("encoded a function")
				}
			}
			return errors.Join(err, next())
		})
		sio.Handle(f, "x", func(_ context.Context, _ *sio.Socket, m struct {
			event.Tuple
			Text string
			N    int
		}) (string, error) {
			return fmt.Sprint(m.Text, m.N), nil
		})
		sio.Handle(f, "bytes", func(_ context.Context, _ *sio.Socket, b []byte) (string, error) { return fmt.Sprint(b), nil })
		f.On("none", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack(m.Len()) })
		sio.Handle(f, "bad", func(_ context.Context, _ *sio.Socket, text string) (string, error) { return text, nil })
		p := f.join(transport)
		p.send(`421["x","old"]`, `422["bytes","text"]`, `423["none",1,2]`, `424["bad","as it was"]`)
		p.expect(`431["new2"]`, `432["[1 2 3]"]`, `433[0]`, `434["as it was"]`)
		p.send(`451-5["none",{"_placeholder":true,"num":0}]`, "bAQI=")
		p.expect(`435[0]`)
	})
}

func TestOnAny(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	var n sequence
	any := func(what string) func(context.Context, *sio.Socket, *sio.Message) {
		return func(_ context.Context, s *sio.Socket, m *sio.Message) {
			args, err := m.Args()
			n.add(fmt.Sprint(what, ":", m.Event(), args, err))
		}
	}
	f.On("x", func(context.Context, *sio.Socket, *sio.Message) error { n.add("x"); return nil })
	p := f.join("websocket")
	s := get(t, sockets)
	offServer := f.OnAny(any("server"))
	offSocket := s.OnAny(any("socket"))
	p.send(`42["x",1]`, `42["unheard","two"]`)
	p.send(`451-["unheard",{"_placeholder":true,"num":0}]`, "bAQI=")
	p.send(`421["unheard"]`) // a catch-all listener does not acknowledge by itself
	p.fenced()
	n.expect(t, "server:x[1] <nil> socket:x[1] <nil> x server:unheard[two] <nil> socket:unheard[two] <nil> "+
		"server:unheard[[1 2]] <nil> socket:unheard[[1 2]] <nil> server:unheard[] <nil> socket:unheard[] <nil>"+
		" server:fence[] <nil> socket:fence[] <nil>")
	offServer()
	p.send(`42["x",1]`)
	p.fenced()
	n.expect(t, "socket:x[1] <nil> x socket:fence[] <nil>")
	offSocket()
	f.OnAny(func(_ context.Context, _ *sio.Socket, m *sio.Message) {
		if m.Event() == "panics" {
			panic("any")
		}
		if m.WantsAck() {
			_ = m.Ack("from any")
		}
	})
	p.send(`422["unheard"]`)
	p.expect(`432["from any"]`)
	p.send(`42["panics"]`)
	expectPanic(t, f.reported(), "panics", "any")
	p.send(`423["x"]`)
	p.expect(`433["from any"]`)
}

func TestOnAnyOutgoing(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sockets := f.sockets()
		heard := make(chan string, 100)
		listen := func(what string) func(*sio.Socket, *sio.Message) {
			return func(s *sio.Socket, m *sio.Message) {
				args, err := m.Args()
				heard <- fmt.Sprint(what, ":", m.Event(), args, err, m.WantsAck())
			}
		}
		expect := func(want ...string) {
			t.Helper()
			for _, w := range want {
				if got := get(t, heard); got != w {
					t.Errorf("got  %s\nwant %s", got, w)
				}
			}
		}
		p := f.join(transport)
		s := get(t, sockets)
		offSocket := s.OnAnyOutgoing(listen("socket"))
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(s.Emit("own", 1, "two"))
		expect("socket:own[1 two] <nil> false")
		p.expect(`42["own",1,"two"]`)
		must(f.To(s.ID()).Emit("room", []byte{1, 2}))
		expect("socket:room[[1 2]] <nil> false")
		p.expect(`451-["room",{"_placeholder":true,"num":0}]`, "bAQI=")
		offServer := f.OnAnyOutgoing(listen("server"))
		must(f.Emit("all"))
		expect("server:all[] <nil> false", "socket:all[] <nil> false")
		p.expect(`42["all"]`)
		go func() { _, _ = s.EmitWithAck(t.Context(), "asked") }()
		expect("server:asked[] <nil> false", "socket:asked[] <nil> false")
		p.expect(`420["asked"]`)
		p.send(`430[]`)
		p.fenced() // acknowledgements are no events
		offSocket()
		must(sio.Emit(s, "typed", "text"))
		expect("server:typed[text] <nil> false")
		p.expect(`42["typed","text"]`)
		offServer()
		must(s.Emit("unheard"))
		p.expect(`42["unheard"]`)
		f.OnAnyOutgoing(func(_ *sio.Socket, m *sio.Message) { panic("outgoing") })
		must(s.Emit("last"))
		p.expect(`42["last"]`)
		expectPanic(t, f.reported(), "last", "outgoing")
		if len(heard) > 0 {
			t.Errorf("heard %s", <-heard)
		}
	})
}

// What a handler emits is told in its order, once it has returned.
func TestOutgoingInOrder(t *testing.T) {
	f := serve(t, nil)
	heard := make(chan string, 100)
	f.OnAnyOutgoing(func(_ *sio.Socket, m *sio.Message) { heard <- m.Event() })
	f.On("go", func(_ context.Context, s *sio.Socket, _ *sio.Message) error {
		for i := range 10 {
			if i%2 == 0 {
				_ = s.Emit(number(i))
			} else {
				_ = f.Emit(number(i))
			}
		}
		if len(heard) > 0 {
			t.Error("heard while the handler runs")
		}
		return nil
	})
	p := f.join("websocket")
	p.send(`42["go"]`)
	var got []string
	for range 10 {
		got = append(got, get(t, heard))
		p.receive()
	}
	if !slices.IsSorted(got) {
		t.Errorf("order %q", got)
	}
}

// With recovery, listeners hear of what is kept as well, with its offset.
func TestOutgoingWithRecovery(t *testing.T) {
	f := serve(t, &sio.Config{Recovery: &sio.Recovery{}})
	sockets := f.sockets()
	heard := make(chan int, 10)
	f.OnAnyOutgoing(func(_ *sio.Socket, m *sio.Message) {
		args, err := m.Args()
		if err != nil || args[0] != m.Event() {
			t.Errorf("%s: %v, %v", m.Event(), args, err)
		}
		heard <- m.Len()
	})
	p, v := f.visit("websocket")
	s := get(t, sockets)
	for _, emit := range []func(string, ...any) error{s.Emit, f.Emit, f.To(s.ID()).Emit} {
		if err := emit("x", "x"); err != nil {
			t.Fatal(err)
		}
		v.event(p, `42["x","x"]`)
		if n := get(t, heard); n != 2 {
			t.Errorf("%d arguments", n)
		}
	}
}
