package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

// numbers are what the server gets as event "n".
func (f *fixture) numbers() <-chan int {
	c := make(chan int, 100_000)
	sio.On(f.io, "n", func(_ context.Context, _ *sio.Socket, n int) error {
		c <- n
		return nil
	})
	return c
}

// count checks that the numbers from 0 on come, in order.
func (f *fixture) count(numbers <-chan int, n int) {
	f.Helper()
	for want := range n {
		if got := <-numbers; got != want {
			f.Fatalf("%d instead of %d", got, want)
		}
	}
}

func (f *fixture) emit(s client.Emitter, n int) {
	f.Helper()
	for i := range n {
		if err := client.Emit(s, "n", i); err != nil {
			f.Fatalf("%d: %v", i, err)
		}
	}
}

func TestEmitOrder(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers := f.numbers()
		s := f.dial(cfg)
		f.emit(s, 10_000)
		f.count(numbers, 10_000)
	})
}

// The connection moves to a WebSocket in the midst of it all, with nothing lost, doubled
// or overtaken in either direction.
func TestEmitAcrossTheUpgrade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		numbers := f.numbers()
		f.io.OnConnect(func(s *sio.Socket) {
			go func() {
				for i := range 2000 {
					_ = s.Emit("n", i)
					time.Sleep(100 * time.Microsecond)
				}
			}()
		})
		back := make(chan int, 10_000)
		upgraded := make(chan string, 1)
		s := f.new(&client.Config{HTTPClient: f.http, Observer: client.Observer{Upgraded: func(to string) { upgraded <- to }}})
		client.On(s, "n", func(_ context.Context, n int) error {
			back <- n
			return nil
		})
		f.link.Delay(time.Millisecond)
		f.connect(s)
		for i := range 2000 {
			if err := s.Emit("n", i); err != nil {
				t.Fatal(err)
			}
			time.Sleep(100 * time.Microsecond)
		}
		f.count(numbers, 2000)
		f.count(back, 2000)
		if to := <-upgraded; to != client.WebSocket || s.Manager().Transport() != client.WebSocket {
			t.Error(to)
		}
	})
}

// What is emitted without a connection waits, and leaves in order, before handlers of the
// connection run.
func TestOfflineBuffer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers := f.numbers()
		s := f.new(cfg)
		s.OnConnect(func() { _ = s.Emit("n", 5) })
		f.emit(s, 5)
		if s.Buffered() == 0 {
			t.Error("nothing waits")
		}
		f.connect(s)
		f.count(numbers, 6)
		f.drop()
		<-s.Context().Done()
		f.emit(s, 5)
		f.count(numbers, 6)
		s.Disconnect()
		f.emit(s, 5)
		time.Sleep(time.Hour)
		f.connect(s)
		f.count(numbers, 6)
		time.Sleep(time.Second)
		if n := s.Buffered(); n != 0 {
			t.Errorf("%d bytes still wait", n)
		}
	})
}

func TestBufferBound(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		received := make(chan string, 100)
		sio.On(f.io, "x", func(_ context.Context, _ *sio.Socket, text string) error {
			received <- text
			return nil
		})
		cfg.MaxBuffer = 1000
		s := f.new(cfg)
		if err := s.Emit("x", strings.Repeat("a", 2000)); err != nil {
			t.Error(err) // any one event fits
		}
		if err := s.Emit("x", "b"); err != client.ErrBufferFull {
			t.Error(err)
		}
		f.connect(s)
		<-received
		synctest.Wait()
		// The same holds for a connection that does not take what it gets.
		f.link.Freeze()
		var err error
		sent := 0
		for ; err == nil && sent < 1000; sent++ {
			err = s.Emit("x", strings.Repeat("c", 400))
		}
		if err != client.ErrBufferFull {
			t.Error(err)
		}
		f.link.Thaw()
		for range sent - 1 {
			if got := <-received; len(got) != 400 {
				t.Error(len(got))
			}
		}
		synctest.Wait()
		if err := s.Emit("x", "d"); err != nil {
			t.Fatal(err)
		}
		if got := <-received; got != "d" {
			t.Error(got)
		}
	})
}

// Volatile events are dropped when they cannot leave.
func TestVolatile(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		numbers := f.numbers()
		s := f.new(cfg)
		if err := s.Volatile().Emit("n", 100); err != nil {
			t.Error(err)
		}
		f.connect(s)
		synctest.Wait()
		if err := s.Volatile().Compress(false).Emit("n", 0); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		f.link.Freeze()
		synctest.Wait()
		big := strings.Repeat("x", 300<<10) // more than the network holds
		if err := s.Emit("big", big); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if err := s.Compress(true).Volatile().Emit("n", 100); err != nil {
			t.Error(err)
		}
		f.link.Thaw()
		time.Sleep(time.Second)
		if err := s.Volatile().Emit("n", 1); err != nil {
			t.Error(err)
		}
		f.count(numbers, 2)
	})
}

func TestReservedNames(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		s := f.new(cfg)
		for _, name := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
			if err := s.Emit(name); !errors.Is(err, client.ErrReservedEvent) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.EmitWithAck(t.Context(), name); !errors.Is(err, client.ErrReservedEvent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.Emit("x", func() {}); err == nil || s.Buffered() != 0 {
			t.Error("a function was sent")
		}
	})
}

type point struct {
	event.Tuple
	X, Y int
	Data []byte
}

// Arguments arrive as they were, in both directions.
func TestArguments(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		large := bytes.Repeat([]byte{1, 2, 3, 4}, 20_000)
		sio.Handle(f.io, "echo", func(_ context.Context, s *sio.Socket, p point) (point, error) {
			return p, sio.Emit(s, "point", p)
		})
		s := f.new(cfg)
		got := make(chan point, 10)
		client.On(s, "point", func(_ context.Context, p point) error {
			got <- p
			return nil
		})
		f.connect(s)
		for _, data := range [][]byte{{}, {0xff, 0}, large} {
			want := point{X: 1, Y: -2, Data: data}
			for range 3 {
				answer, err := client.Call[point](t.Context(), s, "echo", want)
				heard := <-got
				for _, p := range []point{answer, heard} {
					if err != nil || p.X != 1 || p.Y != -2 || !bytes.Equal(p.Data, data) {
						t.Errorf("%v: %d, %d, %d bytes", err, p.X, p.Y, len(p.Data))
					}
				}
			}
		}
		type object struct {
			Name string         `json:"name"`
			Map  map[string]any `json:"map"`
		}
		sio.Handle(f.io, "object", func(_ context.Context, _ *sio.Socket, o object) (string, error) {
			return fmt.Sprint(o), nil
		})
		if answer, err := client.Call[string](t.Context(), s, "object", object{Name: "a", Map: map[string]any{"b": 1}}); err != nil || answer != "{a map[b:1]}" {
			t.Error(answer, err)
		}
	})
}
