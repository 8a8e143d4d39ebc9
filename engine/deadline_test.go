package engine_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

// noPings keeps sessions from ending before the limits strike.
const noPings = time.Hour

// A body that stalls, or comes in drops, has its time and no more.
func TestBodyTimeout(t *testing.T) {
	observe(t, engine.Config{PingInterval: noPings}, func(t *testing.T, f *fixture, n *notes) {
		for _, drops := range []bool{false, true} {
			p := f.open()
			n.take()
			c := newClock(t)
			post := p.posting("4" + strings.Repeat("x", 100))
			if drops {
				for range 29 {
					post.write("4")
					time.Sleep(time.Second)
				}
			}
			post.expect(408, "")
			c.at(engine.DefaultBodyTimeout)
			post.expectEOF()
			p.s.expectEnd(t, engine.TransportError, engine.ErrBodyTimeout.Error())
			n.expect(t, "closed polling: transport error, engine: request body timed out, violation true, after 30s", "refused POST Bad request")
			if e := f.refusedWith(engine.BadRequest); e["name"] != engine.BodyTimeout || e["error"] != engine.ErrBodyTimeout {
				t.Errorf("%v", e)
			}
			p.unknown()
			f.refusedWith(engine.SessionIDUnknown)
			f.refusedWith(engine.SessionIDUnknown)
		}
	})
}

// Bodies that nobody wants are waited for no longer.
func TestBodyTimeoutOfRefused(t *testing.T) {
	bubble(t, &engine.Config{PingInterval: noPings, CORS: &engine.CORS{}, Limits: engine.Limits{BodyTimeout: 3 * time.Second}}, func(t *testing.T, f *fixture) {
		for _, request := range []string{"POST /?EIO=4&transport=polling&sid=x", "GET /?" + handshakeQuery, "OPTIONS /?" + handshakeQuery, "PUT /?transport=tobi"} {
			c := newClock(t)
			w := f.raw(request + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 10\r\n\r\n4")
			_, _ = io.Copy(io.Discard, w.r)
			c.at(3 * time.Second)
		}
	})
}

// The next request of a connection has its own time, and so has what waits between.
func TestDeadlinesAreForOneRequest(t *testing.T) {
	cfg := &engine.Config{PingInterval: noPings, Limits: engine.Limits{BodyTimeout: 3 * time.Second, ResponseTimeout: 2 * time.Second}}
	bubble(t, cfg, func(t *testing.T, f *fixture) {
		room := make(chan struct{})
		p := f.open()
		w := f.raw("")
		for range 3 {
			w.write("POST /?" + p.query + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n4")
			time.Sleep(2 * time.Second)
			w.write("x")
			w.response().is(f, 200, "ok")
			time.Sleep(10 * time.Second)
			w.write("GET /?" + p.query + " HTTP/1.1\r\nHost: x\r\n\r\n")
			time.Sleep(10 * time.Second) // much longer than either
			p.s.text(t, strings.Repeat("x", 10_000))
			w.response().is(f, 200, "4"+strings.Repeat("x", 10_000))
			time.Sleep(10 * time.Second)
		}
		// A POST that the receiver keeps waiting is not a slow one.
		p.s.onMessage = func([]byte, bool) <-chan struct{} { return room }
		w.write("POST /?" + p.query + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n4x")
		time.Sleep(time.Minute)
		close(room)
		w.response().is(f, 200, "ok")
		// Nor does a WebSocket inherit anything.
		w.write(wsRequest(wsQuery + "&sid=" + p.s.ID()))
		w.response()
		w.text("2probe")
		w.expect("3probe")
		w.text("5")
		time.Sleep(time.Minute)
		p.s.text(t, "still here")
		w.expect("4still here")
		p.s.alive(t)
	})
}

func TestResponseTimeout(t *testing.T) {
	for name, header := range map[string]string{"plain": "", "packed": "Accept-Encoding: gzip\r\n"} {
		bubble(t, &engine.Config{PingInterval: noPings, Limits: engine.Limits{ResponseTimeout: 20 * time.Second}}, func(t *testing.T, f *fixture) {
			p := f.open()
			p.s.text(t, noise(100_000))
			c := newClock(t)
			w := f.raw("GET /?" + p.query + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n")
			if resp, err := http.ReadResponse(w.r, nil); err != nil || resp.StatusCode != 200 {
				t.Fatal(name, resp, err)
			}
			p.s.expectEnd(t, engine.TransportError, engine.ErrResponseTimeout.Error()) // nobody reads on
			c.at(20 * time.Second)
			_, _ = io.Copy(io.Discard, w.r) // the connection ends
			p.unknown()
		})
	}
}

// noise does not get smaller by compression.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = ' ' + byte(x>>24)%90
	}
	return string(b)
}

// A shorter timeout of http.Server holds, and is left alone.
func TestTimeoutsOfTheHTTPServer(t *testing.T) {
	bubble(t, &engine.Config{PingInterval: noPings}, func(t *testing.T, f *fixture) {
		p := f.open()
		c := newClock(t)
		post := p.posting("4x")
		post.expect(408, "")
		c.at(5 * time.Second)
		p.s.expectEnd(t, engine.TransportError, engine.ErrBodyTimeout.Error())

		p = f.open()
		p.s.text(t, noise(100_000))
		c = newClock(t)
		f.raw("GET /?" + p.query + " HTTP/1.1\r\nHost: x\r\n\r\n")
		p.s.expectEnd(t, engine.TransportError, engine.ErrResponseTimeout.Error())
		c.at(7 * time.Second)
	}, func(f *fixture) {
		f.configure = func(s *http.Server) { s.ReadTimeout, s.WriteTimeout = 5*time.Second, 7*time.Second }
	})
}

// What has no deadlines is served without.
func TestNoDeadlines(t *testing.T) {
	f := serve(t, nil, func(f *fixture) {
		f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f.srv.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		})
	})
	p := f.open()
	p.send("4x")
	p.s.expect(t, "x")
	p.s.text(t, strings.Repeat("x", 100_000))
	p.expect("4" + strings.Repeat("x", 100_000))

	for _, r := range []*http.Request{
		httptest.NewRequest("POST", "/?"+p.query, strings.NewReader("4y")),
		httptest.NewRequest("GET", "/?"+handshakeQuery, nil),
	} {
		w := httptest.NewRecorder()
		f.srv.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	p.s.expect(t, "y")
}

// A middleware in front of the handling that hides deadlines does not make them stay.
func TestDeadlineBehindMiddleware(t *testing.T) {
	cfg := &engine.Config{PingInterval: noPings, Limits: engine.Limits{BodyTimeout: 3 * time.Second}, Middleware: []func(http.Handler) http.Handler{
		func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(struct{ http.ResponseWriter }{w}, r) })
		},
	}}
	bubble(t, cfg, func(t *testing.T, f *fixture) {
		p, room := f.open(), make(chan struct{})
		p.s.onMessage = func([]byte, bool) <-chan struct{} { return room }
		w := f.raw("POST /?" + p.query + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n4x")
		time.Sleep(time.Minute)
		close(room)
		w.response().is(f, 200, "ok")
		w.write("POST /?" + p.query + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n4")
		w.response().is(f, 408, "")
	})
}

// A WebSocket handshake that stalls is net/http's to end; one that got through and
// goes no further, the heartbeat's, or that of the upgrade's timeout.
func TestStalledWebSockets(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		c := newClock(t)
		w := f.raw(strings.TrimSuffix(wsRequest(wsQuery), "\r\n"))
		w.expectEOF()
		c.at(4 * time.Second)

		_, s := f.openWS()
		s.expectEnd(t, engine.PingTimeout, "")
		c.at(45 * time.Second)

		// Nobody reads what the server answers, not even the 101.
		f.raw(wsRequest(wsQuery))
		f.session().expectEnd(t, engine.PingTimeout, "")

		p := f.open()
		f.raw(wsRequest(wsQuery + "&sid=" + p.s.ID()))
		eventually(t, "a candidate", p.s.Upgrading)
		time.Sleep(engine.DefaultUpgradeTimeout + time.Second)
		if p.s.Upgrading() {
			t.Error("still upgrading")
		}
		p.s.alive(t)
		p.s.Abort()
	}, func(f *fixture) {
		f.configure = func(s *http.Server) { s.ReadHeaderTimeout = 4 * time.Second }
	})
}
