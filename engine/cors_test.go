package engine_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

const (
	good = "https://good.example"
	evil = "https://evil.example"
)

func TestPreflight(t *testing.T) {
	for name, c := range map[string]struct {
		cors    engine.CORS
		origin  string
		asked   string // Access-Control-Request-Headers
		status  int
		headers []string
	}{
		"defaults": {engine.CORS{}, good, "my-header,x", 204, []string{
			"Access-Control-Allow-Origin", "*", "Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE",
			"Access-Control-Allow-Headers", "my-header,x", "Vary", "Access-Control-Request-Headers",
			"Access-Control-Allow-Credentials", "", "Access-Control-Max-Age", "", "Access-Control-Expose-Headers", "",
		}},
		"nothing asked": {engine.CORS{}, "", "", 204, []string{"Access-Control-Allow-Origin", "*", "Access-Control-Allow-Headers", ""}},
		"everything": {engine.CORS{
			Origins: []string{"https://x.example", good}, Methods: []string{"GET", "PUT"}, AllowedHeaders: []string{"a", "b"},
			ExposedHeaders: []string{"c", "d"}, Credentials: true, MaxAge: 123 * time.Second, OptionsStatus: 200,
		}, good, "my-header", 200, []string{
			"Access-Control-Allow-Origin", good, "Access-Control-Allow-Methods", "GET,PUT",
			"Access-Control-Allow-Headers", "a,b", "Vary", "Origin", "Access-Control-Expose-Headers", "c,d",
			"Access-Control-Allow-Credentials", "true", "Access-Control-Max-Age", "123",
		}},
		"credentials for all": {engine.CORS{Credentials: true}, good, "", 204, []string{
			"Access-Control-Allow-Origin", good, "Access-Control-Allow-Credentials", "true",
		}},
		"asterisk in the list": {engine.CORS{Origins: []string{"*"}}, good, "", 204, []string{"Access-Control-Allow-Origin", "*"}},
		"refused origin": {engine.CORS{Origins: []string{good}}, evil, "x", 204, []string{
			"Access-Control-Allow-Origin", "", "Vary", "Origin; Access-Control-Request-Headers",
		}},
		"function, no": {engine.CORS{AllowOrigin: func(string, *http.Request) bool { return false }}, good, "", 204, []string{
			"Access-Control-Allow-Origin", "",
		}},
		"function, yes": {engine.CORS{AllowOrigin: func(o string, r *http.Request) bool { return o == good && r.Method == "OPTIONS" }}, good, "", 204, []string{
			"Access-Control-Allow-Origin", good,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{CORS: &c.cors})
			for _, query := range []string{handshakeQuery, "", handshakeQuery + "&sid=unknown"} { // every OPTIONS is a preflight
				var header []string
				if c.origin != "" {
					header = append(header, "Origin", c.origin)
				}
				if c.asked != "" {
					header = append(header, "Access-Control-Request-Headers", c.asked)
				}
				f.do("OPTIONS", query, "", header...).is(f, c.status, "").has(f, c.headers...)
			}
			if len(f.refused) != 0 || f.srv.Len() != 0 {
				t.Error("a preflight went further")
			}
		})
	}
}

func TestCORSOnAnswers(t *testing.T) {
	f := serve(t, &engine.Config{MaxPayload: 10, CORS: &engine.CORS{
		Origins: []string{good}, Credentials: true, ExposedHeaders: []string{"x-a"}, Methods: []string{"GET"}, MaxAge: time.Hour,
	}})
	check := func(r response) {
		t.Helper()
		r.has(f, "Access-Control-Allow-Origin", good, "Access-Control-Allow-Credentials", "true", "Vary", "Origin",
			"Access-Control-Expose-Headers", "x-a", "Access-Control-Allow-Methods", "", "Access-Control-Max-Age", "")
	}
	origin := []string{"Origin", good}
	r := f.do("GET", handshakeQuery, "", origin...)
	check(r)
	s := f.session()
	p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
	s.text(t, "x")
	r = p.poll(origin...)
	check(r.is(f, 200, "4x"))
	check(f.do("POST", p.query, "4x", origin...).is(f, 200, "ok"))
	// Errors carry the headers, too, so that a page can read them.
	check(f.do("GET", "EIO=4&transport=tobi", "", origin...).is(f, 400, `{"code":0,"message":"Transport unknown"}`))
	check(f.do("GET", handshakeQuery+"&sid=x", "", origin...).is(f, 400, `{"code":1,"message":"Session ID unknown"}`))
	check(f.do("GET", wsQuery, "", origin...).is(f, 400, `{"code":3,"message":"Bad request"}`))
	check(f.do("POST", p.query, "4"+"0123456789", origin...).is(f, 413, ""))
	check(f.do("DELETE", p.query, "", origin...).is(f, 500, ""))
	check(f.raw(wsRequest("EIO=4&transport=tobi", origin...)).response().is(f, 400, "Transport unknown"))
	check(f.raw(wsRequest(wsQuery, origin...)).response().is(f, 101, ""))

	for _, refused := range []response{
		f.do("GET", handshakeQuery, "", "Origin", evil).is(f, 403, `{"code":4,"message":"origin not allowed"}`),
		f.do("GET", p.query, "", "Origin", evil).is(f, 403, `{"code":4,"message":"origin not allowed"}`),
		f.do("POST", p.query, "4x", "Origin", evil).is(f, 403, `{"code":4,"message":"origin not allowed"}`),
		f.raw(wsRequest(wsQuery, "Origin", evil)).response().is(f, 400, "origin not allowed"),
		f.raw(wsRequest(wsQuery+"&sid="+s.ID(), "Origin", evil)).response().is(f, 400, "origin not allowed"),
	} {
		refused.has(f, "Access-Control-Allow-Origin", "")
	}
	s.expect(t, "x")
	s.alive(t)
	if len(s.messages) != 0 {
		t.Error("a message of another origin's page was taken")
	}
}

// Who may open sessions, by what allows them.
func TestOrigins(t *testing.T) {
	for name, c := range map[string]struct {
		cors    *engine.CORS
		origins map[string]bool
	}{
		"no CORS": {nil, map[string]bool{
			"": true, "http://" + host: true, "https://SIO.test": true, good: false, "null": false, "http://" + host + ":81": false, "%": false, "//": false,
		}},
		"all":    {&engine.CORS{}, map[string]bool{"": true, good: true, evil: true, "null": true}},
		"a list": {&engine.CORS{Origins: []string{good}}, map[string]bool{"": true, good: true, evil: false, "http://" + host: true, good + ".evil.example": false, "null": false}},
		"a function": {&engine.CORS{AllowOrigin: func(o string, r *http.Request) bool { return o == good }, Origins: []string{evil}},
			map[string]bool{"": true, good: true, evil: false}},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{CORS: c.cors})
			for origin, allowed := range c.origins {
				var header []string
				if origin != "" {
					header = []string{"Origin", origin}
				}
				plain, upgraded := 403, 400
				if allowed {
					plain, upgraded = 200, 101
				}
				if r := f.do("GET", handshakeQuery, "", header...); r.status != plain {
					t.Errorf("origin %q: %d by polling", origin, r.status)
				}
				if r := f.raw(wsRequest(wsQuery, header...)).response(); r.status != upgraded {
					t.Errorf("origin %q: %d by WebSocket", origin, r.status)
				}
			}
		})
	}
}
