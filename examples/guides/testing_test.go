package guides_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

func TestChat(t *testing.T) {
	io := sio.NewServer(nil)
	sio.On(io, "chat", func(_ context.Context, s *sio.Socket, text string) error {
		return s.Broadcast().Emit("chat", s.ID(), text)
	})
	srv := siotest.NewServer(t, io)
	anna, ben := srv.Dial(t, nil), srv.Dial(t, nil)

	anna.Emit("chat", "hello")
	ben.Expect("chat", anna.ID(), "hello")
}

func TestConfirmation(t *testing.T) {
	io := sio.NewServer(nil)
	sio.Handle(io, "delete", func(ctx context.Context, s *sio.Socket, name string) (bool, error) {
		return sio.Call[bool](ctx, s, "sure?", name)
	})
	client := siotest.NewServer(t, io).Dial(t, nil)

	deleted := client.Call("delete", "all") // does not wait, but what it returns does
	client.Expect("sure?", "all").Ack(true)
	deleted.Expect(true)
}

func TestLostClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := sio.NewServer(nil)
		gone := make(chan sio.Reason, 1)
		io.OnDisconnect(func(_ *sio.Socket, reason sio.Reason) { gone <- reason })
		client := siotest.NewServer(t, io).Dial(t, nil)

		start := time.Now()
		client.Link().Cut() // as when a cable is pulled: neither side is told
		if reason := <-gone; reason != sio.PingTimeout || time.Since(start) != 45*time.Second {
			t.Errorf("%s after %v\n%s", reason, time.Since(start), client.Log())
		}
	})
}
