package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/client"
)

// gate is a server that lets only some transports in, and notes with which each session
// begins.
type gate struct {
	next   http.Handler
	shut   atomic.Value // the transport that is refused, a string
	begins chan string
}

// upgrading runs a test in a bubble, with a client that has all transports.
func upgrading(t *testing.T, test func(t *testing.T, f *fixture, g *gate, cfg *client.Config)) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		g := &gate{next: f.io, begins: make(chan string, 100)}
		g.shut.Store("")
		f.serve(g)
		test(t, f, g, &client.Config{HTTPClient: f.http, RandomizationFactor: -1, OnError: func(err error) { t.Error(err) }})
	})
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("transport") == g.shut.Load() {
		http.Error(w, "not this way", http.StatusTeapot)
		return
	}
	if !q.Has("sid") {
		g.begins <- q.Get("transport")
	}
	g.next.ServeHTTP(w, r)
}

// Only the first transport is tried, unless all shall be.
func TestTryAllTransports(t *testing.T) {
	for _, order := range [][]string{{client.Polling, client.WebSocket}, {client.WebSocket, client.Polling}} {
		t.Run(order[0], func(t *testing.T) {
			upgrading(t, func(t *testing.T, f *fixture, g *gate, cfg *client.Config) {
				g.shut.Store(order[0])
				cfg.Transports, cfg.NoReconnection = order, true
				s := f.new(cfg)
				s.Connect()
				var refused *client.TransportError
				if err := s.WaitConnected(t.Context()); !errors.As(err, &refused) || refused.Transport != order[0] || refused.Status != http.StatusTeapot {
					t.Errorf("%v", err)
				}
				all := *cfg
				all.TryAllTransports = true
				s = f.dial(&all)
				if got := <-g.begins; got != order[1] || s.Manager().Transport() != order[1] {
					t.Errorf("began with %s, and is on %s", got, s.Manager().Transport())
				}
				s.Close()
				// Without any, the error is that of the last.
				g.next = http.NotFoundHandler()
				s = f.new(&all)
				s.Connect()
				if err := s.WaitConnected(t.Context()); !errors.As(err, &refused) || refused.Transport != order[1] || refused.Status != http.StatusNotFound {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// A connection begins with a WebSocket if the one before got to one, and with polling
// again if that has failed.
func TestRememberUpgrade(t *testing.T) {
	for _, remember := range []bool{false, true} {
		t.Run(fmt.Sprint(remember), func(t *testing.T) {
			upgrading(t, func(t *testing.T, f *fixture, g *gate, cfg *client.Config) {
				cfg.RememberUpgrade = remember
				upgraded := make(chan string, 10)
				cfg.Observer.Upgraded = func(transport string) { upgraded <- transport }
				s := f.new(cfg)
				hooks := f.hooks(s)
				s.Connect()
				hooks.expect(f, "connect")
				if begun, got := <-g.begins, <-upgraded; begun != client.Polling || got != client.WebSocket {
					t.Errorf("%s, then %s", begun, got)
				}
				f.drop()
				hooks.expect(f, "disconnect: transport close", "connect")
				want := client.Polling
				if remember {
					want = client.WebSocket
				}
				if got := <-g.begins; got != want {
					t.Errorf("%s instead of %s", got, want)
				}
				if !remember {
					return
				}
				g.shut.Store(client.WebSocket)
				f.drop()
				hooks.expect(f, "disconnect: transport close", `error: websocket error: status 418: not this way`, "connect")
				if got := <-g.begins; got != client.Polling {
					t.Error(got)
				}
			})
		})
	}
}

// NoUpgrade, and one transport only, leave the connection where it began.
func TestNoUpgrade(t *testing.T) {
	upgrading(t, func(t *testing.T, f *fixture, g *gate, cfg *client.Config) {
		cfg.NoUpgrade = true
		s := f.dial(cfg)
		time.Sleep(time.Minute)
		if got := s.Manager().Transport(); got != client.Polling {
			t.Error(got)
		}
	})
}

// The observer is told of all that becomes of a connection, in order.
func TestObserver(t *testing.T) {
	upgrading(t, func(t *testing.T, f *fixture, g *gate, cfg *client.Config) {
		told := make(told, 100)
		note := func(format string) func(int) { return func(n int) { told <- fmt.Sprintf(format, n) } }
		cfg.Observer = client.Observer{
			Opened:        func(transport string) { told <- "opened: " + transport },
			Closed:        func(reason client.Reason, err error) { told <- "closed: " + string(reason) },
			OpenFailed:    func(err error) { told <- "failed: " + err.Error() },
			Reconnecting:  note("reconnecting: %d"),
			Reconnected:   note("reconnected: %d"),
			GaveUp:        func(err error) { told <- "gave up: " + err.Error() },
			Pinged:        func() { told <- "pinged" },
			Upgraded:      func(transport string) { told <- "upgraded: " + transport },
			UpgradeFailed: func(transport string, err error) { told <- "not upgraded: " + err.Error() },
		}
		cfg.ReconnectionAttempts = 2
		s := f.new(cfg)
		s.Connect()
		told.expect(f, "opened: polling", "upgraded: websocket", "pinged")
		g.shut.Store(client.Polling)
		f.drop()
		told.expect(f, "closed: transport close", "reconnecting: 1", "failed: xhr poll error: status 418")
		g.shut.Store(client.WebSocket)
		told.expect(f, "reconnecting: 2", "opened: polling", "reconnected: 2", "not upgraded: websocket error: status 418: not this way")
		s.Disconnect()
		told.expect(f, "closed: forced close")
		g.shut.Store(client.Polling)
		s.Connect()
		const status = "xhr poll error: status 418"
		told.expect(f, "failed: "+status, "reconnecting: 1", "failed: "+status, "reconnecting: 2", "failed: "+status,
			"gave up: client: no connection after all attempts: "+status)
		s.Close()
		told.nothing(f)
	})
}

// Hooks are called one at a time, in order, and one that panics harms nobody.
func TestObserverPanics(t *testing.T) {
	upgrading(t, func(t *testing.T, f *fixture, g *gate, cfg *client.Config) {
		errs := make(chan error, 10)
		cfg.OnError = func(err error) { errs <- err }
		told := make(told, 10)
		cfg.Observer = client.Observer{
			Opened: func(string) {
				time.Sleep(time.Second)
				told <- "opened"
				panic("opened")
			},
			Upgraded: func(string) { told <- "upgraded" },
			Closed:   func(client.Reason, error) { told <- "closed" },
		}
		s := f.dial(cfg)
		told.expect(f, "opened", "upgraded")
		s.Close()
		told.expect(f, "closed")
		var p *client.PanicError
		if err := <-errs; !errors.As(err, &p) || p.Value != "opened" || len(errs) > 0 {
			t.Errorf("%v", err)
		}
	})
}
