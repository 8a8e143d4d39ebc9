package siotest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/siotest"
)

// A server that speaks nonsense ends the connection, and nothing more.
func TestServerSpeaksNonsense(t *testing.T) {
	for nonsense, reason := range map[string]string{
		"x": "parse error", "4x": "parse error", "bAA==": "parse error", "42[}": "parse error", "": "parse error", "1": "transport close",
		"43999[]\x1e42/other,[\"x\"]\x1e40\x1e44\"no\"\x1e41": "io server disconnect",
	} {
		t.Run(nonsense, func(t *testing.T) {
			srv := scripted(t, `40{"sid":"y"}`, nonsense)
			c := srv.Dial(t, &siotest.Options{Transport: siotest.Polling})
			if c.ID() != "y" {
				t.Error(c.ID())
			}
			c.ExpectDisconnect(reason)
		})
	}
}

// scripted is a polling server that, when a client wishes to join, sends these payloads.
func scripted(t *testing.T, payloads ...string) *siotest.Server {
	answers := make(chan string, 1+len(payloads))
	answers <- `0{"sid":"x","pingInterval":1000,"pingTimeout":1000,"maxPayload":100}` + "\x1e6"
	return siotest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			for _, p := range payloads {
				answers <- p
			}
			_, _ = io.WriteString(w, "ok")
			return
		}
		select {
		case text := <-answers:
			_, _ = io.WriteString(w, text)
		case <-r.Context().Done():
		}
	}))
}

// The client's WebSocket takes whatever RFC 6455 allows, and nothing else.
func TestFramesOfTheServer(t *testing.T) {
	first := ws.NewTextFrame([]byte(`0{"sid":"x","pingInterval":1000,"pingTimeout":1000}`))
	granted := ws.NewTextFrame([]byte(`40{"sid":"y"}`))
	for name, test := range map[string]struct {
		frames []ws.Frame
		reason string
	}{
		"close":  {[]ws.Frame{ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusGoingAway, "bye"))}, "transport close"},
		"masked": {[]ws.Frame{ws.MaskFrame(ws.NewTextFrame([]byte("6")))}, "transport error"},
		"empty":  {[]ws.Frame{ws.NewTextFrame(nil)}, "parse error"},
		"eof":    {nil, "transport close"},
	} {
		t.Run(name, func(t *testing.T) {
			pongs := make(chan string, 1)
			c := siotest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				conn, rw, _, err := ws.UpgradeHTTP(r, w)
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				read := func() string {
					h, err := ws.ReadHeader(rw)
					payload := make([]byte, h.Length)
					if err == nil {
						_, err = io.ReadFull(rw, payload)
					}
					if err != nil {
						t.Error(err)
					}
					ws.Cipher(payload, h.Mask, 0)
					return string(payload)
				}
				_ = ws.WriteFrame(conn, first)
				read() // the wish to join
				for _, f := range append([]ws.Frame{
					granted,
					ws.NewFrame(ws.OpText, false, []byte(`42["in`)), ws.NewPingFrame([]byte("?")), ws.NewFrame(ws.OpContinuation, true, []byte(` parts"]`)),
				}, test.frames...) {
					_ = ws.WriteFrame(conn, f)
				}
				pongs <- read()
			})).Dial(t, nil)
			c.Expect("in parts")
			c.ExpectDisconnect(test.reason)
			if pong := <-pongs; pong != "?" {
				t.Errorf("answered the ping with %q", pong)
			}
		})
	}
}
