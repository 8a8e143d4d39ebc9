package sio_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/engine"
)

// fill emits events to a socket until one does not fit, and returns how many did.
func fill(t *testing.T, s *sio.Socket) (taken int) {
	t.Helper()
	for {
		switch err := s.Emit("fill", taken); {
		case errors.Is(err, sio.ErrQueueFull):
			return taken
		case err != nil || taken > 1000:
			t.Fatalf("event %d: %v", taken, err)
		}
		taken++
	}
}

// resumePolling lets a peer that rests poll again.
func resumePolling(p *peer, c *poller) {
	c.pause, c.paused = make(chan struct{}), make(chan struct{})
	go c.poll()
}

// By default, messages beyond the limit disconnect, whatever their size.
func TestMaxQueuedMessages(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueuedMessages: 20})
	ended := endings(t, f, f.Of("/"))
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	p.rest(s)
	if n := fill(t, s); n != 20 {
		t.Errorf("%d events were taken", n)
	}
	if e := get(t, ended); e.reason != sio.TransportError || !errors.Is(e.cause, sio.ErrQueueFull) {
		t.Errorf("reason %q, cause %v", e.reason, e.cause)
	}
	p.gone(nil)
}

// With the other policy the client stays, misses what did not fit, and is told of
// what came before and after that.
func TestDropNewest(t *testing.T) {
	drops := make(chan engine.DropCause, 100)
	f := serve(t, &sio.Config{
		MaxQueuedMessages: 16, QueuePolicy: sio.QueueDropNewest,
		Observer: &sio.Observer{Observer: engine.Observer{Dropped: func(d engine.DroppedMessage) { drops <- d.Cause }}},
	})
	sockets := f.sockets()
	p, other := f.join("polling"), f.join("websocket")
	s := get(t, sockets)
	if s.Transport() != "polling" {
		s = get(t, sockets)
	}
	c := p.rest(s)
	taken := fill(t, s)
	if taken != 14 {
		t.Errorf("%d events were taken", taken)
	}
	if cause := get(t, drops); cause != engine.DropQueueFull {
		t.Errorf("dropped: %s", cause)
	}
	if err := f.Emit("all"); err != nil {
		t.Error(err)
	}
	other.expect(`42["all"]`)
	if cause := get(t, drops); cause != engine.DropQueueFull {
		t.Errorf("dropped: %s", cause)
	}
	if err := s.Volatile().Emit("volatile"); err != nil {
		t.Error(err)
	}
	if cause := get(t, drops); cause != engine.DropVolatile {
		t.Errorf("dropped: %s", cause)
	}
	if _, err := s.EmitWithAck(context.Background(), "call"); !errors.Is(err, sio.ErrQueueFull) {
		t.Errorf("EmitWithAck: %v", err)
	}
	if !s.Connected() {
		t.Fatal("disconnected")
	}
	resumePolling(p, c)
	for i := range taken {
		p.expect(fmt.Sprintf(`42["fill",%d]`, i))
	}
	p.fenced()
	_ = f.Emit("all")
	p.expect(`42["all"]`)
}

// A WebSocket client that does not read is treated likewise.
func TestDropNewestOverWebSocket(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueue: 256 << 10, QueuePolicy: sio.QueueDropNewest})
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	_ = p.carrier.(*webSocket).conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	stall(p)
	text := strings.Repeat("x", 32<<10)
	taken := 0
	for ; ; taken++ {
		err := s.Emit("bulk", taken, text)
		if errors.Is(err, sio.ErrQueueFull) {
			break
		}
		if err != nil || taken > 2000 { // 64 MB
			t.Fatalf("event %d: %v", taken, err)
		}
	}
	if n := s.Queued(); n > 224<<10 {
		t.Errorf("%d bytes wait", n)
	}
	if !s.Connected() {
		t.Fatal("disconnected")
	}
	resume(p)
	for i := range taken {
		p.expect(fmt.Sprintf(`42["bulk",%d,"%s"]`, i, text))
	}
	p.fenced()
}

// Nobody waits for the answer of a client that was not asked.
func TestDropNewestOfABroadcastWithAcks(t *testing.T) {
	f, n := observe(t, sio.Config{MaxQueuedMessages: 8, QueuePolicy: sio.QueueDropNewest})
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	p.rest(s)
	fill(t, s)
	n.expect("connected to /")
	for answer, err := range f.EmitWithAck(context.Background(), "all") {
		var partial *sio.PartialAckError
		if !errors.As(err, &partial) || partial.Missing != 1 || partial.Answered != 0 || !errors.Is(err, sio.ErrQueueFull) {
			t.Errorf("%v, %v", answer, err)
		}
	}
	n.expect(`call "all": engine: write queue full`)
	p.gone(nil)
}

// What is no event is not dropped: a client that asks for more acknowledgements
// than it takes is disconnected.
func TestDropNewestIsForEvents(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueuedMessages: 16, QueuePolicy: sio.QueueDropNewest})
	ended := endings(t, f, f.Of("/"))
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	p.rest(s)
	fill(t, s)
	p.send(`421["fence"]`, `422["fence"]`)
	eventually(t, "acknowledgements in what events leave", func() bool { return s.Queued() == 14*len(`42["fill",0]`)+4+2*len(`431[]`) })
	p.send(`423["fence"]`)
	if e := get(t, ended); e.reason != sio.TransportError || !errors.Is(e.cause, sio.ErrQueueFull) {
		t.Errorf("reason %q, cause %v", e.reason, e.cause)
	}
	if e := f.reported(); !errors.Is(e, sio.ErrQueueFull) {
		t.Errorf("reported %v", e)
	}
	p.gone(nil)
}

// With recovery, none of the events that are kept may be missing: the client is
// disconnected, and gets all of them when it comes back.
func TestDropNewestIsNotForEventsThatAreKept(t *testing.T) {
	f := serve(t, &sio.Config{MaxQueuedMessages: 16, QueuePolicy: sio.QueueDropNewest, Recovery: &sio.Recovery{}})
	sockets := f.sockets()
	p, v := f.visit("polling")
	s := get(t, sockets)
	c := p.carrier.(*poller)
	close(c.pause)
	if err := s.Emit("rest"); err != nil {
		t.Fatal(err)
	}
	await(t, c.paused)
	v.event(p, `42["rest"]`)
	events := 0
	for ; s.Connected(); events++ {
		if err := s.Emit("kept", events); err != nil || events > 16 {
			t.Fatalf("event %d: %v", events, err)
		}
	}
	if events != 17 {
		t.Errorf("%d events until the end", events)
	}
	p.gone(nil)
	q := f.back("websocket", v)
	v.expectNew(q) // as it missed more than it would take at once
	s = get(t, sockets)
	for i := range 3 {
		if err := s.Emit("kept", i); err != nil {
			t.Fatal(err)
		}
		v.event(q, fmt.Sprintf(`42["kept",%d]`, i))
	}
	cut(q, s)
	for i := range 13 {
		_ = s.Emit("missed", i)
	}
	r := f.back("websocket", v)
	for i := range 13 {
		v.event(r, fmt.Sprintf(`42["missed",%d]`, i))
	}
	v.expectBack(r)
}
