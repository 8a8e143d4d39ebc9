package dialer_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
)

func TestValidate(t *testing.T) {
	good := &url.URL{Scheme: "wss", Host: "x"}
	for field, cfg := range map[string]*dialer.Config{
		"URL":               nil,
		"URL ":              {URL: &url.URL{Scheme: "ftp", Host: "x"}},
		"URL  ":             {URL: &url.URL{Scheme: "http", Path: "/x"}},
		"Transports":        {URL: good, Transports: []string{"webtransport"}},
		"Transports ":       {URL: good, Transports: []string{dialer.Polling, dialer.Polling}},
		"RequestTimeout":    {URL: good, RequestTimeout: 20},
		"RequestTimeout ":   {URL: good, RequestTimeout: -time.Second},
		"MaxMessage":        {URL: good, MaxMessage: -1},
		"MaxQueue":          {URL: good, MaxQueue: -1},
		"MaxQueuedMessages": {URL: good, MaxQueuedMessages: -1},
		"Version":           {URL: good, Version: 5},
	} {
		var e *dialer.ConfigError
		if is(t, cfg.Validate(), &e); e.Field != strings.TrimSpace(field) {
			t.Errorf("%q: %v", field, e)
		}
		if c, err := dialer.Dial(context.Background(), cfg, nil); c != nil || !errors.As(err, &e) {
			t.Errorf("%q: %v, %v", field, c, err)
		}
	}
	for _, scheme := range []string{"http", "https", "ws", "wss"} {
		if err := (&dialer.Config{URL: &url.URL{Scheme: scheme, Host: "x"}, Version: 3}).Validate(); err != nil {
			t.Error(err)
		}
	}
}

// The context aborts the opening at once, wherever it is, and leaves nothing.
func TestDialIsAborted(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	half := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "200")
		_, _ = io.WriteString(w, "0{")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	for name, test := range map[string]struct {
		transport string
		handler   http.Handler
		freeze    bool
	}{
		"polling, connecting":       {dialer.Polling, http.HandlerFunc(hang), true},
		"polling, waiting":          {dialer.Polling, http.HandlerFunc(hang), false},
		"polling, half an answer":   {dialer.Polling, http.HandlerFunc(half), false},
		"WebSocket, connecting":     {dialer.WebSocket, http.HandlerFunc(hang), true},
		"WebSocket, waiting":        {dialer.WebSocket, http.HandlerFunc(hang), false},
		"WebSocket, half an answer": {dialer.WebSocket, http.HandlerFunc(half), false},
		"WebSocket, no open packet": {dialer.WebSocket, &script{}, false},
		"WebSocket, half a packet":  {dialer.WebSocket, &script{socket: func(p *peer) { p.raw("\x81\x7f"); p.rest() }}, false},
	} {
		for _, all := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				scripted(t, test.handler, func(t *testing.T, f *fixture) {
					if test.freeze {
						f.link.Freeze()
						defer f.link.Thaw()
					}
					why := errors.New("why")
					ctx, cancel := context.WithTimeoutCause(context.Background(), 500*ms, why)
					defer cancel()
					clock := newClock(t)
					_, err := f.attempt(ctx, over(test.transport), func(cfg *dialer.Config) { cfg.TryAllTransports = all })
					clock.at(500 * ms)
					if err != why {
						t.Errorf("%v", err)
					}
					f.http.CloseIdleConnections()
					synctest.Wait()
					if left := ours(); strings.Contains(left, "sio/engine/dialer.") || strings.Contains(left, "sio/internal/ws.") {
						t.Errorf("left: %s", left)
					}

					ended, cancel := context.WithCancel(context.Background())
					cancel()
					if _, err := f.attempt(ended, over(test.transport)); !errors.Is(err, context.Canceled) {
						t.Errorf("%v", err)
					}
				})
			})
		}
	}
}

// When the session is open, the context has no meaning any more.
func TestContextIsOver(t *testing.T) {
	for name, transports := range carriers {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *fixture) {
				ctx, cancel := context.WithTimeout(context.Background(), time.Second)
				defer cancel()
				c, err := f.attempt(ctx, over(transports...))
				if err != nil {
					t.Fatal(err)
				}
				s := get(t, "session", f.sessions)
				time.Sleep(time.Minute)
				c.send(t, text("x"))
				s.expect(t, text("x"))
				s.send(t, text("y"))
				c.expect(t, text("y"))
			})
		})
	}
}

func TestTryAllTransports(t *testing.T) {
	t.Run("polling fails", func(t *testing.T) {
		bubble(t, &engine.Config{Transports: []string{dialer.WebSocket}}, func(t *testing.T, f *fixture) {
			_, err := f.attempt(context.Background())
			var e *dialer.TransportError
			if is(t, err, &e); e.Status != 400 || e.Code != 0 || e.Message != "Transport unknown" {
				t.Errorf("%+v", e)
			}
			c, s := f.dial(func(cfg *dialer.Config) { cfg.TryAllTransports = true })
			if c.Transport() != dialer.WebSocket {
				t.Error(c.Transport())
			}
			c.send(t, text("x"))
			s.expect(t, text("x"))
		})
	})
	t.Run("WebSocket fails", func(t *testing.T) {
		srv := &script{refuse: 503}
		scripted(t, srv, func(t *testing.T, f *fixture) {
			order := []string{dialer.WebSocket, dialer.Polling}
			_, err := f.attempt(context.Background(), over(order...))
			var e *dialer.TransportError
			if is(t, err, &e); e.Transport != dialer.WebSocket || e.Text != "websocket error" || e.Status != 503 || e.Code != -1 || e.Message != "no WebSockets today" {
				t.Errorf("%+v", e)
			}
			<-f.requests
			c, _ := f.dial(over(order...), func(cfg *dialer.Config) { cfg.TryAllTransports = true })
			if c.Transport() != dialer.Polling {
				t.Error(c.Transport())
			}
			synctest.Wait()
			if len(c.upgraded) != 0 { // what has failed is not tried again
				t.Errorf("upgrade: %s", <-c.upgraded)
			}
			if order[0] != dialer.WebSocket {
				t.Error("the caller's list was changed")
			}
		})
	})
	t.Run("both fail", func(t *testing.T) {
		scripted(t, http.NotFoundHandler(), func(t *testing.T, f *fixture) {
			_, err := f.attempt(context.Background(), func(cfg *dialer.Config) { cfg.TryAllTransports = true })
			var e *dialer.TransportError
			if is(t, err, &e); e.Transport != dialer.WebSocket || e.Status != 404 {
				t.Errorf("%+v", e)
			}
		})
	})
}

// What accept may do with the session.
func TestWithinAccept(t *testing.T) {
	for name, transports := range carriers {
		for end, do := range map[string]func(*dialer.Conn){
			"send": func(*dialer.Conn) {}, "close": (*dialer.Conn).Close, "abort": (*dialer.Conn).Abort,
		} {
			t.Run(name+" "+end, func(t *testing.T) {
				bubble(t, nil, func(t *testing.T, f *fixture) {
					c := &client{inbox: newInbox[dialer.Reason]()}
					conn, err := dialer.Dial(context.Background(), f.config(over(transports...)), func(conn *dialer.Conn) dialer.Receiver {
						c.Conn = conn
						if conn.ID() == "" || !conn.Writable() {
							t.Error("not ready")
						}
						c.send(t, text("first"))
						do(conn)
						return c
					})
					if err != nil || conn != c.Conn {
						t.Fatal(err)
					}
					s := get(t, "session", f.sessions)
					if end != "abort" {
						s.expect(t, text("first"))
					}
					conn.Close()
					c.ends(t, dialer.ForcedClose)
				})
			})
		}
	}
}
