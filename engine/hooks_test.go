package engine_test

import (
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio/engine"
)

func TestHeaderHooks(t *testing.T) {
	calls := make(chan string, 64)
	f := serve(t, &engine.Config{
		Cookie: engine.NewCookie(),
		OnInitialHeaders: func(h http.Header, r *http.Request) {
			h.Add("Set-Cookie", "mine=1")
			h.Set("X-Both", "initial")
			calls <- "initial " + r.Method + " " + r.URL.Query().Get("transport")
		},
		OnHeaders: func(h http.Header, r *http.Request) {
			h.Set("X-All", "yes")
			h.Add("X-Both", "all")
			calls <- "all " + r.Method + " " + r.URL.Query().Get("transport")
		},
	})
	called := func(want ...string) {
		t.Helper()
		var got []string
		for len(calls) > 0 {
			got = append(got, <-calls)
		}
		if !slices.Equal(got, want) {
			t.Errorf("called %q, want %q", got, want)
		}
	}

	r := f.do("GET", handshakeQuery, "")
	s := f.session()
	r.has(f, "X-All", "yes", "X-Both", "initial; all", "Set-Cookie", "io="+s.ID()+"; Path=/; HttpOnly; SameSite=Lax; mine=1")
	called("initial GET polling", "all GET polling")
	p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
	s.text(t, "x")
	p.expect("4x").has(f, "X-All", "yes", "X-Both", "all", "Set-Cookie", "")
	called("all GET polling")
	f.do("POST", p.query, "4x").is(f, 200, "ok").has(f, "X-All", "yes", "X-Both", "all")
	called("all POST polling")
	// Errors are not announced.
	for _, r := range []response{
		f.do("GET", "EIO=4&transport=tobi", ""), f.do("GET", handshakeQuery+"&sid=x", ""), f.do("PUT", p.query, ""),
		f.raw(wsRequest("EIO=4&transport=tobi")).response(),
	} {
		r.has(f, "X-All", "")
	}
	called()

	poll := p.pending()
	w := p.probe()
	p.expectFrom(poll, 200, "6").has(f, "X-All", "yes")
	called("all GET websocket", "all GET polling")
	w.text("5")
	if got := w.header.Get("X-All"); got != "yes" || w.header.Get("Set-Cookie") != "" {
		t.Errorf("headers of the upgrade %v", w.header)
	}

	w, _ = f.openWS()
	if !slices.Equal(w.header["X-Both"], []string{"initial", "all"}) || w.header.Get("Set-Cookie") != "mine=1" {
		t.Errorf("headers of a handshake by WebSocket %v", w.header)
	}
	called("initial GET websocket", "all GET websocket")
}

// A net/http middleware around the server sets headers on every answer, the
// 101 too, sees every request, and can end it.
func TestMiddleware(t *testing.T) {
	var requests atomic.Int32
	f := serve(t, &engine.Config{MaxPayload: 10}, func(f *fixture) {
		f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests.Add(1)
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "abc"})
			if r.URL.Query().Get("user") == "nobody" {
				http.Error(w, "who?", http.StatusUnauthorized)
				return
			}
			f.srv.ServeHTTP(&wrapper{w}, r)
		})
	})
	headers := []string{"Content-Security-Policy", "default-src 'self'", "Set-Cookie", "session=abc"}
	f.do("GET", handshakeQuery, "").has(f, headers...)
	s := f.session()
	p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
	f.do("POST", p.query, "4x").is(f, 200, "ok").has(f, headers...)
	f.do("POST", p.query, "4"+"0123456789").is(f, 413, "").has(f, headers...)
	f.raw(wsRequest(wsQuery)).response().is(f, 101, "").has(f, headers...)
	f.do("GET", handshakeQuery+"&user=nobody", "").is(f, 401, "who?\n")
	f.raw(wsRequest(wsQuery+"&user=nobody")).response().is(f, 401, "who?\n")
	if n := requests.Load(); n != 6 {
		t.Errorf("%d requests were seen", n)
	}
	p.upgrade()
	s.expect(t, "x")
}

// wrapper is a ResponseWriter of a middleware that forwards what
// http.ResponseController asks for.
type wrapper struct{ http.ResponseWriter }

func (w *wrapper) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A middleware whose ResponseWriter hides the connection makes WebSockets
// impossible, and nothing worse.
func TestMiddlewareThatHidesTheConnection(t *testing.T) {
	f := serve(t, nil, func(f *fixture) {
		f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f.srv.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		})
	})
	f.raw(wsRequest(wsQuery)).response().is(f, 400, "Bad request")
	if c := f.refusedWith(engine.BadRequest); c["name"] != engine.TransportHandshakeError {
		t.Errorf("context %v", c)
	}
	p := f.open()
	f.raw(wsRequest(wsQuery+"&sid="+p.s.ID())).response().is(f, 400, "Bad request")
	p.send("4x")
	p.s.expect(t, "x")
	// A POST that is being received cannot be cut short then, but the session ends.
	post := p.posting("4abc")
	p.s.Abort()
	p.s.expectEnd(t, engine.ForcedClose, "")
	post.finish("4abc")
	post.expect(200, "ok")
	if len(p.s.messages) != 0 {
		t.Error("a message after the end")
	}
}

// Two servers on one http.Server do not interfere.
func TestTwoServers(t *testing.T) {
	f := serve(t, nil, func(f *fixture) {
		mux := http.NewServeMux()
		mux.Handle("/engine.io/", f.srv)
		other := engine.NewServer(nil, func(*engine.Session) engine.Receiver { t.Error("session of the other"); return nil })
		mux.Handle("/other/", other)
		f.handler = mux
	})
	p := f.open()
	f.refuseAt("/other/?"+p.query, 400, `{"code":1,"message":"Session ID unknown"}`)
	f.refuseAt("/elsewhere?"+p.query, 404, "404 page not found\n")
	w := p.upgrade()
	p.s.text(t, "x")
	w.expect("4x")
}

// The path is the router's business: what follows the prefix does not matter.
func TestPath(t *testing.T) {
	f := serve(t, nil)
	for _, path := range []string{"/", "/engine.io/", "/engine.io/foo/bar"} {
		f.refuseAt(path+"?EIO=4", 400, `{"code":0,"message":"Transport unknown"}`)
	}
}

func (f *fixture) refuseAt(target string, status int, body string) {
	f.t.Helper()
	req, err := http.NewRequest("GET", "http://"+host+target, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	r, err := f.roundTrip(req)
	if err != nil {
		f.t.Fatal(err)
	}
	r.is(f, status, body)
}
