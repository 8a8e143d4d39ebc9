package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// The server may send so much, and not more.
func TestMaxMessage(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		cfg.MaxMessage = 10_000
		lengths := make(told, 10)
		cfg.Setup = func(s *client.Socket) {
			client.On(s, "x", func(_ context.Context, text string) error {
				lengths <- fmt.Sprint(len(text))
				return nil
			})
		}
		s := f.new(cfg)
		why := make(chan error, 10)
		s.OnDisconnect(func(_ client.Reason, err error) { why <- err })
		hooks := f.hooks(s)
		s.Connect()
		hooks.expect(f, "connect")
		peer := <-sockets
		_ = peer.Emit("x", strings.Repeat("a", 9_900))
		lengths.expect(f, "9900")
		_ = peer.Emit("x", strings.Repeat("a", 10_000))
		hooks.expect(f, "disconnect: transport error", "connect")
		var failed *client.TransportError
		if err := <-why; !errors.As(err, &failed) || !strings.Contains(failed.Error(), "MaxMessage") {
			t.Errorf("%v", err)
		}
		lengths.nothing(f)
	})
}

// A packet may have so many attachments, and not more.
func TestMaxAttachments(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		cfg.MaxAttachments = 2
		counts := make(told, 10)
		cfg.Setup = func(s *client.Socket) {
			client.On(s, "x", func(_ context.Context, list [][]byte) error {
				counts <- fmt.Sprint(len(list))
				return nil
			})
		}
		s := f.new(cfg)
		hooks := f.hooks(s)
		s.Connect()
		hooks.expect(f, "connect")
		peer := <-sockets
		_ = peer.Emit("x", [][]byte{{1}, {2}})
		counts.expect(f, "2")
		_ = peer.Emit("x", [][]byte{{1}, {2}, {3}})
		hooks.expect(f, "disconnect: parse error", "connect")
		counts.nothing(f)
	})
}

// A server that sends events without end before it lets the client in is left.
func TestManyEarlyEvents(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		event := `2["early","` + strings.Repeat("x", 1000) + `"]`
		few := make([]string, 0, 8)
		for range 7 {
			few = append(few, event)
		}
		f.script(append(append([]string{}, few...), event), append(few, `0{"sid":"one"}`))
		cfg.HTTPClient = f.http
		cfg.MaxMailbox = 9_000 // an event counts for 256 more than it has
		closed := make(told, 10)
		cfg.Observer.Closed = func(reason client.Reason, err error) { closed <- fmt.Sprint(reason, ": ", err) }
		got := make(told, 100)
		cfg.Setup = func(s *client.Socket) {
			client.On(s, "early", func(_ context.Context, text string) error {
				got <- fmt.Sprint(len(text))
				return nil
			})
			s.OnConnect(func() { got <- "connect" })
		}
		s := f.new(cfg)
		s.Connect()
		closed.expect(f, "parse error: client: too many events came before the namespace was joined")
		got.expect(f, "1000", "1000", "1000", "1000", "1000", "1000", "1000", "connect")
		got.nothing(f)
	})
}

// Acknowledgements that the server does not read do not gather without end.
func TestAcksAreBounded(t *testing.T) {
	bubble(t, &sio.Config{MaxQueue: 64 << 20}, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		cfg.MaxBuffer, cfg.MaxMailbox = 100_000, 64<<20
		errs := make(chan error, 1000)
		cfg.OnError = func(err error) { errs <- err }
		start := make(chan struct{})
		cfg.Setup = func(s *client.Socket) {
			client.Handle(s, "x", func(_ context.Context, n int) (string, error) {
				<-start
				return strings.Repeat("a", 10_000), nil
			})
		}
		f.dial(cfg)
		peer := <-sockets
		const calls = 200
		results := make(chan error, calls)
		for i := range calls {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				_, err := sio.Call[string](ctx, peer, "x", i)
				results <- err
			}()
		}
		synctest.Wait()
		time.Sleep(time.Millisecond)
		synctest.Wait() // all calls have arrived
		f.link.Freeze()
		close(start)
		synctest.Wait()
		if len(errs) == 0 {
			t.Error("all acknowledgements wait")
		}
		for range len(errs) {
			if err := <-errs; !errors.Is(err, client.ErrBufferFull) {
				t.Error(err)
			}
		}
		f.link.Thaw()
		failed := 0
		for range calls {
			if <-results != nil {
				failed++
			}
		}
		if failed == 0 || failed == calls {
			t.Errorf("%d of %d calls failed", failed, calls)
		}
	})
}

// A polling request may take so long.
func TestRequestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		cfg := &client.Config{Transports: []string{client.Polling}, HTTPClient: f.http, RequestTimeout: 5 * time.Second}
		s := f.new(cfg)
		hooks := f.hooks(s)
		start := time.Now()
		s.Connect()
		hooks.expect(f, "connect", "disconnect: transport error") // there is nothing to tell for 25 s
		if !after(start, 5*time.Second) {
			t.Error(time.Since(start))
		}
	})
}

// What the options do to requests.
func TestRequests(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*client.Config)
		want   func(r *http.Request) bool // of one at least
	}{
		"base64":       {func(c *client.Config) { c.ForceBase64 = true }, func(r *http.Request) bool { return r.URL.Query().Get("b64") == "1" }},
		"timestamps":   {func(c *client.Config) { c.TimestampRequests = true }, func(r *http.Request) bool { return isWebSocket(r) && r.URL.Query().Has("t") }},
		"subprotocols": {func(c *client.Config) { c.Protocols = []string{"a", "b"} }, func(r *http.Request) bool { return r.Header.Get("Sec-WebSocket-Protocol") == "a, b" }},
		"version 2":    {func(c *client.Config) { c.Version2 = true }, func(r *http.Request) bool { return r.URL.Query().Get("EIO") == "3" }},
		"headers":      {func(c *client.Config) { c.Header = http.Header{"X-App": {"x"}} }, func(r *http.Request) bool { return isWebSocket(r) && r.Header.Get("X-App") == "x" }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, &sio.Config{AllowEIO3: true})
				seen := make(chan bool, 1000)
				f.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					seen <- test.want(r)
					f.io.ServeHTTP(w, r)
				}))
				plain := &client.Config{HTTPClient: f.http}
				count := func(cfg *client.Config) (n int) {
					upgraded := make(chan struct{})
					cfg.Observer.Upgraded = func(string) { close(upgraded) }
					s := f.dial(cfg)
					<-upgraded
					s.Close()
					synctest.Wait()
					for range len(seen) {
						if <-seen {
							n++
						}
					}
					return n
				}
				if n := count(plain); n > 0 {
					t.Errorf("%d requests without the option", n)
				}
				test.change(plain)
				if count(plain) == 0 {
					t.Error("none with it")
				}
			})
		})
	}
}

func isWebSocket(r *http.Request) bool { return r.URL.Query().Get("transport") == client.WebSocket }
