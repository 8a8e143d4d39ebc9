package behaviours

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/gosio/sio/client"
)

var transports = []Behaviour{
	{"transports: the next one, if the first is refused and all shall be tried", []Need{stays}, func(t *T) {
		wanted, other := client.Polling, client.WebSocket
		if t.Mode == "websocket" {
			wanted, other = other, wanted
		}
		both := func(c *client.Config) { c.Transports = []string{wanted, other} }
		s := t.connect("/?refuse="+wanted, both, func(c *client.Config) { c.TryAllTransports, c.NoUpgrade = true, true })
		t.equal([]any{s.Manager().Transport(), t.whoami(s).Transport}, []any{other, other})
		t.alive(s)
		s = t.socket("/?refuse="+wanted, both, func(c *client.Config) { c.NoReconnection = true })
		s.Connect()
		var failed *client.TransportError
		if err := s.WaitConnected(t.ctx); !errors.As(err, &failed) || failed.Transport != wanted {
			t.Errorf("%v is no error of %s", err, wanted)
		}
	}},
	{"transports: none works", []Need{stays}, func(t *T) {
		s := t.socket("/?refuse=polling&refuse=websocket", func(c *client.Config) {
			c.Transports, c.TryAllTransports, c.NoReconnection = []string{client.Polling, client.WebSocket}, true, true
		})
		s.Connect()
		var failed *client.TransportError
		if err := s.WaitConnected(t.ctx); !errors.As(err, &failed) {
			t.Errorf("%v is no TransportError", err)
		}
	}},
	{"transports: no upgrade", []Need{upgrades}, func(t *T) {
		s := t.connect("/", func(c *client.Config) {
			c.NoUpgrade = true
			c.Observer.Upgraded = func(string) { t.Errorf("upgraded") }
		})
		for range 5 {
			t.alive(s)
		}
		t.equal([]any{s.Manager().Transport(), t.whoami(s).Transport}, []any{client.Polling, client.Polling})
	}},
	{"transports: an upgrade is remembered, if that is wanted", []Need{upgrades}, func(t *T) {
		for _, remember := range []bool{true, false} {
			opened := make(chan string, 10)
			s := t.connect("/", func(c *client.Config) {
				c.RememberUpgrade = remember
				c.Observer.Opened = func(transport string) { opened <- transport }
			})
			t.equal(receive(t, opened, "the connection"), client.Polling)
			t.cut(s)
			want := client.Polling
			if remember {
				want = client.WebSocket
			}
			t.equal(receive(t, opened, "the other connection"), want)
			t.connected(s)
			t.alive(s)
		}
	}},
	{"transports: the observer is told of all", nil, func(t *T) {
		var mu sync.Mutex
		var told []string
		note := func(what ...string) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, strings.Join(what, " "))
		}
		s := t.connect("/", func(c *client.Config) {
			c.Observer = client.Observer{
				Opened:   func(transport string) { note("opened", transport) },
				Upgraded: func(transport string) { note("upgraded", transport) },
				Closed:   func(reason client.Reason, _ error) { note("closed", string(reason)) },
			}
		})
		s.Close()
		want := map[string][]string{
			"polling":   {"opened polling"},
			"websocket": {"opened websocket"},
			"upgrade":   {"opened polling", "upgraded websocket"},
		}[t.Mode]
		mu.Lock()
		defer mu.Unlock()
		t.equal(told[:len(want)], want)
		if !slices.ContainsFunc(told, func(what string) bool { return strings.HasPrefix(what, "closed") }) {
			t.Errorf("not closed: %v", told)
		}
	}},
	{"transports: times in requests", nil, func(t *T) {
		t.alive(t.connect("/", func(c *client.Config) { c.TimestampRequests = true }))
	}},
	{"transports: 20 clients at once", []Need{outsideBrowser}, func(t *T) {
		var all sync.WaitGroup
		for range 20 {
			s := t.socket("/")
			all.Go(func() {
				s.Connect()
				for n := range 10 {
					m, err := s.EmitWithAck(t.ctx, "message-with-ack", n)
					var got int
					if err == nil {
						err = m.Decode(&got)
					}
					if err != nil || got != n {
						t.Errorf("%d for %d: %v", got, n, err)
					}
				}
			})
		}
		all.Wait()
	}},
	{"transports: compressed messages", nil, func(t *T) {
		s := t.connect("/", func(c *client.Config) { c.PerMessageDeflate = &client.Deflate{} })
		text := strings.Repeat("compressible ", 1000)
		for range 3 {
			t.equal(t.ack(s, "message-with-ack", text, some(5000)), []any{text, some(5000)})
		}
	}},
}
