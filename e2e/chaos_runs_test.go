package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/gosio/sio/client"
)

// sendNumbers emits events, as fast as they are taken, and returns when all are acknowledged.
func (c *chaos) sendNumbers() {
	c.cfg.Retries = -1
	ctx, cancel := c.within()
	defer cancel()
	reached, taken := c.storm(chaosEvents), make(chan struct{}, 1)
	tries := 0
	s := c.dial(func(s *client.Socket) {
		s.OnAnyOutgoing(func(m *client.Message) { // all before it are acknowledged
			var n int
			if err := m.Decode(&n); err != nil {
				c.Error(err)
			}
			tries++
			reached(n)
			select {
			case taken <- struct{}{}:
			default:
			}
		})
	})
	waits := 0
	for n := range chaosEvents {
		for {
			err := s.Emit("n", n, fmt.Sprint("key ", n))
			if err == nil {
				break
			}
			if !errors.Is(err, client.ErrBufferFull) {
				c.Fatal(err)
			}
			waits++
			select {
			case <-taken:
			case <-ctx.Done():
				c.Fatal(context.Cause(ctx))
			}
		}
	}
	if err := s.Drain(ctx); err != nil {
		c.Fatal(err)
	}
	c.weathered()
	if waits == 0 {
		c.Error("nothing has waited")
	}
	c.Logf("%d tries", tries)
}

// retries checks that events arrive at least once, and in order.
func (c *chaos) retries() {
	c.sendNumbers()
	again, belated, err := atLeastOnce(c.server.report().Arrivals, chaosEvents)
	if err != nil {
		c.Error(err)
	}
	c.Logf("%d came again, %d of them when later ones had", again, belated)
	if again == 0 {
		c.Error("no event came again: nothing was lost")
	}
}

// atLeastOnce checks what has arrived, as pairs of a connection and a number, against what is
// guaranteed:
//
//   - Each event comes a first time, in order.
//   - Over one connection, an event comes only after the same or the one before.
//   - The first over a new connection is the last over the one before, or the one after that.
//
// So what comes again is the latest event, unless a connection is so late that what was lost with it
// arrives when later events have arrived over another one.
func atLeastOnce(arrivals [][2]int, events int) (again, belated int, err error) {
	next := 0
	first, last := map[int]int{}, map[int]int{} // of each connection
	for _, a := range arrivals {
		connection, n := a[0], a[1]
		before, known := last[connection]
		switch {
		case n > next:
			return again, belated, fmt.Errorf("event %d came before %d", n, next)
		case known && n != before && n != before+1:
			return again, belated, fmt.Errorf("event %d came after %d over the same connection", n, before)
		case n == next:
			next++
		case n == next-1:
			again++
		default:
			again++
			belated++
		}
		if !known {
			first[connection] = n
		}
		last[connection] = n
	}
	before := -1
	for _, connection := range slices.Sorted(maps.Keys(first)) {
		if n := first[connection]; before >= 0 && n != last[before] && n != last[before]+1 {
			return again, belated, fmt.Errorf("a connection began with event %d, when the one before had ended with %d", n, last[before])
		}
		before = connection
	}
	if next != events {
		return again, belated, fmt.Errorf("%d events came", next)
	}
	return again, belated, nil
}

// once checks that events are handled exactly once, and in order.
func (c *chaos) once() {
	c.sendNumbers()
	arrivals := c.server.report().Arrivals
	for i, a := range arrivals {
		if a[1] != i {
			c.Fatalf("event %d was handled as number %d", a[1], i)
		}
	}
	if len(arrivals) != chaosEvents {
		c.Errorf("%d events were handled", len(arrivals))
	}
}

// recovery checks that the events of the server arrive exactly once, and in order. The
// official server does not always recover a session: then some are missing.
func (c *chaos) recovery() {
	ctx, cancel := c.within()
	defer cancel()
	reached := c.storm(chaosEvents)
	next, gaps, missed := 0, 0, 0
	done := make(chan struct{})
	s := c.dial(func(s *client.Socket) {
		client.On(s, "n", func(_ context.Context, n int) error {
			if n < next {
				return fmt.Errorf("event %d came after %d", n, next-1)
			}
			if n > next {
				gaps++
				missed += n - next
			}
			next = n + 1
			reached(n)
			c.server.have(next)
			if next == chaosEvents {
				close(done)
			}
			return nil
		})
	})
	if err := s.WaitConnected(ctx); err != nil {
		c.Fatal(err)
	}
	c.server.have(0)
	select {
	case <-done:
	case <-ctx.Done():
		c.Fatalf("%v: %v after %d events", context.Cause(ctx), s.State(), next)
	}
	s.Close()
	c.weathered()
	r := c.server.report()
	c.Logf("%d gaps, %d missed, %d connections started anew, %d orphans", gaps, missed, r.Fresh, r.Orphans)
	if !c.official && (gaps > 0 || r.Fresh != 1) || gaps >= r.Fresh {
		c.Errorf("%d events were missed in %d places, %d connections started anew", missed, gaps, r.Fresh)
	}
}

// calls checks that calls end, in both directions, and that answers are those of their calls.
func (c *chaos) calls() {
	ctx, cancel := c.within()
	defer cancel()
	reached := c.storm(chaosCalls)
	s := c.dial(func(s *client.Socket) {
		client.Handle(s, "ask", func(_ context.Context, n int) (int, error) { return n, nil })
		s.OnConnect(func() {
			if err := s.Emit("ask me"); err != nil {
				c.Error(err)
			}
		})
	})
	var mu sync.Mutex
	begun, answered, lost, late := 0, 0, 0, 0
	var calling sync.WaitGroup
	for range 8 {
		calling.Go(func() {
			for {
				mu.Lock()
				n := begun
				if n < chaosCalls {
					begun++
					reached(n)
				}
				mu.Unlock()
				if n == chaosCalls {
					return
				}
				answer, err := client.Call[int](context.Background(), s, "echo", n)
				mu.Lock()
				switch {
				case errors.Is(err, client.ErrDisconnected):
					lost++
				case errors.Is(err, client.ErrTimeout):
					late++
				case err != nil || answer != n:
					c.Errorf("call %d was answered %d, %v", n, answer, err)
				default:
					answered++
				}
				mu.Unlock()
			}
		})
	}
	ended := make(chan struct{})
	go func() { calling.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-ctx.Done():
		c.Fatal(context.Cause(ctx))
	}
	c.Logf("%d calls were answered, %d lost, %d timed out", answered, lost, late)
	c.weathered()
	r := c.server.report()
	s.Close()
	c.Logf("the server asked %d times, was answered %d times, %d failed", r.Asked, r.Answered, r.Failed)
	if answered < chaosCalls/2 || lost == 0 || r.Wrong > 0 || r.Answered < chaosCalls/10 || r.Failed == 0 {
		c.Errorf("too few answers, no losses, or %d wrong answers", r.Wrong)
	}
	seen := map[int]bool{}
	for _, a := range r.Arrivals {
		if seen[a[1]] {
			c.Errorf("call %d was handled twice", a[1])
		}
		seen[a[1]] = true
	}
	if len(seen) < answered {
		c.Errorf("%d calls were handled", len(seen))
	}
}
