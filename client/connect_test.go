package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/engine"
)

func TestConnect(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.new(cfg)
		hooks := f.hooks(s)
		if s.Active() || s.ID() != "" || s.State() != client.Idle || s.Manager().Transport() != "" || s.Context().Err() == nil {
			t.Error("connected before it was asked to")
		}
		s.Connect()
		s.Connect() // does nothing
		if state := s.State(); !s.Active() || state != client.Connecting && state != client.Connected {
			t.Errorf("active %v, %v", s.Active(), s.State())
		}
		hooks.expect(f, "connect")
		peer := <-sockets
		if s.ID() != peer.ID() || s.State() != client.Connected || s.Namespace() != "/" || s.Recovered() {
			t.Errorf("id %q instead of %q, %v", s.ID(), peer.ID(), s.State())
		}
		if got := s.Manager().Transport(); got != cfg.Transports[0] {
			t.Error(got)
		}
		ctx := s.Context()
		if ctx.Err() != nil {
			t.Error(context.Cause(ctx))
		}
		s.Disconnect()
		s.Disconnect()
		hooks.expect(f, "disconnect: io client disconnect")
		<-peer.Context().Done()
		var gone *sio.DisconnectError
		if !errors.As(context.Cause(peer.Context()), &gone) || gone.Reason != sio.ClientNamespaceDisconnect {
			t.Error(context.Cause(peer.Context()))
		}
		var cause *client.DisconnectError
		if !errors.As(context.Cause(ctx), &cause) || cause.Reason != client.ClientDisconnect || !errors.Is(cause, client.ErrDisconnected) {
			t.Error(context.Cause(ctx))
		}
		if s.Active() || s.ID() != "" || s.State() != client.Idle || s.Manager().Transport() != "" {
			t.Error("still connected")
		}
		time.Sleep(time.Hour)
		if n := f.io.Stats().Connections; n != 0 {
			t.Errorf("%d sessions are left", n)
		}
		s.Connect() // it can be connected again
		hooks.expect(f, "connect")
		hooks.nothing(f)
	})
}

// A lost connection is followed by attempts, whose delays are those of the reference.
func TestReconnect(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		var attempts []time.Duration
		var lost time.Time
		cfg.RandomizationFactor = -1
		cfg.ConnectTimeout = time.Second
		cfg.Observer.Reconnecting = func(n int) { attempts = append(attempts, time.Since(lost)) }
		reconnected := 0
		cfg.Observer.Reconnected = func(n int) { reconnected = n }
		s := f.dial(cfg)
		hooks := f.hooks(s)
		first := <-sockets
		lost = time.Now()
		f.drop()
		f.link.Freeze()
		hooks.expect(f, "disconnect: "+lossOver(cfg))
		if !s.Active() || s.State() != client.Connecting || s.ID() != "" {
			t.Errorf("%v, %v, %q", s.Active(), s.State(), s.ID())
		}
		hooks.expect(f, "error: timeout", "error: timeout", "error: timeout", "error: timeout")
		f.link.Thaw()
		hooks.expect(f, "connect")
		second := <-sockets
		if s.ID() != second.ID() || first.ID() == second.ID() || s.Recovered() {
			t.Errorf("%q, %q, %q", s.ID(), first.ID(), second.ID())
		}
		want := []time.Duration{1 * time.Second, 4 * time.Second, 9 * time.Second, 15 * time.Second, 21 * time.Second}
		if len(attempts) != len(want) || reconnected != len(want) {
			t.Fatal(attempts, reconnected)
		}
		for i, at := range attempts {
			if at != want[i] {
				t.Errorf("attempt %d after %v", i+1, at)
			}
		}
		hooks.nothing(f)
	})
}

// lossOver is what a client says of a connection that breaks: a request fails, or a
// WebSocket ends.
func lossOver(cfg *client.Config) string {
	if cfg.Transports[0] == client.Polling {
		return string(client.TransportFailed)
	}
	return string(client.TransportClose)
}

// The first connection is tried again, too, as often as it may be.
func TestGiveUp(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		cfg.ReconnectionAttempts = 2
		cfg.RandomizationFactor = -1
		cfg.ConnectTimeout = 500 * time.Millisecond
		gaveUp := make(chan error, 1)
		cfg.Observer.GaveUp = func(err error) { gaveUp <- err }
		failed := 0
		cfg.Observer.OpenFailed = func(error) { failed++ }
		s := f.new(cfg)
		hooks := f.hooks(s)
		f.link.Freeze()
		start := time.Now()
		s.Connect()
		err := s.WaitConnected(t.Context())
		if !errors.Is(err, client.ErrGaveUp) || !errors.Is(err, client.ErrConnectTimeout) || time.Since(start) != 4500*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		if err := <-gaveUp; !errors.Is(err, client.ErrGaveUp) || failed != 3 {
			t.Errorf("%v, %d attempts", err, failed)
		}
		hooks.expect(f, "error: timeout", "error: timeout", "error: timeout")
		time.Sleep(time.Hour)
		if s.Active() || s.State() != client.Idle {
			t.Error(s.State())
		}
		f.link.Thaw()
		s.Connect()
		hooks.expect(f, "connect")
		hooks.nothing(f)
	})
}

func TestNoReconnection(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		cfg.NoReconnection = true
		cfg.ConnectTimeout = time.Second
		s := f.new(cfg)
		hooks := f.hooks(s)
		f.link.Freeze()
		s.Connect()
		if err := s.WaitConnected(t.Context()); err != client.ErrConnectTimeout {
			t.Error(err)
		}
		f.link.Thaw()
		s.Connect()
		hooks.expect(f, "error: timeout", "connect")
		f.drop()
		hooks.expect(f, "disconnect: "+lossOver(cfg))
		if err := s.WaitConnected(t.Context()); !errors.Is(err, client.ErrDisconnected) || s.Active() {
			t.Error(err, s.Active())
		}
		time.Sleep(time.Hour)
		hooks.nothing(f)
	})
}

// A server that refuses is not asked again.
func TestRefused(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.io.Of("/staff").Use(func(context.Context, *sio.Socket) error {
			return &sio.Error{Message: "not you", Data: map[string]any{"code": 7}}
		})
		s := f.newOf("/staff", cfg)
		hooks := f.hooks(s)
		s.Connect()
		err := s.WaitConnected(t.Context())
		var refused *client.Error
		if !errors.As(err, &refused) || refused.Message != "not you" || refused.Data.(map[string]any)["code"] != 7.0 {
			t.Errorf("%v", err)
		}
		if s.Active() || s.State() != client.Idle {
			t.Error("active")
		}
		hooks.expect(f, "error: not you")
		time.Sleep(time.Hour)
		hooks.nothing(f)
		if n := f.io.Stats().Connections; n != 0 {
			t.Errorf("%d sessions for nobody", n)
		}
	})
}

func TestInvalidNamespace(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		s := f.newOf("/nowhere", cfg)
		s.Connect()
		if err := s.WaitConnected(t.Context()); err == nil || err.Error() != "Invalid namespace" {
			t.Error(err)
		}
	})
}

// A client that the server disconnects does not come back by itself.
func TestServerDisconnects(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.dial(cfg)
		hooks := f.hooks(s)
		(<-sockets).Disconnect()
		hooks.expect(f, "disconnect: io server disconnect")
		if s.Active() {
			t.Error("active")
		}
		time.Sleep(time.Hour)
		hooks.nothing(f)
		s.Connect()
		hooks.expect(f, "connect")
		(<-sockets).Close() // the whole connection
		hooks.expect(f, "disconnect: io server disconnect")
	})
}

// The namespaces of a Manager share its connection.
func TestNamespaces(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		names := make(chan string, 10)
		for _, name := range []string{"/", "/a", "/b"} {
			f.io.Of(name).OnConnect(func(s *sio.Socket) {
				names <- name
				_ = s.Emit("hello", name)
			})
		}
		hello := make(chan string, 10)
		cfg.Setup = func(s *client.Socket) {
			client.On(s, "hello", func(_ context.Context, from string) error {
				hello <- s.Namespace() + from
				return nil
			})
		}
		s := f.dial(cfg)
		<-names
		a, b := s.Of("/a"), s.Manager().Of("b")
		f.connect(a)
		f.connect(b)
		if s.Of("/a") != a || s.Of("") != s || b.Namespace() != "/b" || a.Manager() != s.Manager() {
			t.Error("not the same sockets")
		}
		got := []string{<-hello, <-hello, <-hello} // handlers of different sockets are in no order
		slices.Sort(got)
		if want := []string{"//", "/a/a", "/b/b"}; !slices.Equal(got, want) {
			t.Errorf("%q instead of %q", got, want)
		}
		if n := f.io.Stats().Connections; n != 1 {
			t.Errorf("%d connections", n)
		}
		hooks := f.hooks(b)
		s.Disconnect()
		a.Disconnect()
		time.Sleep(time.Hour + time.Second) // and no ping is under way
		if b.State() != client.Connected || f.io.Stats().Connections != 1 {
			t.Error("the last namespace is gone, too")
		}
		f.drop()
		hooks.expect(f, "disconnect: "+lossOver(cfg), "connect")
		if a.State() != client.Idle || s.State() != client.Idle {
			t.Error("namespaces come back that were left")
		}
		b.Close()
		if b.State() != client.Closed {
			t.Error(b.State())
		}
		b.Connect()
		if err := b.WaitConnected(t.Context()); err != client.ErrClosed {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if n := f.io.Stats().Connections; n != 0 {
			t.Errorf("%d connections for nobody", n)
		}
		again := s.Of("/b")
		if again == b {
			t.Error("a closed socket is the one of its namespace")
		}
		f.connect(again)
	})
}

// Namespaces are joined in the order in which their sockets were made.
func TestJoinOrder(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		asked := make(told, 100)
		f.serve(engine.NewServer(nil, func(s *engine.Session) engine.Receiver { return &listener{&scripted{Session: s}, asked} }))
		cfg.HTTPClient = f.http
		s := f.new(cfg)
		s.Of("/left").Close()
		var want []string
		for i := range 10 {
			name := fmt.Sprint("/", (i+7)%10)
			s.Of(name).Connect()
			want = append(want, "0"+name+",")
		}
		for range 2 {
			asked.expect(f, want...)
			asked.nothing(f)
			f.drop()
		}
	})
}

// listener notes what it gets.
type listener struct {
	*scripted
	got chan string
}

func (l *listener) Message(data []byte, _ bool) <-chan struct{} {
	l.got <- string(data)
	return nil
}

// A client that is closed while it connects leaves nothing.
func TestCloseBeforeTheAnswer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		for _, delay := range []time.Duration{0, 10, 20, 30, 40, 50, 60, 80, 100, 150} {
			f.link.Delay(10 * time.Millisecond)
			s := f.new(cfg)
			hooks := f.hooks(s)
			s.Connect()
			time.Sleep(delay * time.Millisecond)
			connected := s.State() == client.Connected
			s.Close()
			if connected {
				hooks.expect(f, "connect", "disconnect: io client disconnect")
			}
			hooks.nothing(f)
			if s.State() != client.Closed {
				t.Error(s.State())
			}
			time.Sleep(time.Hour)
			if n := f.io.Stats().Connections; n != 0 {
				t.Errorf("closed after %v ms: %d sessions are left", delay, n)
			}
		}
	})
}

func TestWaitConnected(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		cfg.ConnectTimeout = time.Second
		s := f.new(cfg)
		f.link.Freeze()
		s.Connect()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := s.WaitConnected(ctx); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, client.ErrConnectTimeout) {
			t.Error(err)
		}
		f.link.Thaw()
		if err := s.WaitConnected(t.Context()); err != nil {
			t.Error(err)
		}
		s.Close()
		if err := s.WaitConnected(t.Context()); err != client.ErrClosed {
			t.Error(err)
		}
	})
}

func TestDial(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.io.OnConnect(func(s *sio.Socket) { _ = s.Emit("message", "welcome") })
		message := make(chan string, 1)
		cfg.Setup = func(s *client.Socket) {
			client.On(s, "message", func(_ context.Context, text string) error {
				message <- text
				return nil
			})
		}
		s, err := client.Dial(t.Context(), address, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := <-message; got != "welcome" || s.State() != client.Connected {
			t.Error(got, s.State())
		}
		s.Close()
		f.link.Freeze()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := client.Dial(ctx, address, cfg); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := client.Dial(t.Context(), "server", cfg); err == nil {
			t.Error("an address without a scheme")
		}
		if _, err := client.Dial(t.Context(), address, &client.Config{MaxMailbox: -1}); err == nil {
			t.Error("a configuration that makes no sense")
		}
		f.link.Thaw()
	})
}

func TestManagerClose(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.io.Of("/a")
		s := f.dial(cfg)
		a := s.Of("/a")
		f.connect(a)
		hooks := f.hooks(a)
		s.Manager().Close()
		s.Manager().Close()
		hooks.expect(f, "disconnect: io client disconnect")
		if err := s.Emit("x"); err != client.ErrClosed {
			t.Error(err)
		}
		if late := s.Of("/late"); late.State() != client.Closed {
			t.Error(late.State())
		}
		time.Sleep(time.Minute)
		if n := f.io.Stats().Connections; n != 0 {
			t.Errorf("%d sessions are left", n)
		}
	})
}

// A server that is silent is given up after the time that it has named itself.
func TestPingTimeout(t *testing.T) {
	bubble(t, &sio.Config{PingInterval: 3 * time.Second, PingTimeout: 2 * time.Second}, func(t *testing.T, f *fixture, cfg *client.Config) {
		pings := 0
		cfg.Observer.Pinged = func() { pings++ }
		s := f.dial(cfg)
		hooks := f.hooks(s)
		time.Sleep(time.Minute) // all is well
		hooks.nothing(f)
		if pings < 15 {
			t.Errorf("%d pings", pings)
		}
		f.link.Freeze()
		hooks.expect(f, "disconnect: ping timeout")
		f.link.Thaw()
		hooks.expect(f, "connect")
	})
}

// scripted is the Engine.IO session of a server that answers the first message as a test
// wants.
type scripted struct {
	*engine.Session
	answers []string
}

func (s *scripted) Message([]byte, bool) <-chan struct{} {
	for _, packet := range s.answers {
		_ = s.Send([]byte(packet), false)
	}
	s.answers = nil
	return nil
}

func (*scripted) CaughtUp() <-chan struct{}   { return nil }
func (*scripted) Closed(engine.Reason, error) {}

// script has a server that answers the CONNECT of each connection with packets, the first
// ones in the first connection.
func (f *fixture) script(connections ...[]string) {
	f.serve(engine.NewServer(nil, func(s *engine.Session) engine.Receiver {
		r := &scripted{Session: s}
		if len(connections) > 0 {
			r.answers = connections[0]
			connections = connections[1:]
		}
		return r
	}))
}

// What cannot be decoded ends the connection, which is then made again.
func TestParseError(t *testing.T) {
	for _, garbage := range []string{"garbage", "9", `2["disconnect"]`, `51-["x"]`, `2{"a":1}`} {
		bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
			f.script([]string{`0{"sid":"one"}`, garbage, `2["late"]`}, []string{`0{"sid":"two"}`})
			cfg.HTTPClient = f.http
			s := f.new(cfg)
			why := make(chan error, 1)
			s.OnDisconnect(func(_ client.Reason, err error) { why <- err })
			hooks := f.hooks(s)
			s.Connect()
			hooks.expect(f, "connect", "disconnect: parse error", "connect")
			if err := <-why; err == nil || s.ID() != "two" {
				t.Error(err, s.ID())
			}
		})
	}
}

// What is of no meaning is ignored: packets of namespaces that nobody is in, answers to
// no question, grants that were not asked for.
func TestMeaninglessPackets(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.script([]string{
			`2/other,["x"]`, `0/other,{"sid":"a"}`, `4/other,{"message":"a"}`, `1/other,`, `3["early"]`,
			`0{"sid":"one"}`, `0{"sid":"again"}`, `4{"message":"late"}`, `37["nobody asked"]`, `3/other,1[]`, `2["x",1]`,
		})
		cfg.HTTPClient = f.http
		s := f.new(cfg)
		hooks := f.hooks(s)
		got := make(chan int, 10)
		client.On(s, "x", func(_ context.Context, n int) error {
			got <- n
			return nil
		})
		s.Connect()
		hooks.expect(f, "connect")
		if n := <-got; n != 1 || s.ID() != "one" {
			t.Error(n, s.ID())
		}
		time.Sleep(time.Hour)
		hooks.nothing(f)
	})
}

// Events that come before the namespace is joined are handled first.
func TestEarlyEvents(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.io.Use(func(_ context.Context, s *sio.Socket) error {
			for i := range 3 {
				if err := s.Emit("early", i, []byte{1}); err != nil {
					return err
				}
			}
			return nil
		})
		f.io.OnConnect(func(s *sio.Socket) { _ = s.Emit("early", 3) })
		order := make(told, 10)
		cfg.Setup = func(s *client.Socket) {
			client.On(s, "early", func(_ context.Context, n int) error {
				order <- fmt.Sprint(n)
				return nil
			})
			s.OnConnect(func() { order <- "connect" })
		}
		f.dial(cfg)
		order.expect(f, "0", "1", "2", "connect", "3")
	})
}

// A server of another protocol is told apart.
func TestOldServer(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.script([]string{"0"})
		cfg.HTTPClient = f.http
		s := f.new(cfg)
		s.Connect()
		if err := s.WaitConnected(t.Context()); err != client.ErrOldServer || s.Active() {
			t.Error(err)
		}
	})
}

// It lets clients in without being asked, which may be before they ask.
func TestOldServerAtOnce(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.serve(engine.NewServer(nil, func(s *engine.Session) engine.Receiver {
			if err := s.Send([]byte("0"), false); err != nil {
				t.Error(err)
			}
			return &scripted{Session: s}
		}))
		cfg.HTTPClient = f.http
		cfg.Observer.Opened = func(string) { time.Sleep(time.Second) }
		s := f.new(cfg)
		hooks := f.hooks(s)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		s.Connect()
		if err := s.WaitConnected(ctx); err != client.ErrOldServer || s.Active() {
			t.Fatal(err)
		}
		hooks.expect(f, "error: "+client.ErrOldServer.Error())
		hooks.nothing(f)
	})
}

// What is not there answers with a status.
func TestNoSocketIO(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		f.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "short and stout")
		}))
		cfg.HTTPClient = f.http
		cfg.NoReconnection = true
		s := f.new(cfg)
		s.Connect()
		err := s.WaitConnected(t.Context())
		var failed *client.TransportError
		if !errors.As(err, &failed) || failed.Status != http.StatusTeapot || failed.Transport != cfg.Transports[0] {
			t.Errorf("%v (%T)", err, err)
		}
	})
}

// Both the connection and its loss may come at any time; a client survives all of it.
func TestManyLosses(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		cfg.ReconnectionDelay = 10 * time.Millisecond
		s := f.dial(cfg)
		for i := range 100 {
			f.link.Delay(time.Duration(i%7) * time.Millisecond)
			time.Sleep(time.Duration(i%13) * 5 * time.Millisecond)
			f.link.Reset()
		}
		synctest.Wait()
		if err := s.WaitConnected(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if n := f.io.Stats().Connections; n != 1 {
			t.Errorf("%d sessions", n)
		}
	})
}
