package traffic_test

import (
	"context"
	"flag"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/gosio/sio/engine/dialer"
)

var (
	elsewhere = flag.String("elsewhere", "", "a server of another origin than the page's")
	control   = flag.String("control", "", "where POST /restart restarts the page's server")
	origin    = js.Global().Get("location").Get("origin").String()
)

// webSockets are those that the browser has made, in JavaScript.
var webSockets js.Value

// TestMain has the browser keep its WebSockets.
func TestMain(m *testing.M) {
	flag.Parse()
	webSockets = js.Global().Call("eval", `
		globalThis.sockets = []
		globalThis.WebSocket = class extends WebSocket {
			constructor(...args) {
				super(...args)
				sockets.push(this)
			}
		}
		sockets`)
	os.Exit(m.Run())
}

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func get[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case v := <-c:
		return v
	case <-timer.C:
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// until waits for what nothing tells of.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// post asks a server for something.
func post(t *testing.T, url string) {
	t.Helper()
	resp, err := http.Post(url, "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

type message struct {
	data   string
	binary bool
}

type ending struct {
	reason dialer.Reason
	err    error
}

// session is a Conn, and its receiver.
type session struct {
	*dialer.Conn
	hold     func(message) <-chan struct{} // asked after each message, if not nil
	messages chan message
	ended    chan ending
	upgraded chan error
}

func (s *session) Message(data []byte, binary bool) <-chan struct{} {
	m := message{string(data), binary}
	s.messages <- m
	if s.hold != nil {
		return s.hold(m)
	}
	return nil
}

func (s *session) CaughtUp() <-chan struct{} { return nil }

func (s *session) Closed(reason dialer.Reason, err error) { s.ended <- ending{reason, err} }

// config is that of a session in a mode: polling, websocket or upgrade.
func config(t *testing.T, mode, address string) *dialer.Config {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = origin + address
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	cfg := &dialer.Config{URL: u}
	if mode != "upgrade" {
		cfg.Transports = []string{mode}
	}
	return cfg
}

// open dials. When the test ends the session is closed, and must leave nothing.
func open(t *testing.T, cfg *dialer.Config, hold func(message) <-chan struct{}) *session {
	t.Helper()
	leavesNothing(t)
	s := &session{hold: hold, messages: make(chan message, 1<<16), ended: make(chan ending, 1), upgraded: make(chan error, 1)}
	cfg.Observer.Upgraded = func(string) { s.upgraded <- nil }
	cfg.Observer.UpgradeFailed = func(_ string, err error) { s.upgraded <- err }
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var err error
	s.Conn, err = dialer.Dial(ctx, cfg, func(*dialer.Conn) dialer.Receiver { return s })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		get(t, "end of the session", s.Done())
	})
	return s
}

// dial is open, and waits for the upgrade in that mode.
func dial(t *testing.T, mode, address string, hold func(message) <-chan struct{}) *session {
	t.Helper()
	s := open(t, config(t, mode, address), hold)
	if mode == "upgrade" {
		if err := get(t, "upgrade", s.upgraded); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// leavesNothing checks, after the cleanups that are added later, that goroutines have ended,
// and WebSockets are closed and without listeners.
func leavesNothing(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		for i := range webSockets.Length() {
			s := webSockets.Index(i)
			for _, listener := range []string{"onopen", "onmessage", "onclose", "onerror"} {
				if !s.Get(listener).IsNull() {
					t.Errorf("WebSocket %d has its %s still", i, listener)
				}
			}
			if s.Get("readyState").Int() < 2 {
				t.Errorf("WebSocket %d is not closed", i)
			}
		}
		for end := time.Now().Add(patience); ours() != ""; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("these are left:\n%s", ours())
			}
		}
	})
}

// ours returns the stacks of goroutines that run code of the module, but for tests.
func ours() string {
	all := make([]byte, 1<<20)
	var left []string
	for g := range strings.SplitSeq(string(all[:runtime.Stack(all, true)]), "\n\n") {
		if strings.Contains(g, "gosio/sio") && !strings.Contains(g, "testing.") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

func (s *session) say(t *testing.T, text string) {
	t.Helper()
	if err := s.Send([]byte(text), false); err != nil {
		t.Fatal(err)
	}
}

// inEachMode runs a test by polling, by WebSocket, and after an upgrade.
func inEachMode(t *testing.T, test func(t *testing.T, mode string)) {
	t.Helper()
	for _, mode := range []string{"polling", "websocket", "upgrade"} {
		t.Run(mode, func(t *testing.T) { test(t, mode) })
	}
}
