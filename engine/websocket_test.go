package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/engine"
)

func TestWebSocket(t *testing.T) {
	f := serve(t, nil)
	w, s := f.openWS()
	if s.Transport() != engine.WebSocket || !s.Open() || f.srv.Len() != 1 {
		t.Error("not a session on a WebSocket")
	}
	w.text("4hello", "4", "4€😀")
	w.write(wsFrame(0x82, "\x01\x02\xff") + wsFrame(0x82, ""))
	w.text("bAQIDBA==", "b") // on every transport
	s.expect(t, "hello", "", "€😀", "b:\x01\x02\xff", "b:", "b:\x01\x02\x03\x04", "b:")
	for i := range 100 {
		s.text(t, fmt.Sprint("m", i))
		if err := s.Send([]byte{byte(i)}, true); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		w.expect(fmt.Sprint("4m", i), fmt.Sprintf("b:%c", i)[:2]+string([]byte{byte(i)}))
	}
	large := strings.Repeat("x", 200_000)
	s.text(t, large)
	w.expect("4" + large)
	w.text("4" + large)
	s.expect(t, large)
	// Packets of no meaning here are ignored.
	w.text("0{}", "5", "6", "3", "3probe", "4x")
	s.expect(t, "x")
	s.alive(t)
}

// Fragments, and control frames between them, are WebSocket's business.
func TestFragmentsAndControlFrames(t *testing.T) {
	f := serve(t, nil)
	w, s := f.openWS()
	w.write(wsFrame(0x01, "4he") + wsFrame(0x89, "are you there?") + wsFrame(0x00, "") + wsFrame(0x8a, "unasked") + wsFrame(0x80, "llo"))
	if op, payload := w.read(); op != ws.OpPong || payload != "are you there?" {
		t.Errorf("opcode %x, %q", op, payload)
	}
	s.expect(t, "hello")
	split := textFrames("4split") + wsFrame(0x82, "\x00\x01")
	for i := range len(split) {
		w.write(split[i : i+1])
	}
	s.expect(t, "split", "b:\x00\x01")
	s.alive(t)
}

func TestSubprotocol(t *testing.T) {
	f := serve(t, nil)
	w, _ := f.openWS("Sec-WebSocket-Protocol", "first, second")
	if got := w.header.Get("Sec-Websocket-Protocol"); got != "first" {
		t.Errorf("subprotocol %q", got)
	}
	w, _ = f.openWS()
	if got := w.header["Sec-Websocket-Protocol"]; got != nil {
		t.Errorf("subprotocol %q", got)
	}
}

func TestHandshakeHeaders(t *testing.T) {
	f := serve(t, nil)
	w, _ := f.openWS("Connection", "keep-alive")
	if !strings.EqualFold(w.header.Get("Upgrade"), "websocket") || !strings.EqualFold(w.header.Get("Connection"), "upgrade") {
		t.Errorf("headers %v", w.header)
	}
	for _, h := range []string{"Content-Length", "Transfer-Encoding", "Set-Cookie", "Access-Control-Allow-Origin", "Sec-Websocket-Extensions"} {
		if w.header[h] != nil {
			t.Errorf("%s: %q", h, w.header[h])
		}
	}
}

// Frames that come along with the handshake are not lost.
func TestEagerClient(t *testing.T) {
	f := serve(t, nil)
	w := f.raw(wsRequest(wsQuery) + textFrames("4one", "4two"))
	if r := w.response(); r.status != 101 {
		t.Fatalf("%+v", r)
	}
	s := f.session()
	s.expect(t, "one", "two")
	w.text("4three")
	s.expect(t, "three")
}

// What the client does to end the session, and how it ends.
func TestEndOfWebSocket(t *testing.T) {
	const limit = 1000
	for name, c := range map[string]struct {
		write  string
		code   int // of the close frame; 0 for none, the connection just ends
		reason engine.Reason
		text   string
	}{
		"close":                  {wsFrame(0x88, ""), 1005, engine.TransportClose, "closed by peer: 1005"},
		"close with code":        {wsFrame(0x88, "\x03\xe8bye"), 1000, engine.TransportClose, "closed by peer: 1000 bye"},
		"close with wrong code":  {wsFrame(0x88, "\x03\xed"), 1002, engine.TransportError, "invalid close code"},
		"packet 1":               {textFrames("1", "4after"), 0, engine.TransportClose, ""},
		"empty packet":           {textFrames("", "4after"), 1005, engine.ParseError, "malformed packet"},
		"unknown packet":         {textFrames("7", "4after"), 1005, engine.ParseError, "malformed packet"},
		"rubbish packet":         {textFrames("abc", "4after"), 1005, engine.ParseError, "malformed packet"},
		"too large":              {wsFrame(0x81, strings.Repeat("4", limit+1)), 1009, engine.TransportError, "Max payload size exceeded"},
		"too large binary":       {wsFrame(0x82, strings.Repeat("4", limit+1)), 1009, engine.TransportError, "Max payload size exceeded"},
		"too large by its head":  {"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", 1009, engine.TransportError, "Max payload size exceeded"},
		"too large in fragments": {wsFrame(0x01, strings.Repeat("4", limit)) + wsFrame(0x80, "4"), 1009, engine.TransportError, "Max payload size exceeded"},
		"not masked":             {"\x81\x024x", 1002, engine.TransportError, "not masked"},
		"reserved bits":          {wsFrame(0xb1, "4x"), 1002, engine.TransportError, "reserved bits"},
		"reserved opcode":        {wsFrame(0x83, "4x"), 1002, engine.TransportError, "reserved opcode"},
		"lone continuation":      {wsFrame(0x80, "4x"), 1002, engine.TransportError, "continuation"},
		"bad UTF-8":              {wsFrame(0x81, "4\xff"), 1007, engine.TransportError, "UTF-8"},
		"bad UTF-8 in fragments": {wsFrame(0x01, "4\xe2\x82") + wsFrame(0x80, "x"), 1007, engine.TransportError, "UTF-8"},
		"long ping":              {wsFrame(0x89, strings.Repeat("x", 126)), 1002, engine.TransportError, "control frame too long"},
		"ping of Engine.IO":      {textFrames("2", "4after"), 0, engine.TransportError, "invalid heartbeat direction"},
		"lost":                   {"", 0, engine.TransportClose, "EOF"},
		"lost within a frame":    {wsFrame(0x81, "4hello")[:5], 0, engine.TransportClose, "EOF"},
		"lost within a head":     {"\x81", 0, engine.TransportClose, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{MaxPayload: limit})
			w, s := f.openWS()
			just := "4" + strings.Repeat("x", limit-1)
			w.text(just)
			w.write(wsFrame(0x01, just[:limit/2]) + wsFrame(0x80, just[limit/2:]) + wsFrame(0x82, just))
			s.expect(t, just[1:], just[1:], "b:"+just) // the limit is inclusive
			w.write(c.write)
			if strings.HasPrefix(name, "lost") {
				if err := w.conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
					t.Fatal(err)
				}
			}
			s.expectEnd(t, c.reason, c.text)
			switch {
			case c.code != 0:
				reason := ""
				if c.code == 1000 {
					reason = "bye"
				}
				w.expectCloseEchoed(c.code, reason)
			default:
				w.expectEOF()
			}
			if len(s.messages) != 0 {
				t.Errorf("message %v", <-s.messages)
			}
			if len(s.ended) != 0 {
				t.Error("ended twice")
			}
			if s.Open() || s.Send([]byte("x"), false) != engine.ErrSessionClosed {
				t.Error("still open")
			}
			(&poller{f, s, handshakeQuery + "&sid=" + s.ID()}).unknown()
		})
	}
}

// expectCloseEchoed is expectClose, but for the reason of a close frame that
// answers the client's, which may be left out.
func (w *wsClient) expectCloseEchoed(code int, reason string) {
	w.f.t.Helper()
	if code != 1000 {
		w.expectClose(code, reason)
		return
	}
	op, payload := w.read()
	if op != ws.OpClose || !strings.HasPrefix(payload, "\x03\xe8") {
		w.f.t.Fatalf("opcode %x, %q", op, payload)
	}
	w.expectEOF()
}

// A receiver that wants to wait keeps its client from being read, and nobody else.
func TestWaitingReceiverOfWebSocket(t *testing.T) {
	block, entered := make(chan struct{}), make(chan string, 8)
	f := serve(t, nil)
	f.prepare = func(s *session) {
		if s.Handshake().Query().Get("block") != "" {
			s.onMessage = func(data []byte, _ bool) <-chan struct{} {
				entered <- string(data)
				return block
			}
		}
	}
	w := f.dialWS(wsQuery + "&block=1")
	_, _ = w.read()
	s := f.session()
	w.text("4a", "4b")
	if got := get(t, "message", entered); got != "a" {
		t.Fatal(got)
	}
	s.text(t, "out")
	w.expect("4out")
	f.serves()
	close(block)
	if got := get(t, "message", entered); got != "b" {
		t.Fatal(got)
	}
}
