package sio_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

// A client that stops reading does not slow a broadcast to the others, and is
// disconnected when its queue is full.
func TestClientThatStopsReading(t *testing.T) {
	const maxQueue = 256 << 10
	f := serve(t, &sio.Config{MaxQueue: maxQueue})
	ended := endings(t, f, f.Of("/"))
	sockets := f.sockets()
	slow := f.join("websocket")
	s := get(t, sockets)
	slow.deaf.Store(true)
	_ = slow.carrier.(*webSocket).conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	stall(slow)
	others := []*peer{f.join("websocket"), f.join("polling"), f.join("websocket")}

	text := strings.Repeat("x", 32<<10)
	want := `42["all","` + text + `"]`
	const most = 64 << 20 // far more than the kernel keeps for a connection
	sent := 0
	for s.Connected() && sent < most {
		if err := f.Emit("all", text); err != nil {
			t.Fatal(err)
		}
		sent += len(text)
		for _, p := range others { // who get it while the slow one does not
			p.expect(want)
		}
		if n := s.Queued(); n > maxQueue {
			t.Fatalf("%d bytes wait", n)
		}
	}
	e := get(t, ended)
	if e.reason != sio.TransportError || !errors.Is(e.cause, sio.ErrQueueFull) {
		t.Errorf("reason %q, cause %v", e.reason, e.cause)
	}
	if sent >= most {
		t.Errorf("%d bytes went out before the slow client was disconnected", sent)
	}
	resume(slow)
	slow.expectClosed()
	for _, p := range others {
		p.fenced()
	}
}

// A client that polls and never comes back is the same.
func TestPollingClientThatStopsReading(t *testing.T) {
	const maxQueue = 64 << 10
	f := serve(t, &sio.Config{MaxQueue: maxQueue})
	ended := endings(t, f, f.Of("/"))
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	p.rest(s)
	other := f.join("websocket")
	for i := 0; s.Connected(); i++ {
		if i > maxQueue/1024 {
			t.Fatal("the queue takes more than its limit")
		}
		_ = f.Emit("all", strings.Repeat("x", 1024))
		other.receive()
	}
	if e := get(t, ended); e.reason != sio.TransportError || !errors.Is(e.cause, sio.ErrQueueFull) {
		t.Errorf("reason %q, cause %v", e.reason, e.cause)
	}
	other.fenced()
	p.gone(nil)
}

// Volatile messages to a client that does not take them are dropped, and so
// never fill its queue.
func TestVolatileToAClientThatStopsReading(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueue: 64 << 10})
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	_ = p.carrier.(*webSocket).conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	p.deaf.Store(true)
	stall(p)
	text := strings.Repeat("x", 32<<10)
	for range 2000 { // 64 MB
		if err := s.Volatile().Emit("v", text); err != nil {
			t.Fatal(err)
		}
		_ = f.Volatile().Emit("v", text)
	}
	if !s.Connected() {
		t.Fatal("disconnected for volatile messages")
	}
	resume(p)
	eventually(t, "the client has caught up", func() bool { return s.Queued() == 0 })
	p.send(`421["fence"]`)
	eventually(t, "the acknowledgement", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return strings.Contains(strings.Join(p.log, "\n"), "431[]") || len(p.log) >= 200
	})
}

// When more events wait than the mailbox takes, nothing more is read from the
// client, which is not timed out for that. When the handler goes on, so does
// everything, in order.
func TestFullMailboxStopsReading(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		synctest.Test(t, func(t *testing.T) {
			io := sio.NewServer(&sio.Config{MaxMailbox: 64 << 10})
			type bulk struct {
				I    int
				Text string
			}
			const events = 100 // of 16 KiB
			block, arrived := make(chan struct{}), make(chan int, events)
			sio.On(io, "bulk", func(_ context.Context, _ *sio.Socket, b bulk) error {
				<-block
				arrived <- b.I
				return nil
			})
			sockets := make(chan *sio.Socket, 2)
			io.OnConnect(func(s *sio.Socket) { sockets <- s })
			srv := siotest.NewServer(t, io)
			c, other := srv.Dial(t, &siotest.Options{Transport: transport}), srv.Dial(t, nil)
			s := <-sockets
			text := strings.Repeat("x", 16<<10)
			for i := range events {
				c.Emit("bulk", bulk{i, text})
			}
			time.Sleep(10 * time.Minute)
			if !s.Connected() {
				t.Fatal(context.Cause(s.Context()))
			}
			if n := io.Stats().LongestBacklog; n < 64<<10 || n > 64<<10+1_000_000 { // and what had arrived together, which one payload limits
				t.Errorf("%d bytes wait for the handler", n)
			}
			other.Emit("others go on")
			close(block)
			for want := range events {
				if i := <-arrived; i != want {
					t.Fatalf("event %d came instead of %d", i, want)
				}
			}
			time.Sleep(time.Hour)
			if !s.Connected() {
				t.Error(context.Cause(s.Context()))
			}
		})
	})
}
