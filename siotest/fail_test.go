package siotest_test

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

// What is expected and does not come, or comes and is not expected, fails the
// test, and the message has what happened.
func TestExpectationsFail(t *testing.T) {
	const log = "all packets"
	for name, test := range map[string]struct {
		do    func(t testing.TB, s *sio.Socket, c *siotest.Client)
		parts []string
	}{
		"another event": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a", 1, []byte{1, 2})
			c.Expect("b", siotest.Any, "x")
		}, []string{`got  a(1, 01 02)`, `want b(Any, "x")`, log, `0.000s  ←  451-["a",1,{"_placeholder":true,"num":0}]`, "←  bAQI="}},
		"another argument": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a", map[string]int{"x": 1})
			c.Expect("a", map[string]int{"x": 2})
		}, []string{`got  a({"x":1})`, `want a({"x":2})`, log}},
		"more arguments": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a", 1)
			c.Expect("a")
		}, []string{"got  a(1)", "want a()", log}},
		"no event": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Expect("a", nil) },
			[]string{"want a(null), but nothing came for 10s", log}},
		"no event at all": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Next() },
			[]string{"want an event, but nothing came for 10s", log}},
		"disconnected": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			s.Close()
			c.Expect("a")
		}, []string{"want a(), but the client is disconnected: io server disconnect", log, "←  41"}},
		"an event": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a")
			c.ExpectNone(time.Nanosecond)
		}, []string{"got a(), and nothing was expected", log}},
		"an event before the end": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a")
			s.Disconnect()
			c.ExpectDisconnect("io server disconnect")
		}, []string{"got a(), and nothing was expected", log}},
		"no end": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.ExpectDisconnect("x") },
			[]string{`still connected after 10s, want "x"`, log}},
		"another end": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			s.Disconnect()
			c.ExpectDisconnect("x")
		}, []string{`disconnected: "io server disconnect", want "x"`, log}},
		"another acknowledgement": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Call("echo", 1).Expect(2) },
			[]string{"got  echo(1)", "want echo(2)", log}},
		"no error": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Call("echo", 1).ExpectError("x") },
			[]string{"got  echo(1)", `want the error "x"`, log}},
		"no acknowledgement": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Call("unknown").Expect() },
			[]string{"want the acknowledgement of unknown, but nothing came for 10s", log}},
		"an acknowledgement": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Call("echo").ExpectNone(time.Nanosecond) },
			[]string{"acknowledged with echo(), and nothing was expected", log}},
		"other types": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a", "text")
			var n int
			c.Next().Decode(&n)
		}, []string{`decoding a("text")`, log}},
		"acknowledged unasked": {func(_ testing.TB, s *sio.Socket, c *siotest.Client) {
			_ = s.Emit("a")
			c.Expect("a").Ack()
		}, []string{`has not asked for an acknowledgement of "a"`, log}},
		"acknowledged twice": {func(t testing.TB, s *sio.Socket, c *siotest.Client) {
			go func() { _, _ = s.EmitWithAck(t.Context(), "a") }()
			m := c.Expect("a")
			m.Ack()
			m.Ack()
		}, []string{`"a" is acknowledged already`, log}},
		"emitted after the end": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) {
			c.Disconnect()
			c.Emit("a")
		}, []string{"emitting a: the client is disconnected: io client disconnect", log}},
		"not to be encoded":    {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Emit("a", func() {}) }, []string{"encoding a packet", log}},
		"not to be expected":   {func(_ testing.TB, s *sio.Socket, c *siotest.Client) { _ = s.Emit("a"); c.Expect("a", func() {}) }, []string{"argument 1 cannot be sent", log}},
		"no packet":            {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Send("x") }, []string{`sending "x"`, log}},
		"upgraded already":     {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Upgrade() }, []string{"upgrade: ", log}},
		"an unknown namespace": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) { c.Of("x", nil) }, []string{"/x: refused: Invalid namespace", log}},
		"joining a dead connection": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) {
			c.Link().Cut()
			time.Sleep(time.Minute)
			c.Of("x", nil)
		}, []string{"/x: disconnected instead of joining: ping timeout", log, "—  link: cut"}},
		"joining over a frozen link": {func(_ testing.TB, _ *sio.Socket, c *siotest.Client) {
			c.Link().Freeze()
			c.Of("x", nil)
		}, []string{"/x: no answer", log, "—  link: frozen"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				io := newParty(nil)
				srv := siotest.NewServer(t, io)
				fails(t, func(t testing.TB) {
					c := srv.Dial(t, nil)
					test.do(t, <-io.joined, c)
				}, test.parts...)
			})
		})
	}
}

func TestDialFails(t *testing.T) {
	answer := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		}
	}
	for name, test := range map[string]struct {
		server http.Handler
		o      *siotest.Options
		part   string
	}{
		"no server":        {http.NotFoundHandler(), nil, "refused with status 404: 404 page not found"},
		"no such":          {newParty(nil), &siotest.Options{Transport: "pigeon"}, `unknown transport "pigeon"`},
		"no packet":        {answer(200, "x"), &siotest.Options{Transport: siotest.Polling}, "eio: malformed packet"},
		"no handshake":     {answer(200, `0{"sid":""}`), &siotest.Options{Transport: siotest.Polling}, "no handshake"},
		"another packet":   {answer(200, `4{"sid":"x"}`), &siotest.Options{Transport: siotest.Polling}, "no handshake"},
		"no namespace":     {newParty(nil), &siotest.Options{Namespace: "x"}, "/x: refused: Invalid namespace"},
		"auth is a number": {newParty(nil), &siotest.Options{Auth: 1}, "encoding a packet"},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, func(t testing.TB) { siotest.NewServer(t, test.server).Dial(t, test.o) }, test.part, "all packets")
		})
	}
	t.Run("nobody answers", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			stop := make(chan struct{})
			defer close(stop)
			srv := siotest.NewServer(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
			for _, transport := range transports {
				fails(t, func(t testing.TB) { srv.Dial(t, &siotest.Options{Transport: transport}) }, "deadline exceeded")
			}
		})
	})
	t.Run("a bare text", func(t *testing.T) {
		srv := scripted(t, `44"no"`)
		if r := srv.Refused(t, &siotest.Options{Transport: siotest.Polling}); r.Message != "no" || r.Data != nil || r.Error() != "refused: no" {
			t.Errorf("%+v", r)
		}
	})
	t.Run("let in", func(t *testing.T) {
		fails(t, func(t testing.TB) { siotest.NewServer(t, newParty(nil)).Refused(t, nil) }, "let in")
	})
}
