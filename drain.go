package sio

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/gosio/sio/internal/fault"
)

// Drain ends the server, for a restart or to move its clients elsewhere, without
// a storm of clients that all come back at the same moment: new connections are
// refused (503 with Retry-After), the clients that are there are closed one
// after the other, in random order and spread over the given time, and what is
// left then ends as Shutdown does it. Clients see their connection close, as with
// Shutdown, and connect again by themselves.
//
// tell, if not nil, is called for every socket at the beginning, with the time until
// its connection will be closed. It can emit an event about that, so that a client may
// go earlier, at a moment that suits it:
//
//	io.Drain(ctx, time.Minute, func(s *sio.Socket, left time.Duration) {
//		s.Emit("moving", left.Milliseconds())
//	})
//
// Drain returns when everybody has gone and handlers have returned. When ctx ends
// first, the rest is closed at once and the context's error returned; so it should
// have a few seconds more than the clients are spread over.
func (s *Server) Drain(ctx context.Context, spread time.Duration, tell func(s *Socket, left time.Duration)) error {
	s.engine.StopAccepting()
	begun := time.Now()
	departures := s.departures(spread)
	if tell != nil {
		for _, d := range departures {
			d.client.tell(d.after, tell)
		}
	}
	for _, d := range departures {
		if d.client.stays(ctx, time.Until(begun.Add(d.after))) {
			d.client.end(ServerShuttingDown, nil)
			d.client.session.Close()
		}
	}
	return s.Shutdown(ctx)
}

// departure is when a client is closed.
type departure struct {
	client *client
	after  time.Duration
}

// departures spreads all clients evenly over some time, each to a random moment
// of its share of it.
func (s *Server) departures(spread time.Duration) []departure {
	var list []departure
	seen := make(map[*client]bool)
	for _, n := range s.all() {
		for socket := range n.Sockets() {
			if c := socket.client; !seen[c] {
				seen[c] = true
				list = append(list, departure{client: c})
			}
		}
	}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	for i := range list {
		list[i].after = time.Duration((float64(i) + rand.Float64()) / float64(len(list)) * float64(spread))
	}
	return list
}

// tell calls a function of the application for each of the sockets.
func (c *client) tell(left time.Duration, fn func(*Socket, time.Duration)) {
	for _, s := range c.all() {
		if !s.Connected() {
			continue
		}
		if err := fault.Call(func() error { fn(s, left); return nil }); err != nil {
			s.report("", err)
		}
	}
}

// stays waits, and reports whether the client is still there then. It returns at
// once when the client goes or ctx ends.
func (c *client) stays(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		s := c.connected()
		if s == nil {
			return false
		}
		select {
		case <-timer.C:
			return true
		case <-s.Context().Done(): // perhaps another one is left
		case <-ctx.Done():
			return false
		}
	}
}

// connected returns one of the connected sockets, or nil.
func (c *client) connected() *Socket {
	for _, s := range c.all() {
		if s.Connected() {
			return s
		}
	}
	return nil
}
