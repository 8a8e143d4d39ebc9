package sio_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// ours matches the stacks of goroutines that the server has started.
func ours(stack string) bool {
	return strings.Contains(stack, "github.com/gosio/sio.") || strings.Contains(stack, "github.com/gosio/sio/")
}

func TestShutdown(t *testing.T) {
	f := serve(t, nil)
	ended := endings(t, f, f.Of("/"))
	chatEnded := endings(t, f, f.Of("/chat"))
	peers, _ := crowd(t, f, 6)
	peers[1].send("40/chat,")
	peers[1].granted("/chat")
	f.dial("websocket") // joins nothing
	f.dial("polling")
	for i := range 100 {
		_ = f.Emit("last", i)
	}
	shutdown(t, f)
	for _, p := range peers {
		for i := range 100 {
			p.expect(`42["last",` + number(i) + `]`)
		}
		p.expectClosed() // without a DISCONNECT: clients will try to come back
	}
	for range peers {
		if e := get(t, ended); e.reason != sio.ServerShuttingDown {
			t.Errorf("reason %q", e.reason)
		}
	}
	if e := get(t, chatEnded); e.reason != sio.ServerShuttingDown {
		t.Errorf("reason %q", e.reason)
	}
	if f.Connections() != 0 || f.Of("/").Len() != 0 {
		t.Errorf("%d connections, %d sockets", f.Connections(), f.Of("/").Len())
	}
	shutdown(t, f) // again
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for _, transport := range transports {
		res, err := http.Get(strings.Replace(f.url(transport, ""), "ws:", "http:", 1))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if want := http.StatusServiceUnavailable; transport == "polling" && (res.StatusCode != want || res.Header.Get("Retry-After") == "") {
			t.Errorf("%s after Shutdown: %s", transport, res.Status)
		}
	}
	if _, err := dialWebSocket(f.url("websocket", "")); err == nil {
		t.Error("WebSocket accepted after Shutdown")
	}
	if left := settled(ours); left != "" {
		t.Errorf("goroutines left:\n%s", left)
	}
}

// Close leaves no goroutine either, and the http.Server goes on.
func TestCloseServer(t *testing.T) {
	f := serve(t, nil)
	peers, _ := crowd(t, f, 4)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for _, p := range peers {
		p.expectClosed()
	}
	shutdown(t, f)
	if left := settled(ours); left != "" {
		t.Errorf("goroutines left:\n%s", left)
	}
	f.request("GET", "/") // the HTTP server goes on
}

func TestShutdownWaitsForHandlers(t *testing.T) {
	f := serve(t, nil)
	entered, block := make(chan context.Context, 1), make(chan struct{})
	finished := make(chan struct{})
	f.On("work", func(ctx context.Context, _ *sio.Socket, _ *sio.Message) error {
		entered <- ctx
		<-block
		close(finished)
		return nil
	})
	p := f.join("websocket")
	p.send(`42["work"]`)
	ctx := get(t, entered)

	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Shutdown(over); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown with a handler running: %v", err)
	}
	p.expectClosed()
	var cause *sio.DisconnectError
	if err := context.Cause(ctx); !errors.As(err, &cause) || cause.Reason != sio.ServerShuttingDown {
		t.Errorf("the handler's context: %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- f.Shutdown(t.Context()) }()
	select {
	case err := <-done:
		t.Errorf("Shutdown returned %v before the handler", err)
	case <-time.After(50 * time.Millisecond): // the time to return too early
	}
	close(block)
	if err := get(t, done); err != nil {
		t.Error(err)
	}
	select {
	case <-finished:
	default:
		t.Error("Shutdown returned before the handler")
	}
	if left := settled(ours); left != "" {
		t.Errorf("goroutines left:\n%s", left)
	}
}

// A handler may take its ease, but not hold Close.
func TestCloseDoesNotWaitForHandlers(t *testing.T) {
	f := serve(t, nil)
	entered, block := make(chan struct{}), make(chan struct{})
	f.On("work", func(context.Context, *sio.Socket, *sio.Message) error {
		close(entered)
		<-block
		return nil
	})
	p := f.join("websocket")
	p.send(`42["work"]`)
	await(t, entered)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	p.expectClosed()
	close(block)
}

// Connections and disconnections of all kinds at once, and then Shutdown in
// the middle: nothing may be left, and the race detector stays silent.
func TestShutdownAmidTraffic(t *testing.T) {
	f := serve(t, nil)
	f.Of("/chat")
	sio.Handle(f, "echo", func(_ context.Context, s *sio.Socket, v string) (string, error) {
		s.Join(v)
		_ = s.To(v).Emit("echo", v)
		return v, nil
	})
	begun, done := make(chan struct{}, 1000), make(chan struct{}, 16)
	for i := range 16 {
		go func() {
			defer func() { done <- struct{}{} }()
			for {
				p := &peer{t: t, srv: f, changed: make(chan struct{}), done: make(chan struct{})}
				p.deaf.Store(true)
				start := p.startWebSocket
				if i%2 == 0 {
					start = p.startPolling
				}
				if start("") != nil {
					return // the server is closing
				}
				_ = p.write("40")
				for range 10 {
					_ = p.write(`421["echo","room"]`, "40/chat,")
				}
				select {
				case begun <- struct{}{}:
				default:
				}
				if i%3 == 0 {
					_ = p.write("41")
				}
				p.close()
			}
		}()
	}
	for range 50 {
		get(t, begun)
	}
	// A client that has gone between two polls is only given up after a while,
	// so that Shutdown may have to end the rest by force.
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := f.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v", err)
	}
	for range 16 {
		get(t, done)
	}
	if left := settled(ours); left != "" {
		t.Errorf("goroutines left:\n%s", left)
	}
}
