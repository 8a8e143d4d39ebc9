package engine_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

// from lets all requests come from an address, or from that in the header From.
func from(address string) func(*fixture) {
	return func(f *fixture) {
		next := f.handler
		f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.RemoteAddr = address; r.Header.Get("From") != "" {
				r.RemoteAddr = r.Header.Get("From")
			}
			next.ServeHTTP(w, r)
		})
	}
}

// limited checks that a handshake was refused because of a limit.
func (f *fixture) limited(r response, status int, retryAfter, name string) {
	f.t.Helper()
	if r.status != status || !strings.Contains(r.body, "Too many connections") {
		f.t.Errorf("answered %d %q, want %d", r.status, r.body, status)
	}
	r.has(f, "Retry-After", retryAfter)
	if got := f.refusedWith(engine.Forbidden)["name"]; got != name {
		f.t.Errorf("refused because of %v, want %s", got, name)
	}
}

func (f *fixture) handshake(header ...string) response {
	return f.do("GET", handshakeQuery, "", header...)
}

func TestMaxConnections(t *testing.T) {
	f := serve(t, &engine.Config{MaxConnections: 2})
	w, s := f.openWS()
	p := f.open()
	f.limited(f.handshake(), 503, "10", engine.TooManyConnections)
	f.limited(f.raw(wsRequest(wsQuery)).response(), 503, "10", engine.TooManyConnections)
	p.upgrade().text("4x") // which is no new one
	p.s.expect(t, "x")
	_ = w.conn.Close()
	s.expectEnd(t, engine.TransportClose, "EOF")
	eventuallyAdmitted(f)
	f.limited(f.handshake(), 503, "10", engine.TooManyConnections)
}

// eventuallyAdmitted waits until a handshake is let in.
func eventuallyAdmitted(f *fixture) {
	f.t.Helper()
	eventually(f.t, "there is room again", func() bool { return f.handshake().status == 200 })
	f.session()
	for len(f.refused) > 0 {
		<-f.refused
	}
}

func TestMaxConnectionsPerAddress(t *testing.T) {
	f := serve(t, &engine.Config{MaxConnectionsPerAddress: 2}, from("1.1.1.1:1"))
	f.open()
	f.openWS()
	f.limited(f.handshake(), 429, "10", engine.TooManyConnectionsOfAddress)
	f.limited(f.raw(wsRequest(wsQuery)).response(), 429, "10", engine.TooManyConnectionsOfAddress)
	f.open("From", "1.1.1.2:1") // another one
	f.open("From", "1.1.1.2:7")
	f.limited(f.handshake("From", "[::ffff:1.1.1.2]:1"), 429, "10", engine.TooManyConnectionsOfAddress)
	// All addresses of a network are one.
	f.open("From", "[2001:db8:1:2::1]:1")
	f.open("From", "[2001:db8:1:2:ffff::]:1")
	f.limited(f.handshake("From", "[2001:db8:1:2::3%eth0]:1"), 429, "10", engine.TooManyConnectionsOfAddress)
	f.open("From", "[2001:db8:1:3::1]:1")
	for range 5 {
		f.open("From", "@") // over a Unix socket
	}
}

// However sessions end, and handshakes fail, there is room again for as many.
func TestConnectionsAreCountedDown(t *testing.T) {
	ways := map[string]func(t *testing.T, f *fixture){
		"the client of a WebSocket goes": func(t *testing.T, f *fixture) {
			w, s := f.openWS()
			_ = w.conn.Close()
			s.expectEnd(t, engine.TransportClose, "EOF")
		},
		"the client closes": func(t *testing.T, f *fixture) {
			p := f.open()
			p.send("1")
			p.s.expectEnd(t, engine.TransportClose, "")
		},
		"the server closes": func(t *testing.T, f *fixture) {
			_, s := f.openWS()
			s.Close()
			s.expectEnd(t, engine.ForcedClose, "")
		},
		"the server aborts": func(t *testing.T, f *fixture) {
			p := f.open()
			p.s.Abort()
			p.s.expectEnd(t, engine.ForcedClose, "")
		},
		"parse error": func(t *testing.T, f *fixture) {
			w, s := f.openWS()
			w.text("x")
			s.expectEnd(t, engine.ParseError, "eio: malformed packet")
		},
		"ended in accept": func(t *testing.T, f *fixture) {
			f.prepare = func(s *session) { s.Abort() }
			_ = f.handshake()
			s := f.session()
			f.prepare = nil
			s.expectEnd(t, engine.ForcedClose, "")
		},
		"bad WebSocket handshake": func(t *testing.T, f *fixture) {
			_ = f.do("GET", wsQuery, "", "Connection", "Upgrade", "Upgrade", "websocket")
			f.refusedWith(engine.BadRequest)
		},
		"no id": func(t *testing.T, f *fixture) {
			_ = f.handshake("No-Id", "1")
			f.refusedWith(engine.BadRequest)
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			const most = 3
			f := serve(t, &engine.Config{
				MaxConnections: most, MaxConnectionsPerAddress: most,
				GenerateID: func(r *http.Request) (string, error) {
					if r.Header.Get("No-Id") != "" {
						return "", fmt.Errorf("no id")
					}
					return engine.NewID(), nil
				},
			}, from("1.1.1.1:1"))
			for range 2 * most {
				way(t, f)
			}
			for range most {
				f.open()
			}
			f.limited(f.handshake(), 503, "10", engine.TooManyConnections)
		})
	}
}

func TestHandshakeRate(t *testing.T) {
	bubble(t, &engine.Config{HandshakeRate: engine.Rate{PerSecond: 0.5, Burst: 3}}, func(t *testing.T, f *fixture) {
		for range 3 {
			f.open()
		}
		f.limited(f.handshake(), 503, "2", engine.HandshakeRateInAll)
		time.Sleep(time.Second)
		f.limited(f.handshake(), 503, "1", engine.HandshakeRateInAll)
		time.Sleep(time.Second)
		p := f.open()
		f.limited(f.handshake(), 503, "2", engine.HandshakeRateInAll)
		p.send("4x") // nothing but handshakes
		p.s.expect(t, "x")
	})
}

func TestHandshakeRatePerAddress(t *testing.T) {
	cfg := &engine.Config{HandshakeRatePerAddress: engine.Rate{PerSecond: 1}, TrustedProxies: prefixes("10.0.0.0/8")}
	bubble(t, cfg, func(t *testing.T, f *fixture) {
		for i := range 5 {
			client := "1.1.1." + strconv.Itoa(i)
			f.open("X-Forwarded-For", client)
			f.handshake("X-Forwarded-For", client).has(f, "Retry-After", "1")
			context := f.refusedWith(engine.Forbidden)
			if context["name"] != engine.HandshakeRateOfAddress || context["address"] != client {
				t.Errorf("context %v", context)
			}
		}
		time.Sleep(time.Hour) // fills up to one only
		f.open("X-Forwarded-For", "1.1.1.1")
		f.limited(f.handshake("X-Forwarded-For", "1.1.1.1"), 429, "1", engine.HandshakeRateOfAddress)
	})
}

// Refused handshakes count, so that guessing costs.
func TestRefusedHandshakesCount(t *testing.T) {
	asked := 0
	cfg := &engine.Config{
		HandshakeRate: engine.Rate{PerSecond: 2},
		AllowRequest:  func(*http.Request) error { asked++; return fmt.Errorf("no") },
	}
	bubble(t, cfg, func(t *testing.T, f *fixture) {
		for range 2 {
			_ = f.handshake()
			f.refusedWith(engine.Forbidden)
		}
		f.limited(f.handshake(), 503, "1", engine.HandshakeRateInAll)
		if asked != 2 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// Those who are told of refusals hear of a server that closes as well.
func TestRefusalsOfAClosingServer(t *testing.T) {
	f := serve(t, nil)
	f.srv.StopAccepting()
	f.handshake().is(f, 503, "")
	if name := f.refusedWith(engine.BadRequest)["name"]; name != engine.ServerClosing {
		t.Errorf("polling: %v", name)
	}
	f.raw(wsRequest(wsQuery)).response().is(f, 503, "")
	if name := f.refusedWith(engine.BadRequest)["name"]; name != engine.ServerClosing {
		t.Errorf("WebSocket: %v", name)
	}
}
