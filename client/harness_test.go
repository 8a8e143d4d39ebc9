package client_test

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/siotest"
)

// fixture is a server, and a way to it, in a bubble of fake time.
type fixture struct {
	*testing.T
	io   *sio.Server
	srv  *siotest.Server
	link *siotest.Link
	http *http.Client
}

// bubble runs a test in a bubble, over each transport. The configurations are those of
// the server, nil for the defaults, and of clients.
func bubble(t *testing.T, server *sio.Config, test func(t *testing.T, f *fixture, cfg *client.Config)) {
	t.Helper()
	for _, transport := range []string{client.Polling, client.WebSocket} {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, server)
				test(t, f, &client.Config{Transports: []string{transport}, HTTPClient: f.http, OnError: func(err error) { t.Error(err) }})
			})
		})
	}
}

func newFixture(t *testing.T, server *sio.Config) *fixture {
	// Time passes at once for a test that waits, with a ping every 25 seconds: it would never end.
	watchdog := time.AfterFunc(300*time.Hour, func() {
		debug.SetTraceback("all")
		panic("the test waits for what does not come")
	})
	f := &fixture{T: t, io: sio.NewServer(server)}
	f.Cleanup(func() { watchdog.Stop() })
	f.serve(f.io)
	return f
}

// serve has another handler behind the link.
func (f *fixture) serve(h http.Handler) {
	f.srv = siotest.NewServer(f.T, h)
	f.link = f.srv.NewLink()
	transport := &http.Transport{DialContext: f.link.DialContext, DisableCompression: true}
	f.http = &http.Client{Transport: transport}
	f.Cleanup(transport.CloseIdleConnections)
}

const address = "http://server"

// new makes a client that is closed at the end, and leaves no goroutine then.
func (f *fixture) new(cfg *client.Config) *client.Socket { return f.newOf("/", cfg) }

func (f *fixture) newOf(namespace string, cfg *client.Config) *client.Socket {
	f.Helper()
	s, err := client.New(address+namespace, cfg)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		s.Close()
		f.http.CloseIdleConnections()
		synctest.Wait()
		if left := ours(); left != "" {
			f.Errorf("goroutines of the client are left:\n%s", left)
		}
	})
	return s
}

// ours returns the stacks of goroutines that belong to clients, not to their handlers.
func ours() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var left []string
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if strings.Contains(stack, "synctest") && strings.Contains(stack, "sio/client.(*Manager)") || strings.Contains(stack, "synctest") && strings.Contains(stack, "engine/dialer.") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}

// dial makes a client and waits until it is connected.
func (f *fixture) dial(cfg *client.Config) *client.Socket {
	f.Helper()
	s := f.new(cfg)
	f.connect(s)
	return s
}

func (f *fixture) connect(s *client.Socket) {
	f.Helper()
	s.Connect()
	if err := s.WaitConnected(f.Context()); err != nil {
		f.Fatal(err)
	}
}

// drop breaks the connection. Nothing is under way then but the poll, if there is one, so
// that the client notices.
func (f *fixture) drop() {
	synctest.Wait()
	f.link.Reset()
}

// sockets are those that the server gets.
func (f *fixture) sockets() <-chan *sio.Socket {
	c := make(chan *sio.Socket, 100)
	f.io.OnConnect(func(s *sio.Socket) { c <- s })
	return c
}

// told has what the hooks of a Socket say, in order.
type told chan string

func (f *fixture) hooks(s *client.Socket) told {
	c := make(told, 1000)
	s.OnConnect(func() { c <- "connect" })
	s.OnDisconnect(func(reason client.Reason, err error) { c <- "disconnect: " + string(reason) })
	s.OnConnectError(func(err error) { c <- "error: " + err.Error() })
	return c
}

// expect waits for what comes next.
func (c told) expect(f *fixture, want ...string) {
	f.Helper()
	for _, w := range want {
		select {
		case got := <-c:
			if got != w {
				f.Fatalf("%q instead of %q", got, w)
			}
		case <-time.After(time.Hour):

			f.Fatalf("nothing instead of %q", w)
		}
	}
}

// nothing checks that all is said.
func (c told) nothing(f *fixture) {
	f.Helper()
	synctest.Wait()
	select {
	case got := <-c:
		f.Errorf("%q is too much", got)
	default:
	}
}

// after returns whether so much time has passed, up to the resolution of the server's timers.
func after(start time.Time, want time.Duration) bool {
	d := time.Since(start)
	return want <= d && d < want+20*time.Millisecond
}
