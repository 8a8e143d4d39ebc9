package sio_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// A handler that produces more than its client takes waits for it, if it says so.
func TestWithin(t *testing.T) {
	for _, policy := range []sio.QueuePolicy{sio.QueueDisconnect, sio.QueueDropNewest} {
		overTransports(t, func(t *testing.T, transport string) {
			f := serve(t, &sio.Config{MaxQueuedMessages: 8, QueuePolicy: policy})
			const events = 300
			sio.Handle(f, "download", func(ctx context.Context, s *sio.Socket, _ none) (int, error) {
				for i := range events {
					if err := s.Within(ctx).Emit("part", i); err != nil {
						return i, err
					}
				}
				return events, nil
			})
			p := f.join(transport)
			p.send(`421["download"]`)
			for i := range events {
				p.expect(fmt.Sprintf(`42["part",%d]`, i))
			}
			p.expect(fmt.Sprintf(`431[%d]`, events))
			p.fenced()
		})
	}
}

// The same for a WebSocket client that stops reading for a while, and with large
// attachments.
func TestWithinToAClientThatStopsReading(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueue: 256 << 10, MaxPayload: 10 << 20})
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	_ = p.carrier.(*webSocket).conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	stall(p)
	const events = 300 // 30 MB
	var sent = make(chan int, events)
	done := make(chan error, 1)
	go func() {
		data := make([]byte, 100_000)
		for i := range events {
			if err := s.Within(t.Context()).Emit("bulk", i, data); err != nil {
				done <- err
				return
			}
			sent <- i
		}
		done <- nil
	}()
	eventually(t, "a queue that is full", func() bool { return s.Queued() > 100_000 })
	if len(sent) == events {
		t.Error("nothing waits")
	}
	resume(p)
	for i := range events {
		p.expect(fmt.Sprintf(`451-["bulk",%d,{"_placeholder":true,"num":0}]`, i))
		if data := p.receive(); !strings.HasPrefix(data, "bAAAA") || len(data) < 100_000 {
			t.Fatalf("attachment %.10q of %d", data, len(data))
		}
	}
	if err := get(t, done); err != nil {
		t.Error(err)
	}
	p.fenced()
}

// Waiting ends with the context, and with the socket.
func TestWithinEnds(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueuedMessages: 8, QueuePolicy: sio.QueueDropNewest})
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	p.rest(s)
	fill(t, s)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := s.Within(ctx).Emit("late"); err != sio.ErrTimeout {
		t.Errorf("with a deadline: %v", err)
	}
	cause := errors.New("no more")
	cancelled, giveUp := context.WithCancelCause(context.Background())
	results := make(chan error, 3)
	go func() { results <- s.Within(cancelled).Emit("late") }()
	giveUp(cause)
	if err := get(t, results); err != cause {
		t.Errorf("with a context that is cancelled: %v", err)
	}
	if err := s.Volatile().Within(ctx).Emit("volatile"); err != nil {
		t.Errorf("volatile: %v", err)
	}
	emit := func(ctx context.Context) { go func() { results <- s.Within(ctx).Emit("late") }() }
	emit(context.Background())
	emit(s.Context())
	go func() {
		_, err := s.Compress(false).Within(context.Background()).EmitWithAck(context.Background(), "late")
		results <- err
	}()
	waiting := func(stack string) bool { return strings.Contains(stack, ".whenRoom(") }
	eventually(t, "three that wait", func() bool { return strings.Count(goroutines(waiting), ".whenRoom(") == 3 })
	s.Disconnect()
	for range 3 {
		var e *sio.DisconnectError
		if err := get(t, results); !errors.As(err, &e) || e.Reason != sio.ServerNamespaceDisconnect {
			t.Errorf("of a socket that was disconnected: %v", err)
		}
	}
	if err := s.Within(context.Background()).Emit("late"); !errors.Is(err, sio.ErrDisconnected) {
		t.Errorf("of a socket that is gone: %v", err)
	}
	p.gone(nil)
}

// With recovery, too, a producer waits; if the client goes meanwhile, the event is
// kept for it.
func TestWithinAndRecovery(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueuedMessages: 8, Recovery: &sio.Recovery{}})
	sockets := f.sockets()
	p, v := f.visit("websocket")
	s := get(t, sockets)
	const events = 300
	go func() {
		for i := range events {
			if err := s.Within(t.Context()).Emit("part", i); err != nil {
				t.Error(err)
			}
		}
	}()
	for i := range events {
		v.event(p, fmt.Sprintf(`42["part",%d]`, i))
	}
	p.fenced()

	rests, w := f.visit("polling")
	s = get(t, sockets)
	c := rests.carrier.(*poller)
	close(c.pause)
	_ = s.Emit("rest")
	await(t, c.paused)
	w.event(rests, `42["rest"]`)
	for i := range 7 {
		if err := s.Within(t.Context()).Emit("missed", i); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error, 1)
	go func() { done <- s.Within(t.Context()).Emit("missed", 7) }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Within(ctx).Emit("never"); err != context.Canceled {
		t.Error(err)
	}
	s.Conn().Close() // which the client does not hear of
	if err := get(t, done); err != nil {
		t.Error(err)
	}
	rests.gone(nil)
}
