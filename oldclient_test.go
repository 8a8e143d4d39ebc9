package sio_test

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/adapter"
)

// dialOld connects a client of Socket.IO 2 over WebSocket. In its binary
// messages there is the type in front: bBA== is an empty one.
func (f *fixture) dialOld() *peer {
	f.t.Helper()
	p := &peer{t: f.t, srv: f, changed: make(chan struct{}), done: make(chan struct{})}
	if err := p.startWebSocket("&EIO=3"); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(p.close)
	return p
}

func serveOld(t *testing.T) *fixture {
	t.Helper()
	return serve(t, &sio.Config{AllowEIO3: true})
}

// An old client is in the main namespace without asking, by the id of its connection.
func TestOldClientJoins(t *testing.T) {
	f := serveOld(t)
	sockets := f.sockets()
	f.OnConnect(func(s *sio.Socket) { _ = s.Emit("welcome") })
	p := f.dialOld()
	p.expect(`40`, `42["welcome"]`)
	s := get(t, sockets)
	if s.ID() != p.engine || !reflect.DeepEqual(s.Rooms(), []string{p.engine}) || len(s.Handshake().Auth()) != 0 {
		t.Errorf("id %q, rooms %q, session %q", s.ID(), s.Rooms(), p.engine)
	}
	p.fenced()
	p.send("40") // once more, which is forbidden
	p.expectClosed()
}

func TestOldClientJoinsWithoutHooks(t *testing.T) {
	f := serveOld(t)
	p := f.dialOld()
	p.expect(`40`)
	p.fenced()
}

func TestOldClientRefusedByDefault(t *testing.T) {
	f := serve(t, nil)
	if _, err := dialWebSocket(f.url("websocket", "&EIO=3")); err == nil {
		t.Error("let in")
	}
}

func TestOldClientInNamespace(t *testing.T) {
	f := serveOld(t)
	sockets := make(chan *sio.Socket, 8)
	f.Of("/admin").OnConnect(func(s *sio.Socket) { sockets <- s })
	f.Of("/admin").On("ev", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack("r") })
	p := f.dialOld()
	p.expect(`40`)
	for _, test := range []struct {
		connect string
		auth    map[string]any
	}{
		{`40/admin?token=1&to=a%2Cb&to=c+d,`, map[string]any{"token": "1", "to": "c d"}},
		{`40/admin?,`, map[string]any{}},
		{`40/admin,{"token":"payloads do not count"}`, map[string]any{}},
		{`40/admin`, map[string]any{}}, // as protocol 3 has it
	} {
		p.send(test.connect)
		p.expect(`40/admin,`)
		s := get(t, sockets)
		if s.ID() != "/admin#"+p.engine || s.Namespace().Name() != "/admin" {
			t.Errorf("id %q in %s", s.ID(), s.Namespace().Name())
		}
		if got := s.Handshake().Auth(); !reflect.DeepEqual(got, test.auth) {
			t.Errorf("%s: auth %v, want %v", test.connect, got, test.auth)
		}
		p.send(`42/admin,7["ev"]`)
		p.expect(`43/admin,7["r"]`)
		p.send(`41/admin,`)
		await(t, s.Context().Done())
	}
	p.fenced() // still in the main namespace
	p.send(`41`)
	eventually(t, "left the main namespace", func() bool { return f.Of("/").Len() == 0 })
	p.send(`40/admin,`) // the connection is still there
	p.expect(`40/admin,`)
}

// What refuses an old client is the data of the error, or else its text.
func TestOldClientRejected(t *testing.T) {
	f := serveOld(t)
	f.Of("/plain").Use(func(context.Context, *sio.Socket) error { return errors.New(`not "you"`) })
	f.Of("/data").Use(func(context.Context, *sio.Socket) error {
		return &sio.Error{Message: "no", Data: map[string]int{"code": 42}}
	})
	p := f.dialOld()
	p.expect(`40`)
	p.send(`40/plain?x=1,`, `40/data,`)
	p.expectAny(`44/plain,"not \"you\""`, `44/data,{"code":42}`)
	p.send(`40/nowhere?x=1,`)
	p.expect(`44/nowhere,{"message":"Invalid namespace"}`)
	p.fenced()
}

func TestOldClientRejectedFromMainNamespace(t *testing.T) {
	f := serveOld(t)
	f.Use(func(context.Context, *sio.Socket) error { return errors.New("closed today") })
	f.Of("/open")
	p := f.dialOld()
	p.expect(`44"closed today"`)
	p.send(`40/open,`)
	p.expect(`40/open,`)
}

func TestOldClientBinary(t *testing.T) {
	f := serveOld(t)
	f.On("echo", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		args, err := m.Args()
		if err != nil {
			return err
		}
		return m.Ack(args...)
	})
	p := f.dialOld()
	p.expect(`40`)
	p.send(`451-1["echo",{"_placeholder":true,"num":0}]`, "bBAECAw==") // 04 01 02 03
	p.expect(`461-1[{"_placeholder":true,"num":0}]`, "bBAECAw==")
	// A broadcast reaches clients of both kinds.
	q := f.join("websocket")
	if err := f.Emit("all", []byte{1, 2}); err != nil {
		t.Fatal(err)
	}
	p.expect(`451-["all",{"_placeholder":true,"num":0}]`, "bBAEC")
	q.expect(`451-["all",{"_placeholder":true,"num":0}]`, "bAQI=")
}

func TestShutdownWithOldClient(t *testing.T) {
	f := serveOld(t)
	p := f.dialOld()
	p.expect(`40`)
	shutdown(t, f)
	p.expectClosed()
}

// The id of an old client's socket is that of the session, which is not logged.
func TestLogOfOldClient(t *testing.T) {
	j, log := keepJournal(slog.LevelDebug)
	f := serve(t, &sio.Config{AllowEIO3: true, Logger: log})
	f.Of("/n")
	p := f.dialOld()
	p.expect(`40`)
	p.send(`40/n,`)
	p.expect(`40/n,`)
	p.close()
	j.has(t, "socket connected", "remote=", "transport=websocket", "namespace=/n")
	j.has(t, "socket disconnected", "namespace=/n")
	j.has(t, "connection closed")
	if text := j.String(); strings.Contains(text, p.engine) {
		t.Errorf("logged:\n%s", text)
	}
}

// slowToRemove is an adapter that waits before it removes a socket.
type slowToRemove struct {
	*adapter.Memory
	wait chan struct{}
}

func (a slowToRemove) Remove(id string) []string {
	<-a.wait
	return a.Memory.Remove(id)
}

// An old client that comes back to a namespace has the id that it had: it gets
// into its rooms only when it has left the former ones.
func TestOldClientComesBackAtOnce(t *testing.T) {
	a := slowToRemove{adapter.NewMemory(), make(chan struct{})}
	f := serve(t, &sio.Config{AllowEIO3: true, Adapter: func(namespace string) adapter.Adapter {
		if namespace == "/n" {
			return a
		}
		return adapter.NewMemory()
	}})
	release := sync.OnceFunc(func() { close(a.wait) })
	defer release()
	n := f.Of("/n")
	p := f.dialOld()
	p.expect(`40`)
	p.send(`40/n,`)
	p.expect(`40/n,`)
	s := f.only("/n")
	ended := make(chan struct{})
	go func() {
		s.Disconnect()
		close(ended)
	}()
	eventually(t, "gone", func() bool { return !s.Connected() })
	p.send(`40/n,`, `427["`+fence+`"]`)
	p.expect(`41/n,`, `437[]`) // nothing waits for it but its own socket
	release()
	p.expect(`40/n,`)
	await(t, ended)
	if err := n.Emit("hello"); err != nil {
		t.Fatal(err)
	}
	p.expect(`42/n,["hello"]`)
}
