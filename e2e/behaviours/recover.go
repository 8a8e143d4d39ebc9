package behaviours

import (
	"context"

	"github.com/gosio/sio/client"
)

var recovering = []Behaviour{
	{"recovery: id, rooms, data and what was missed", nil, func(t *T) {
		s, allow := t.recoverable()
		other := t.connect("/")
		t.ack(s, "join", []string{"x"})
		t.ack(s, "up", 1)
		id := s.ID()
		sent := t.collect(s, "sent", 6)
		t.ack(other, "send", map[string]any{"rooms": []string{"x"}, "value": 0})
		t.cut(s)
		for n := range 5 {
			t.ack(other, "send", map[string]any{"rooms": []string{"x"}, "value": n + 1})
		}
		t.emit(s, "up", 2)
		allow()
		t.equal(sent(), numbers(6))
		t.connected(s)
		t.equal([]any{s.ID(), s.Recovered()}, []any{id, true})
		rooms := t.ack(s, "rooms")[0].([]any)
		t.equal(len(rooms), 2)
		t.equal(t.ack(s, "log"), []any{[]any{1, 2}})
	}},
	{"recovery: binary data that was missed", nil, func(t *T) {
		s, allow := t.recoverable()
		other := t.connect("/")
		t.cut(s)
		sent := t.next(s, "sent")
		t.ack(other, "send", map[string]any{"value": "é", "data": some(100)})
		allow()
		t.equal(sent()[:2], []any{"é", some(100)})
		t.equal(s.Recovered(), true)
	}},
	{"recovery: many times, while events come", nil, func(t *T) {
		s := t.connect("/")
		id := s.ID()
		down := t.collect(s, "number", 500)
		for i := range 5 {
			t.emit(s, "down", 100)
			if i < 4 {
				t.cut(s)
			}
			t.connected(s)
			t.equal(s.ID(), id)
		}
		got := down()
		for i := range got {
			got[i] = number(got[i]) + float64(i/100*100)
		}
		t.equal(got, numbers(500))
	}},
	{"recovery: each namespace for itself", nil, func(t *T) {
		s := t.connect("/")
		custom := t.join(s, "/custom")
		t.alive(custom)
		back := t.next(custom, "message-back") // by which the offset is known
		t.emit(custom, "message", 1)
		back()
		ids := []any{s.ID(), custom.ID()}
		t.cut(s)
		t.connected(s)
		t.connected(custom)
		t.equal([]any{s.ID(), custom.ID()}, ids)
		t.equal([]any{s.Recovered(), custom.Recovered()}, []any{true, true})
	}},
	{"recovery: not after the client or the server has ended the session", nil, func(t *T) {
		s := t.connect("/")
		for _, end := range []func(){
			s.Disconnect,
			func() { t.emit(s, "leave me") },
			func() { t.emit(s, "close me") },
		} {
			id, lost := s.ID(), ended(s)
			end()
			receive(t, lost, "the end")
			t.until("the connection is closed", func() bool { return s.Manager().Transport() == "" })
			t.connected(s)
			if s.ID() == id || s.Recovered() {
				t.Errorf("id %q after %q, recovered %v", s.ID(), id, s.Recovered())
			}
		}
	}},
	{"recovery: not after a restart of the server", []Need{restarts}, func(t *T) {
		s := t.connect("/")
		id, lost := s.ID(), ended(s)
		t.restart()
		receive(t, lost, "the loss")
		t.connected(s)
		if s.ID() == id || s.Recovered() {
			t.Errorf("id %q after %q, recovered %v", s.ID(), id, s.Recovered())
		}
		t.cut(s)
		t.connected(s)
		t.equal(s.Recovered(), true)
	}},
}

// recoverable returns a client that has got an event, and comes back when it is allowed to
// only: with a connection at once, but without its namespace.
func (t *T) recoverable() (s *client.Socket, allow func()) {
	allowed, calls := make(chan struct{}), 0
	s = t.socket("/", func(c *client.Config) {
		c.Auth = func(ctx context.Context) (any, error) {
			if calls++; calls > 1 {
				select {
				case <-allowed:
				case <-ctx.Done():
				}
			}
			return map[string]any{"token": "é"}, ctx.Err()
		}
	})
	auth := t.next(s, "auth")
	t.connected(s)
	auth()
	return s, func() { close(allowed) }
}
