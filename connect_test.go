package sio_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio"
)

func TestJoin(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sockets := f.sockets()
		p := f.join(transport)
		s := get(t, sockets)
		if s.ID() != p.id || s.ID() == p.engine {
			t.Errorf("id %q, told %q, session %q", s.ID(), p.id, p.engine)
		}
		if !s.Connected() || s.Transport() != transport || s.Namespace() != f.Of("/") || s.Namespace().Server() != f.Server {
			t.Errorf("connected %v, transport %q, namespace %q", s.Connected(), s.Transport(), s.Namespace().Name())
		}
		if f.Connections() != 1 || s.Namespace().Len() != 1 {
			t.Errorf("%d connections, %d sockets", f.Connections(), s.Namespace().Len())
		}
		p.fenced()
	})
}

func TestJoinWithNamespaceSpelledOut(t *testing.T) {
	f := serve(t, nil)
	p := f.dial("websocket")
	p.send("40/,")
	p.id = p.granted("/")
	p.send(`42/,1["fence"]`)
	p.expect(`431[]`)
}

func TestAuth(t *testing.T) {
	type credentials struct{ Token string }
	for _, test := range []struct {
		connect string
		auth    map[string]any
		token   string
	}{
		{`40`, map[string]any{}, "untouched"},
		{`40{}`, map[string]any{}, "untouched"},
		{`40{"Token":"abc","n":1}`, map[string]any{"Token": "abc", "n": 1.0}, "abc"},
	} {
		f := serve(t, nil)
		sockets := f.sockets()
		f.dial("websocket").send(test.connect)
		h := get(t, sockets).Handshake()
		if got := h.Auth(); !reflect.DeepEqual(got, test.auth) {
			t.Errorf("%s: auth %v, want %v", test.connect, got, test.auth)
		}
		c := credentials{Token: "untouched"}
		if err := h.DecodeAuth(&c); err != nil || c.Token != test.token {
			t.Errorf("%s: decoded %+v, %v", test.connect, c, err)
		}
		var wrong struct{ Token int }
		if err := h.DecodeAuth(&wrong); (err != nil) != (test.token == "abc") {
			t.Errorf("%s: decoding to the wrong type: %v", test.connect, err)
		}
	}
}

func TestAuthBelongsToItsNamespace(t *testing.T) {
	f := serve(t, nil)
	f.Of("/chat").Use(func(_ context.Context, s *sio.Socket) error { return nil })
	auths := make(chan map[string]any, 2)
	f.OnConnect(func(s *sio.Socket) { auths <- s.Handshake().Auth() })
	f.Of("/chat").OnConnect(func(s *sio.Socket) { auths <- s.Handshake().Auth() })
	p := f.dial("websocket")
	p.send(`40{"a":1}`)
	p.granted("/")
	if got := get(t, auths); !reflect.DeepEqual(got, map[string]any{"a": 1.0}) {
		t.Errorf("main: %v", got)
	}
	p.send(`40/chat,{"b":2}`)
	p.granted("/chat")
	if got := get(t, auths); !reflect.DeepEqual(got, map[string]any{"b": 2.0}) {
		t.Errorf("chat: %v", got)
	}
}

func TestHandshake(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sockets := f.sockets()
		before := time.Now().Truncate(time.Millisecond) // which is what is kept
		p := &peer{t: t, srv: f, changed: make(chan struct{}), done: make(chan struct{})}
		start := p.startPolling
		if transport == "websocket" {
			start = p.startWebSocket
		}
		if err := start("&room=a%20b&x=1&x=2"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.close)
		p.send("40")
		h := get(t, sockets).Handshake()
		q := h.Query()
		if q.Get("room") != "a b" || !reflect.DeepEqual(q["x"], []string{"1", "2"}) || q.Get("EIO") != "4" || q.Get("transport") != transport {
			t.Errorf("query %v", q)
		}
		if h.Address != "127.0.0.1" || h.Secure || h.CrossDomain() || !strings.HasPrefix(h.URL, "/socket.io/?EIO=4") {
			t.Errorf("handshake %+v", h)
		}
		if h.Time.Before(before) || h.Time.After(time.Now()) {
			t.Errorf("time %v", h.Time)
		}
		if transport == "polling" && h.Header().Get("Accept-Encoding") == "" {
			t.Errorf("header %v", h.Header())
		}
	})
}

func TestNamespaceNames(t *testing.T) {
	f := serve(t, nil)
	if f.Of("") != f.Of("/") || f.Of("chat") != f.Of("/chat") || f.Of("/chat/") == f.Of("/chat") || f.Of("/Chat") == f.Of("/chat") {
		t.Error("namespaces are mixed up")
	}
	if got := f.Of("chat").Name(); got != "/chat" {
		t.Errorf("name %q", got)
	}
}

func TestNamespacesShareAConnection(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sockets := make(chan *sio.Socket, 1)
		chat := f.Of("chat")
		chat.OnConnect(func(s *sio.Socket) { sockets <- s })
		chat.On("hello", func(_ context.Context, s *sio.Socket, _ *sio.Message) error { return s.Emit("chat") })
		f.On("hello", func(_ context.Context, s *sio.Socket, _ *sio.Message) error { return s.Emit("main") })
		p := f.join(transport)
		p.send("40/chat,")
		if id := p.granted("/chat"); id == p.id || id != get(t, sockets).ID() {
			t.Errorf("ids %q and %q", id, p.id)
		}
		p.send(`42/chat,["hello"]`)
		p.expect(`42/chat,["chat"]`)
		p.send(`42["hello"]`)
		p.expect(`42["main"]`)
		if f.Connections() != 1 {
			t.Errorf("%d connections", f.Connections())
		}
	})
}

func TestNamespaceWithoutMain(t *testing.T) {
	f := serve(t, nil)
	f.Of("/only")
	p := f.dial("websocket")
	p.send("40/only") // the comma may be left out
	p.granted("/only")
	if n := f.Of("/").Len(); n != 0 {
		t.Errorf("%d sockets in the main namespace", n)
	}
}

func TestInvalidNamespace(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		p := f.dial(transport)
		p.send(`40/nowhere,{"token":"x"}`)
		p.expect(`44/nowhere,{"message":"Invalid namespace"}`)
		p.send("40") // the connection stays
		p.id = p.granted("/")
		p.send("40/nowhere,")
		p.expect(`44/nowhere,{"message":"Invalid namespace"}`)
		p.fenced()
	})
}

func TestConnectTimeout(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, &sio.Config{ConnectTimeout: 50 * time.Millisecond})
		idle := f.dial(transport)
		idle.expectClosed()

		refused := f.dial(transport) // a refusal is no joining
		refused.send("40/nowhere,")
		refused.expect(`44/nowhere,{"message":"Invalid namespace"}`)
		refused.expectClosed()
		eventually(t, "no connection is left", func() bool { return f.Connections() == 0 })
	})
}

func TestConnectTimeoutEndsWithTheFirstJoin(t *testing.T) {
	f := serve(t, &sio.Config{ConnectTimeout: 500 * time.Millisecond, PingInterval: 100 * time.Millisecond})
	p := f.join("websocket")
	p.send("41") // leaves all namespaces, and may stay
	p.beats(8)
	p.send("40")
	p.granted("/")
}

func TestConnectTimeoutWhileMiddlewareRuns(t *testing.T) {
	f := serve(t, &sio.Config{ConnectTimeout: 50 * time.Millisecond})
	causes := make(chan error, 1)
	f.Use(func(ctx context.Context, _ *sio.Socket) error {
		<-ctx.Done()
		causes <- context.Cause(ctx)
		return nil
	})
	f.OnConnect(func(*sio.Socket) { t.Error("connected") })
	p := f.dial("websocket")
	p.send("40")
	p.expectClosed()
	if err := get(t, causes); !errors.Is(err, sio.ErrDisconnected) {
		t.Errorf("cause %v", err)
	}
}

// The payload of a CONNECT_ERROR is compared as JSON, whatever the order of
// its keys.
func TestRefusalPayload(t *testing.T) {
	f := serve(t, nil)
	f.Use(func(context.Context, *sio.Socket) error {
		return &sio.Error{Message: "not authorized", Data: map[string]any{"code": 7}}
	})
	p := f.dial("websocket")
	p.send("40")
	body, ok := strings.CutPrefix(p.receive(), "44")
	var got any
	if !ok || json.Unmarshal([]byte(body), &got) != nil {
		t.Fatalf("got %s", body)
	}
	want := map[string]any{"message": "not authorized", "data": map[string]any{"code": 7.0}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}
