package behaviours

import (
	"context"
	"errors"

	"github.com/gosio/sio/client"
)

var disconnecting = []Behaviour{
	{"disconnect: the client leaves the namespace", nil, func(t *T) {
		gone := t.watch()
		s := t.connect("/")
		custom := t.join(s, "/custom") // so that the connection stays
		t.ack(s, "join", []string{"x"})
		id, ctx, lost := s.ID(), s.Context(), ended(s)
		s.Disconnect()
		t.equal(receive(t, lost, "the disconnection"), client.ClientDisconnect)
		lostFor(t, context.Cause(ctx), client.ClientDisconnect)
		t.equal(gone(id), []any{"client namespace disconnect", 2, 0})
		t.equal([]any{s.State() == client.Idle, s.Active(), s.ID()}, []any{true, false, ""})
		t.alive(custom)
	}},
	{"disconnect: the client closes", nil, func(t *T) {
		gone := t.watch()
		s := t.connect("/")
		id, lost := s.ID(), ended(s)
		s.Close()
		s.Close()
		t.equal(receive(t, lost, "the disconnection"), client.ClientDisconnect)
		t.equal(gone(id)[1:], []any{1, 0})
		t.equal([]any{s.State() == client.Closed, s.Manager().Transport()}, []any{true, ""})
		if err := s.Emit("message"); !errors.Is(err, client.ErrClosed) {
			t.Errorf("Emit: %v", err)
		}
		s.Connect()
		if err := s.WaitConnected(t.ctx); !errors.Is(err, client.ErrClosed) {
			t.Errorf("WaitConnected: %v", err)
		}
	}},
	// An official server drops events that a DISCONNECT follows at once.
	{"disconnect: what was emitted before is sent", []Need{ours}, func(t *T) {
		heard := t.connect("/")
		sent := t.collect(heard, "sent", 20)
		s := t.connect("/")
		for _, n := range numbers(20) {
			t.emit(s, "send", map[string]any{"value": n})
		}
		s.Disconnect()
		t.equal(sent(), numbers(20))
	}},
	{"disconnect: the server takes the client out of the namespace", nil, func(t *T) {
		gone := t.watch()
		s := t.connect("/")
		custom := t.join(s, "/custom")
		id, lost, words := s.ID(), ended(s), t.next(s, "last words")
		t.emit(s, "leave me")
		t.equal(words()[0], 1)
		t.equal(receive(t, lost, "the disconnection"), client.ServerDisconnect)
		t.equal(gone(id), []any{"server namespace disconnect", 1, 0})
		t.equal([]any{s.State() == client.Idle, s.Active()}, []any{true, false})
		t.alive(custom)
	}},
	{"disconnect: after the server's word it connects again by hand only", []Need{modern}, func(t *T) {
		s := t.connect("/")
		custom := t.join(s, "/custom")
		lost := ended(s)
		t.emit(s, "leave me")
		receive(t, lost, "the disconnection")
		t.alive(custom)
		t.equal(s.State() == client.Idle, true)
		t.connected(s)
		t.alive(s)
	}},
	{"disconnect: the server closes the connection", nil, func(t *T) {
		gone := t.watch()
		connections := 0
		s := t.connect("/", func(c *client.Config) { c.Observer.Opened = func(string) { connections++ } })
		custom := t.join(s, "/custom")
		id, lost, words := s.ID(), ended(s), t.next(s, "last words")
		lostToo := ended(custom)
		t.emit(s, "close me")
		t.equal(words()[0], 1)
		t.equal(receive(t, lost, "the disconnection"), client.ServerDisconnect)
		t.equal(receive(t, lostToo, "the other disconnection"), client.ServerDisconnect)
		t.equal(gone(id), []any{"server namespace disconnect", 1, 0})
		t.equal([]any{s.Active(), custom.Active()}, []any{false, false})
		t.until("the connection is closed", func() bool { return s.Manager().Transport() == "" })
		t.equal(connections, 1)
		t.connected(s)
		t.alive(s)
	}},
	{"disconnect: the server's operations of rooms", []Need{since(4)}, func(t *T) {
		a, b, other := t.connect("/"), t.connect("/"), t.connect("/")
		lostA, lostB := ended(a), ended(b)
		t.ack(a, "join", []string{"x"})
		t.ack(b, "join", []string{"y"})
		t.emit(other, "end all", map[string]any{"rooms": []string{"x"}, "close": false})
		t.equal(receive(t, lostA, "the disconnection"), client.ServerDisconnect)
		t.emit(other, "end all", map[string]any{"rooms": []string{"y"}, "close": true})
		t.equal(receive(t, lostB, "the disconnection"), client.ServerDisconnect)
		t.alive(other)
	}},
}
