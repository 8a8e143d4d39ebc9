package sio_test

import (
	"context"
	"testing"

	"github.com/gosio/sio"
)

func TestConn(t *testing.T) {
	f := serve(t, nil)
	f.Of("/chat")
	ended := endings(t, f, f.Of("/"))
	p := f.join("polling")
	p.send("40/chat,")
	p.granted("/chat")
	s := f.only("/")
	c := s.Conn()
	if c != f.only("/chat").Conn() || c.ID() != p.engine || c.Protocol() != 4 || c.Transport() != "polling" || c.Upgraded() {
		t.Errorf("connection %s, protocol %d, on %s", c.ID(), c.Protocol(), c.Transport())
	}
	p.upgrade()
	eventually(t, "upgraded", c.Upgraded)
	if c.Transport() != "websocket" {
		t.Errorf("on %s", c.Transport())
	}
	_ = s.Emit("last")
	c.Close()
	p.expect(`42["last"]`)
	p.expectClosed() // without a DISCONNECT
	if e := get(t, ended); e.reason != sio.ForcedClose {
		t.Errorf("reason %q", e.reason)
	}
	q := f.join("websocket")
	if d := f.only("/").Conn(); d == c || d.Upgraded() || d.ID() != q.engine {
		t.Error("not a connection of its own")
	}
}

// Upgrades are told in turn with the events of the socket.
func TestOnUpgrade(t *testing.T) {
	f := serve(t, nil)
	f.Of("/chat")
	calls := make(chan string, 8)
	f.OnConnect(func(s *sio.Socket) {
		s.OnUpgrade(func(transport string) { calls <- "first: " + transport })
		s.OnUpgrade(func(string) { panic("oops") })
		s.OnUpgrade(func(transport string) { calls <- "third: " + transport })
	})
	sio.On(f, "event", func(context.Context, *sio.Socket, none) error { calls <- "event"; return nil })
	p := f.join("polling")
	p.send("40/chat,", `42["event"]`) // a socket that does not listen
	p.granted("/chat")
	p.upgrade()
	p.send(`42["event"]`)
	for _, want := range []string{"event", "first: websocket", "third: websocket", "event"} {
		if got := get(t, calls); got != want {
			t.Errorf("called %q, want %q", got, want)
		}
	}
	expectPanic(t, f.reported(), "", "oops")
	f.join("websocket").fenced()
	if len(calls) != 0 {
		t.Errorf("called %q", <-calls)
	}
}

// A socket that is gone hears nothing of an upgrade.
func TestOnUpgradeOfGoneSocket(t *testing.T) {
	f := serve(t, nil)
	f.OnConnect(func(s *sio.Socket) { s.OnUpgrade(func(string) { t.Error("called") }) })
	p := f.join("polling")
	f.only("/").Disconnect()
	p.expect("41")
	p.upgrade()
	p.send("40")
	p.id = p.granted("/")
	p.fenced()
}
