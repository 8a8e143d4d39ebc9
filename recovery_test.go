package sio_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/gosio/sio"
)

// visit is what a client knows of its session.
type visit struct {
	SID, PID string
	offset   string
}

// connect is the CONNECT packet of a client that comes back.
func (v *visit) connect() string {
	if v.offset == "" {
		return `40{"pid":"` + v.PID + `"}`
	}
	return `40{"pid":"` + v.PID + `","offset":"` + v.offset + `"}`
}

// grant takes the CONNECT packet of the server.
func (v *visit) grant(p *peer) {
	p.t.Helper()
	packet := p.receive()
	if !strings.HasPrefix(packet, "40{") || json.Unmarshal([]byte(packet[2:]), v) != nil || len(v.PID) != 20 {
		p.fail("got %s, want a grant with sid and pid", packet)
	}
	p.id = v.SID
}

// event checks the next event, given without its offset, and takes that.
func (v *visit) event(p *peer, want string) {
	p.t.Helper()
	packet := p.receive()
	head := strings.TrimSuffix(want, "]") + `,"`
	rest, ok := strings.CutPrefix(packet, head)
	offset, closed := strings.CutSuffix(rest, `"]`)
	if !ok || !closed || len(offset) != 16 {
		p.fail("got %s, want %s with an offset", packet, want)
	}
	v.offset = offset
}

// visit joins the main namespace as a new client.
func (f *fixture) visit(transport string) (*peer, *visit) {
	f.t.Helper()
	p, v := f.dial(transport), new(visit)
	p.send("40")
	v.grant(p)
	return p, v
}

// back comes back, and does not yet look at what the server sends.
func (f *fixture) back(transport string, v *visit) *peer {
	f.t.Helper()
	p := f.dial(transport)
	p.send(v.connect())
	return p
}

// expectBack checks that the next packet is the grant of the old session.
func (v *visit) expectBack(p *peer) {
	p.t.Helper()
	p.expect(`40{"sid":"` + v.SID + `","pid":"` + v.PID + `"}`)
}

// expectNew checks that the client got a new session.
func (v *visit) expectNew(p *peer) {
	p.t.Helper()
	old := *v
	v.grant(p)
	if v.SID == old.SID || v.PID == old.PID {
		p.fail("the ids are those of the old session")
	}
}

// cut ends a connection, and waits until the server has noticed.
func cut(p *peer, s *sio.Socket) {
	p.t.Helper()
	p.close()
	await(p.t, s.Context().Done())
}

func recovering(t *testing.T, r sio.Recovery) *fixture {
	t.Helper()
	return serve(t, &sio.Config{Recovery: &r})
}

func TestRecoveryIsOffByDefault(t *testing.T) {
	f := serve(t, nil)
	ready := f.sockets()
	p := f.join("websocket") // checks that the grant has no more than the id
	_ = get(t, ready).Emit("direct", 1)
	_ = f.Emit("all", 2)
	p.expect(`42["direct",1]`, `42["all",2]`)
	p.close()
	q := f.dial("websocket")
	q.send(`40{"pid":"x","offset":"y"}`)
	q.granted("/")
	if get(t, ready).Recovered() {
		t.Error("recovered")
	}
}

func TestRecoveryOffsets(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := recovering(t, sio.Recovery{})
		ready := f.sockets()
		p, v := f.visit(transport)
		s := get(t, ready)
		_ = s.Emit("direct", 1)
		_ = f.Emit("all", map[string]int{"a": 1})
		_ = f.To(v.SID).Emit("none")
		v.event(p, `42["direct",1]`)
		v.event(p, `42["all",{"a":1}]`)
		v.event(p, `42["none"]`)
		_ = f.Emit("binary", []byte{1, 2})
		v.event(p, `451-["binary",{"_placeholder":true,"num":0}]`)
		p.expect("bAQI=")
		go func() { _, _ = s.EmitWithAck(s.Context(), "ask", "x") }()
		p.expect(`420["ask","x"]`)
		p.fenced()
	})
}

func TestRecoveryVolatileHasNoOffset(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	p, _ := f.visit("websocket")
	_ = get(t, ready).Volatile().Emit("v", 1)
	p.expect(`42["v",1]`)
	_ = f.Volatile().Emit("v", 2)
	p.expect(`42["v",2]`)
}

func TestRecovery(t *testing.T) {
	type profile struct{ Name string }
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	f.Use(func(_ context.Context, s *sio.Socket) error {
		s.Join("lobby")
		s.SetData(&profile{"ann"})
		if s.Recovered() {
			return errors.New("middlewares are skipped")
		}
		return nil
	})
	p, v := f.visit("websocket")
	s := get(t, ready)
	s.Join("red")
	s.Leave("lobby")
	_ = f.Emit("seen", 0)
	v.event(p, `42["seen",0]`)
	cut(p, s)
	_ = f.Emit("all", 1)
	_ = f.To("red").Emit("room", 2)
	_ = f.To("lobby").Emit("left", 3)
	_ = f.Except("red").Emit("except", 4)
	_ = f.To("blue", "red").Except("green").Emit("rooms", 5)
	_ = f.Volatile().Emit("volatile", 6)
	_ = f.To(v.SID).Emit("direct", 7)
	_ = s.Emit("old socket", 8)
	_ = f.To("red").Emit("binary", []byte{9})
	q := f.back("websocket", v)
	v.event(q, `42["all",1]`)
	v.event(q, `42["room",2]`)
	v.event(q, `42["rooms",5]`)
	v.event(q, `42["direct",7]`)
	v.event(q, `42["old socket",8]`)
	v.event(q, `451-["binary",{"_placeholder":true,"num":0}]`)
	q.expect("bCQ==")
	v.expectBack(q)
	s2 := get(t, ready)
	if s2 == s || s2.ID() != v.SID || !s2.Recovered() || s.Recovered() || !s2.Connected() {
		t.Errorf("socket %s, recovered %v", s2.ID(), s2.Recovered())
	}
	if d, _ := sio.DataOf[*profile](s2); d == nil || d.Name != "ann" {
		t.Errorf("data %v", s2.Data())
	}
	if rooms := strings.Join(s2.Rooms(), " "); rooms != v.SID+" red" {
		t.Errorf("rooms %s", rooms)
	}
	_ = s.Emit("old socket", 10) // which stands for the client still
	v.event(q, `42["old socket",10]`)
	_ = f.To("red").Emit("room", 11)
	v.event(q, `42["room",11]`)
	q.fenced()
}

func TestRecoveryRestoresOtherNamespaces(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	n := f.Of("/n")
	p := f.dial("websocket")
	p.send("40/n,")
	var v visit
	_ = json.Unmarshal([]byte(strings.TrimPrefix(p.receive(), "40/n,")), &v)
	_ = n.Emit("x", 1)
	packet := p.receive()
	v.offset = packet[len(packet)-18 : len(packet)-2]
	q := f.dial("websocket")
	_ = f.Emit("other namespace")
	_ = n.Emit("x", 2)
	q.send(strings.Replace(v.connect(), "40", "40/n,", 1))
	if packet := q.receive(); !strings.HasPrefix(packet, `42/n,["x",2,"`) {
		q.fail("got %s", packet)
	}
	q.expect(`40/n,{"sid":"` + v.SID + `","pid":"` + v.PID + `"}`)
}

// A client that has seen no event comes back without an offset.
func TestRecoveryWithoutOffset(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	_ = f.Emit("before", 0)
	p, v := f.visit("websocket")
	cut(p, get(t, ready))
	_ = f.Emit("missed", 1)
	q := f.back("websocket", v)
	v.event(q, `42["missed",1]`)
	v.expectBack(q)
}

func TestRecoverySeveralTimes(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	p, v := f.visit("websocket")
	for i := range 5 {
		cut(p, get(t, ready))
		_ = f.Emit("missed", i)
		p = f.back("websocket", v)
		v.event(p, `42["missed",`+number(i)+`]`)
		v.expectBack(p)
	}
}

// Events that were sent but not received come again: the offset decides.
func TestRecoveryRepeatsWhatWasLostOnTheWay(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	p, v := f.visit("websocket")
	s := get(t, ready)
	_ = f.Emit("x", 1)
	v.event(p, `42["x",1]`)
	lost := *v
	_ = f.Emit("x", 2)
	_ = s.Emit("x", 3)
	v.event(p, `42["x",2]`)
	v.event(p, `42["x",3]`)
	cut(p, s)
	q := f.back("websocket", &lost)
	lost.event(q, `42["x",2]`)
	lost.event(q, `42["x",3]`)
	lost.expectBack(q)
	q.fenced()
}

func TestRecoveryNeedsKnownIDs(t *testing.T) {
	f := recovering(t, sio.Recovery{})
	ready := f.sockets()
	p, v := f.visit("websocket")
	other, w := f.visit("websocket")
	_ = f.Emit("x")
	v.event(p, `42["x"]`)
	w.event(other, `42["x"]`)
	for name, packet := range map[string]string{
		"unknown pid":         `40{"pid":"12345678901234567890","offset":"` + v.offset + `"}`,
		"pid is no text":      `40{"pid":1,"offset":"` + v.offset + `"}`,
		"offset without pid":  `40{"offset":"` + v.offset + `"}`,
		"id in place of pid":  `40{"pid":"` + v.SID + `","offset":"` + v.offset + `"}`,
		"offset is no text":   `40{"pid":"` + v.PID + `","offset":1}`,
		"nothing of the kind": `40{"a":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			q, n := f.dial("websocket"), *v
			q.send(packet)
			n.expectNew(q)
		})
	}
	p.fenced() // none of them has cost the client its connection
	for range 8 {
		if get(t, ready).Recovered() {
			t.Error("recovered")
		}
	}
	for name, offset := range map[string]string{
		"":                   "text of the application",
		"of another log":     "AAAAAAAAAAAAAAAB",
		"that was not given": v.offset[:8] + "________",
		"of before":          v.offset[:8] + "AAAAAAAA",
		"not of the length":  v.offset + "A",
	} {
		t.Run("offset "+name, func(t *testing.T) {
			q, n := f.visit("websocket")
			cut(q, get(t, ready))
			n.offset = offset
			q = f.back("websocket", n)
			n.expectNew(q)
			get(t, ready)
		})
	}
}

// A session that one of the sides has ended is not kept.
func TestRecoveryOnlyAfterLosses(t *testing.T) {
	for name, end := range map[string]func(p *peer, s *sio.Socket){
		"the client left": func(p *peer, _ *sio.Socket) { p.send("41") },
		"disconnected":    func(_ *peer, s *sio.Socket) { s.Disconnect() },
		"closed":          func(_ *peer, s *sio.Socket) { s.Close() },
		"parse error":     func(p *peer, _ *sio.Socket) { p.send("9") },
	} {
		t.Run(name, func(t *testing.T) {
			f := recovering(t, sio.Recovery{})
			ready := f.sockets()
			p, v := f.visit("websocket")
			s := get(t, ready)
			end(p, s)
			await(t, s.Context().Done())
			if err := s.Emit("x"); !errors.Is(err, sio.ErrDisconnected) {
				t.Errorf("Emit: %v", err)
			}
			q := f.back("websocket", v)
			v.expectNew(q)
		})
	}
	for name, packet := range map[string]string{"forbidden": "40", "undecodable": "4["} {
		t.Run(name, func(t *testing.T) {
			f := recovering(t, sio.Recovery{})
			ready := f.sockets()
			p, v := f.visit("websocket")
			s := get(t, ready)
			p.send(packet)
			await(t, s.Context().Done())
			if packet == "4[" {
				f.reported()
			}
			q := f.back("websocket", v)
			v.expectBack(q)
		})
	}
}
