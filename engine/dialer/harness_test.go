package dialer_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/siotest"
)

// TestMain fails when a test leaves a goroutine of ours behind, or a buffer.
func TestMain(m *testing.M) {
	frames := frame.Outstanding() // those that are kept for ever
	code := m.Run()
	if code == 0 {
		var left string
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			left = ours()
			if b, f := buf.Outstanding(), frame.Outstanding()-frames; b != 0 || f != 0 { // counted with the tag bufdebug
				left += fmt.Sprintf("%d buffers and %d frames were not released\n", b, f)
			}
			if left == "" {
				break
			}
			if time.Now().After(deadline) {
				fmt.Printf("left behind:\n%s\n", left)
				code = 1
				break
			}
		}
	}
	os.Exit(code)
}

// ours returns the stacks of goroutines that run code of the module, but this one.
func ours() string {
	all := make([]byte, 1<<20)
	var left []string
	for i, g := range strings.Split(string(all[:runtime.Stack(all, true)]), "\n\n") {
		if i > 0 && strings.Contains(g, "gosio/sio") && !strings.Contains(g, "testing.") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

// patience is how long a test waits for what must come.
const patience = time.Minute

func get[T any](t testing.TB, what string, c <-chan T) T {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case v := <-c:
		return v
	case <-timer.C:
		t.Fatalf("no %s\n%s", what, ours())
		panic("unreachable")
	}
}

type message struct {
	data   string
	binary bool
}

func text(data string) message   { return message{data, false} }
func binary(data string) message { return message{data, true} }

type ending[R ~string] struct {
	reason R
	err    error
}

// inbox is a receiver, of either side.
type inbox[R ~string] struct {
	messages  chan message
	ended     chan ending[R]
	onMessage func(m message) <-chan struct{} // in place of messages
	caughtUp  func() <-chan struct{}
}

func newInbox[R ~string]() *inbox[R] {
	return &inbox[R]{messages: make(chan message, 1<<15), ended: make(chan ending[R], 8)}
}

func (in *inbox[R]) Message(data []byte, binary bool) <-chan struct{} {
	m := message{string(data), binary}
	if len(data) >= dialer.LargeMessage {
		buf.Give(data)
	}
	if in.onMessage != nil {
		return in.onMessage(m)
	}
	in.messages <- m
	return nil
}

func (in *inbox[R]) CaughtUp() <-chan struct{} {
	if in.caughtUp != nil {
		return in.caughtUp()
	}
	return nil
}

func (in *inbox[R]) Closed(reason R, err error) { in.ended <- ending[R]{reason, err} }

// expect waits for messages.
func (in *inbox[R]) expect(t testing.TB, want ...message) {
	t.Helper()
	for _, w := range want {
		if got := get(t, "message", in.messages); got != w {
			t.Fatalf("got %.100q (binary: %v), want %.100q (%v)", got.data, got.binary, w.data, w.binary)
		}
	}
}

// session is the server's end.
type session struct {
	*engine.Session
	*inbox[engine.Reason]
}

// client is this end.
type client struct {
	*dialer.Conn
	*inbox[dialer.Reason]
	upgraded chan string // "" and the error, if it failed
	pinged   chan time.Time
}

func (c *client) send(t testing.TB, messages ...message) {
	t.Helper()
	for _, m := range messages {
		if err := c.Conn.Send([]byte(m.data), m.binary); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *session) send(t testing.TB, messages ...message) {
	t.Helper()
	for _, m := range messages {
		if err := s.Session.Send([]byte(m.data), m.binary); err != nil {
			t.Fatal(err)
		}
	}
}

// queue queues a text message without flushing.
func (c *client) queue(data string, volatile bool) error {
	f := frame.New(1 + len(data))
	f.B = append(append(f.B, '4'), data...)
	f.Seal(false, false)
	return c.Queue(frame.Group{First: f}, volatile)
}

// ends waits for the end.
func (c *client) ends(t testing.TB, reason dialer.Reason) error {
	t.Helper()
	e := get(t, "end", c.ended)
	if e.reason != reason {
		t.Fatalf("ended with %q (%v), want %q", e.reason, e.err, reason)
	}
	get(t, "Done", c.Done())
	return e.err
}

// fixture is a network in memory, with a server and what clients need.
type fixture struct {
	t        *testing.T
	server   *siotest.Server
	link     *siotest.Link // that connections are made over
	http     *http.Transport
	requests chan *http.Request
	sessions chan *session // if the server is one of package engine
	prepare  func(*client) // before it dials
}

// bubble runs a test in fake time, with a server of package engine.
func bubble(t *testing.T, cfg *engine.Config, test func(t *testing.T, f *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sessions := make(chan *session, 1<<10)
		srv := engine.NewServer(cfg, func(es *engine.Session) engine.Receiver {
			s := &session{es, newInbox[engine.Reason]()}
			sessions <- s
			return s
		})
		f := serve(t, srv)
		t.Cleanup(func() { _ = srv.Close() })
		f.sessions = sessions
		test(t, f)
	})
}

// scripted runs a test in fake time, with another server.
func scripted(t *testing.T, h http.Handler, test func(t *testing.T, f *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, serve(t, h)) })
}

func serve(t *testing.T, h http.Handler) *fixture {
	f := &fixture{t: t, requests: make(chan *http.Request, 1<<15)}
	t.Cleanup(func() { time.Sleep(time.Minute) }) // handlers may sleep when the server has closed
	f.server = siotest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.requests <- r
		h.ServeHTTP(w, r)
	}))
	f.link = f.server.NewLink()
	f.http = &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		return f.link.DialContext(ctx, network, addr)
	}}
	t.Cleanup(f.http.CloseIdleConnections)
	return f
}

// config returns the Config for clients of f.
func (f *fixture) config(change ...func(*dialer.Config)) *dialer.Config {
	u, err := url.Parse("http://sio.test/engine.io/")
	if err != nil {
		f.t.Fatal(err)
	}
	cfg := &dialer.Config{URL: u, HTTPClient: &http.Client{Transport: f.http}}
	for _, c := range change {
		c(cfg)
	}
	return cfg
}

func over(transports ...string) func(*dialer.Config) {
	return func(c *dialer.Config) { c.Transports = transports }
}

// attempt dials.
func (f *fixture) attempt(ctx context.Context, change ...func(*dialer.Config)) (*client, error) {
	return attempt(ctx, f.t, f.config(change...), f.prepare)
}

func attempt(ctx context.Context, t testing.TB, cfg *dialer.Config, prepare func(*client)) (*client, error) {
	c := &client{inbox: newInbox[dialer.Reason](), upgraded: make(chan string, 8), pinged: make(chan time.Time, 1<<10)}
	if prepare != nil {
		prepare(c)
	}
	accepted := 0
	inner := cfg.Observer
	cfg.Observer = dialer.Observer{
		Pinged: func() { c.pinged <- time.Now() },
		Upgraded: func(transport string) {
			if inner.Upgraded != nil {
				inner.Upgraded(transport)
			}
			c.upgraded <- transport
		},
		UpgradeFailed: func(transport string, err error) { c.upgraded <- fmt.Sprintf("%s: %v", transport, err) },
	}
	conn, err := dialer.Dial(ctx, cfg, func(conn *dialer.Conn) dialer.Receiver {
		accepted++
		c.Conn = conn
		return c
	})
	if err != nil {
		if conn != nil || accepted != 0 {
			t.Errorf("%v, accepted %d times, and %v", conn, accepted, err)
		}
		return nil, err
	}
	if accepted != 1 || conn != c.Conn {
		t.Errorf("accepted %d times", accepted)
	}
	t.Cleanup(func() {
		conn.Abort()
		get(t, "Done", conn.Done())
		if len(c.ended) > 1 {
			t.Error("Closed was called again")
		}
	})
	return c, nil
}

// dial opens a session, and returns the server's end, too, if there is one to know of.
func (f *fixture) dial(change ...func(*dialer.Config)) (*client, *session) {
	f.t.Helper()
	c, err := f.attempt(context.Background(), change...)
	if err != nil {
		f.t.Fatal(err)
	}
	if f.sessions == nil {
		return c, nil
	}
	return c, get(f.t, "session", f.sessions)
}

// upgraded waits until the client has moved to a WebSocket, and the server has seen it.
func (f *fixture) upgraded(c *client) {
	f.t.Helper()
	if got := get(f.t, "upgrade", c.upgraded); got != dialer.WebSocket {
		f.t.Fatalf("not upgraded: %s", got)
	}
	synctest.Wait()
}

// clock measures fake time.
type clock struct {
	t     testing.TB
	start time.Time
}

func newClock(t testing.TB) *clock { return &clock{t, time.Now()} }

// at checks that it is exactly now, since the last call.
func (c *clock) at(d time.Duration) {
	c.t.Helper()
	if passed := time.Since(c.start); passed != d {
		c.t.Fatalf("after %v instead of %v", passed, d)
	}
	c.start = time.Now()
}

// is checks the type of an error.
func is[E error](t testing.TB, err error, target *E) {
	t.Helper()
	if !errors.As(err, target) {
		t.Fatalf("%T: %v", err, err)
	}
}
