package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gosio/sio/engine"
)

// Who waits is served when the client takes something, one after the other.
func TestQueueWithin(t *testing.T) {
	bubble(t, &engine.Config{MaxQueuedMessages: 8}, func(t *testing.T, f *fixture) {
		for s, take := range stalled(f) {
			for i := range 7 {
				if err := s.QueueWithin(t.Context(), nil, group(fmt.Sprint("4", i))); err != nil {
					t.Fatal(err)
				}
			}
			const waiting = 50
			results := make(chan error, waiting)
			for i := range waiting {
				go func() {
					err := s.QueueWithin(t.Context(), nil, group(fmt.Sprint("4", 7+i)))
					s.FlushSoon()
					results <- err
				}()
				synctest.Wait() // it waits, behind those before
			}
			if len(results) != 0 {
				t.Errorf("%s: %d did not wait", s.Transport(), len(results))
			}
			for i := range 7 + waiting {
				take(fmt.Sprint("4", i))
			}
			for range waiting {
				if err := get(t, "result", results); err != nil {
					t.Error(err)
				}
			}
			s.alive(t)
		}
	})
}

// Any one group fits into an empty queue, also if one has to wait for that.
func TestQueueWithinOfMuch(t *testing.T) {
	bubble(t, &engine.Config{MaxQueue: 1000}, func(t *testing.T, f *fixture) {
		for s, take := range stalled(f) {
			s.text(t, "first")
			large := strings.Repeat("x", 5000)
			done := make(chan error, 1)
			go func() {
				done <- s.QueueWithin(t.Context(), nil, group("4"+large))
				s.Flush()
			}()
			synctest.Wait()
			if len(done) != 0 {
				t.Error("did not wait")
			}
			take("4first")
			if err := get(t, "result", done); err != nil {
				t.Error(err)
			}
			take("4" + large)
		}
	})
}

// Waiting ends with the context, with what the caller knows to be gone, and with
// the session; and what was waited for is released.
func TestWaitingEnds(t *testing.T) {
	bubble(t, &engine.Config{MaxQueuedMessages: 2}, func(t *testing.T, f *fixture) {
		for s := range stalled(f) {
			s.text(t, "first")
			cause := errors.New("no more")
			ctx, cancel := context.WithCancelCause(t.Context())
			gone := make(chan struct{})
			inTurn, behind := make(chan error, 2), make(chan error, 2)
			wait := func(ctx context.Context, results chan error) {
				go func() { results <- s.QueueWithin(ctx, gone, group("4x")) }()
				synctest.Wait()
			}
			wait(ctx, inTurn)
			wait(ctx, behind)
			cancel(cause)
			for _, results := range []chan error{inTurn, behind} {
				if err := get(t, "result", results); err != cause {
					t.Errorf("%s: %v", s.Transport(), err)
				}
			}
			wait(t.Context(), inTurn)
			wait(t.Context(), behind)
			close(gone)
			for _, results := range []chan error{inTurn, behind} {
				if err := get(t, "result", results); err != engine.ErrSessionClosed {
					t.Errorf("%s: %v", s.Transport(), err)
				}
			}
			gone = nil
			wait(t.Context(), inTurn)
			wait(t.Context(), behind)
			s.Close()
			for _, results := range []chan error{inTurn, behind} {
				if err := get(t, "result", results); err != engine.ErrSessionClosed {
					t.Errorf("%s: %v", s.Transport(), err)
				}
			}
		}
	})
}

// Who waits while the client polls goes on when it has moved to a WebSocket.
func TestWaitingWhileUpgrading(t *testing.T) {
	bubble(t, &engine.Config{MaxQueuedMessages: 8}, func(t *testing.T, f *fixture) {
		p := f.open()
		for i := range 7 {
			p.s.text(t, fmt.Sprint(i))
		}
		done := make(chan error, 1)
		go func() {
			for i := 7; i < 100; i++ {
				if err := p.s.QueueWithin(t.Context(), nil, group(fmt.Sprint("4", i))); err != nil {
					done <- err
					return
				}
				p.s.FlushSoon()
			}
			done <- nil
		}()
		synctest.Wait()
		w := p.upgrade()
		for i := range 100 {
			w.expect(fmt.Sprint("4", i))
		}
		if err := get(t, "result", done); err != nil {
			t.Error(err)
		}
		p.s.alive(t)
	})
}

// RoomWithin calls when there is room, and not before.
func TestRoomWithin(t *testing.T) {
	bubble(t, &engine.Config{MaxQueuedMessages: 2}, func(t *testing.T, f *fixture) {
		for s, take := range stalled(f) {
			s.text(t, "first")
			g := group("4second")
			done := make(chan error, 1)
			go func() {
				done <- s.RoomWithin(t.Context(), nil, g, func() {
					if err := s.Queue(g, false); err != nil {
						t.Error(err)
					}
				})
				s.Flush()
			}()
			synctest.Wait()
			if len(done) != 0 {
				t.Error("did not wait")
			}
			take("4first")
			if err := get(t, "result", done); err != nil {
				t.Error(err)
			}
			take("4second")
		}
	})
}

// Over a real network as well, to a client that reads now and then.
func TestQueueWithinOverTCP(t *testing.T) {
	f := serve(t, &engine.Config{MaxQueue: 100_000, MaxQueuedMessages: 50})
	w, s := f.openWS()
	const senders, each = 4, 500
	text := strings.Repeat("x", 2000)
	for sender := range senders {
		go func() {
			for i := range each {
				if err := s.QueueWithin(t.Context(), nil, group(fmt.Sprintf("4%d %d %s", sender, i, text))); err != nil {
					t.Error(err)
					return
				}
				s.FlushSoon()
			}
		}()
	}
	next := make([]int, senders)
	for range senders * each {
		_, packet := w.read()
		var sender, i int
		if _, err := fmt.Sscanf(packet, "4%d %d", &sender, &i); err != nil || i != next[sender] {
			t.Fatalf("%.20q, %v", packet, err)
		}
		next[sender]++
	}
	s.alive(t)
}
