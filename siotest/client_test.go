package siotest_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

func TestEvents(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, &o)
		s := <-io.joined
		if s.ID() != c.ID() {
			t.Errorf("id %q, the server has %q", c.ID(), s.ID())
		}
		type point struct {
			X, Y int
		}
		c.Emit("echo", "text", 7, []byte{1, 2}, point{1, 2}, nil, "anything")
		m := c.Expect("echo", "text", 7.0, []byte{1, 2}, map[string]any{"X": 1, "Y": 2}, nil, siotest.Any)
		var text string
		var n int
		var data []byte
		m.Decode(&text, &n, &data)
		if m.Name != "echo" || text != "text" || n != 7 || !bytes.Equal(data, []byte{1, 2}) || m.WantsAck() {
			t.Errorf("%q %d %v", text, n, data)
		}
		for i := range 50 {
			c.Emit("echo", i)
		}
		for i := range 50 {
			c.Expect("echo", i)
		}
		_ = s.Emit("whatever")
		if m := c.Next(); m.Name != "whatever" {
			t.Error(m.Name)
		}
	})
}

func TestAcknowledgements(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(&sio.Config{OnError: func(error) {}})
		sio.Handle(io, "no", func(context.Context, *sio.Socket, int) (int, error) { return 0, errors.New("I will not") })
		c := siotest.NewServer(t, io).Dial(t, &o)
		first, second := c.Call("echo", 1, []byte{1}), c.Call("echo")
		second.Expect()
		first.Expect(1, []byte{1})
		var n int
		first.Decode(&n)
		if n != 1 {
			t.Error(n)
		}
		c.Call("no", 1).ExpectError("I will not")

		s := <-io.joined
		answer := make(chan string, 1)
		go func() {
			text, err := sio.Call[string](t.Context(), s, "name", 3)
			answer <- text
			if err != nil {
				t.Error(err)
			}
		}()
		c.Expect("name", 3).Ack("anna")
		if text := <-answer; text != "anna" {
			t.Errorf("acknowledged with %q", text)
		}
	})
}

func TestNamespaces(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		admins := make(chan *sio.Socket, 1)
		io.Of("/admin").OnConnect(func(s *sio.Socket) { admins <- s })
		left := make(chan sio.Reason, 1)
		io.Of("/admin").OnDisconnect(func(_ *sio.Socket, r sio.Reason) { left <- r })
		c := siotest.NewServer(t, io).Dial(t, &o)
		admin := c.Of("admin", map[string]string{"token": "secret"})
		s := <-admins
		if auth := s.Handshake().Auth(); auth["token"] != "secret" || s.ID() != admin.ID() {
			t.Errorf("auth %v, id %q, want %q", auth, s.ID(), admin.ID())
		}
		_ = io.Of("/admin").Emit("news", 1)
		_ = io.Emit("news", 2)
		admin.Expect("news", 1)
		c.Expect("news", 2)
		admin.Disconnect()
		if reason := <-left; reason != sio.ClientNamespaceDisconnect {
			t.Error(reason)
		}
		admin.ExpectDisconnect("io client disconnect")
		c.Call("echo", "still here").Expect("still here")
		c.Disconnect()
		if reason := <-io.lost; reason != sio.ClientNamespaceDisconnect {
			t.Error(reason)
		}
		c.ExpectDisconnect("io client disconnect")
	})
}

func TestTheServerDisconnects(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		srv := siotest.NewServer(t, io)
		c := srv.Dial(t, &o)
		s := <-io.joined
		_ = s.Emit("bye")
		s.Disconnect()
		c.Expect("bye")
		c.ExpectDisconnect("io server disconnect")

		if o.Transport == siotest.Polling {
			return // it depends on whether a poll is pending what the client learns
		}
		c = srv.Dial(t, &o)
		_ = io.Close()
		c.ExpectDisconnect("transport close")
	})
}

func TestClose(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, &o)
		heard := make(chan string, 1)
		sio.On(io, "last", func(_ context.Context, _ *sio.Socket, word string) error { heard <- word; return nil })
		c.Emit("last", "word")
		c.Close()
		if word, reason := <-heard, <-io.lost; word != "word" || reason != sio.TransportClose {
			t.Error(word, reason)
		}
		c.ExpectDisconnect("forced close")
	})
}

func TestRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(&sio.Config{AllowRequest: func(r *http.Request) error {
			if r.URL.Query().Get("who") == "stranger" || r.Header.Get("X-Who") == "stranger" {
				return errors.New("strangers stay outside")
			}
			return nil
		}})
		io.Use(func(context.Context, *sio.Socket) error { return &sio.Error{Message: "full", Data: 12} })
		srv := siotest.NewServer(t, io)
		if r := srv.Refused(t, &o); r.Status != 0 || r.Message != "full" || r.Data != 12.0 {
			t.Errorf("%+v", r)
		}
		stranger := o
		stranger.Namespace = "/unknown"
		if r := srv.Refused(t, &stranger); r.Message != "Invalid namespace" {
			t.Errorf("%+v", r)
		}
		stranger.Query = url.Values{"who": {"stranger"}}
		status := http.StatusForbidden
		if o.Transport == siotest.WebSocket {
			status = http.StatusBadRequest
		}
		if r := srv.Refused(t, &stranger); r.Status != status || r.Message != "strangers stay outside" {
			t.Errorf("%+v", r)
		}
		stranger.Query, stranger.Header = nil, http.Header{"X-Who": {"stranger"}}
		if r := srv.Refused(t, &stranger); r.Status != status {
			t.Errorf("%+v", r)
		}
	})
}

func TestPath(t *testing.T) {
	io := newParty(nil)
	mux := http.NewServeMux()
	mux.Handle("/game/", io)
	t.Cleanup(func() { _ = io.Close() })
	srv := siotest.NewServer(t, mux)
	srv.Dial(t, &siotest.Options{Path: "/game/"}).Call("echo", 1).Expect(1)
	if r := srv.Refused(t, nil); r.Status != http.StatusNotFound {
		t.Errorf("%+v", r)
	}
}

// What waits is more than the server takes in one request.
func TestPollingRespectsMaxPayload(t *testing.T) {
	io := newParty(&sio.Config{MaxPayload: 1000})
	c := siotest.NewServer(t, io).Dial(t, &siotest.Options{Transport: siotest.Polling})
	c.Link().Freeze()
	for i := range 50 {
		c.Emit("echo", i, strings.Repeat("x", 300))
	}
	c.Link().Thaw()
	for i := range 50 {
		c.Expect("echo", i, siotest.Any)
	}
}

func TestRawPackets(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(&sio.Config{OnError: func(error) {}})
		c := siotest.NewServer(t, io).Dial(t, &o)
		c.Send(`42["echo",1]`, `451-["echo",{"_placeholder":true,"num":0}]`, `bAQI=`)
		c.Expect("echo", 1)
		c.Expect("echo", []byte{1, 2})
		c.Send("4nonsense")
		if reason := <-io.lost; reason != sio.ForcedClose {
			t.Error(reason)
		}
		c.ExpectDisconnect("transport close")
	})
}

// Nothing is lost, doubled or overtaken by an upgrade in the midst of events.
func TestUpgradeKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, &siotest.Options{Transport: siotest.Polling})
		c.Link().Delay(7 * time.Millisecond)
		s := <-io.joined
		go func() {
			for i := range 100 {
				_ = s.Emit("n", i)
				time.Sleep(time.Millisecond)
			}
		}()
		time.Sleep(20 * time.Millisecond)
		c.Emit("echo", "before")
		c.Upgrade()
		c.Emit("echo", "after")
		n, echoes := 0, ""
		for n < 100 || !strings.HasSuffix(echoes, "after") {
			m := c.Next()
			var text string
			var i int
			if m.Name == "echo" {
				m.Decode(&text)
				echoes += text
				continue
			}
			if m.Decode(&i); i != n {
				t.Fatalf("%d came in the place of %d\n%s", i, n, c.Log())
			}
			n++
		}
		if echoes != "beforeafter" || s.Transport() != siotest.WebSocket {
			t.Error(echoes, s.Transport())
		}
	})
}

// Who is on the server when it shuts down gets what was emitted before.
func TestShutdown(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, &o)
		_ = io.Emit("goodbye")
		if err := io.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		c.Expect("goodbye")
		c.ExpectDisconnect("transport close")
	})
}
