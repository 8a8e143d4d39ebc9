package client_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/frame"
)

// What handlers emit while there are events leaves together, but does not wait for a
// handler that takes long, nor for one that waits for an answer.
func TestRepliesLeaveTogether(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		replies := make(chan string, 100)
		sio.On(f.io, "reply", func(_ context.Context, _ *sio.Socket, text string) error {
			replies <- text
			return nil
		})
		sio.Handle(f.io, "call", func(_ context.Context, _ *sio.Socket, text string) (string, error) { return text, nil })
		sockets := f.sockets()
		s := f.dial(cfg)
		client.On(s, "work", func(_ context.Context, ms int) error {
			err := s.Emit("reply", "")
			time.Sleep(time.Duration(ms) * time.Millisecond)
			return err
		})
		client.On(s, "ask", func(ctx context.Context, text string) error {
			_, err := client.Call[string](ctx, s, "call", text)
			return err
		})
		server := <-sockets
		work := func(name string, args ...any) {
			t.Helper()
			for _, arg := range args {
				if err := server.Emit(name, arg); err != nil {
					t.Fatal(err)
				}
			}
			synctest.Wait()
		}
		expect := func(n int) {
			t.Helper()
			synctest.Wait()
			if len(replies) != n {
				t.Errorf("%d replies instead of %d", len(replies), n)
			}
			for range len(replies) {
				<-replies
			}
		}
		work("work", 0)
		expect(1)

		work("work", 1)
		work("work", 0, 0) // they wait
		expect(0)
		time.Sleep(time.Millisecond)
		expect(3)

		work("work", 1000)
		expect(0)
		time.Sleep(2 * time.Millisecond)
		expect(1)
		time.Sleep(time.Second)

		start := time.Now()
		work("ask", "a", "b")
		work("work", 0)
		expect(1)
		if d := time.Since(start); d != 0 {
			t.Errorf("a handler waited for %v", d)
		}
	})
}

// A connection that waits for handlers holds back nothing that these send.
func TestAnswersBeforeFullMailbox(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		seen := make(chan string, 10)
		f.serve(engine.NewServer(nil, func(s *engine.Session) engine.Receiver {
			return &answering{scripted: &scripted{Session: s}, seen: seen}
		}))
		cfg.HTTPClient = f.http
		cfg.MaxMailbox = 1
		done := make(told, 10)
		s := f.new(cfg)
		client.On(s, "work", func(_ context.Context, n int) error {
			err := s.Emit("seen", n)
			<-seen
			done <- fmt.Sprint(n, err)
			return err
		})
		f.connect(s)
		start := time.Now()
		for i := range 2 {
			go func() {
				_, err := s.EmitWithAck(t.Context(), "call", i)
				done <- fmt.Sprint("answer", err)
			}()
		}
		done.expect(f, "answer<nil>", "answer<nil>", "1 <nil>", "2 <nil>", "3 <nil>")
		if d := time.Since(start); d > time.Second { // the next sign of life sends all that waits
			t.Errorf("it took %v", d)
		}
	})
}

// answering answers two calls together, with events behind them, and notes what else comes.
type answering struct {
	*scripted
	calls int
	seen  chan string
}

func (a *answering) Message(data []byte, _ bool) <-chan struct{} {
	packet := string(data)
	switch {
	case packet[0] == '0':
		_ = a.Send([]byte(`0{"sid":"a"}`), false)
	case !strings.Contains(packet, "call"):
		a.seen <- packet
	default:
		if a.calls++; a.calls < 2 {
			break
		}
		for _, p := range []string{"30[]", "31[]", `2["work",1]`, `2["work",2]`, `2["work",3]`, `35["nobody asked"]`} {
			g := frame.New(1 + len(p))
			g.B = append(append(g.B, '4'), p...)
			g.Seal(false, false)
			_ = a.Queue(frame.Group{First: g}, false)
		}
		a.Flush()
	}
	return nil
}

// Nothing stays behind when many wait for acknowledgements that come together.
func TestManyCallers(t *testing.T) {
	io := sio.NewServer(nil)
	sio.Handle(io, "call", func(_ context.Context, _ *sio.Socket, text string) (string, error) { return text, nil })
	server := httptest.NewServer(io)
	defer server.Close()
	defer func() { _ = io.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, transport := range []string{client.Polling, client.WebSocket} {
		t.Run(transport, func(t *testing.T) {
			s, err := client.Dial(ctx, server.URL, &client.Config{Transports: []string{transport}, NoUpgrade: true})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var wg sync.WaitGroup
			for i := range 32 {
				wg.Go(func() {
					for j := range 100 {
						text := fmt.Sprint(i, "-", j)
						if got, err := client.Call[string](ctx, s, "call", text); got != text || err != nil {
							t.Errorf("%q, %v instead of %q", got, err, text)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// A handler that waits holds back no other client of the process.
func TestHandlersOfManyClients(t *testing.T) {
	io := sio.NewServer(nil)
	server := httptest.NewServer(io)
	defer server.Close()
	defer func() { _ = io.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const clients = 50
	got := make(chan string, clients)
	release := make(chan struct{})
	for i := range clients {
		s, err := client.Dial(ctx, server.URL, &client.Config{Transports: []string{client.WebSocket}, Setup: func(s *client.Socket) {
			client.On(s, "wait", func(context.Context, string) error {
				got <- strconv.Itoa(i)
				<-release
				return nil
			})
		}})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
	}
	defer close(release)
	if err := io.Emit("wait", ""); err != nil {
		t.Fatal(err)
	}
	for n := range clients {
		select {
		case <-got:
		case <-ctx.Done():
			t.Fatalf("only %d of %d handlers were called", n, clients)
		}
	}
}

// Much does not gather, nor what comes near to the limit of what may wait.
func TestMuchDoesNotGather(t *testing.T) {
	for name, c := range map[string]struct{ maxBuffer, size, gather int }{
		"much":           {0, 4 << 10, 15},
		"near the limit": {1000, 100, 4},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
				cfg.MaxBuffer = c.maxBuffer
				sockets := f.sockets()
				s := f.dial(cfg)
				done := make(chan struct{})
				client.On(s, "many", func(context.Context, string) error {
					defer close(done)
					emit := func() error { return s.Emit("text", strings.Repeat("x", c.size)) }
					for range c.gather {
						if err := emit(); err != nil {
							return err
						}
						if synctest.Wait(); s.Buffered() == 0 {
							t.Error("it did not gather")
						}
					}
					for range 2 {
						if err := emit(); err != nil {
							return err
						}
					}
					if synctest.Wait(); s.Buffered() != 0 {
						t.Errorf("%d bytes wait", s.Buffered())
					}
					return nil
				})
				if err := (<-sockets).Emit("many", ""); err != nil {
					t.Fatal(err)
				}
				<-done
			})
		})
	}
}
