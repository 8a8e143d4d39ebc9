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

func TestListeners(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.new(cfg)
		calls := make(told, 100)
		off := client.On(s, "x", func(_ context.Context, text string) error {
			calls <- "first " + text
			return nil
		})
		client.Once(s, "x", func(_ context.Context, text string) error {
			calls <- "once " + text
			return nil
		})
		s.Once("x", func(_ context.Context, m *client.Message) error {
			calls <- "untyped once"
			return nil
		})
		s.On("x", func(_ context.Context, m *client.Message) error {
			args, err := m.Args()
			calls <- fmt.Sprintf("untyped %s %d %v %v", m.Event(), m.Len(), args, m.WantsAck())
			return err
		})
		f.connect(s)
		peer := <-sockets
		_ = peer.Emit("x", "a", 2)
		calls.expect(f, "first a", "once a", "untyped once", "untyped x 2 [a 2] false")
		_ = peer.Emit("x", "b")
		calls.expect(f, "first b", "untyped x 1 [b] false")
		off()
		off()
		_ = peer.Emit("x", "c")
		calls.expect(f, "untyped x 1 [c] false")
		_ = peer.Emit("nobody listens", "c")
		calls.nothing(f)
	})
}

// Events are handled one at a time, in order, whatever a handler waits for; other
// namespaces go on.
func TestHandlersWait(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		others := make(chan *sio.Socket, 1)
		f.io.Of("/other").OnConnect(func(s *sio.Socket) { others <- s })
		s := f.new(cfg)
		calls, wait := make(told, 100), make(chan struct{})
		client.On(s, "n", func(_ context.Context, n int) error {
			<-wait
			calls <- fmt.Sprint(n)
			return nil
		})
		other := s.Of("/other")
		client.On(other, "n", func(_ context.Context, n int) error {
			calls <- fmt.Sprint("other ", n)
			return nil
		})
		f.connect(s)
		f.connect(other)
		peer, otherPeer := <-sockets, <-others
		for i := range 3 {
			_ = peer.Emit("n", i)
		}
		_ = otherPeer.Emit("n", 9)
		calls.expect(f, "other 9")
		calls.nothing(f)
		close(wait)
		calls.expect(f, "0", "1", "2")
	})
}

// When more events wait than the mailbox takes, nothing is read from the server, and the
// connection lives on.
func TestFullMailbox(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		cfg.MaxMailbox = 64 << 10
		s := f.new(cfg)
		numbers, wait := make(chan int, 1000), make(chan struct{})
		type bulk struct {
			event.Tuple
			N    int
			Text string
		}
		client.On(s, "n", func(_ context.Context, b bulk) error {
			<-wait
			numbers <- b.N
			return nil
		})
		f.connect(s)
		hooks := f.hooks(s)
		peer := <-sockets
		text := strings.Repeat("x", 16<<10)
		for i := range 100 {
			if err := peer.Emit("n", i, text); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(10 * time.Minute)
		if cfg.Transports[0] == client.WebSocket && peer.Queued() < 500<<10 {
			t.Errorf("only %d bytes wait at the server", peer.Queued())
		}
		close(wait)
		f.count(numbers, 100)
		time.Sleep(time.Hour)
		hooks.nothing(f)
	})
}

// What a handler returns becomes the acknowledgement, or goes to Config.OnError.
func TestHandlerErrors(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		errs := make(chan error, 10)
		cfg.OnError = func(err error) { errs <- err }
		s := f.new(cfg)
		client.Handle(s, "refuse", func(_ context.Context, what string) (string, error) {
			switch what {
			case "panic":
				panic("oh")
			case "refuse":
				return "", &client.Error{Message: "no", Data: 5}
			case "func":
				return "", &client.Error{Message: "no", Data: func() {}}
			case "fail":
				return "", errors.New("failed")
			}
			return what, nil
		})
		f.connect(s)
		peer := <-sockets
		for _, test := range []struct{ what, message, reported string }{
			{"refuse", "no", ""},
			{"fail", "failed", "failed"},
			{"panic", "internal error", "panic: oh"},
			{"func", "no", "func"},
		} {
			_, err := sio.Call[string](t.Context(), peer, "refuse", test.what)
			var refused *sio.Error
			if !errors.As(err, &refused) || refused.Message != test.message {
				t.Errorf("%s: %v", test.what, err)
			}
			if test.reported == "" {
				continue
			}
			err = <-errs
			var failed *client.EventError
			if !errors.As(err, &failed) || failed.Event != "refuse" || failed.Namespace != "/" || !strings.Contains(err.Error(), test.reported) {
				t.Errorf("%s: %v", test.what, err)
			}
			var panicked *client.PanicError
			if errors.As(err, &panicked) != (test.what == "panic") {
				t.Errorf("%s: %v", test.what, err)
			}
		}
		if got, err := sio.Call[string](t.Context(), peer, "refuse", "fine"); err != nil || got != "fine" {
			t.Error(got, err)
		}
		_ = peer.Emit("refuse", "fail")   // nobody is told but OnError
		_ = peer.Emit("refuse", "refuse") // likewise
		for range 2 {
			<-errs
		}
		_ = peer.Emit("refuse", 5) // what is no text
		if err := <-errs; !strings.Contains(err.Error(), `event "refuse"`) {
			t.Error(err)
		}
		s.OnConnect(func() { panic("in a hook") })
		f.drop()
		if err := <-errs; !strings.Contains(err.Error(), "in a hook") {
			t.Error(err)
		}
	})
}

// A handler may acknowledge later, once.
func TestManualAck(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.new(cfg)
		messages := make(chan *client.Message, 10)
		s.On("later", func(_ context.Context, m *client.Message) error {
			messages <- m
			return nil
		})
		f.connect(s)
		peer := <-sockets
		answered := make(chan *sio.Message, 1)
		ask := func() {
			go func() {
				m, _ := peer.EmitWithAck(t.Context(), "later")
				answered <- m
			}()
		}
		ask()
		m := <-messages
		synctest.Wait()
		if !m.WantsAck() {
			t.Error("acknowledged by itself")
		}
		if err := m.Ack(func() {}); err == nil || !m.WantsAck() {
			t.Error("a function was sent")
		}
		if err := m.Ack(1, "b"); err != nil || m.WantsAck() {
			t.Error(err)
		}
		if err := m.Ack(1); err != client.ErrAcknowledged {
			t.Error(err)
		}
		if got := <-answered; got.Len() != 2 {
			t.Error(got.Len())
		}
		_ = peer.Emit("later")
		if err := (<-messages).Ack(); err != client.ErrAcknowledged {
			t.Error(err)
		}
		ask()
		m = <-messages
		ctx := s.Context()
		f.drop()
		<-ctx.Done()
		if err := m.Ack(); err != client.ErrDisconnected {
			t.Error(err)
		}
		f.connect(s)
		if err := m.Ack(); err != client.ErrDisconnected { // which belongs to the old connection
			t.Error(err)
		}
	})
}

// The memory of what handlers keep is theirs; that of a View is not.
func TestKeptData(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.new(cfg)
		const n = 50
		kept, messages, views := make(chan []byte, n), make(chan *client.Message, n), make(chan byte, n)
		client.On(s, "bytes", func(_ context.Context, b []byte) error {
			kept <- b
			return nil
		})
		client.On(s, "view", func(_ context.Context, v event.View) error {
			views <- v[len(v)-1]
			return nil
		})
		s.On("message", func(_ context.Context, m *client.Message) error {
			messages <- m
			return nil
		})
		f.connect(s)
		peer := <-sockets
		for i := range n {
			data := bytes.Repeat([]byte{byte(i)}, 1000*(i+1))
			_ = peer.Emit("bytes", data)
			_ = peer.Emit("view", data)
			_ = peer.Emit("message", fmt.Sprint(i), data)
		}
		for i := range n {
			b, v, m := <-kept, <-views, <-messages
			var text string
			var data []byte
			if err := m.Decode(&text, &data); err != nil || text != fmt.Sprint(i) {
				t.Error(text, err)
			}
			if v != byte(i) || len(b) != 1000*(i+1) || !bytes.Equal(b, data) || b[len(b)-1] != byte(i) {
				t.Errorf("%d: %d, %d bytes", i, v, len(b))
			}
		}
	})
}

// The context of a handler ends with the connection.
func TestHandlerContext(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.new(cfg)
		causes := make(chan error, 1)
		client.On(s, "wait", func(ctx context.Context, _ event.None) error {
			<-ctx.Done()
			causes <- context.Cause(ctx)
			return context.Cause(ctx)
		})
		f.connect(s)
		_ = (<-sockets).Emit("wait")
		synctest.Wait()
		f.drop()
		if err := <-causes; !errors.Is(err, client.ErrDisconnected) {
			t.Error(err)
		}
	})
}
