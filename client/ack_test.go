package client_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

func TestAck(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sio.Handle(f.io, "double", func(_ context.Context, _ *sio.Socket, n int) (int, error) {
			if n < 0 {
				return 0, &sio.Error{Message: "negative", Data: n}
			}
			return 2 * n, nil
		})
		f.io.On("two", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack("a", 2) })
		s := f.dial(cfg)
		for i := range 100 {
			if got, err := client.Call[int](t.Context(), s, "double", i); err != nil || got != 2*i {
				t.Fatal(got, err)
			}
		}
		_, err := client.Call[int](t.Context(), s, "double", -3)
		var refused *client.Error
		if !errors.As(err, &refused) || refused.Message != "negative" || refused.Data != -3.0 {
			t.Error(err)
		}
		m, err := s.EmitWithAck(t.Context(), "two")
		if err != nil {
			t.Fatal(err)
		}
		var text string
		var n int
		if err := m.Decode(&text, &n); err != nil || text != "a" || n != 2 || m.Len() != 2 || m.Event() != "" || m.WantsAck() {
			t.Error(text, n, err)
		}
		if err := m.Ack(); err != client.ErrAcknowledged {
			t.Error(err)
		}
		synctest.Wait() // until no request is under way, as a volatile event does not wait for one
		if _, err := client.Call[int](t.Context(), s.Volatile(), "double", 1); err != nil {
			t.Error(err)
		}
	})
}

// An acknowledgement that does not come ends with the context, or Config.AckTimeout.
func TestAckTimeout(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		answers := make(chan *sio.Message, 10)
		f.io.On("slow", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
			answers <- m
			return nil
		})
		cfg.AckTimeout = 3 * time.Second
		s := f.dial(cfg)
		start := time.Now()
		if _, err := s.EmitWithAck(t.Context(), "slow"); err != client.ErrTimeout || time.Since(start) != 3*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start = time.Now()
		if _, err := s.EmitWithAck(ctx, "slow"); !errors.Is(err, context.DeadlineExceeded) || err.Error() != "operation has timed out" || time.Since(start) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		cause := errors.New("enough")
		canceled, end := context.WithCancelCause(t.Context())
		end(cause)
		if _, err := s.EmitWithAck(canceled, "slow"); err != cause {
			t.Error(err)
		}
		for range 3 { // answers that nobody waits for any more
			if err := (<-answers).Ack("late"); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if s.State() != client.Connected {
			t.Error(s.State())
		}
	})
}

// A call that waits for the connection is taken back when its time is over.
func TestAckTimeoutInTheBuffer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers := f.numbers()
		s := f.new(cfg)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.EmitWithAck(ctx, "n", 7); err != client.ErrTimeout || s.Buffered() != 0 {
			t.Errorf("%v, %d bytes are left", err, s.Buffered())
		}
		answered := make(chan error, 1)
		go func() {
			_, err := s.EmitWithAck(t.Context(), "n", 0)
			answered <- err
		}()
		synctest.Wait()
		f.connect(s)
		if err := <-answered; err != nil {
			t.Error(err)
		}
		f.count(numbers, 1)
	})
}

// Who waits for an acknowledgement is told that the connection is gone, but not if the
// event has not been sent yet.
func TestAckOfLostConnection(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.io.On("never", func(context.Context, *sio.Socket, *sio.Message) error { return nil })
		sio.Handle(f.io, "ok", func(context.Context, *sio.Socket, int) (string, error) { return "yes", nil })
		s := f.dial(cfg)
		lost, kept := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := s.EmitWithAck(t.Context(), "never")
			lost <- err
		}()
		synctest.Wait()
		f.drop()
		err := <-lost
		var gone *client.DisconnectError
		if !errors.As(err, &gone) || !errors.Is(err, client.ErrDisconnected) || string(gone.Reason) != lossOver(cfg) {
			t.Error(err)
		}
		go func() {
			_, err := client.Call[string](t.Context(), s, "ok", 1)
			kept <- err
		}()
		if err := <-kept; err != nil {
			t.Error(err)
		}
		go func() {
			_, err := s.EmitWithAck(t.Context(), "never")
			lost <- err
		}()
		synctest.Wait()
		s.Close()
		if err := <-lost; !errors.Is(err, client.ErrDisconnected) {
			t.Error(err)
		}
		if _, err := s.EmitWithAck(t.Context(), "never"); err != client.ErrClosed {
			t.Error(err)
		}
	})
}

// A handler may call its own server, and wait.
func TestHandlerCalls(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sio.Handle(f.io, "add", func(_ context.Context, _ *sio.Socket, n int) (int, error) { return n + 1, nil })
		sockets := f.sockets()
		s := f.new(cfg)
		client.Handle(s, "ask", func(ctx context.Context, n int) (int, error) {
			return client.Call[int](ctx, s, "add", n)
		})
		f.connect(s)
		peer := <-sockets
		for i := range 10 {
			if got, err := sio.Call[int](t.Context(), peer, "ask", i); err != nil || got != i+1 {
				t.Fatal(got, err)
			}
		}
	})
}
