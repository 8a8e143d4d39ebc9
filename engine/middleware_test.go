package engine_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio/engine"
)

// visits is a middleware that knows its visitor by a cookie, as those of web
// frameworks do, and counts the visits of those it knows.
func visits(known *atomic.Int32) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, err := r.Cookie("sid"); err == nil && c.Value == "visitor" {
				known.Add(1)
			} else {
				http.SetCookie(w, &http.Cookie{Name: "sid", Value: "visitor"})
			}
			next.ServeHTTP(&wrapper{w}, r)
		})
	}
}

// The middlewares of the configuration run in order, for every request, behind CORS.
func TestConfigMiddleware(t *testing.T) {
	var mu sync.Mutex
	var calls []string
	note := func(name string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				calls = append(calls, name)
				mu.Unlock()
				w.Header().Add("X-Order", name)
				if r.URL.Query().Get("stop") == name {
					http.Error(w, "stopped", http.StatusUnauthorized)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	var known atomic.Int32
	f := serve(t, &engine.Config{
		CORS:       &engine.CORS{Origins: []string{"http://page"}, Credentials: true},
		MaxPayload: 10,
		Middleware: []func(http.Handler) http.Handler{note("first"), note("second"), visits(&known)},
	})
	order := []string{"X-Order", "first; second", "Access-Control-Allow-Origin", "http://page"}
	origin := []string{"Origin", "http://page"}

	r := f.do("GET", handshakeQuery, "", origin...).has(f, append(order, "Set-Cookie", "sid=visitor")...)
	if r.status != 200 {
		t.Fatalf("status %d", r.status)
	}
	cookie := append(slices.Clone(origin), "Cookie", "sid=visitor")
	s := f.session()
	query := handshakeQuery + "&sid=" + s.ID()
	f.do("POST", query, "4x", cookie...).is(f, 200, "ok").has(f, append(order, "Set-Cookie", "")...)
	s.expect(t, "x")
	f.do("POST", query, "4"+"0123456789", cookie...).is(f, 413, "").has(f, order...)
	f.raw(wsRequest(wsQuery, origin...)).response().is(f, 101, "").has(f, append(order, "Set-Cookie", "sid=visitor")...)
	f.raw(wsRequest(wsQuery, cookie...)).response().is(f, 101, "").has(f, append(order, "Set-Cookie", "")...)
	if n := known.Load(); n != 3 {
		t.Errorf("%d visits with the cookie", n)
	}

	mu.Lock()
	calls = nil
	mu.Unlock()
	f.do("OPTIONS", handshakeQuery, "", origin...).is(f, 204, "")
	f.do("GET", handshakeQuery+"&stop=first", "", origin...).is(f, 401, "stopped\n").has(f, "X-Order", "first", "Access-Control-Allow-Origin", "http://page")
	f.raw(wsRequest(wsQuery+"&stop=second", origin...)).response().is(f, 401, "stopped\n").has(f, "X-Order", "first; second")
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"first", "first", "second"}; !slices.Equal(calls, want) {
		t.Errorf("called %q, want %q", calls, want)
	}
}

// Hooks for headers are not called for handshakes that are refused, or while the
// server shuts down.
func TestHeaderHooksOfRefusedHandshakes(t *testing.T) {
	hook := func(http.Header, *http.Request) { t.Error("called") }
	f := serve(t, &engine.Config{OnInitialHeaders: hook, OnHeaders: hook}, func(f *fixture) {
		f.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("hide") {
				w = struct{ http.ResponseWriter }{w}
			}
			f.srv.ServeHTTP(w, r)
		})
	})
	f.raw(strings.Replace(wsRequest(wsQuery), "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 7", 1)).response().is(f, 400, "Bad request")
	f.refusedWith(engine.BadRequest)
	f.raw(wsRequest(wsQuery+"&hide")).response().is(f, 400, "Bad request")
	// Whoever has written that middleware reads what is wrong with it.
	err, _ := f.refusedWith(engine.BadRequest)["error"].(error)
	if !errors.Is(err, http.ErrNotSupported) || !strings.Contains(err.Error(), "neither Hijack nor Unwrap") || !strings.Contains(err.Error(), "struct {") {
		t.Errorf("error %v", err)
	}
	f.srv.StopAccepting()
	f.raw(wsRequest(wsQuery)).response().is(f, 503, "").has(f, "Retry-After", "1")
	f.do("GET", handshakeQuery, "").is(f, 503, "")
}

// A hook that panics ends its request, and does not keep the server from closing.
func TestPanicOfHeaderHook(t *testing.T) {
	f := serve(t, &engine.Config{OnHeaders: func(http.Header, *http.Request) { panic(http.ErrAbortHandler) }})
	f.raw(wsRequest(wsQuery)).expectEOF()
}

// What is there goes on after StopAccepting, and can still be upgraded.
func TestStopAccepting(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	f.srv.StopAccepting()
	f.do("GET", handshakeQuery, "").is(f, 503, "").has(f, "Retry-After", "1")
	f.raw(wsRequest(wsQuery)).response().is(f, 503, "").has(f, "Retry-After", "1")
	p.send("4x")
	p.s.expect(t, "x")
	w := p.upgrade()
	w.text("4y")
	p.s.expect(t, "y")
	p.s.text(t, "z")
	w.expect("4z")
}

// A token that a page brings as a subprotocol can be read; what else only
// makes a WebSocket handshake is not kept.
func TestSubprotocolInHandshake(t *testing.T) {
	f := serve(t, nil)
	_, s := f.openWS("Sec-WebSocket-Protocol", "bearer, token")
	h := s.Handshake().Header()
	if h.Get("Sec-Websocket-Protocol") != "bearer, token" || h.Get("Sec-Websocket-Key") != "" || h.Get("Upgrade") != "" || h.Get("Connection") != "" {
		t.Errorf("headers %v", h)
	}
}
