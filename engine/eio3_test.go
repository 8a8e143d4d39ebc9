package engine_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/frame"
)

const query3 = "EIO=3&transport=polling"

var allow3 = &engine.Config{AllowEIO3: true}

// framed encodes packets as a text payload of protocol 3.
func framed(packets ...string) string {
	var b strings.Builder
	for _, p := range packets {
		fmt.Fprintf(&b, "%d:%s", len(utf16.Encode([]rune(p))), p)
	}
	return b.String()
}

// open3 begins a session of protocol 3 over polling, with more parameters.
func (f *fixture) open3(more string) *poller {
	f.t.Helper()
	r := f.do("GET", query3+more, "").has(f, "Content-Type", "text/plain; charset=UTF-8")
	length, packet, _ := strings.Cut(r.body, ":")
	if r.status != 200 || length != fmt.Sprint(len(packet)) {
		f.t.Fatalf("handshake: %+v", r)
	}
	h := f.parseOpen(packet)
	s := f.session()
	if s.ID() != h.SID || s.Protocol() != 3 {
		f.t.Fatalf("session %q of protocol %d instead of %q", s.ID(), s.Protocol(), h.SID)
	}
	if h.PingInterval == 0 || h.PingTimeout == 0 {
		f.t.Errorf("handshake %+v", h)
	}
	return &poller{f, s, query3 + more + "&sid=" + h.SID}
}

// send3 posts packets in one text payload.
func (p *poller) send3(packets ...string) {
	p.f.t.Helper()
	p.f.do("POST", p.query, framed(packets...)).is(p.f, 200, "ok")
}

// openWS3 begins a session of protocol 3 over WebSocket, with more parameters.
func (f *fixture) openWS3(more string) (*wsClient, *session) {
	f.t.Helper()
	w := f.dialWS("EIO=3&transport=websocket" + more)
	op, packet := w.read()
	h := f.parseOpen(packet)
	s := f.session()
	if op != ws.OpText || s.ID() != h.SID || s.Protocol() != 3 {
		f.t.Fatalf("opcode %x, open packet %q, session %q of protocol %d", op, packet, s.ID(), s.Protocol())
	}
	return w, s
}

func (s *session) bytes(t testing.TB, data string) {
	t.Helper()
	if err := s.Send([]byte(data), true); err != nil {
		t.Fatal(err)
	}
}

// Requests that belong to a session must be of its revision.
func TestRevisionOfRequests(t *testing.T) {
	f := serve(t, allow3)
	p := f.open3("")
	f.do("GET", handshakeQuery+"&sid="+p.s.ID(), "").is(f, 400, `{"code":3,"message":"Bad request"}`)
	if c := f.refusedWith(engine.BadRequest); c["name"] != engine.ProtocolMismatch || c["protocol"] != 4 || c["previousProtocol"] != 3 {
		t.Errorf("context %v", c)
	}
	p.s.text(t, "x")
	f.do("GET", "transport=polling&sid="+p.s.ID(), "").is(f, 200, "2:4x") // without EIO is revision 3, too
	if s := f.open(); s.s.Protocol() != engine.Protocol {
		t.Errorf("protocol %d", s.s.Protocol())
	}
	f.serves()
}

func TestPolling3(t *testing.T) {
	f := serve(t, allow3)
	p := f.open3("")
	p.send3("4hello", "4€", "4😀 and 2:4x", "4", "6")
	p.s.expect(t, "hello", "€", "😀 and 2:4x", "")
	for _, text := range []string{"hello", "€", "😀 and 2:4x", ""} {
		p.s.text(t, text)
	}
	p.expect("6:4hello2:4€12:4😀 and 2:4x1:4")

	// Binary data, of both kinds.
	p.f.do("POST", p.query, framed("b4AQID", "4a")).is(f, 200, "ok")
	p.s.expect(t, "b:\x01\x02\x03", "a")
	p.f.do("POST", p.query, "\x00\x04\xff4€\x01\x04\xff\x04\x01\x02\x03\x00\x01\xff6", "Content-Type", "application/octet-stream").is(f, 200, "ok")
	p.s.expect(t, "€", "b:\x01\x02\x03")
	p.s.text(t, "€")
	p.s.bytes(t, "\x01\x02")
	p.expect("\x00\x04\xff4€\x01\x03\xff\x04\x01\x02").has(f, "Content-Type", "application/octet-stream")
	p.s.text(t, "text again")
	p.expect("11:4text again").has(f, "Content-Type", "text/plain; charset=UTF-8")
	p.s.alive(t)
}

// A client that says so gets its binary data in base64.
func TestPolling3Base64(t *testing.T) {
	f := serve(t, allow3)
	p := f.open3("&b64=1")
	p.s.text(t, "a")
	p.s.bytes(t, "\x01\x02\x03\x04")
	p.expect("2:4a10:b4AQIDBA==").has(f, "Content-Type", "text/plain; charset=UTF-8")
}

func TestInitialMessage3(t *testing.T) {
	f := serve(t, &engine.Config{AllowEIO3: true, InitialMessage: "é"})
	r := f.do("GET", query3, "")
	if f.session(); !strings.HasSuffix(r.body, "}2:4é") {
		t.Errorf("%q", r.body)
	}
}

func TestMalformedPayload3(t *testing.T) {
	f := serve(t, allow3)
	for _, c := range []struct {
		body, contentType string
	}{
		{"", ""}, {"4hello", ""}, {"2:4a\x1e", ""}, {"2:9a", ""}, {"3:4a", "text/plain;charset=UTF-8"},
		{"2:4a", "application/octet-stream"}, {"\x00\x02\xff9a", "application/octet-stream"},
	} {
		p := f.open3("")
		poll := p.pending()
		f.do("POST", p.query, c.body, "Content-Type", c.contentType).is(f, 200, "ok")
		p.expectFrom(poll, 200, "1:1")
		p.s.expectEnd(t, engine.ParseError, "malformed packet")
		p.unknown()
	}
	// What comes before is delivered, what comes after is not.
	p := f.open3("")
	f.do("POST", p.query, framed("4a")+"x"+framed("4b")).is(f, 200, "ok")
	p.s.expect(t, "a")
	p.s.expectEnd(t, engine.ParseError, "malformed packet")
	if len(p.s.messages) != 0 {
		t.Error("went on after an error")
	}
}

func TestCloseOfPolling3(t *testing.T) {
	f := serve(t, allow3)
	p := f.open3("")
	poll := p.pending()
	p.send3("4a", "1", "4b")
	p.expectFrom(poll, 200, "1:6")
	p.s.expect(t, "a")
	p.s.expectEnd(t, engine.TransportClose, "")

	p = f.open3("")
	poll = p.pending()
	p.s.Close()
	p.expectFrom(poll, 200, "1:1")
	p.s.expectEnd(t, engine.ForcedClose, "")

	p = f.open3("")
	p.s.text(t, "last")
	p.s.Close()
	p.expect("5:4last")
	p.expect("1:61:1")
	p.s.expectEnd(t, engine.ForcedClose, "")
}

func TestWebSocket3(t *testing.T) {
	f := serve(t, allow3)
	w, s := f.openWS3("")
	w.text("4hello", "b4AQID")
	w.write(wsFrame(0x82, "\x04\x01\x02"))
	w.write(wsFrame(0x82, "\x07ignored") + wsFrame(0x82, ""))
	w.text("4on")
	s.expect(t, "hello", "b:\x01\x02\x03", "b:\x01\x02", "on")
	s.text(t, "text")
	s.bytes(t, "\x05\x06")
	s.bytes(t, "")
	w.expect("4text", "b:\x04\x05\x06", "b:\x04")

	large := strings.Repeat("0123456789abcdef", engine.LargeMessage/16)
	w.write(wsFrame(0x82, "\x04"+large))
	w.text("4"+large, "b4"+base64.StdEncoding.EncodeToString([]byte(large)))
	s.expect(t, "b:"+large, large, "b:"+large)
	s.bytes(t, large)
	w.expect("b:\x04" + large)

	w.text("9")
	s.expectEnd(t, engine.ParseError, "malformed packet")
}

// A client that cannot take binary data gets text, in either protocol.
func TestWebSocketBase64(t *testing.T) {
	f := serve(t, allow3)
	w, s := f.openWS3("&b64=1")
	s.bytes(t, "\x01\x02\x03\x04")
	w.expect("b4AQIDBA==")
	w = f.dialWS(wsQuery + "&b64=1")
	w.read()
	s = f.session()
	s.bytes(t, "\x01\x02\x03\x04")
	w.expect("bAQIDBA==")
	w.text("bAQIDBA==")
	s.expect(t, "b:\x01\x02\x03\x04")
}

func TestUpgrade3(t *testing.T) {
	f := serve(t, allow3)
	p := f.open3("")
	poll := p.pending()
	w := f.dialWS("EIO=3&transport=websocket&sid=" + p.s.ID())
	w.text("2probe")
	w.expect("3probe")
	p.expectFrom(poll, 200, "1:6")
	p.send3("4up")
	p.s.expect(t, "up")
	p.s.text(t, "one")
	p.s.bytes(t, "\x02")
	w.text("5")
	w.expect("4one", "b:\x04\x02") // what was not polled follows
	w.write(wsFrame(0x82, "\x04\x03"))
	p.s.expect(t, "b:\x03")
	w.text("2")
	w.expect("3")
	p.s.alive(t)
}

// Sessions of both protocols share what is broadcast.
func TestBroadcastToBothProtocols(t *testing.T) {
	f := serve(t, allow3)
	w4, s4 := f.openWS()
	w3, s3 := f.openWS3("")
	b3, t3 := f.openWS3("&b64=1")
	p3 := f.open3("")
	text := frame.New(10)
	text.B = append(text.B, "4text"...)
	text.Seal(false, true)
	var rest []*frame.Frame
	for i := range 2 {
		f := frame.New(10)
		f.B = append(f.B, byte(i+1))
		f.Seal(true, true)
		rest = append(rest, f)
	}
	g := frame.Group{First: text, Rest: rest}
	g.Retain(3)
	for _, s := range []*session{s3, p3.s, t3, s4} {
		if err := s.Queue(g, false); err != nil {
			t.Fatal(err)
		}
		s.Flush()
	}
	w4.expect("4text", "b:\x01", "b:\x02")
	w3.expect("4text", "b:\x04\x01", "b:\x04\x02")
	b3.expect("4text", "b4AQ==", "b4Ag==")
	p3.expect("\x00\x05\xff4text\x01\x02\xff\x04\x01\x01\x02\xff\x04\x02")
}
