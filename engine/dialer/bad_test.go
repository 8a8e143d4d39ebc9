package dialer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/wire/eio"
)

// answering answers every request with a status and a body.
func answering(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// What can be said instead of an open packet.
func TestOpeningFails(t *testing.T) {
	const page = "<html>not found</html>"
	for name, test := range map[string]struct {
		h    http.Handler
		want dialer.TransportError
	}{
		"polling, 404":            {answering(404, page), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Status: 404, Code: -1}},
		"polling, code":           {answering(400, `{"code":5,"message":"Unsupported protocol version"}`), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Status: 400, Code: 5, Message: "Unsupported protocol version"}},
		"polling, forbidden":      {answering(403, `{"code":4,"message":"not you"}`), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Status: 403, Code: 4, Message: "not you"}},
		"polling, other JSON":     {answering(500, `{"message":"x"}`), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Status: 500, Code: -1}},
		"polling, 204":            {answering(204, ""), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Status: 204, Code: -1}},
		"polling, empty":          {answering(200, ""), dialer.TransportError{Transport: dialer.Polling, Text: "server error", Code: -1, Message: "parser error"}},
		"polling, a page":         {answering(200, page), dialer.TransportError{Transport: dialer.Polling, Text: "server error", Code: -1, Message: "parser error"}},
		"polling, a message":      {answering(200, "4x\x1e"+openPacket), dialer.TransportError{Transport: dialer.Polling, Text: "server error", Code: -1}},
		"polling, bad handshake":  {answering(200, "0{}"), dialer.TransportError{Transport: dialer.Polling, Text: "server error", Code: -1}},
		"polling, binary":         {answering(200, "bMHt9"), dialer.TransportError{Transport: dialer.Polling, Text: "server error", Code: -1}},
		"polling, large":          {answering(200, openPacket+"\x1e4"+strings.Repeat("x", 1000)), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Code: -1}},
		"polling, no answer":      {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), dialer.TransportError{Transport: dialer.Polling, Text: "xhr poll error", Code: -1}},
		"WebSocket, 404":          {answering(404, page), dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Status: 404, Code: -1}},
		"WebSocket, text":         {answering(400, "Session ID unknown"), dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Status: 400, Code: -1, Message: "Session ID unknown"}},
		"WebSocket, code":         {answering(400, `{"code":3,"message":"Bad request"}`), dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Status: 400, Code: 3, Message: "Bad request"}},
		"WebSocket, 200":          {answering(200, openPacket), dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Status: 200, Code: -1}},
		"WebSocket, no answer":    {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Code: -1}},
		"WebSocket, garbage":      {&script{socket: func(p *peer) { p.text("x"); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "server error", Code: -1, Message: "parser error"}},
		"WebSocket, a message":    {&script{socket: func(p *peer) { p.text("4x"); p.text(openPacket); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "server error", Code: -1}},
		"WebSocket, bad open":     {&script{socket: func(p *peer) { p.text("0[]"); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "server error", Code: -1}},
		"WebSocket, binary":       {&script{socket: func(p *peer) { p.binary(openPacket); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "server error", Code: -1}},
		"WebSocket, closed":       {&script{socket: func(p *peer) { p.close(1001); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Code: -1}},
		"WebSocket, lost":         {&script{socket: func(*peer) {}}, dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Code: -1}},
		"WebSocket, large":        {&script{socket: func(p *peer) { p.text(strings.Repeat("4", 1000)); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Code: -1}},
		"WebSocket, broken frame": {&script{socket: func(p *peer) { p.raw("\xff\x00"); p.rest() }}, dialer.TransportError{Transport: dialer.WebSocket, Text: "websocket error", Code: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, test.h, func(t *testing.T, f *fixture) {
				clock := newClock(t)
				_, err := f.attempt(context.Background(), over(test.want.Transport), func(cfg *dialer.Config) { cfg.MaxMessage = 500 })
				var e *dialer.TransportError
				is(t, err, &e)
				got := *e
				got.Err = nil
				if got != test.want {
					t.Errorf("%+v, want %+v", got, test.want)
				}
				if !strings.HasPrefix(err.Error(), test.want.Text) || e.Unwrap() != e.Err || test.want.Status == 0 && e.Err == nil {
					t.Errorf("%v", err)
				}
				clock.at(0)
				synctest.Wait()
				if left := ours(); strings.Contains(left, "sio/engine/dialer.") || strings.Contains(left, "sio/internal/ws.") {
					t.Errorf("left: %s", left)
				}
			})
		})
	}
}

// A network without a server.
func TestNobodyThere(t *testing.T) {
	for _, transport := range []string{dialer.Polling, dialer.WebSocket} {
		scripted(t, answering(200, ""), func(t *testing.T, f *fixture) {
			refused := fmt.Errorf("refused")
			f.http.Proxy = func(*http.Request) (*url.URL, error) { return nil, refused }
			_, err := f.attempt(context.Background(), over(transport))
			var e *dialer.TransportError
			if is(t, err, &e); e.Status != 0 || e.Err != refused {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What ends a session that is open, and what does not.
func TestServerMisbehaves(t *testing.T) {
	large := strings.Repeat("x", 1000)
	for name, test := range map[string]struct {
		packets string // as a payload, or one message each
		reason  dialer.Reason
		text    string // of the error
		message string
	}{
		"garbage":            {"x", dialer.TransportFailed, "server error", "parser error"},
		"unknown type":       {"7", dialer.TransportFailed, "server error", "parser error"},
		"empty":              {"", dialer.TransportFailed, "server error", "parser error"},
		"after a message":    {"4a\x1e9", dialer.TransportFailed, "server error", "parser error"},
		"large":              {"4" + large, dialer.TransportFailed, "", ""},
		"close":              {"1", dialer.TransportClose, "", ""},
		"a second open":      {openPacket, "", "", ""},
		"another open":       {`0{"sid":"T","upgrades":[],"pingInterval":1,"pingTimeout":1}`, "", "", ""},
		"a broken open":      {"0", "", "", ""},
		"a pong":             {"3", "", "", ""},
		"a probe's answer":   {"3probe", "", "", ""},
		"an upgrade":         {"5", "", "", ""},
		"a noop":             {"6", "", "", ""},
		"a noop with data":   {"6x", "", "", ""},
		"ping with data":     {"2probe", "", "", ""},
		"binary that is not": {"b====", "", "", ""},
	} {
		for _, transport := range []string{dialer.Polling, dialer.WebSocket} {
			t.Run(name+" "+transport, func(t *testing.T) {
				open := strings.ReplaceAll(openPacket, "300", "300000")
				srv := &script{open: open, poll: answers(test.packets), socket: func(p *peer) {
					p.text(open)
					for packet := range strings.SplitSeq(test.packets, "\x1e") {
						p.text(packet)
					}
					p.rest()
				}}
				scripted(t, srv, func(t *testing.T, f *fixture) {
					c, _ := f.dial(over(transport), func(cfg *dialer.Config) { cfg.MaxMessage = 500 })
					if test.reason == "" {
						time.Sleep(time.Second)
						if len(c.ended) != 0 {
							t.Fatalf("%v", <-c.ended)
						}
						if h := c.Handshake(); c.ID() != "S" || h.PingTimeout != 200*ms {
							t.Errorf("%+v", h)
						}
						return
					}
					err := c.ends(t, test.reason)
					if test.reason == dialer.TransportClose {
						return
					}
					var e *dialer.TransportError
					is(t, err, &e)
					want := test.text
					if want == "" {
						want = map[string]string{dialer.Polling: "xhr poll error", dialer.WebSocket: "websocket error"}[transport]
					}
					if e.Transport != transport || e.Text != want || e.Message != test.message || e.Code != -1 {
						t.Errorf("%+v", e)
					}
					if test.message != "" && !errors.Is(err, eio.ErrPacket) {
						t.Errorf("%v", e.Err)
					}
				})
			})
		}
	}
}

// Requests that are refused when the session is open.
func TestRequestsAreRefused(t *testing.T) {
	refuse := func(w http.ResponseWriter) {
		w.WriteHeader(400)
		_, _ = io.WriteString(w, `{"code":1,"message":"Session ID unknown"}`)
	}
	for text, srv := range map[string]*script{
		"xhr poll error": {poll: func(w http.ResponseWriter, _ *http.Request) { time.Sleep(ms); refuse(w) }},
		"xhr post error": {post: func(w http.ResponseWriter, _ *http.Request, _ body) { refuse(w) }},
	} {
		scripted(t, srv, func(t *testing.T, f *fixture) {
			c, _ := f.dial(over(dialer.Polling))
			_ = c.Send([]byte("x"), false)
			var e *dialer.TransportError
			err := c.ends(t, dialer.TransportFailed)
			is(t, err, &e)
			if got, want := *e, (dialer.TransportError{Transport: dialer.Polling, Text: text, Status: 400, Code: 1, Message: "Session ID unknown"}); got != want {
				t.Errorf("%+v", got)
			}
			if err.Error() != text+": status 400: Session ID unknown" {
				t.Error(err)
			}
		})
	}
}

// A message that the server finds too large.
func TestTooLargeForServer(t *testing.T) {
	bubble(t, &engine.Config{MaxPayload: 100}, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		c.send(t, text(strings.Repeat("x", 200)))
		var e *dialer.TransportError
		if is(t, c.ends(t, dialer.TransportFailed), &e); e.Status != 413 || e.Text != "xhr post error" {
			t.Errorf("%+v", e)
		}
	})
}

// Lengths that are exactly allowed.
func TestMaxMessage(t *testing.T) {
	for _, transport := range []string{dialer.Polling, dialer.WebSocket} {
		for _, size := range []int{499, 20_000} {
			packet := "4" + strings.Repeat("x", size)
			srv := &script{poll: answers(packet), socket: func(p *peer) { p.text(openPacket); p.text(packet); p.rest() }}
			scripted(t, srv, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(transport), func(cfg *dialer.Config) { cfg.MaxMessage = size + 1 })
				c.expect(t, text(packet[1:]))
			})
			scripted(t, &script{poll: answers(packet), socket: srv.socket}, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(transport), func(cfg *dialer.Config) { cfg.MaxMessage = size })
				c.ends(t, dialer.TransportFailed)
			})
		}
	}
}
