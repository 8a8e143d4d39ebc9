package client_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// heard are the numbers that a server has heard, each time.
type heard struct {
	mu      sync.Mutex
	numbers []int
}

func (h *heard) add(n int) (times int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.numbers = append(h.numbers, n)
	for _, m := range h.numbers {
		if m == n {
			times++
		}
	}
	return times
}

func (h *heard) all() []int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.numbers)
}

// An event is sent again until it is acknowledged, and the next one waits for that.
func TestRetries(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		var h heard
		f.io.On("n", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
			var n int
			if err := m.Decode(&n); err != nil {
				return err
			}
			if h.add(n) > n { // the first at once, the second the second time, …
				return m.Ack(10 * n)
			}
			return nil
		})
		cfg.Retries, cfg.AckTimeout = 3, time.Second
		s := f.dial(cfg)
		start := time.Now()
		f.emit(s, 3)
		m, err := s.EmitWithAck(t.Context(), "n", 3)
		if err != nil {
			t.Fatal(err)
		}
		var answer int
		if err := m.Decode(&answer); err != nil || answer != 30 {
			t.Error(answer, err)
		}
		if want := []int{0, 1, 1, 2, 2, 2, 3, 3, 3, 3}; !slices.Equal(h.all(), want) || time.Since(start) != 6*time.Second {
			t.Errorf("%v after %v", h.all(), time.Since(start))
		}
	})
}

// After all tries an event is given up, and the next one follows.
func TestRetriesEnd(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		var h heard
		f.io.On("n", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
			var n int
			if err := m.Decode(&n); err != nil || h.add(n) == 0 || n < 2 {
				return err
			}
			return m.Ack()
		})
		cfg.Retries, cfg.AckTimeout = 2, time.Second
		failed := make(chan error, 10)
		cfg.OnError = func(err error) { failed <- err }
		s := f.dial(cfg)
		f.emit(s, 1)
		var gaveUp *client.EventError
		if err := <-failed; !errors.As(err, &gaveUp) || gaveUp.Event != "n" || !errors.Is(err, client.ErrTimeout) {
			t.Error(err)
		}
		if _, err := s.EmitWithAck(t.Context(), "n", 1); err != client.ErrTimeout {
			t.Error(err)
		}
		if _, err := s.EmitWithAck(t.Context(), "n", 2); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		if _, err := s.EmitWithAck(ctx, "n", 1); err != client.ErrTimeout { // that of the context
			t.Error(err)
		}
		if _, err := s.EmitWithAck(t.Context(), "n", 3); err != nil {
			t.Error(err)
		}
		if want := []int{0, 0, 0, 1, 1, 1, 2, 1, 1, 3}; !slices.Equal(h.all(), want) {
			t.Error(h.all())
		}
	})
}

// What was under way is sent again over the next connection, before OnConnect's functions
// run; what waits without a connection uses up no try.
func TestRetriesAcrossConnections(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		var h heard
		f.io.On("n", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
			var n int
			if err := m.Decode(&n); err != nil {
				return err
			}
			if h.add(n) == 1 {
				s.Conn() // the first time, the answer is lost with the connection
				f.link.Reset()
				return nil
			}
			return m.Ack()
		})
		cfg.Retries, cfg.AckTimeout = -1, time.Second
		cfg.MaxBuffer = 1000
		s := f.new(cfg)
		f.emit(s, 5)
		for s.Emit("n", 9) == nil {
			if s.Buffered() > 2000 {
				t.Fatal("no bound")
			}
		}
		if err := s.Emit("n", 9); err != client.ErrBufferFull {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		f.connect(s)
		for len(h.all()) < 12 {
			time.Sleep(time.Second)
		}
		if got := h.all()[:11]; !slices.Equal(got, []int{0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 9}) {
			t.Error(got)
		}
		time.Sleep(time.Minute)
		if n := s.Buffered(); n != 0 {
			t.Errorf("%d bytes still wait", n)
		}
		if err := s.Volatile().Emit("n", 9); err != nil {
			t.Error(err)
		}
	})
}

// Events that nobody will send any more are ended when the client is.
func TestRetriesOfClosedClient(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.io.On("n", func(context.Context, *sio.Socket, *sio.Message) error { return nil })
		cfg.Retries = -1
		s := f.dial(cfg)
		results := make(chan error, 2)
		for i := range 2 {
			go func() {
				_, err := s.EmitWithAck(t.Context(), "n", i)
				results <- err
			}()
		}
		synctest.Wait()
		s.Close()
		for range 2 {
			if err := <-results; !errors.Is(err, client.ErrClosed) {
				t.Error(err)
			}
		}
		if err := s.Emit("n", 1); err != client.ErrClosed {
			t.Error(err)
		}
	})
}
