package sio_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// patience is how long a test waits for what must happen. It only bounds how
// long a failure takes.
const patience = 30 * time.Second

// TestMain fails when a goroutine is left after all tests.
func TestMain(m *testing.M) {
	if os.Getenv(idleChildEnv) != "" {
		idleChild()
		return
	}
	code := m.Run()
	http.DefaultClient.CloseIdleConnections()
	if left := settled(nil); code == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines left after all tests:\n\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// settled waits until no goroutine but the caller's and those of the test
// runner is left that matches, and returns the stacks of those that stay.
func settled(match func(stack string) bool) string {
	deadline := time.Now().Add(10 * time.Second)
	for {
		left := goroutines(match)
		if left == "" || time.Now().After(deadline) {
			return left
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func goroutines(match func(stack string) bool) string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	stacks := strings.Split(string(buf), "\n\n")
	var left []string
	for _, s := range stacks[1:] { // the first is the caller
		if strings.Contains(s, "testing.(*T).Run") || strings.Contains(s, "testing.(*M)") ||
			strings.Contains(s, "os/signal.") || strings.Contains(s, "runtime.ReadTrace") {
			continue
		}
		if match == nil || match(s) {
			left = append(left, s)
		}
	}
	return strings.Join(left, "\n\n")
}

// fixture is a Socket.IO server on a loopback HTTP server.
type fixture struct {
	*sio.Server
	t    testing.TB
	http *httptest.Server

	polls atomic.Int64 // GET requests of sessions that have begun

	mu      sync.Mutex
	errs    []*sio.EventError // reported, and not yet claimed by the test
	changed chan struct{}
}

// serve starts a server, which ends with the test. Errors that it reports and
// that the test does not claim with reported fail the test.
func serve(t testing.TB, cfg *sio.Config) *fixture {
	t.Helper()
	f := &fixture{t: t, changed: make(chan struct{})}
	if cfg == nil {
		cfg = &sio.Config{}
	}
	if cfg.OnError == nil {
		cfg.OnError = f.onError
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	f.Server = sio.NewServer(cfg)
	sio.Handle(f, fence, func(context.Context, *sio.Socket, none) (none, error) { return none{}, nil })
	f.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Query().Has("sid") {
			f.polls.Add(1)
		}
		f.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		_ = f.Close()
		f.http.Client().CloseIdleConnections()
		f.http.Close()
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, err := range f.errs {
			t.Errorf("reported, but not expected: %v", err)
		}
	})
	return f
}

func (f *fixture) onError(err error) {
	var e *sio.EventError
	if !errors.As(err, &e) {
		f.t.Errorf("OnError got a %T", err)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, e)
	close(f.changed)
	f.changed = make(chan struct{})
}

// reported waits for the next error that the server reports, and claims it.
func (f *fixture) reported() *sio.EventError {
	f.t.Helper()
	deadline := time.After(patience)
	for {
		f.mu.Lock()
		changed := f.changed
		if len(f.errs) > 0 {
			e := f.errs[0]
			f.errs = f.errs[1:]
			f.mu.Unlock()
			return e
		}
		f.mu.Unlock()
		select {
		case <-changed:
		case <-deadline:
			f.t.Fatal("no error was reported")
		}
	}
}

// url returns the address of a transport, with more query parameters.
func (f *fixture) url(transport, more string) string {
	u := f.http.URL + "/socket.io/?EIO=4&transport=" + transport + more
	if transport == "websocket" {
		u = "ws" + strings.TrimPrefix(u, "http")
	}
	return u
}

// sockets makes OnConnect sockets available to the test.
func (f *fixture) sockets() <-chan *sio.Socket {
	ch := make(chan *sio.Socket, 4096)
	f.OnConnect(func(s *sio.Socket) { ch <- s })
	return ch
}

// get receives from a channel, or fails the test.
func get[T any](t testing.TB, ch <-chan T) T {
	t.Helper()
	select {
	case v, ok := <-ch:
		if !ok {
			t.Fatal("channel closed")
		}
		return v
	case <-time.After(patience):
		t.Fatal("timed out waiting")
	}
	panic("unreachable")
}

// await waits until a channel is closed, or fails the test.
func await[T any](t testing.TB, ch <-chan T) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(patience):
		t.Fatal("timed out waiting")
	}
}

// eventually waits for something that no event tells.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came true: %s", what)
		}
	}
}

// transports are those that most tests run over.
var transports = []string{"polling", "websocket"}

// overTransports runs a test over each transport.
func overTransports(t *testing.T, test func(t *testing.T, transport string)) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) { test(t, transport) })
	}
}

// shutdown shuts the server down, as the test expects it to succeed.
func shutdown(t *testing.T, f *fixture) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := f.Shutdown(ctx); err != nil {
		t.Fatalf("Shutdown: %v", err)
	}
}

// expectPanic checks how a panic was reported.
func expectPanic(t *testing.T, e *sio.EventError, name string, value any) {
	t.Helper()
	var p *sio.PanicError
	if e.Event != name || !errors.As(e, &p) || p.Value != value || !strings.Contains(string(p.Stack), "_test.go") {
		t.Errorf("reported %v", e)
	}
}

func number(i int) string { return strconv.Itoa(i) }
