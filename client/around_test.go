package client_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

func TestCatchAll(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.new(cfg)
		calls := make(told, 100)
		off := s.OnAny(func(_ context.Context, m *client.Message) {
			args, _ := m.Args()
			calls <- fmt.Sprint("any ", m.Event(), args)
			if m.Event() == "ack" {
				_ = m.Ack("from any")
			}
		})
		s.OnAny(func(context.Context, *client.Message) { calls <- "any too" })
		client.On(s, "x", func(context.Context, int) error {
			calls <- "listener"
			return nil
		})
		f.connect(s)
		peer := <-sockets
		_ = peer.Emit("x", 1)
		calls.expect(f, "any x[1]", "any too", "listener")
		_ = peer.Emit("unknown")
		calls.expect(f, "any unknown[]", "any too")
		if got, err := sio.Call[string](t.Context(), peer, "ack", event.None{}); err != nil || got != "from any" {
			t.Error(got, err)
		}
		calls.expect(f, "any ack[]", "any too")
		off()
		_ = peer.Emit("x", 2)
		calls.expect(f, "any too", "listener")
		calls.nothing(f)
	})
}

// Outgoing catch-all listeners are told of what is sent, when it is.
func TestCatchAllOutgoing(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers := f.numbers()
		s := f.new(cfg)
		calls := make(told, 100)
		off := s.OnAnyOutgoing(func(m *client.Message) {
			args, _ := m.Args()
			calls <- fmt.Sprint(m.Event(), args, m.WantsAck())
		})
		s.OnConnect(func() { calls <- "connect" })
		if err := s.Emit("n", 0, []byte{1}); err != nil {
			t.Error(err)
		}
		calls.nothing(f)
		f.connect(s)
		calls.expect(f, "n[0 [1]] false", "connect")
		if _, err := s.EmitWithAck(t.Context(), "n", 1); err != nil {
			t.Error(err)
		}
		calls.expect(f, "n[1] false")
		synctest.Wait() // until the connection is free
		_ = s.Volatile().Emit("n", 2)
		calls.expect(f, "n[2] false")
		off()
		_ = s.Emit("n", 3)
		f.count(numbers, 4)
		calls.nothing(f)
	})
}

func TestInterceptors(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		errs := make(chan error, 10)
		cfg.OnError = func(err error) { errs <- err }
		s := f.new(cfg)
		calls := make(told, 100)
		off := s.Intercept(func(ctx context.Context, m *client.Message, next func() error) error {
			switch m.Event() {
			case "refused":
				return &client.Error{Message: "not this"}
			case "dropped":
				return nil
			case "panic":
				panic("oh")
			}
			calls <- "before"
			err := next()
			calls <- fmt.Sprint("after ", err)
			return nil
		})
		s.Intercept(func(ctx context.Context, m *client.Message, next func() error) error {
			calls <- "inner"
			var n int
			if err := m.Decode(&n); err != nil {
				return err
			}
			if err := m.SetArgs(n + 1); err != nil {
				return err
			}
			return next()
		})
		client.Handle(s, "x", func(_ context.Context, n int) (int, error) {
			calls <- fmt.Sprint("listener ", n)
			if n < 0 {
				return 0, errors.New("negative")
			}
			return n, nil
		})
		f.connect(s)
		peer := <-sockets
		if got, err := sio.Call[int](t.Context(), peer, "x", 1); err != nil || got != 2 {
			t.Error(got, err)
		}
		calls.expect(f, "before", "inner", "listener 2", "after <nil>")
		_ = peer.Emit("x", -5) // the interceptor has swallowed the error
		calls.expect(f, "before", "inner", "listener -4", "after negative")
		var refused *sio.Error
		if _, err := sio.Call[int](t.Context(), peer, "refused", 1); !errors.As(err, &refused) || refused.Message != "not this" {
			t.Error(err)
		}
		if _, err := sio.Call[int](t.Context(), peer, "panic", 1); !errors.As(err, &refused) || refused.Message != "internal error" {
			t.Error(err)
		}
		if err := <-errs; !errors.As(err, new(*client.PanicError)) {
			t.Error(err)
		}
		_ = peer.Emit("dropped", 1)
		calls.nothing(f)
		off()
		_ = peer.Emit("x", 5)
		calls.expect(f, "inner", "listener 6")
		select {
		case err := <-errs:
			t.Error(err)
		default:
		}
	})
}
