package sio_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gosio/sio"
)

// Every kind of packet that cannot be decoded ends its connection with
// "forced close" and is reported; the server serves on.
func TestUndecodablePackets(t *testing.T) {
	f := serve(t, nil)
	f.On("ev", func(context.Context, *sio.Socket, *sio.Message) error { t.Error("handled"); return nil })
	ended := endings(t, f, f.Of("/"))
	bystander := f.join("websocket")
	for _, test := range []struct {
		name    string
		packets []string
		err     string // what is reported
	}{
		{"empty", []string{"4"}, ""},
		{"unknown type", []string{"49"}, "unknown packet type 9"},
		{"no packet", []string{"4abc"}, "unknown packet type"},
		{"binary out of the blue", []string{"bAQID"}, "got binary data when not reconstructing a packet"},
		{"text for an attachment", []string{`451-["ev",{"_placeholder":true,"num":0}]`, `42["ev"]`}, "got plaintext data when reconstructing a packet"},
		{"no attachment count", []string{`45["ev"]`}, "Illegal attachments"},
		{"count only", []string{`451`}, "Illegal attachments"},
		{"count without dash", []string{`451["ev"]`}, "Illegal attachments"},
		{"count of letters", []string{`45woooot`}, "Illegal attachments"},
		{"broken count", []string{`451.5-["ev"]`}, "Illegal attachments"},
		{"negative count", []string{`45-1-["ev"]`}, "Illegal attachments"},
		{"count 0", []string{`450-["ev"]`}, "Illegal attachments"},
		{"too many attachments", []string{`4511-["ev"]`}, "too many attachments"},
		{"huge count", []string{`4599999999999999999999-["ev"]`}, ""},
		{"placeholder out of range", []string{`451-["ev",{"_placeholder":true,"num":1}]`, "bAQ=="}, "illegal attachments"},
		{"negative placeholder", []string{`451-["ev",{"_placeholder":true,"num":-1}]`, "bAQ=="}, "illegal attachments"},
		{"placeholder without number", []string{`451-["ev",[{"_placeholder":true}]]`, "bAQ=="}, "illegal attachments"},
		{"broken JSON", []string{`42["ev"`}, "invalid payload"},
		{"rubbish behind", []string{`42["ev"]x`}, "invalid payload"},
		{"rubbish before", []string{`42abc["ev"]`}, "invalid payload"},
		{"object", []string{`42{}`}, "invalid payload"},
		{"no name", []string{`42[]`}, "invalid payload"},
		{"null name", []string{`42[null]`}, "invalid payload"},
		{"boolean name", []string{`42[true,"ev"]`}, "invalid payload"},
		{"object name", []string{`42[{"toString":"ev"}]`}, "invalid payload"},
		{"reserved connect", []string{`42["connect"]`}, "invalid payload"},
		{"reserved disconnect", []string{`42["disconnect"]`}, "invalid payload"},
		{"reserved, escaped", []string{`42["\u0063onnect"]`}, "invalid payload"},
		{"ack with an object", []string{`430{}`}, "invalid payload"},
		{"CONNECT with a list", []string{`40[]`}, "invalid payload"},
		{"CONNECT with null", []string{`40null`}, "invalid payload"},
		{"CONNECT with text", []string{`40/,"x"`}, "invalid payload"},
		{"DISCONNECT with payload", []string{`41{}`}, "invalid payload"},
		{"deep nesting", []string{`42["ev",` + strings.Repeat("[", 100_000)}, "invalid payload"},
		{"huge ack id", []string{`42999999999999999999999["ev"]`}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			overTransports(t, func(t *testing.T, transport string) {
				f.t = t
				p := f.join(transport)
				p.fenced() // its connect handler has run
				// Sends are allowed to fail: the connection may have ended.
				_ = p.write(test.packets...)
				if e := get(t, ended); e.reason != sio.ForcedClose && e.reason != sio.ForcedServerClose {
					t.Errorf("reason %q", e.reason)
				}
				p.expectClosed()
				if e := f.reported(); e.Socket.ID() != p.id || !strings.Contains(e.Error(), test.err) {
					t.Errorf("reported %v, want %s", e, test.err)
				}
			})
		})
	}
	f.t = t
	bystander.fenced()
	f.join("polling").fenced()
}

// Packets that are well-formed, but forbidden in the state of their
// namespace, end the connection.
func TestForbiddenPackets(t *testing.T) {
	f := serve(t, nil)
	f.Of("/other")
	block := make(chan struct{})
	defer close(block)
	f.Of("/slow").Use(func(ctx context.Context, _ *sio.Socket) error {
		select {
		case <-block:
		case <-ctx.Done():
		}
		return context.Cause(ctx)
	})
	bystander := f.join("websocket")
	for _, test := range []struct {
		name    string
		joined  bool
		packets []string
	}{
		{"event before CONNECT", false, []string{`42["ev"]`}},
		{"ack before CONNECT", false, []string{`430[]`}},
		{"DISCONNECT before CONNECT", false, []string{`41`}},
		{"binary event before CONNECT", false, []string{`451-["ev"]`, "bAQ=="}},
		{"CONNECT_ERROR", false, []string{`44{"message":"x"}`}},
		{"CONNECT_ERROR once joined", true, []string{`44"x"`}},
		{"event with CONNECT to another namespace", true, []string{`42/other,["ev"]`}},
		{"event of an unknown namespace", true, []string{`42/nowhere,["ev"]`}},
		{"event while middlewares run", true, []string{`40/slow,`, `42/slow,["ev"]`}},
		{"DISCONNECT while middlewares run", true, []string{`40/slow,`, `41/slow,`}},
		{"CONNECT while middlewares run", true, []string{`40/slow,`, `40/slow,`}},
		{"CONNECT twice", true, []string{"40"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			overTransports(t, func(t *testing.T, transport string) {
				f.t = t
				p := f.dial(transport)
				if test.joined {
					p.send("40")
					p.granted("/")
				}
				_ = p.write(test.packets...)
				p.expectClosed()
			})
		})
	}
	f.t = t
	bystander.fenced()
	if n := f.Of("/slow").Len() + f.Of("/other").Len(); n != 0 {
		t.Errorf("%d sockets", n)
	}
}

// Before it has joined anything, a client's rubbish is reported without a
// socket.
func TestUndecodablePacketBeforeConnect(t *testing.T) {
	f := serve(t, nil)
	p := f.dial("websocket")
	p.send("4abc")
	p.expectClosed()
	if e := f.reported(); e.Socket != nil || !strings.Contains(e.Error(), "unknown packet type") {
		t.Errorf("reported %v", e)
	}
}

// On polling, what was emitted before comes first, and then the end.
func TestViolationDeliversWhatWasEmitted(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	c := p.rest(s)
	_ = s.Emit("last words")
	p.send("40")
	for _, want := range []string{`42["last words"]`, "6\x1e1"} {
		if got, err := c.request("GET", ""); err != nil || got != want {
			t.Errorf("poll answered with %q, %v; want %q", got, err, want)
		}
	}
	if _, err := c.request("GET", ""); err == nil || !strings.Contains(err.Error(), `"code":1`) {
		t.Errorf("the session goes on: %v", err)
	}
	p.gone(nil)
}

func TestMaxAttachments(t *testing.T) {
	f := serve(t, &sio.Config{MaxAttachments: 1})
	echoes[[]byte](f, "ev")
	p := f.join("websocket")
	p.send(`451-["ev",{"_placeholder":true,"num":0}]`, "bAQ==")
	p.expect(`451-["ev-back",{"_placeholder":true,"num":0}]`, "bAQ==")
	p.send(`452-["ev",{"_placeholder":true,"num":0}]`)
	p.expectClosed()
	f.reported()
}

// OnError may take its time: it holds nobody up, not even with as many
// connections that break the rules as there are processors.
func TestErrorHandlerMayWait(t *testing.T) {
	release := make(chan struct{})
	reports := make(chan struct{}, 100)
	f := serve(t, &sio.Config{OnError: func(error) { reports <- struct{}{}; <-release }})
	bystander := f.join("websocket")
	const broken = 20
	for range broken {
		p := f.join("websocket")
		_ = p.write("4abc")
	}
	for range broken {
		get(t, reports)
	}
	bystander.fenced()
	f.join("websocket").fenced()
	close(release)
}
