package behaviours

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gosio/sio/client"
)

// holding is the change of a Config with hold.
func holding(allow *func()) func(*client.Config) {
	return func(c *client.Config) { *allow = hold(c) }
}

// cut has the server drop the connection, and waits until the client knows.
func (t *T) cut(s *client.Socket) {
	lost := ended(s)
	t.emit(s, "cut me")
	t.equal(receive(t, lost, "the loss of the connection"), client.TransportClose)
}

var reconnecting = []Behaviour{
	{"reconnect: after a restart of the server", []Need{restarts}, func(t *T) {
		attempts, reconnected := make(chan int, 1000), make(chan int, 10)
		s := t.connect("/", func(c *client.Config) {
			c.Observer.Reconnecting = func(n int) { attempts <- n }
			c.Observer.Reconnected = func(n int) { reconnected <- n }
		})
		first, lost := s.ID(), ended(s)
		t.restart()
		if reason := receive(t, lost, "the loss"); reason != client.TransportClose && reason != client.TransportFailed {
			t.Errorf("%s", reason)
		}
		t.connected(s)
		n := receive(t, reconnected, "Reconnected")
		var all []any
		for range n {
			all = append(all, receive(t, attempts, "Reconnecting")-1)
		}
		t.equal(all, numbers(n))
		if s.ID() == first || s.Recovered() {
			t.Errorf("id %q after %q, recovered %v", s.ID(), first, s.Recovered())
		}
		t.alive(s)
	}},
	{"reconnect: what is emitted meanwhile is sent then, in order", nil, func(t *T) {
		var allow func()
		s := t.connect("/", holding(&allow))
		t.cut(s)
		for _, n := range numbers(20) {
			t.emit(s, "up", n)
		}
		t.equal([]any{s.Buffered() > 0, s.State() == client.Connecting}, []any{true, true})
		allow()
		t.equal(t.ack(s, "log"), []any{numbers(20)})
	}},
	{"reconnect: what is emitted meanwhile has a bound", nil, func(t *T) {
		var allow func()
		s := t.connect("/", holding(&allow), func(c *client.Config) { c.MaxBuffer = 1000 })
		t.cut(s)
		kept := 0
		var err error
		for err == nil && kept < 100 {
			if err = s.Emit("up", kept); err == nil {
				kept++
			}
		}
		if !errors.Is(err, client.ErrBufferFull) {
			t.Errorf("%v is not ErrBufferFull, after %d", err, kept)
		}
		allow()
		t.connected(s)
		t.equal(t.ack(s, "log"), []any{numbers(kept)})
	}},
	{"reconnect: volatile events meanwhile are dropped", nil, func(t *T) {
		var allow func()
		s := t.connect("/", holding(&allow))
		t.cut(s)
		t.emit(s.Volatile(), "up", 1)
		t.emit(s, "up", 2)
		t.equal(s.Volatile().Emit("up", 3), nil)
		allow()
		t.equal(t.ack(s, "log"), []any{[]any{2}})
	}},
	{"reconnect: a call that waits meanwhile is answered then, or not sent any more", nil, func(t *T) {
		var allow func()
		s := t.connect("/", holding(&allow))
		t.cut(s)
		ctx, cancel := context.WithTimeout(t.ctx, 20*time.Millisecond)
		defer cancel()
		if _, err := s.EmitWithAck(ctx, "up", 1); !errors.Is(err, client.ErrTimeout) {
			t.Errorf("%v is not ErrTimeout", err)
		}
		t.equal(s.Buffered(), 0)
		time.AfterFunc(time.Millisecond, allow)
		t.equal(t.ack(s, "message-with-ack", 2), []any{2})
		t.equal(t.ack(s, "log"), []any{[]any{}})
	}},
	{"reconnect: all namespaces come back, with a new id, over one connection", nil, func(t *T) {
		main := t.connect("/")
		custom := t.join(main, "/custom")
		ids := []string{main.ID(), custom.ID()}
		again := make(chan string, 10)
		for _, s := range []*client.Socket{main, custom} {
			s.OnConnect(func() { again <- s.Namespace() })
		}
		t.cut(main)
		names := []string{receive(t, again, "the connection"), receive(t, again, "the other connection")}
		slices.Sort(names)
		t.equal(names, []string{"/", "/custom"})
		for i, s := range []*client.Socket{main, custom} {
			if s.ID() == ids[i] {
				t.Errorf("the id is the same")
			}
		}
		t.equal(t.whoami(custom).Connection, t.whoami(main).Connection)
	}},
	{"reconnect: with auth and headers anew", []Need{modern}, func(t *T) {
		calls := 0
		s := t.connect("/", func(c *client.Config) {
			c.Auth = func(context.Context) (any, error) { calls++; return map[string]int{"n": calls}, nil }
		})
		auth := t.next(s, "auth") // that of the first connection, or that of the next
		t.cut(s)
		auth()
		t.equal(t.whoami(s).Auth, map[string]any{"n": 2})
	}},
	{"reconnect: not if the client does not want to", nil, func(t *T) {
		s := t.connect("/", func(c *client.Config) { c.NoReconnection = true })
		t.cut(s)
		if err := s.WaitConnected(t.ctx); !errors.Is(err, client.ErrDisconnected) {
			t.Errorf("%v is not ErrDisconnected", err)
		}
		t.equal([]any{s.State() == client.Idle, s.Active()}, []any{true, false})
		t.connected(s)
		t.alive(s)
	}},
	{"reconnect: not after Disconnect and Close meanwhile", nil, func(t *T) {
		var allow func()
		s := t.connect("/", holding(&allow))
		again := make(chan struct{}, 10)
		t.cut(s)
		s.OnConnect(func() { again <- struct{}{} })
		s.Disconnect()
		t.equal(s.State() == client.Idle, true)
		allow()
		t.alive(t.connect("/"))
		t.equal([]any{len(again), s.State() == client.Idle}, []any{0, true})
		s.Connect()
		receive(t, again, "the connection")
		t.cut(s)
		s.Close()
		t.equal(s.State() == client.Closed, true)
	}},
	{"reconnect: ten times", nil, func(t *T) {
		s := t.connect("/")
		for range 10 {
			t.cut(s)
			t.connected(s)
			t.alive(s)
		}
	}},
}
