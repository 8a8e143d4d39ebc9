package main

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/examples/wasm/board"
)

// server is the board that all pages draw on. Its lock is held while events are emitted,
// which never waits; so all see the same steps in the same order.
type server struct {
	io *sio.Server

	mu     sync.Mutex
	sheet  *board.Sheet
	step   int
	people map[string]int // the number of each page that has joined, by socket id
	latest int            // of those numbers
}

// joined is the room of those who have joined.
const joined = "joined"

func newServer(io *sio.Server) *server {
	s := &server{io: io, sheet: board.NewSheet(nil), people: make(map[string]int)}
	sio.Handle(io, board.Join, s.join)
	sio.On(io, board.Draw, s.draw)
	sio.On(io, board.Wipe, s.wipe)
	sio.On(io, board.Point, s.point)
	io.OnDisconnect(s.left)
	return s
}

func (s *server) join(_ context.Context, c *sio.Socket, _ event.None) (board.Joined, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.people[c.ID()] == 0 {
		s.latest++
		s.people[c.ID()] = s.latest
		c.Join(joined)
		_ = sio.Emit(s.io.To(joined), board.People, len(s.people))
	}
	return board.Joined{You: s.people[c.ID()], Step: s.step, Lines: slices.Clone(s.sheet.Lines)}, nil
}

func (s *server) draw(_ context.Context, c *sio.Socket, line board.Line) error {
	if !line.Valid() {
		return errors.New("a line that nobody can draw")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step++
	s.sheet.Add(line)
	return sio.Emit(s.io.To(joined), board.Drawn, board.Drawing{Step: s.step, By: s.people[c.ID()], Line: line})
}

func (s *server) wipe(context.Context, *sio.Socket, event.None) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step++
	s.sheet = board.NewSheet(nil)
	return sio.Emit(s.io.To(joined), board.Wiped, board.Wiping{Step: s.step})
}

func (s *server) point(_ context.Context, c *sio.Socket, at board.Spot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sio.Emit(c.To(joined).Volatile(), board.Pointed, board.Cursor{Who: s.people[c.ID()], Spot: at})
}

func (s *server) left(c *sio.Socket, _ sio.Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, ok := s.people[c.ID()]
	if !ok {
		return
	}
	delete(s.people, c.ID())
	_ = sio.Emit(s.io.To(joined), board.Left, who)
	_ = sio.Emit(s.io.To(joined), board.People, len(s.people))
}
