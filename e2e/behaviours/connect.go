package behaviours

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/gosio/sio/client"
)

var connecting = []Behaviour{
	{"connect: the socket has the id and the transport that the server says", nil, func(t *T) {
		s := t.connect("/")
		transport := client.WebSocket
		if t.Mode == "polling" {
			transport = client.Polling
		}
		me := t.whoami(s)
		t.equal([]any{me.ID, me.Transport, me.Namespace}, []any{s.ID(), transport, "/"})
		t.equal([]any{s.Manager().Transport(), s.State() == client.Connected, s.Active(), s.Recovered()}, []any{transport, true, true, false})
		if old := t.Config.Version2; (me.Connection == me.ID) != old {
			t.Errorf("id %q over the connection %q", me.ID, me.Connection)
		}
	}},
	{"connect: ids differ", nil, func(t *T) {
		ids := map[string]bool{"": true}
		for range 3 {
			ids[t.connect("/").ID()] = true
		}
		t.equal(len(ids), 4)
	}},
	{"connect: Dial, with the namespace in the URL", nil, func(t *T) {
		got := make(chan any, 1)
		s, err := client.Dial(t.ctx, t.URL+"/custom", t.config(func(c *client.Config) {
			c.Setup = func(s *client.Socket) {
				client.On(s, "auth", func(_ context.Context, auth any) error { got <- auth; return nil })
			}
		}))
		if err != nil {
			t.Fatalf("Dial: %v", err)
		}
		t.later(s.Close)
		receive(t, got, "the event at the connection")
		t.equal([]any{s.Namespace(), t.whoami(s).Namespace}, []any{"/custom", "/custom"})
	}},
	{"connect: what is emitted before is sent, in order", nil, func(t *T) {
		s := t.socket("/")
		for _, n := range numbers(20) {
			t.emit(s, "up", n)
		}
		s.Connect()
		t.equal(t.ack(s, "log"), []any{numbers(20)})
	}},
	{"connect: auth that does not change", []Need{modern}, func(t *T) {
		type deep struct {
			List []any `json:"list"`
		}
		auth := map[string]any{"token": "é", "deep": deep{[]any{1, nil, true}}}
		s := t.socket("/", func(c *client.Config) { c.Auth = client.StaticAuth(auth) })
		got := t.next(s, "auth")
		s.Connect()
		t.equal(got(), []any{auth})
		t.equal(t.whoami(s).Auth, auth)
	}},
	{"connect: auth by a function, asked each time and for each namespace", []Need{modern}, func(t *T) {
		var calls atomic.Int64
		s := t.connect("/", func(c *client.Config) {
			c.Auth = func(context.Context) (any, error) { return map[string]any{"n": calls.Add(1)}, nil }
		})
		t.equal(t.whoami(s).Auth, map[string]any{"n": 1})
		custom := t.join(s, "/custom")
		t.equal(t.whoami(custom).Auth, map[string]any{"n": 2})
		s.Disconnect()
		t.alive(custom) // as the official server does not take both at once
		t.connected(s)
		t.equal(t.whoami(s).Auth, map[string]any{"n": 3})
	}},
	{"connect: auth changed between connections", []Need{modern}, func(t *T) {
		s := t.connect("/", func(c *client.Config) { c.Auth = client.StaticAuth(map[string]any{"token": "first"}) })
		t.equal(t.whoami(s).Auth, map[string]any{"token": "first"})
		s.SetAuth(client.StaticAuth(map[string]any{"token": "second"}))
		s.Disconnect()
		t.connected(s)
		t.equal(t.whoami(s).Auth, map[string]any{"token": "second"})
	}},
	{"connect: no auth is an empty object", nil, func(t *T) {
		s := t.socket("/")
		got := t.next(s, "auth")
		s.Connect()
		t.equal(got(), []any{map[string]any{}})
	}},
	{"connect: an auth function that fails is asked again", []Need{modern}, func(t *T) {
		var calls atomic.Int64
		s := t.socket("/", func(c *client.Config) {
			c.Auth = func(context.Context) (any, error) {
				if calls.Add(1) == 1 {
					return nil, errors.New("no token yet")
				}
				return map[string]any{"token": "late"}, nil
			}
		})
		errs := make(chan error, 10)
		s.OnConnectError(func(err error) { errs <- err })
		t.connected(s)
		t.equal(receive(t, errs, "the error").Error(), "no token yet")
		t.equal(t.whoami(s).Auth, map[string]any{"token": "late"})
	}},
	{"connect: auth anew, when our server asks", []Need{modern, ours}, func(t *T) {
		var calls atomic.Int64
		s := t.connect("/", func(c *client.Config) {
			c.Auth = func(context.Context) (any, error) { return map[string]any{"n": calls.Add(1)}, nil }
		})
		t.equal(t.ack(s, "refresh auth"), []any{map[string]any{"n": 2}})
	}},
	{"connect: a query, of the Config and of the URL", nil, func(t *T) {
		const text = "hé & so=1"
		s := t.connect("/", func(c *client.Config) { c.Query = url.Values{"from": {text}} })
		t.equal(t.whoami(s).Query, text)
		s = t.connect("/?from=" + url.QueryEscape(text))
		t.equal(t.whoami(s).Query, text)
	}},
	{"connect: headers, and others for the next connection", []Need{outsideBrowser}, func(t *T) {
		connections := 0
		s := t.connect("/", func(c *client.Config) {
			c.Header = http.Header{"X-From": {"a test"}}
			c.RefreshHeader = func(_ context.Context, h http.Header) error {
				if connections++; connections > 1 {
					h.Set("X-From", "another")
				}
				return nil
			}
		})
		t.equal(t.whoami(s).Header, "a test")
		s.Disconnect()
		t.connected(s)
		t.equal(t.whoami(s).Header, "another")
	}},
	{"connect: again after leaving, with a new id", nil, func(t *T) {
		s := t.connect("/")
		first := s.ID()
		s.Disconnect()
		t.equal([]any{s.ID(), s.State() == client.Idle}, []any{"", true})
		t.connected(s)
		if s.ID() == first {
			t.Errorf("the id is the same")
		}
		t.alive(s)
	}},
	{"connect: a server that is not there", nil, func(t *T) {
		t.URL = nowhere
		s := t.socket("/", func(c *client.Config) { c.NoReconnection = true })
		told := make(chan error, 10)
		s.OnConnectError(func(err error) { told <- err })
		s.Connect()
		var failed *client.TransportError
		if err := s.WaitConnected(t.ctx); !errors.As(err, &failed) {
			t.Errorf("%v is no TransportError", err)
		}
		if err := receive(t, told, "the error"); !errors.As(err, &failed) {
			t.Errorf("%v is no TransportError", err)
		}
		t.equal([]any{s.State() == client.Idle, s.Active()}, []any{true, false})
	}},
	{"connect: attempts are given up", nil, func(t *T) {
		t.URL = nowhere
		var attempts []any
		gaveUp := make(chan error, 1)
		s := t.socket("/", func(c *client.Config) {
			c.ReconnectionAttempts, c.ReconnectionDelay = 3, time.Millisecond
			c.Observer.Reconnecting = func(n int) { attempts = append(attempts, n) }
			c.Observer.GaveUp = func(err error) { gaveUp <- err }
		})
		s.Connect()
		if err := s.WaitConnected(t.ctx); !errors.Is(err, client.ErrGaveUp) {
			t.Errorf("%v is not ErrGaveUp", err)
		}
		if err := receive(t, gaveUp, "GaveUp"); !errors.Is(err, client.ErrGaveUp) {
			t.Errorf("%v is not ErrGaveUp", err)
		}
		t.equal(attempts, []any{1, 2, 3})
	}},
	// Over polling it cannot be told from a broken one.
	{"connect: a server that is older than it should be", []Need{serverOf2, begins(client.WebSocket)}, func(t *T) {
		s := t.socket("/", func(c *client.Config) { c.Version2 = false })
		s.Connect()
		if err := s.WaitConnected(t.ctx); !errors.Is(err, client.ErrOldServer) {
			t.Errorf("%v is not ErrOldServer", err)
		}
	}},
}

// nowhere is where no server is: a port that is reserved.
const nowhere = "http://127.0.0.1:1"
