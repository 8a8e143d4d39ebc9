package engine_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gosio/sio/engine"
)

// A client that does not poll is disconnected when its queue is full, and the
// others do not notice.
func TestFullQueueOfPolling(t *testing.T) {
	const limit = 100_000
	f := serve(t, &engine.Config{MaxQueue: limit})
	p, other := f.open(), f.open()
	text := strings.Repeat("x", 999)
	sent := 0
	for ; p.s.Send([]byte(text), false) == nil; sent += 1000 {
		if n := p.s.Queued(); n > limit {
			t.Fatalf("%d bytes are queued", n)
		}
	}
	if sent < limit*9/10 || sent > limit {
		t.Errorf("%d bytes were taken", sent)
	}
	if err := p.s.expectEnd(t, engine.TransportError, "write queue full"); !errors.Is(err, engine.ErrQueueFull) {
		t.Error(err)
	}
	if err := p.s.Send(nil, false); err != engine.ErrSessionClosed {
		t.Error(err)
	}
	if n := p.s.Queued(); n != 0 {
		t.Errorf("%d bytes are queued after the end", n)
	}
	p.unknown()
	other.s.text(t, "x")
	other.expect("4x")
	other.s.alive(t)
}

// The limit is one of memory: messages of no bytes count as well.
func TestFullQueueOfNothing(t *testing.T) {
	const limit = 100_000
	bubble(t, &engine.Config{MaxQueue: limit}, func(t *testing.T, f *fixture) {
		p := f.open()
		_, s := f.openWS() // which does not read
		for _, s := range []*session{p.s, s} {
			n := 0
			for s.Send(nil, true) == nil {
				if n++; n > limit {
					t.Fatalf("%s: %d messages are queued", s.Transport(), n)
				}
			}
			if n < limit/100 {
				t.Errorf("%s: only %d messages were taken", s.Transport(), n)
			}
			s.expectEnd(t, engine.TransportError, "write queue full")
		}
	})
}

// Any one message fits into an empty queue.
func TestMessageLargerThanQueue(t *testing.T) {
	f := serve(t, &engine.Config{MaxQueue: 1000})
	large := strings.Repeat("x", 300_000)
	p := f.open()
	p.s.text(t, large)
	p.expect("4" + large)
	p.s.text(t, large)
	if err := p.s.Send(nil, true); err != engine.ErrQueueFull {
		t.Error(err)
	}
	p.s.expectEnd(t, engine.TransportError, "write queue full")
	w, s := f.openWS()
	for range 3 {
		eventually(t, "an empty queue", func() bool { return s.Queued() == 0 })
		s.text(t, large)
		w.expect("4" + large)
	}
	s.alive(t)
}

// A WebSocket client that does not read is disconnected when what the kernel
// does not take fills its queue; the others do not notice.
func TestFullQueueOfWebSocket(t *testing.T) {
	const limit = 200_000
	f := serve(t, &engine.Config{MaxQueue: limit})
	slow, s := f.openWS()
	_ = slow.conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	w, other := f.openWS()
	text := strings.Repeat("x", 10_000)
	sent := 0
	for s.Send([]byte(text), false) == nil {
		if n := s.Queued(); n > limit {
			t.Fatalf("%d bytes are queued", n)
		}
		if sent += len(text); sent > 1<<30 {
			t.Fatal("the queue has no limit")
		}
		other.text(t, "x")
		w.expect("4x")
	}
	if err := s.expectEnd(t, engine.TransportError, "write queue full"); !errors.Is(err, engine.ErrQueueFull) {
		t.Error(err)
	}
	other.alive(t)
	f.serves()
}

func TestVolatile(t *testing.T) {
	bubble(t, &engine.Config{MaxQueue: 100_000}, func(t *testing.T, f *fixture) {
		p := f.open()
		volatile := func(s *session, packet string) {
			t.Helper()
			if err := s.queue(packet, true); err != nil {
				t.Error(err)
			}
			s.Flush()
		}
		volatile(p.s, "4nobody polls")
		if n := p.s.Queued(); n != 0 {
			t.Errorf("%d bytes queued", n)
		}
		p.s.text(t, "one")
		volatile(p.s, "4the queue is not empty")
		p.expect("4one")
		poll := p.pending()
		volatile(p.s, "4two")
		p.expectFrom(poll, 200, "4two")

		w, s := f.openWS()
		volatile(s, "4one")
		w.expect("4one")
		s.text(t, strings.Repeat("x", 99_000)) // which the client does not read yet
		for range 1000 {
			volatile(s, "4dropped")
		}
		s.text(t, "two")
		w.expect("4"+strings.Repeat("x", 99_000), "4two")
	})
}

// Volatile messages that nobody has flushed yet may fill the queue, as the
// connection takes more for all that is known. They do not end the session.
func TestVolatileToFullQueue(t *testing.T) {
	f := serve(t, &engine.Config{MaxQueue: 100_000})
	w, s := f.openWS()
	eventually(t, "an empty queue", func() bool { return s.Queued() == 0 })
	packet := "4" + strings.Repeat("v", 999)
	for range 1000 {
		if err := s.queue(packet, true); err != nil {
			t.Fatal(err)
		}
	}
	queued := s.Queued()
	if queued > 100_000 {
		t.Errorf("%d bytes queued", queued)
	}
	s.Flush()
	for ; queued > 0; queued -= len(packet) {
		w.expect(packet)
	}
	s.text(t, "alive")
	w.expect("4alive")
	s.alive(t)
}

// A broadcast's messages leave by the workers that all sessions share.
func TestFlushAsync(t *testing.T) {
	const clients, rounds = 300, 3
	f := serve(t, nil)
	var ws []*wsClient
	var pollers []*poller
	var sessions []*session
	for i := range clients {
		if i%10 == 0 {
			p := f.open()
			pollers, sessions = append(pollers, p), append(sessions, p.s)
			continue
		}
		w, s := f.openWS()
		ws, sessions = append(ws, w), append(sessions, s)
	}
	for i := range rounds {
		first, second := fmt.Sprint("4first ", i), fmt.Sprint("4second ", i)
		for _, packet := range []string{first, second} {
			for _, s := range sessions {
				if err := s.queue(packet, false); err != nil {
					t.Fatal(err)
				}
				s.FlushAsync()
			}
		}
		for _, w := range ws {
			w.expect(first, second)
		}
		for _, p := range pollers {
			p.expect(first + "\x1e" + second)
		}
	}
}

// What a client does not read of a response counts, too.
func TestQueueCountsResponses(t *testing.T) {
	bubble(t, &engine.Config{MaxQueue: 100_000}, func(t *testing.T, f *fixture) {
		p := f.open()
		p.s.text(t, strings.Repeat("x", 59_999))
		w := f.raw("GET /?" + p.query + " HTTP/1.1\r\nHost: x\r\n\r\n")
		synctest.Wait()
		if n := p.s.Queued(); n != 60_000 {
			t.Errorf("%d bytes are queued while a response is written", n)
		}
		p.s.text(t, strings.Repeat("y", 30_000))
		w.response().is(f, 200, "4"+strings.Repeat("x", 59_999))
		synctest.Wait()
		if n := p.s.Queued(); n != 30_001 {
			t.Errorf("%d bytes are queued when it is read", n)
		}
		_ = f.raw("GET /?" + p.query + " HTTP/1.1\r\nHost: x\r\n\r\n")
		synctest.Wait()
		p.s.text(t, strings.Repeat("z", 30_000))
		if err := p.s.Send([]byte(strings.Repeat("z", 50_000)), false); err != engine.ErrQueueFull {
			t.Errorf("error %v", err)
		}
		p.s.expectEnd(t, engine.TransportError, "write queue full")
	})
}
