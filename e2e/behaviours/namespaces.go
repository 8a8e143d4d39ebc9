package behaviours

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gosio/sio/client"
)

var namespaces = []Behaviour{
	{"namespaces: several over one connection", nil, func(t *T) {
		main := t.connect("/")
		custom, dynamic := t.join(main, "/custom"), t.join(main, "dynamic-1")
		t.equal(main.Of("/custom") == custom, true)
		t.equal(dynamic.Namespace(), "/dynamic-1")
		connection := t.whoami(main).Connection
		for _, s := range []*client.Socket{custom, dynamic} {
			me := t.whoami(s)
			t.equal([]any{me.Connection, me.Namespace, me.ID}, []any{connection, s.Namespace(), s.ID()})
			if s.ID() == main.ID() {
				t.Errorf("the ids are the same")
			}
		}
		if t.whoami(t.connect("/")).Connection == connection {
			t.Errorf("other clients have the same connection")
		}
	}},
	{"namespaces: of a Manager, without the main one", []Need{modern}, func(t *T) {
		m, err := client.NewManager(t.URL, t.config())
		if err != nil {
			t.Fatalf("NewManager: %v", err)
		}
		t.later(m.Close)
		s := m.Of("/custom")
		t.connected(s)
		t.alive(s)
		t.equal([]any{m.Of("/").State() == client.Idle, m.Of("").Namespace()}, []any{true, "/"})
		m.Close()
		t.equal([]any{s.State() == client.Closed, m.Transport()}, []any{true, ""})
	}},
	{"namespaces: events do not cross", nil, func(t *T) {
		main := t.connect("/")
		custom := t.join(main, "/custom")
		end := t.never(main, "message-back")
		back := t.next(custom, "message-back")
		t.emit(custom, "message", "for custom")
		t.equal(back(), []any{"for custom"})
		t.alive(main)
		end()
		defer t.never(custom, "sent")()
		t.ack(main, "send", map[string]any{"all": true, "value": 1})
		t.alive(custom)
	}},
	{"namespaces: one is left, the connection stays for the others", nil, func(t *T) {
		main := t.connect("/")
		custom := t.join(main, "/custom")
		connection := t.whoami(main).Connection
		lost := ended(custom)
		custom.Disconnect()
		t.equal(receive(t, lost, "the disconnection"), client.ClientDisconnect)
		t.alive(main)
		t.connected(custom)
		t.equal(t.whoami(custom).Connection, connection)
		main.Disconnect()
		t.alive(custom)
	}},
	{"namespaces: the last one that is left closes the connection", nil, func(t *T) {
		main := t.connect("/")
		custom := t.join(main, "/custom")
		main.Disconnect()
		custom.Disconnect()
		t.equal(main.Manager().Transport(), "")
		t.connected(custom)
		t.alive(custom)
	}},
	{"namespaces: an unknown one is refused, the connection stays", nil, func(t *T) {
		main := t.connect("/")
		nowhere := main.Of("/nowhere")
		told := make(chan error, 10)
		nowhere.OnConnectError(func(err error) { told <- err })
		t.equal(t.refused(nowhere).Message, "Invalid namespace")
		t.equal(receive(t, told, "the error").Error(), "Invalid namespace")
		t.alive(main)
		t.equal(len(told), 0)
	}},
	{"namespaces: an unknown one, alone", nil, func(t *T) {
		t.equal(t.refused(t.socket("/nowhere")).Message, "Invalid namespace")
	}},
	{"namespaces: a middleware refuses with data", []Need{modern}, func(t *T) {
		refusal := t.refused(t.socket("/admin", func(c *client.Config) { c.Auth = client.StaticAuth(map[string]any{"token": "wrong"}) }))
		t.equal([]any{refusal.Message, refusal.Data}, []any{"Not authorized", map[string]any{"code": 42, "retry": false}})
	}},
	{"namespaces: a middleware lets in, also at the second try", []Need{modern}, func(t *T) {
		admin := t.socket("/admin")
		t.refused(admin)
		admin.SetAuth(client.StaticAuth(map[string]any{"token": "123"}))
		auth := t.next(admin, "auth")
		t.connected(admin)
		t.equal(auth()[0], map[string]any{"token": "123"})
		t.alive(admin)
	}},
	{"namespaces: what is emitted to one that refuses waits for the next try", []Need{modern}, func(t *T) {
		admin := t.socket("/admin")
		back := t.collect(admin, "message-back", 2)
		t.emit(admin, "message", 1)
		t.refused(admin)
		t.emit(admin, "message", 2)
		admin.SetAuth(client.StaticAuth(map[string]any{"token": "123"}))
		t.connected(admin)
		t.equal(back(), []any{1, 2})
	}},
	{"namespaces: a middleware that waits holds up nobody else", nil, func(t *T) {
		main := t.connect("/")
		slow := main.Of("/slow")
		slow.Connect()
		ctx, cancel := context.WithTimeout(t.ctx, 10*time.Millisecond)
		defer cancel()
		if err := slow.WaitConnected(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v is not the deadline", err)
		}
		t.alive(main)
		t.alive(t.join(main, "/custom"))
		t.equal(slow.State() == client.Connecting, true)
		t.emit(main, "release")
		t.connected(slow)
	}},
	{"namespaces: made when asked for, by a pattern", nil, func(t *T) {
		main := t.connect("/")
		a, b := t.join(main, "/dynamic-1"), t.connect("/dynamic-22")
		back := t.next(a, "message-back")
		t.emit(a, "message", "hello")
		t.equal(back(), []any{"hello"})
		toldA, toldB := t.next(a, "told"), t.next(b, "told")
		t.emit(main, "tell dynamic")
		toldA()
		toldB()
		for _, name := range []string{"/dynamic-", "/dynamic-x", "/my/dynamic-1"} {
			t.equal(t.refused(main.Of(name)).Message, "Invalid namespace")
		}
	}},
	{"namespaces: made when asked for, by a function that sees the auth", []Need{modern}, func(t *T) {
		with := func(token string) func(*client.Config) {
			return func(c *client.Config) { c.Auth = client.StaticAuth(map[string]any{"token": token}) }
		}
		// Names differ each time, as the official server asks for each name once.
		name := fmt.Sprintf("/asked-%s-", t.label)
		t.alive(t.connect(name+"1", with("123")))
		t.equal(t.refused(t.socket(name+"2", with("no"))).Message, "Invalid namespace")
	}},
}
