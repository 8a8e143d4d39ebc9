package sio_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio"
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
		const pingTimeout = 2 * time.Second
		f := serve(t, &sio.Config{MaxMailbox: 64 << 10, PingInterval: 100 * time.Millisecond, PingTimeout: pingTimeout})
		type bulk struct {
			I    int
			Text string
		}
		const events, perPost = 1000, 20 // of 16 KiB: more than the kernel keeps
		block, finished := make(chan struct{}), make(chan error, 1)
		next := 0
		sio.On(f, "bulk", func(_ context.Context, _ *sio.Socket, b bulk) error {
			<-block
			if b.I != next {
				finished <- fmt.Errorf("event %d came instead of %d", b.I, next)
			}
			if next++; next == events {
				finished <- nil
			}
			return nil
		})
		f.OnConnect(func(s *sio.Socket) {
			s.OnDisconnect(func(r sio.Reason) {
				select {
				case finished <- fmt.Errorf("%s: %w", r, context.Cause(s.Context())):
				default:
				}
			})
		})
		p, other := f.join(transport), f.join("websocket")
		var written atomic.Int64
		sent := make(chan error, 1)
		go func() {
			text := strings.Repeat("x", 16<<10)
			for i := 0; i < events; i += perPost {
				packets := make([]string, perPost)
				for j := range packets {
					packets[j] = fmt.Sprintf(`42["bulk",{"I":%d,"Text":%q}]`, i+j, text)
				}
				if err := p.write(packets...); err != nil {
					sent <- err
					return
				}
				written.Add(perPost)
			}
			sent <- nil
		}()
		other.beats(3)
		time.Sleep(pingTimeout + 500*time.Millisecond) // the time to wrongly give up the client, or to read too much
		if n := written.Load(); n == events {
			t.Error("all events were read while the handler was blocked")
		}
		other.fenced()
		close(block)
		if err := get(t, finished); err != nil {
			t.Fatal(err)
		}
		if err := get(t, sent); err != nil {
			t.Error(err)
		}
		p.fenced()
	})
}
