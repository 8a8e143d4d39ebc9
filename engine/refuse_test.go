package engine_test

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

var errNo = errors.New("no")

// refusals are requests that are refused, with {sid} and {wsid} for those of
// live sessions on polling and on WebSocket.
var refusals = []struct {
	name    string
	cfg     engine.Config
	method  string // "UPGRADE" for a WebSocket handshake
	query   string
	header  []string
	code    engine.Code
	text    string // in place of the code's
	context map[string]any
}{
	{name: "unknown transport", query: "EIO=4&transport=tobi", context: map[string]any{"transport": "tobi"}},
	{name: "no transport", query: "EIO=4", context: map[string]any{"transport": ""}},
	{name: "empty transport", query: "EIO=4&transport=", context: map[string]any{"transport": ""}},
	{name: "constructor", query: "EIO=4&transport=constructor", context: map[string]any{"transport": "constructor"}},
	{name: "__proto__", query: "EIO=4&transport=__proto__", context: map[string]any{"transport": "__proto__"}},
	{name: "webtransport", query: "EIO=4&transport=webtransport", context: map[string]any{"transport": "webtransport"}},
	{name: "webtransport in the list", cfg: engine.Config{Transports: []string{"webtransport", "polling", "websocket"}},
		query: "EIO=4&transport=webtransport", context: map[string]any{"transport": "webtransport"}},
	{name: "the last transport counts", query: "EIO=4&transport=polling&transport=tobi", context: map[string]any{"transport": "tobi"}},
	{name: "unknown transport of a session", query: "EIO=4&transport=tobi&sid={sid}", context: map[string]any{"transport": "tobi"}},
	{name: "unknown transport before unknown session", query: "EIO=4&transport=tobi&sid=x", context: map[string]any{"transport": "tobi"}},
	{name: "unknown transport before bad method", method: "POST", query: "EIO=4&transport=tobi", context: map[string]any{"transport": "tobi"}},
	{name: "transport switched off", cfg: engine.Config{Transports: []string{"websocket"}},
		query: "EIO=4&transport=polling", context: map[string]any{"transport": "polling"}},
	{name: "upgrade, unknown transport", method: "UPGRADE", query: "EIO=4&transport=__proto__", context: map[string]any{"transport": "__proto__"}},
	{name: "upgrade, transport switched off", cfg: engine.Config{Transports: []string{"polling"}},
		method: "UPGRADE", query: "EIO=4&transport=websocket", context: map[string]any{"transport": "websocket"}},
	{name: "upgrade of a session, transport switched off", cfg: engine.Config{Transports: []string{"polling"}},
		method: "UPGRADE", query: "EIO=4&transport=websocket&sid={sid}", context: map[string]any{"transport": "websocket"}},

	{name: "unknown session", query: "EIO=4&transport=polling&sid=test", code: engine.SessionIDUnknown, context: map[string]any{"sid": "test"}},
	{name: "session __proto__", query: "EIO=4&transport=polling&sid=__proto__", code: engine.SessionIDUnknown, context: map[string]any{"sid": "__proto__"}},
	{name: "unknown session before bad method", method: "PUT", query: "EIO=4&transport=polling&sid=test", code: engine.SessionIDUnknown, context: map[string]any{"sid": "test"}},
	{name: "upgrade of an unknown session", method: "UPGRADE", query: "EIO=4&transport=websocket&sid=test", code: engine.SessionIDUnknown, context: map[string]any{"sid": "test"}},

	{name: "POST as handshake", method: "POST", query: handshakeQuery, code: engine.BadHandshakeMethod, context: map[string]any{"method": "POST"}},
	{name: "OPTIONS without CORS", method: "OPTIONS", query: handshakeQuery, code: engine.BadHandshakeMethod, context: map[string]any{"method": "OPTIONS"}},
	{name: "DELETE as handshake", method: "DELETE", query: handshakeQuery, code: engine.BadHandshakeMethod, context: map[string]any{"method": "DELETE"}},
	{name: "an empty sid is none", method: "PUT", query: handshakeQuery + "&sid=", code: engine.BadHandshakeMethod, context: map[string]any{"method": "PUT"}},
	{name: "bad method before WebSocket without upgrade", method: "POST", query: wsQuery, code: engine.BadHandshakeMethod, context: map[string]any{"method": "POST"}},

	{name: "WebSocket without upgrade", query: wsQuery, code: engine.BadRequest, context: map[string]any{"name": engine.TransportHandshakeError}},
	{name: "WebSocket of a polling session without upgrade", query: wsQuery + "&sid={sid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.TransportMismatch, "transport": "websocket", "previousTransport": "polling"}},
	{name: "polling of a WebSocket session", query: handshakeQuery + "&sid={wsid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.TransportMismatch, "transport": "polling", "previousTransport": "websocket"}},
	{name: "POST to a WebSocket session", method: "POST", query: handshakeQuery + "&sid={wsid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.TransportMismatch, "transport": "polling", "previousTransport": "websocket"}},
	{name: "GET of a WebSocket session", query: wsQuery + "&sid={wsid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.TransportMismatch, "transport": "polling", "previousTransport": "websocket"}},
	{name: "other revision", query: "EIO=3&transport=polling&sid={sid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.ProtocolMismatch, "protocol": 3, "previousProtocol": 4}},
	{name: "POST of no revision", method: "POST", query: "transport=polling&sid={sid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.ProtocolMismatch, "protocol": 3, "previousProtocol": 4}},
	{name: "upgrade of another revision", method: "UPGRADE", query: "EIO=3&transport=websocket&sid={sid}", code: engine.BadRequest,
		context: map[string]any{"name": engine.ProtocolMismatch, "protocol": 3, "previousProtocol": 4}},
	{name: "no id", cfg: engine.Config{GenerateID: func(*http.Request) (string, error) { return "", errNo }},
		query: handshakeQuery, code: engine.BadRequest, context: map[string]any{"name": engine.IDGenerationError, "error": errNo}},
	{name: "upgrade, no id", cfg: engine.Config{GenerateID: func(*http.Request) (string, error) { return "", errNo }},
		method: "UPGRADE", query: wsQuery, code: engine.BadRequest, context: map[string]any{"name": engine.IDGenerationError, "error": errNo}},

	{name: "refused by the application", cfg: engine.Config{AllowRequest: func(*http.Request) error { return errNo }},
		query: handshakeQuery, code: engine.Forbidden, text: "no", context: map[string]any{"message": "no"}},
	{name: "refused without a word", cfg: engine.Config{AllowRequest: func(*http.Request) error { return errors.New("") }},
		query: handshakeQuery, code: engine.Forbidden, context: map[string]any{"message": ""}},
	{name: "upgrade refused by the application", cfg: engine.Config{AllowRequest: func(*http.Request) error { return errNo }},
		method: "UPGRADE", query: wsQuery, code: engine.Forbidden, text: "no", context: map[string]any{"message": "no"}},
	{name: "page of another origin", query: handshakeQuery, header: []string{"Origin", "http://evil.example"},
		code: engine.Forbidden, text: "origin not allowed", context: map[string]any{"message": "origin not allowed"}},
	{name: "page of no origin", query: handshakeQuery, header: []string{"Origin", "null"},
		code: engine.Forbidden, text: "origin not allowed", context: map[string]any{"message": "origin not allowed"}},
	{name: "poll by a page of another origin", query: handshakeQuery + "&sid={sid}", header: []string{"Origin", "http://evil.example"},
		code: engine.Forbidden, text: "origin not allowed", context: map[string]any{"message": "origin not allowed"}},
	{name: "upgrade by a page of another origin", method: "UPGRADE", query: wsQuery, header: []string{"Origin", "http://evil.example"},
		code: engine.Forbidden, text: "origin not allowed", context: map[string]any{"message": "origin not allowed"}},
	{name: "upgrade of a session by a page of another origin", method: "UPGRADE", query: wsQuery + "&sid={sid}", header: []string{"Origin", "http://" + host + ".evil.example"},
		code: engine.Forbidden, text: "origin not allowed", context: map[string]any{"message": "origin not allowed"}},

	{name: "revision 3", query: "EIO=3&transport=polling", code: engine.UnsupportedProtocolVersion, context: map[string]any{"protocol": 3}},
	{name: "no revision", query: "transport=polling", code: engine.UnsupportedProtocolVersion, context: map[string]any{"protocol": 3}},
	{name: "revision abc", query: "EIO=abc&transport=polling", code: engine.UnsupportedProtocolVersion, context: map[string]any{"protocol": 3}},
	{name: "upgrade, revision 3", method: "UPGRADE", query: "EIO=3&transport=websocket", code: engine.UnsupportedProtocolVersion, context: map[string]any{"protocol": 3}},
	{name: "application before revision", cfg: engine.Config{AllowRequest: func(*http.Request) error { return errNo }},
		query: "EIO=3&transport=polling", code: engine.Forbidden, text: "no", context: map[string]any{"message": "no"}},
}

func TestRefusals(t *testing.T) {
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			f := serve(t, &c.cfg)
			query, live := c.query, []*session{}
			if strings.Contains(query, "{sid}") {
				p := f.open()
				query, live = strings.ReplaceAll(query, "{sid}", p.s.ID()), append(live, p.s)
			}
			if strings.Contains(query, "{wsid}") {
				_, s := f.openWS()
				query, live = strings.ReplaceAll(query, "{wsid}", s.ID()), append(live, s)
			}
			text := c.text
			if text == "" {
				text = c.code.String()
			}
			if c.method == "UPGRADE" {
				w := f.raw(wsRequest(query, c.header...))
				w.response().is(f, 400, text).has(f, "Content-Type", "text/html")
				w.expectEOF()
			} else {
				status := 400
				if c.code == engine.Forbidden {
					status = 403
				}
				method := c.method
				if method == "" {
					method = "GET"
				}
				f.do(method, query, "", c.header...).
					is(f, status, `{"code":`+string(rune('0'+c.code))+`,"message":"`+text+`"}`).
					has(f, "Content-Type", "application/json", "Access-Control-Allow-Origin", "", "Set-Cookie", "")
			}
			if got := f.refusedWith(c.code); !reflect.DeepEqual(got, c.context) {
				t.Errorf("context %v, want %v", got, c.context)
			}
			for _, s := range live { // none is disturbed
				s.alive(t)
				if n := f.srv.Len(); n != 1 {
					t.Errorf("%d sessions", n)
				}
			}
			if len(live) == 0 && f.srv.Len() != 0 {
				t.Error("a session was made")
			}
		})
	}
}

// The texts are those of the protocol.
func TestCodes(t *testing.T) {
	for code, text := range map[engine.Code]string{
		0: "Transport unknown", 1: "Session ID unknown", 2: "Bad handshake method", 3: "Bad request",
		4: "Forbidden", 5: "Unsupported protocol version", 6: "Code 6",
	} {
		if got := code.String(); got != text {
			t.Errorf("%d: %q", int(code), got)
		}
		if got := (&engine.ConnectionError{Code: code}).Error(); got != "engine: "+text {
			t.Error(got)
		}
	}
}

// AllowRequest is asked about handshakes only, and before anything is made.
func TestAllowRequestIsForHandshakes(t *testing.T) {
	asked := make(chan string, 16)
	f := serve(t, &engine.Config{AllowRequest: func(r *http.Request) error {
		asked <- r.URL.Query().Get("transport")
		return nil
	}})
	p := f.open()
	p.send("4hi")
	p.s.text(t, "hi")
	p.expect("4hi")
	p.upgrade()
	f.openWS()
	f.do("POST", handshakeQuery, "")
	close(asked)
	var got []string
	for a := range asked {
		got = append(got, a)
	}
	if want := []string{"polling", "websocket"}; !reflect.DeepEqual(got, want) {
		t.Errorf("asked about %v", got)
	}
}

// What comes behind a WebSocket handshake, or in its place, harms nobody.
func TestRubbishAfterUpgradeRequest(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	for _, query := range []string{wsQuery, wsQuery + "&sid=" + p.s.ID(), handshakeQuery, "EIO=4&transport=tobi", wsQuery + "&sid=x"} {
		for _, rubbish := range []string{"\x00\x00\x00\x00", "GET / HTTP/1.1\r\n\r\n", strings.Repeat("\xff", 5000), "\r\n\r\n\r\n"} {
			w := f.raw(wsRequest(query) + rubbish)
			_ = w.response()
			for { // whatever frames there are, then the end
				if _, _, err := w.next(); err != nil {
					break
				}
			}
		}
	}
	for range 4 { // the sessions that got as far as the handshake
		f.session().expectEnd(t, engine.TransportError, "ws: ")
	}
	p.send("4hi")
	p.s.expect(t, "hi")
	f.serves()
}

// Requests that ask for an upgrade but are no WebSocket handshake.
func TestUpgradeWithoutHandshake(t *testing.T) {
	const head = "GET /engine.io/?" + wsQuery + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: keep-alive, Upgrade\r\n"
	for name, headers := range map[string]string{
		"no headers":    "Upgrade: websocket\r\n",
		"no key":        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
		"short key":     "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2hvcnQ=\r\n",
		"old version":   "Upgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: " + wsKey + "\r\n",
		"other upgrade": "Upgrade: h2c\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + wsKey + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, nil)
			p := f.open()
			for _, request := range []string{head, strings.Replace(head, wsQuery, wsQuery+"&sid="+p.s.ID(), 1), strings.Replace(head, wsQuery, handshakeQuery, 1)} {
				w := f.raw(request + headers + "\r\n")
				w.response().is(f, 400, "Bad request").has(f, "Content-Type", "text/html")
				w.expectEOF()
				if c := f.refusedWith(engine.BadRequest); c["name"] != engine.TransportHandshakeError || c["error"] == nil {
					t.Errorf("context %v", c)
				}
			}
			if n := f.srv.Len(); n != 1 {
				t.Errorf("%d sessions", n)
			}
			p.upgrade() // which is possible still
		})
	}
}

// An upgrade request for polling is accepted, and closed at once.
func TestUpgradeRequestForPolling(t *testing.T) {
	f := serve(t, nil)
	f.dialWS(handshakeQuery).expectClose(1005, "")
	if n := f.srv.Len(); n != 0 {
		t.Errorf("%d sessions", n)
	}
	p := f.open()
	w := f.dialWS(p.query)
	w.text("2probe", "5")
	w.expectClose(1005, "")
	p.send("4hi")
	p.s.expect(t, "hi")
	if p.s.Transport() != engine.Polling {
		t.Error("upgraded")
	}
	p.upgrade() // the other was no candidate
}

// Header values that HTTP forbids do not get as far as the protocol.
func TestInvalidOrigin(t *testing.T) {
	f := serve(t, &engine.Config{CORS: &engine.CORS{}})
	for _, query := range []string{handshakeQuery, wsQuery} {
		w := f.raw(wsRequest(query, "Origin", "http://a.example/\x01"))
		if r := w.response(); r.status != 400 {
			t.Errorf("%+v", r)
		}
		w.expectEOF()
	}
	f.serves()
}

func TestRefusalWithoutListener(t *testing.T) {
	srv := engine.NewServer(nil, nil)
	f := serve(t, nil, func(f *fixture) { f.handler = srv })
	f.do("GET", "", "").is(f, 400, `{"code":0,"message":"Transport unknown"}`)
}
