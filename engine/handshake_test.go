package engine_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

func TestHandshakeJSON(t *testing.T) {
	for name, c := range map[string]struct {
		cfg     engine.Config
		polling string // what follows the sid; "" if polling is off
		ws      string
	}{
		"defaults": {
			engine.Config{},
			`"upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
			`"upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
		},
		"own values": {
			engine.Config{PingInterval: 123 * time.Millisecond, PingTimeout: 4567 * time.Second, MaxPayload: 89},
			`"upgrades":["websocket"],"pingInterval":123,"pingTimeout":4567000,"maxPayload":89}`,
			`"upgrades":[],"pingInterval":123,"pingTimeout":4567000,"maxPayload":89}`,
		},
		"no upgrades": {
			engine.Config{NoUpgrades: true},
			`"upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
			`"upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
		},
		"polling only": {
			engine.Config{Transports: []string{engine.Polling}},
			`"upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`, "",
		},
		"WebSocket only": {
			engine.Config{Transports: []string{engine.WebSocket}}, "",
			`"upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &c.cfg)
			if c.polling != "" {
				r := f.do("GET", handshakeQuery, "")
				r.is(f, 200, `0{"sid":"`+f.session().ID()+`",`+c.polling)
			}
			if c.ws != "" {
				w := f.dialWS(wsQuery)
				w.expect(`0{"sid":"` + f.session().ID() + `",` + c.ws)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	form := regexp.MustCompile(`^[A-Za-z0-9_-]{20}$`)
	random := map[string]bool{}
	last := -1
	for range 1000 {
		id := engine.NewID()
		if !form.MatchString(id) || random[id[:16]] {
			t.Fatalf("%q", id)
		}
		random[id[:16]] = true
		b, err := base64.RawURLEncoding.DecodeString(id)
		if err != nil {
			t.Fatal(err)
		}
		n := int(b[12])<<16 | int(b[13])<<8 | int(b[14])
		if last >= 0 && n != last+1 {
			t.Fatalf("counter %d after %d", n, last)
		}
		last = n
	}
}

func TestOwnIDs(t *testing.T) {
	n := 0
	f := serve(t, &engine.Config{GenerateID: func(r *http.Request) (string, error) {
		n++
		return fmt.Sprintf(`%s "%d" ü`, r.URL.Query().Get("transport"), n), nil
	}})
	if p := f.open(); p.s.ID() != `polling "1" ü` {
		t.Errorf("%q", p.s.ID())
	}
	if _, s := f.openWS(); s.ID() != `websocket "2" ü` {
		t.Errorf("%q", s.ID())
	}
	f.do("GET", handshakeQuery+"&sid=polling+%221%22+%C3%BC&transport=tobi", "").is(f, 400, `{"code":0,"message":"Transport unknown"}`)
	r := f.do("POST", handshakeQuery+"&sid=polling+%221%22+%C3%BC", "4x")
	r.is(f, 200, "ok")
}

// What the application may want to know of the request that began the session
// stays, also after an upgrade.
func TestHandshakeIsKept(t *testing.T) {
	f := serve(t, nil)
	before := time.Now().Add(-time.Millisecond) // milliseconds are kept
	check := func(s *session, query string) {
		t.Helper()
		h := s.Handshake()
		if h.URL() != "/engine.io/?"+query || h.Host() != host || h.Secure() || h.Time().Before(before) || h.Time().After(time.Now()) {
			t.Errorf("%q, %q, %v, %v", h.URL(), h.Host(), h.Secure(), h.Time())
		}
		if !strings.HasPrefix(h.RemoteAddr(), "127.0.0.1:") {
			t.Errorf("address %q", h.RemoteAddr())
		}
		if q := h.Query(); q.Get("a") != "b c" || !reflect.DeepEqual(q["x"], []string{"1", "2"}) {
			t.Errorf("query %v", q)
		}
		if got := h.Header(); !reflect.DeepEqual(got["X-Test"], []string{"one", "two"}) || got.Get("X-Empty") != "" || len(got["X-Empty"]) != 1 {
			t.Errorf("headers %v", got)
		}
		if s.Context() == nil || s.Context().Err() != nil {
			t.Error("no context")
		}
	}
	const more = "&a=b%20c&x=1&x=2"
	headers := []string{"X-Test", "one", "X-Test", "two", "X-Empty", ""}
	f.do("GET", handshakeQuery+more, "", headers...)
	s := f.session()
	check(s, handshakeQuery+more)
	p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
	p.upgrade()
	check(s, handshakeQuery+more)

	f.dialWS(wsQuery+more, headers...)
	check(f.session(), wsQuery+more)
}

type key struct{}

func TestConnContext(t *testing.T) {
	f := serve(t, &engine.Config{ConnContext: func(r *http.Request) context.Context {
		ctx, cancel := context.WithCancel(context.WithValue(r.Context(), key{}, r.URL.Query().Get("user")))
		cancel()
		return ctx
	}})
	f.do("GET", handshakeQuery+"&user=anna", "")
	f.dialWS(wsQuery + "&user=bert")
	for _, want := range []string{"anna", "bert"} {
		ctx := f.session().Context()
		if got := ctx.Value(key{}); got != want {
			t.Errorf("value %v, want %q", got, want)
		}
		if ctx.Err() != nil || ctx.Done() != nil {
			t.Error("the session's context ends with the request")
		}
	}
}

// The first message is in the answer to the handshake; what the application
// sends in its connection handler comes with the next poll.
func TestInitialMessage(t *testing.T) {
	f := serve(t, &engine.Config{InitialMessage: "initial €"}, func(f *fixture) {
		f.prepare = func(s *session) { s.text(t, "from accept") }
	})
	r := f.do("GET", handshakeQuery, "")
	s := f.session()
	first, rest, _ := strings.Cut(r.body, "\x1e")
	f.parseOpen(first)
	if rest != "4initial €" {
		t.Errorf("with the handshake: %q", rest)
	}
	p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
	p.expect("4from accept")
	w, _ := f.openWS()
	w.expect("4initial €", "4from accept")
}

func TestCookie(t *testing.T) {
	for name, c := range map[string]struct {
		cookie *http.Cookie
		want   string // {sid} is the session's id
	}{
		"none":     {nil, ""},
		"official": {engine.NewCookie(), "io={sid}; Path=/; HttpOnly; SameSite=Lax"},
		"empty":    {&http.Cookie{}, "io={sid}"},
		"name":     {&http.Cookie{Name: "woot", Path: "/", HttpOnly: true}, "woot={sid}; Path=/; HttpOnly"},
		"path":     {&http.Cookie{Name: "io", Path: "/custom"}, "io={sid}; Path=/custom"},
		"all": {
			&http.Cookie{Name: "io", Path: "/", MaxAge: 60, Domain: "sio.test", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode, Value: "x"},
			"io={sid}; Path=/; Domain=sio.test; Max-Age=60; HttpOnly; Secure; SameSite=Strict",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{Cookie: c.cookie})
			r := f.do("GET", handshakeQuery, "")
			s := f.session()
			r.has(f, "Set-Cookie", strings.ReplaceAll(c.want, "{sid}", s.ID()))
			p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
			s.text(t, "x")
			p.expect("4x").has(f, "Set-Cookie", "") // only with the handshake
			w := f.dialWS(wsQuery)
			if got := w.header["Set-Cookie"]; got != nil {
				t.Errorf("WebSocket: %q", got)
			}
		})
	}
}

// The application's receiver may be told that the session has ended before it
// is known, when accept itself ends the session.
func TestEndInAccept(t *testing.T) {
	for name, end := range map[string]func(*session){
		"abort": func(s *session) { s.Abort() },
		"full": func(s *session) {
			_ = s.queue("4one", false)
			_ = s.queue("4"+strings.Repeat("x", 1000), false)
		},
		"after a message": func(s *session) {
			_ = s.Send([]byte("bye"), false)
			s.Abort()
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{MaxQueue: 1000}, func(f *fixture) { f.prepare = end })
			check := func() *session {
				t.Helper()
				s := f.session()
				if name == "full" {
					s.expectEnd(t, engine.TransportError, engine.ErrQueueFull.Error())
				} else {
					s.expectEnd(t, engine.ForcedClose, "")
				}
				if s.Open() || s.Send(nil, false) != engine.ErrSessionClosed {
					t.Error("still open")
				}
				return s
			}
			f.do("GET", handshakeQuery, "")
			(&poller{f, nil, handshakeQuery + "&sid=" + check().ID()}).unknown()
			w := f.raw(wsRequest(wsQuery))
			check()
			_, _ = io.Copy(io.Discard, w.r) // until it is closed; the answer may be dropped with what waits
			eventually(t, "no session and no timer", func() bool { return f.srv.Len() == 0 && f.srv.Timers() == 0 })
		})
	}
}

func TestCloseInAccept(t *testing.T) {
	f := serve(t, nil, func(f *fixture) {
		f.prepare = func(s *session) {
			s.text(t, "no, thanks")
			s.Close()
		}
	})
	w, s := f.openWS()
	w.expect("4no, thanks")
	w.expectClose(1005, "")
	s.expectEnd(t, engine.ForcedClose, "")
	p := f.open()
	p.expect("4no, thanks")
	p.expect("6\x1e1")
	p.s.expectEnd(t, engine.ForcedClose, "")
	p.unknown()
}
