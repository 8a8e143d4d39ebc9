package client_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// Drain waits for what was emitted, its acknowledgements, and the handlers.
func TestDrain(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers, sockets := f.numbers(), f.sockets()
		sio.Handle(f.io, "slow", func(context.Context, *sio.Socket, int) (int, error) {
			time.Sleep(10 * time.Second)
			return 1, nil
		})
		f.io.Of("/a")
		s := f.new(cfg)
		handled := false
		client.On(s, "handle", func(context.Context, int) error {
			time.Sleep(20 * time.Second)
			handled = true
			return nil
		})
		f.connect(s)
		a := s.Of("/a")
		_ = a.Emit("x", strings.Repeat("x", 100<<10))
		a.Connect()
		_ = (<-sockets).Emit("handle", 1)
		synctest.Wait()
		answered := make(chan error, 1)
		go func() {
			_, err := client.Call[int](t.Context(), s, "slow", 1)
			answered <- err
		}()
		f.emit(s, 100)
		synctest.Wait()
		start := time.Now()
		if err := s.Manager().Drain(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-answered; err != nil || !handled || !after(start, 20*time.Second) {
			t.Error(err, handled, time.Since(start))
		}
		f.count(numbers, 100)
		if s.State() != client.Closed || s.Emit("n", 1) != client.ErrClosed {
			t.Error(s.State())
		}
	})
}

// What cannot be sent in time is dropped.
func TestDrainEnds(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers := f.numbers()
		s := f.new(cfg)
		f.emit(s, 3)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		late := f.new(cfg) // it is about to connect
		f.link.Freeze()
		late.Connect()
		f.emit(late, 3)
		time.AfterFunc(10*time.Second, f.link.Thaw)
		done := make(chan error, 1)
		go func() { done <- late.Drain(t.Context()) }()
		synctest.Wait()
		if err := late.Emit("n", 9); err != client.ErrClosed {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		f.count(numbers, 3)
		closed := f.new(cfg)
		f.emit(closed, 1)
		go func() { done <- closed.Drain(t.Context()) }()
		synctest.Wait()
		closed.Close()
		if err := <-done; err != nil && err != client.ErrClosed {
			t.Error(err)
		}
	})
}
