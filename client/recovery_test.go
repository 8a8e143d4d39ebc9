package client_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// A connection that is lost is continued: the same id, and nothing missed.
func TestRecovery(t *testing.T) {
	bubble(t, &sio.Config{Recovery: &sio.Recovery{}}, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		cfg.Auth = client.StaticAuth(map[string]any{"token": "x"})
		s := f.new(cfg)
		calls := make(told, 100)
		client.On(s, "n", func(_ context.Context, n int) error {
			calls <- fmt.Sprint(n)
			return nil
		})
		s.OnConnect(func() { calls <- fmt.Sprint("connect ", s.Recovered()) })
		f.connect(s)
		peer := <-sockets
		id := s.ID()
		if err := peer.Join("room"); err != nil {
			t.Error(err)
		}
		_ = f.io.Emit("n", 0)
		_ = f.io.To("room").Emit("n", 1)
		calls.expect(f, "connect false", "0", "1")
		f.drop()
		f.link.Freeze()
		<-s.Context().Done()
		_ = f.io.Emit("n", 2)
		_ = f.io.To("room").Emit("n", 3)
		f.link.Thaw()
		switch got := <-calls; got { // the server tells after the grant, the reference before
		case "connect true":
			calls.expect(f, "2", "3")
		default:
			calls.expect(f, "3", "connect true")
		}
		peer = <-sockets
		if s.ID() != id || !s.Recovered() || peer.ID() != id || peer.Handshake().Auth()["token"] != "x" {
			t.Errorf("%q instead of %q, %v", s.ID(), id, peer.Handshake().Auth())
		}
		_ = f.io.To("room").Emit("n", 4)
		calls.expect(f, "4")
		// What has been away for too long starts anew, and so does who left.
		f.drop()
		f.link.Freeze()
		time.Sleep(time.Hour)
		f.link.Thaw()
		calls.expect(f, "connect false")
		if s.ID() == id || s.Recovered() {
			t.Error("recovered after an hour")
		}
		id = s.ID()
		s.Disconnect()
		s.Connect()
		calls.expect(f, "connect false")
		if s.ID() == id {
			t.Error("recovered what it had left")
		}
	})
}

// Without recovery at the server nothing is taken for an offset.
func TestNoRecovery(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		s := f.dial(cfg)
		peer := <-sockets
		_ = peer.Emit("x", "a text at the end")
		f.drop()
		peer = <-sockets
		if auth := peer.Handshake().Auth(); len(auth) != 0 || s.Recovered() {
			t.Error(auth)
		}
	})
}
