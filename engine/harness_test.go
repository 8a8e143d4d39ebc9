package engine_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
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

func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s\n%s", what, ours())
		}
	}
}

type message struct {
	data   string
	binary bool
}

type ending struct {
	reason engine.Reason
	err    error
}

// session is a server's session and what its receiver was called with.
type session struct {
	*engine.Session
	messages  chan message
	ended     chan ending
	onMessage func(data []byte, binary bool) <-chan struct{} // in place of messages
}

func (s *session) Message(data []byte, binary bool) <-chan struct{} {
	if s.onMessage != nil {
		return s.onMessage(data, binary)
	}
	s.messages <- message{string(data), binary}
	return nil
}

func (s *session) Closed(reason engine.Reason, err error) { s.ended <- ending{reason, err} }
func (s *session) CaughtUp() <-chan struct{}              { return nil }

// text sends a text message.
func (s *session) text(t testing.TB, data string) {
	t.Helper()
	if err := s.Send([]byte(data), false); err != nil {
		t.Fatal(err)
	}
}

// queue queues a text packet without sending it.
func (s *session) queue(packet string, volatile bool) error {
	f := frame.New(len(packet))
	f.B = append(f.B, packet...)
	f.Seal(false, true)
	return s.Queue(frame.Group{First: f}, volatile)
}

// expect waits for messages from the client; a binary one is marked by a "b:" in front.
func (s *session) expect(t testing.TB, want ...string) {
	t.Helper()
	for _, w := range want {
		m := get(t, "message", s.messages)
		got := m.data
		if m.binary {
			got = "b:" + got
		}
		if got != w {
			t.Fatalf("message %.100q, want %.100q", got, w)
		}
	}
}

// expectEnd waits for the end of the session, and checks what was said about
// it: the reason, and a part of the error's text, "" for none.
func (s *session) expectEnd(t testing.TB, reason engine.Reason, text string) error {
	t.Helper()
	e := get(t, "end of the session", s.ended)
	switch {
	case e.reason != reason,
		text == "" && e.err != nil,
		text != "" && (e.err == nil || !strings.Contains(e.err.Error(), text)):
		t.Errorf("ended by %q, %v; want %q, %q", e.reason, e.err, reason, text)
	}
	return e.err
}

// alive checks that the session has not ended.
func (s *session) alive(t testing.TB) {
	t.Helper()
	select {
	case e := <-s.ended:
		t.Fatalf("ended by %q, %v", e.reason, e.err)
	default:
	}
	if !s.Open() {
		t.Fatal("not open")
	}
}

// fixture is a server under test.
type fixture struct {
	t         testing.TB
	srv       *engine.Server
	http      *http.Server
	client    *http.Client
	dial      func() (net.Conn, error)
	sessions  chan *session
	refused   chan *engine.ConnectionError
	prepare   func(*session) // called for each session before it begins
	handler   http.Handler   // the server, or what is around it
	configure func(*http.Server)
	fakeTime  bool        // in a bubble of testing/synctest
	tls       *tls.Config // for a server with TLS and HTTP/2
}

// serve runs a server on TCP. The configuration's OnConnectionError is taken.
func serve(t testing.TB, cfg *engine.Config, options ...func(*fixture)) *fixture {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, cfg, l, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }, options...)
}

// serveOn runs a server on a listener.
func serveOn(t testing.TB, cfg *engine.Config, l net.Listener, dial func() (net.Conn, error), options ...func(*fixture)) *fixture {
	t.Helper()
	var c engine.Config
	if cfg != nil {
		c = *cfg
	}
	f := &fixture{
		t: t, dial: dial,
		sessions: make(chan *session, 1<<12), refused: make(chan *engine.ConnectionError, 1<<12),
	}
	c.OnConnectionError = func(e *engine.ConnectionError) {
		select {
		case f.refused <- e:
		default: // a test that does not look
		}
	}
	f.srv = engine.NewServer(&c, func(es *engine.Session) engine.Receiver {
		s := &session{Session: es, messages: make(chan message, 1<<16), ended: make(chan ending, 8)}
		if f.prepare != nil {
			f.prepare(s)
		}
		f.sessions <- s
		return s
	})
	f.handler = f.srv
	for _, o := range options {
		o(f)
	}
	f.client = &http.Client{Transport: &http.Transport{
		DialContext:        func(context.Context, string, string) (net.Conn, error) { return dial() },
		DisableCompression: true, MaxIdleConnsPerHost: 16,
	}}
	f.http = &http.Server{Handler: f.handler, ErrorLog: quiet}
	if f.configure != nil {
		f.configure(f.http)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if f.tls != nil {
			f.http.TLSConfig = f.tls
			_ = f.http.ServeTLS(l, "", "")
			return
		}
		_ = f.http.Serve(l)
	})
	t.Cleanup(func() {
		f.client.CloseIdleConnections()
		_ = f.srv.Close()
		_ = f.http.Close()
		wg.Wait()
		if n := f.srv.Len(); n != 0 {
			t.Errorf("%d sessions are left", n)
		}
	})
	return f
}

// session returns the next session that has begun.
func (f *fixture) session() *session {
	f.t.Helper()
	return get(f.t, "session", f.sessions)
}

// serves checks that the server still serves, on both transports.
func (f *fixture) serves() {
	f.t.Helper()
	p := f.open()
	p.send("4still here")
	p.s.expect(f.t, "still here")
	p.s.text(f.t, "so am I")
	p.expect("4so am I")
	p.s.Abort()
	w, s := f.openWS()
	w.text("4still here")
	s.expect(f.t, "still here")
	s.text(f.t, "so am I")
	w.expect("4so am I")
	s.Abort()
}
