package sio_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/gosio/sio"
)

// Old clients cannot recover, and are served as ever where others can. What is
// kept for those has an offset for all, as on the official server.
func TestOldClientBesideRecovery(t *testing.T) {
	f := serve(t, &sio.Config{AllowEIO3: true, Recovery: &sio.Recovery{}})
	sockets := f.sockets()
	f.On("q", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack("a") })
	p := f.dialOld()
	p.expect(`40`) // without a private id
	s := get(t, sockets)
	if s.ID() != p.engine || s.Recovered() {
		t.Errorf("id %q, session %q, recovered %v", s.ID(), p.engine, s.Recovered())
	}
	q, v := f.visit("websocket")
	if err := s.Emit("direct", 1); err != nil {
		t.Fatal(err)
	}
	p.expect(`42["direct",1]`)
	if err := f.Emit("all", 2); err != nil {
		t.Fatal(err)
	}
	new(visit).event(p, `42["all",2]`)
	v.event(q, `42["all",2]`)
	p.send(`421["q"]`)
	p.expect(`431["a"]`)

	p.close()
	await(t, s.Context().Done())
	if err := s.Emit("direct", 3); !errors.Is(err, sio.ErrDisconnected) {
		t.Errorf("kept for a client that does not come back: %v", err)
	}
	p = f.dialOld()
	p.expect(`40`) // and nothing before it
	if again := get(t, sockets); again.ID() == s.ID() {
		t.Error("the same id")
	}
	p.fenced()
}

// A private id that an old client gives, as a query, does not make it somebody else.
func TestOldClientTakesNoSession(t *testing.T) {
	f := serve(t, &sio.Config{AllowEIO3: true, Recovery: &sio.Recovery{}})
	sockets := make(chan *sio.Socket, 8)
	f.Of("/n").OnConnect(func(s *sio.Socket) { sockets <- s })
	q := f.dial("websocket")
	q.send(`40/n,`)
	var v visit
	if grant, ok := strings.CutPrefix(q.receive(), `40/n,`); !ok || json.Unmarshal([]byte(grant), &v) != nil || v.PID == "" {
		t.Fatalf("granted %q, %+v", grant, v)
	}
	q.close()
	await(t, get(t, sockets).Context().Done())
	p := f.dialOld()
	p.expect(`40`)
	p.send(`40/n?pid=` + v.PID + `,`)
	p.expect(`40/n,`)
	if s := get(t, sockets); s.Recovered() || s.ID() != "/n#"+p.engine {
		t.Errorf("id %q, recovered %v", s.ID(), s.Recovered())
	}
}
