package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/frame"
)

func group(packets ...string) frame.Group {
	var g frame.Group
	for _, p := range packets {
		f := frame.New(len(p))
		f.B = append(f.B, p...)
		f.Seal(false, true)
		if g.First == nil {
			g.First = f
		} else {
			g.Rest = append(g.Rest, f)
		}
	}
	return g
}

// stalled returns sessions on both transports whose clients take nothing until
// take is called, which returns as soon as the next packet was taken.
func stalled(f *fixture) map[*session]func(packet string) {
	p := f.open()
	w, s := f.openWS()
	eventually(f.t, "an empty queue", func() bool { return s.Queued() == 0 })
	var polled []string
	return map[*session]func(string){
		p.s: func(packet string) {
			if len(polled) == 0 {
				polled = strings.Split(p.poll().body, "\x1e")
			}
			if polled[0] != packet {
				f.t.Fatalf("polled %q, want %q", polled[0], packet)
			}
			polled = polled[1:]
		},
		s: func(packet string) { w.expect(packet) },
	}
}

// The number of messages that wait is bounded, whatever their size.
func TestMaxQueuedMessages(t *testing.T) {
	bubble(t, &engine.Config{MaxQueuedMessages: 10}, func(t *testing.T, f *fixture) {
		for s := range stalled(f) {
			for i := range 8 {
				if err := s.Send(nil, false); err != nil {
					t.Errorf("%s: message %d: %v", s.Transport(), i, err)
				}
			}
			if err := s.Queue(group("4two", "4at once"), false); err != nil {
				t.Errorf("%s: %v", s.Transport(), err)
			}
			if err := s.Send(nil, false); err != engine.ErrQueueFull {
				t.Errorf("%s: %v", s.Transport(), err)
			}
			s.expectEnd(t, engine.TransportError, "write queue full")
		}
	})
}

// Any number is any number, as long as the bytes fit.
func TestNoMaxQueuedMessages(t *testing.T) {
	const n = engine.DefaultMaxQueuedMessages + 10
	bubble(t, &engine.Config{MaxQueuedMessages: -1, MaxQueue: 16 << 20}, func(t *testing.T, f *fixture) {
		for s := range stalled(f) {
			for i := range n {
				if err := s.queue("4", false); err != nil {
					t.Fatalf("%s: message %d: %v", s.Transport(), i, err)
				}
			}
		}
	})
	bubble(t, &engine.Config{MaxQueue: 16 << 20}, func(t *testing.T, f *fixture) {
		for s := range stalled(f) {
			for i := 0; s.queue("4", false) == nil; i++ {
				if i == engine.DefaultMaxQueuedMessages {
					t.Fatalf("%s: message %d was taken", s.Transport(), i)
				}
			}
		}
	})
}

// What is offered is dropped when it does not fit, and leaves room for what has to
// be sent, so that the session goes on.
func TestOffer(t *testing.T) {
	observe(t, engine.Config{MaxQueuedMessages: 16}, func(t *testing.T, f *fixture, n *notes) {
		for s, take := range stalled(f) {
			n.take()
			sent := 0
			for ; ; sent++ {
				err := s.Offer(group(fmt.Sprint("4", sent)), false)
				if errors.Is(err, engine.ErrQueueFull) {
					break
				}
				if err != nil || sent > 16 {
					t.Fatalf("%s: message %d: %v", s.Transport(), sent, err)
				}
			}
			n.expect(t, "dropped: queue full")
			if err := s.Offer(group("4volatile"), true); err != nil {
				t.Errorf("%s: %v", s.Transport(), err)
			}
			n.expect(t, "dropped: volatile")
			if sent != 14 {
				t.Errorf("%s: %d messages were taken", s.Transport(), sent)
			}
			if err := s.Queue(group("4must be sent"), false); err != nil {
				t.Errorf("%s: %v", s.Transport(), err)
			}
			s.alive(t)
			s.Flush()
			for i := range sent {
				take(fmt.Sprint("4", i))
			}
			take("4must be sent")
			synctest.Wait() // until the server knows
			if err := s.Offer(group("4again"), false); err != nil {
				t.Errorf("%s: %v", s.Transport(), err)
			}
			s.Flush()
			take("4again")
			s.Abort()
			n.take()
		}
	})
}

// What is offered never takes the place of a ping: a client with a full queue is
// asked whether it is still there, and has its time to answer.
func TestPingBehindOffers(t *testing.T) {
	for _, transport := range []string{engine.Polling, engine.WebSocket} {
		bubble(t, &engine.Config{MaxQueuedMessages: 8}, func(t *testing.T, f *fixture) {
			for s, take := range stalled(f) {
				if s.Transport() != transport {
					continue
				}
				sent := 0
				for s.Offer(group(fmt.Sprint("4", sent)), false) == nil {
					sent++
				}
				time.Sleep(engine.DefaultPingInterval + time.Second)
				s.alive(t)
				if err := s.Offer(group("4more"), false); err != engine.ErrQueueFull {
					t.Errorf("%s: %v", s.Transport(), err)
				}
				for i := range sent {
					take(fmt.Sprint("4", i))
				}
				take("2")
				time.Sleep(engine.DefaultPingTimeout)
				s.expectEnd(t, engine.PingTimeout, "")
			}
		})
	}
}
