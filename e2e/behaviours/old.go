package behaviours

import "github.com/gosio/sio/client"

// What is different over a connection that has the protocol of Socket.IO 2.
var old = []Behaviour{
	{"old: ids are those of the connection", []Need{oldProtocol}, func(t *T) {
		main := t.connect("/")
		custom := t.join(main, "/custom")
		connection := t.whoami(main).Connection
		t.equal([]any{main.ID(), custom.ID()}, []any{connection, "/custom#" + connection})
		t.cut(main)
		t.connected(main)
		t.connected(custom)
		connection = t.whoami(main).Connection
		t.equal([]any{main.ID(), custom.ID()}, []any{connection, "/custom#" + connection})
	}},
	{"old: auth is the query of a namespace", []Need{oldProtocol}, func(t *T) {
		main := t.connect("/?from=main")
		t.equal([]any{t.whoami(main).Query, t.whoami(main).Auth}, []any{"main", map[string]any{}})
		custom := main.Of("/custom")
		custom.SetAuth(client.StaticAuth(map[string]any{"token": "a b&c=d,é", "empty": "", "n": 5}))
		auth := t.next(custom, "auth")
		t.connected(custom)
		t.equal(auth(), []any{map[string]any{"token": "a b&c=d,é", "empty": "", "n": "5"}})
	}},
	{"old: a middleware refuses with data, and lets in at the second try", []Need{oldProtocol}, func(t *T) {
		main := t.connect("/")
		admin := main.Of("/admin")
		admin.SetAuth(client.StaticAuth(map[string]any{"token": "wrong"}))
		t.equal(t.refused(admin).Data, map[string]any{"code": 42, "retry": false})
		admin.SetAuth(client.StaticAuth(map[string]any{"token": "123"}))
		auth := t.next(admin, "auth")
		t.connected(admin)
		t.equal(auth(), []any{map[string]any{"token": "123"}})
		t.alive(admin)
	}},
	{"old: a namespace is left and joined again", []Need{oldProtocol}, func(t *T) {
		main := t.connect("/")
		custom := main.Of("/custom")
		for range 3 {
			t.connected(custom)
			t.equal(t.ack(custom, "message-with-ack", some(3)), []any{some(3)})
			custom.Disconnect()
			t.alive(main) // the official server takes it for a second CONNECT otherwise
		}
	}},
}
