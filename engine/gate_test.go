package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

// refusedFor checks that both transports are refused, and what the application is told.
func (f *fixture) refusedFor(status int, retry, name string, want error, header ...string) {
	f.t.Helper()
	for len(f.refused) > 0 {
		<-f.refused
	}
	f.do("GET", handshakeQuery, "", header...).is(f, status, "").has(f, "Retry-After", retry, "Content-Length", "0")
	f.raw(wsRequest(wsQuery, header...)).response().is(f, status, "").has(f, "Retry-After", retry)
	for range 2 {
		e := get(f.t, "report", f.refused)
		if e.Code != engine.BadRequest || e.Context["name"] != name || !errors.Is(e, want) {
			f.t.Errorf("reported %v, %v", e, e.Context)
		}
	}
}

// from is the header of a client behind a proxy.
func from(address string) []string { return []string{"X-Forwarded-For", address} }

func TestMaxConnections(t *testing.T) {
	f := serve(t, &engine.Config{Limits: engine.Limits{MaxConnections: 2}})
	p := f.open()
	_, s := f.openWS()
	f.refusedFor(503, "10", engine.TooManyConnections, engine.ErrTooManyConnections)
	p.upgrade() // is no new one
	s.Abort()
	f.openWS()
	f.refusedFor(503, "10", engine.TooManyConnections, engine.ErrTooManyConnections)
}

func TestMaxConnectionsPerAddress(t *testing.T) {
	f := serve(t, &engine.Config{TrustedProxies: fromLoopback, Limits: engine.Limits{MaxConnectionsPerAddress: 2}})
	for _, c := range []struct{ first, second, third, other string }{
		{"192.0.2.1", "192.0.2.1:99", "::ffff:192.0.2.1", "192.0.2.2"},
		{"2001:db8::1", "[2001:db8::2:2:2:2]:1", "2001:db8::ffff", "2001:db8:0:1::1"}, // a /64 is one
	} {
		f.open(from(c.first)...)
		_, s := f.openWS(from(c.second)...)
		f.refusedFor(429, "10", engine.TooManyConnections, engine.ErrTooManyConnections, from(c.third)...)
		f.open(from(c.other)...)
		s.Abort()
		f.openWS(from(c.third)...)
		f.refusedFor(429, "10", engine.TooManyConnections, engine.ErrTooManyConnections, from(c.first)...)
	}
}

// A session gives its place back once, however it ends; so does a handshake that
// makes none.
func TestPlacesAreGivenBack(t *testing.T) {
	headers := func(_ http.Header, r *http.Request) {
		if r.Header.Get("X-Panic") == "headers" {
			panic(http.ErrAbortHandler)
		}
	}
	panics := func(in string) func(*http.Request) {
		return func(r *http.Request) {
			if r.Header.Get("X-Panic") == in {
				panic(http.ErrAbortHandler)
			}
		}
	}
	cfg := &engine.Config{
		PingInterval: time.Hour, MaxPayload: 1000, MaxQueue: 1000,
		TrustedProxies: fromLoopback,
		Limits:         engine.Limits{MaxConnections: 1, MaxConnectionsPerAddress: 1},
		AllowRequest: func(r *http.Request) error {
			if r.Header.Get("X-Change") != "" {
				r.RemoteAddr, r.Header = "192.0.2.9:1", http.Header{}
			}
			if r.Header.Get("X-Forbidden") != "" {
				return errors.New("no")
			}
			return nil
		},
		GenerateID: func(r *http.Request) (string, error) {
			panics("id")(r)
			if r.Header.Get("X-No-Id") != "" {
				return "", errors.New("no id")
			}
			return engine.NewID(), nil
		},
		ConnContext: func(r *http.Request) context.Context {
			panics("context")(r)
			return r.Context()
		},
		OnInitialHeaders: headers,
	}
	f := serve(t, cfg, func(f *fixture) {
		f.prepare = func(s *session) {
			switch s.Handshake().Header().Get("X-Accept") {
			case "abort":
				s.Abort()
			case "close":
				s.Close()
			case "panic":
				panic(http.ErrAbortHandler)
			}
		}
		f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Hide") != "" {
				w = struct{ http.ResponseWriter }{w}
			}
			f.srv.ServeHTTP(w, r)
		})
	})
	try := func(ws bool, header ...string) func() {
		return func() {
			if ws {
				w := f.raw(wsRequest(wsQuery, header...))
				_, _ = http.ReadResponse(w.r, nil)
				return
			}
			_, _ = f.try("GET", handshakeQuery, "", header...)
		}
	}
	for name, end := range map[string]func(){
		"polling aborted":        func() { f.open().s.Abort() },
		"polling closed":         func() { p := f.open(); p.s.Close(); p.expect("6\x1e1") },
		"polling closed twice":   func() { p := f.open(); p.s.Abort(); p.s.Close(); p.s.Abort() },
		"polling, client closes": func() { f.open().send("1") },
		"polling, parse error":   func() { f.open().send("x") },
		"polling, overlap": func() {
			p := f.open()
			p.pending()
			p.poll()
		},
		"polling, queue full": func() {
			p := f.open()
			p.s.text(t, strings.Repeat("x", 900))
			_ = p.s.Send(make([]byte, 900), false)
		},
		"polling, POST cut off": func() { _ = f.open().posting("4x").conn.Close() },
		"polling, a poll cut off": func() {
			p := f.open()
			w := f.raw("GET /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
			eventually(t, "a poll", p.s.Writable)
			_ = w.conn.Close()
		},
		"upgraded, aborted":     func() { p := f.open(); p.upgrade(); p.s.Abort() },
		"upgraded, client gone": func() { _ = f.open().upgrade().conn.Close() },
		"upgrading, aborted":    func() { p := f.open(); p.probe(); p.s.Abort() },
		"upgrading, both gone":  func() { p := f.open(); _ = p.probe().conn.Close(); p.send("1") },
		"websocket aborted":     func() { _, s := f.openWS(); s.Abort() },
		"websocket closed":      func() { _, s := f.openWS(); s.Close() },
		"websocket, gone":       func() { w, _ := f.openWS(); _ = w.conn.Close() },
		"websocket, close":      func() { w, _ := f.openWS(); w.write(wsFrame(0x88, "")) },
		"websocket, client's 1": func() { w, _ := f.openWS(); w.text("1") },
		"websocket, rubbish":    func() { w, _ := f.openWS(); w.text("rubbish") },
		"websocket, protocol":   func() { w, _ := f.openWS(); w.write("\xff\xff\xff\xff") },
		"websocket, too large":  func() { w, _ := f.openWS(); w.text("4" + strings.Repeat("x", 2000)) },
		"forbidden":             try(false, "X-Forbidden", "1"),
		"forbidden websocket":   try(true, "X-Forbidden", "1"),
		"no id":                 try(false, "X-No-Id", "1"),
		"no id for websocket":   try(true, "X-No-Id", "1"),
		"no version": func() {
			f.raw(strings.Replace(wsRequest(wsQuery), "Version: 13", "Version: 7", 1)).response().is(f, 400, "Bad request")
		},
		"no hijack":           try(true, "X-Hide", "1"),
		"panic of id":         try(false, "X-Panic", "id"),
		"panic of context":    try(false, "X-Panic", "context"),
		"panic of headers":    try(false, "X-Panic", "headers"), // when it has begun
		"panic of ws headers": try(true, "X-Panic", "headers"),
		"ended at once":       try(false, "X-Accept", "abort"),
		"ws ended at once":    try(true, "X-Accept", "abort"),
		"ws closed at once":   try(true, "X-Accept", "close"),
		"panic of accept":     try(false, "X-Accept", "panic"),
		"another transport": func() {
			w := f.dialWS(handshakeQuery)
			w.expectClose(1005, "")
		},
		"address changed by a hook": func() { f.open("X-Change", "1").s.Abort() },
	} {
		end()
		if name == "panic of headers" { // nobody knows the session, which waits for its ping to fail
			f.session().Abort()
		}
		eventually(t, "no place taken after "+name, func() bool { return f.srv.Places() == 0 })
		for len(f.sessions) > 0 {
			<-f.sessions
		}
		// Given back once: exactly one place is there.
		p := f.open()
		f.do("GET", handshakeQuery, "").is(f, 429, "")
		p.s.Abort()
		eventually(t, "no place taken", func() bool { return f.srv.Places() == 0 })
	}
}

// Sessions that end with the server do, too; and those whose clients say nothing.
func TestPlacesAfterTimeouts(t *testing.T) {
	bubble(t, &engine.Config{Limits: engine.Limits{MaxConnectionsPerAddress: 10}}, func(t *testing.T, f *fixture) {
		p, q := f.open(), f.open()
		_, s := f.openWS()
		q.s.Close() // and never polls
		if n := f.srv.Places(); n != 3 {
			t.Fatalf("%d places", n)
		}
		time.Sleep(2 * time.Minute)
		p.s.expectEnd(t, engine.PingTimeout, "")
		s.expectEnd(t, engine.PingTimeout, "")
		q.s.expectEnd(t, engine.ForcedClose, "")
		if n := f.srv.Places(); n != 0 {
			t.Errorf("%d places", n)
		}
		f.open()
		f.openWS()
		_ = f.srv.Close()
		if n := f.srv.Places(); n != 0 {
			t.Errorf("%d places", n)
		}
		f.do("GET", handshakeQuery, "")
		if n := f.srv.Places(); n != 0 {
			t.Errorf("%d places", n)
		}
	})
}

func TestHandshakeRate(t *testing.T) {
	asked := 0
	cfg := &engine.Config{
		Limits:       engine.Limits{HandshakeRate: engine.Rate{Count: 4, Per: 8 * time.Second}},
		AllowRequest: func(*http.Request) error { asked++; return nil },
	}
	bubble(t, cfg, func(t *testing.T, f *fixture) {
		for range 2 {
			f.open().s.Abort()
			_, s := f.openWS()
			s.Abort()
		}
		f.refusedFor(503, "2", engine.TooManyHandshakes, engine.ErrTooManyHandshakes)
		if asked != 4 {
			t.Errorf("AllowRequest was called %d times", asked)
		}
		time.Sleep(1500 * time.Millisecond)
		f.refusedFor(503, "1", engine.TooManyHandshakes, engine.ErrTooManyHandshakes)
		time.Sleep(500 * time.Millisecond)
		f.open().s.Abort()
		f.refusedFor(503, "2", engine.TooManyHandshakes, engine.ErrTooManyHandshakes)
		time.Sleep(time.Hour) // saves up no more than Count
		for range 4 {
			f.open().s.Abort()
		}
		f.refusedFor(503, "2", engine.TooManyHandshakes, engine.ErrTooManyHandshakes)
	})
}

func TestHandshakeRatePerAddress(t *testing.T) {
	bubble(t, &engine.Config{
		TrustedProxies: fromLoopback,
		Limits:         engine.Limits{HandshakeRatePerAddress: engine.Rate{Count: 2, Per: time.Minute}, HandshakeRate: engine.Rate{Count: 5, Per: time.Minute}},
	}, func(t *testing.T, f *fixture) {
		for _, address := range []string{"192.0.2.1", "2001:db8::1"} {
			for range 2 {
				f.open(from(address)...)
			}
			f.refusedFor(429, "30", engine.TooManyHandshakes, engine.ErrTooManyHandshakes, from(address)...)
		}
		f.open(from("192.0.2.2")...) // those that were refused do not count for all
		f.refusedFor(503, "12", engine.TooManyHandshakes, engine.ErrTooManyHandshakes, from("192.0.2.3")...)
		time.Sleep(30 * time.Second)
		f.open(from("192.0.2.1")...) // nor those for their address that all had to share
		f.refusedFor(429, "30", engine.TooManyHandshakes, engine.ErrTooManyHandshakes, from("192.0.2.1")...)
	})
}

// Whatever addresses come, the memory for them is bounded, and gone after a while.
func TestManyAddresses(t *testing.T) {
	bubble(t, &engine.Config{Limits: engine.Limits{HandshakeRatePerAddress: engine.Rate{Count: 1, Per: time.Minute}}}, func(t *testing.T, f *fixture) {
		most := 0
		for i := range 3 * engine.MaxRecent {
			if refused := f.srv.Arrive(fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff)); refused != nil {
				t.Fatal(refused)
			}
			most = max(most, f.srv.RecentAddresses())
		}
		if most != 2*engine.MaxRecent {
			t.Errorf("%d addresses were kept", most)
		}
		if f.srv.Arrive(fmt.Sprintf("2001:db8:%x:%x::2", (3*engine.MaxRecent-1)>>16, (3*engine.MaxRecent-1)&0xffff)) == nil {
			t.Error("the latest is forgotten")
		}
		time.Sleep(2 * time.Minute)
		f.srv.Arrive("192.0.2.1")
		time.Sleep(2 * time.Minute)
		f.srv.Arrive("192.0.2.2")
		if n := f.srv.RecentAddresses(); n != 2 {
			t.Errorf("%d addresses are kept", n)
		}
	})
}

func TestNoLimits(t *testing.T) {
	f := serve(t, &engine.Config{Limits: engine.Limits{
		MaxConnections: -1, MaxConnectionsPerAddress: -1, BodyTimeout: -1, ResponseTimeout: -1,
		HandshakeRate: engine.Rate{Count: -1}, HandshakeRatePerAddress: engine.Rate{Count: -1},
	}})
	for range 50 {
		f.open()
	}
	f.serves()
}

// Refusals of a server that closes are told, too.
func TestObserveClosing(t *testing.T) {
	observe(t, engine.Config{}, func(t *testing.T, f *fixture, n *notes) {
		f.srv.StopAccepting()
		f.refusedFor(503, "1", engine.ServerClosing, engine.ErrServerClosing)
		n.expect(t, "refused GET Bad request", "refused GET Bad request")
	})
}
