package sio

import (
	"errors"
	"maps"
	"math"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/engine"
)

// Defaults of the limits of what clients and sockets may have.
const (
	DefaultMaxNamespaces = 100
	DefaultMaxRooms      = 10_000
)

var (
	// ErrTooManyNamespaces is told to Observer.LimitReached when a client wants to
	// join one more namespace than it may (Config.MaxNamespaces).
	ErrTooManyNamespaces = errors.New("sio: too many namespaces")
	// ErrTooManyRooms is returned when a socket would be in more rooms than it may
	// (Config.MaxRooms).
	ErrTooManyRooms = errors.New("sio: too many rooms")
)

// ReachedLimit is a limit that kept a client or a socket from something, and did
// not disconnect it.
type ReachedLimit struct {
	Session *engine.Session
	Socket  *Socket // nil if it is the client's
	Err     error   // ErrTooManyNamespaces, ErrTooManyRooms or ErrTooManyAcks
}

func (s *Server) reached(l ReachedLimit) {
	if hook := s.cfg.Observer.LimitReached; hook != nil {
		hook(l)
	}
}

// reached tells of a limit that was reached, if err is that. s.mu is not held.
func (s *Socket) reached(err error) error {
	if err == ErrTooManyRooms || err == ErrTooManyAcks {
		s.namespace.server.reached(ReachedLimit{s.client.session, s, err})
	}
	return err
}

// orUnlimited returns the limit that an option means: its default for zero, none
// for a negative one.
func orUnlimited(option, standard int) int {
	switch {
	case option == 0:
		return standard
	case option < 0:
		return math.MaxInt
	}
	return option
}

// maxUnfinished is how many sockets a client may have beside those of
// Config.MaxNamespaces: it has left them, and their handlers still run.
const maxUnfinished = 16

// crowded reports whether the client may not join one more namespace, and tells of
// that. A socket that is gone counts as long as its handlers run, or else a client
// that joins and leaves would make more and more of those.
func (c *client) crowded(namespace []byte) bool {
	if s := c.socket(namespace); s != nil && s.state.Load() != gone {
		return false // which it may not join twice
	}
	most := c.server.cfg.MaxNamespaces
	if c.live(most) < most && int(c.unfinished.Load())-maxUnfinished < most {
		return false
	}
	c.server.reached(ReachedLimit{Session: c.session, Err: ErrTooManyNamespaces})
	return true
}

// live returns the number of namespaces that the client is in, or joins. Only when
// that could be as many as most, those are forgotten from which this side has
// disconnected it.
func (c *client) live(most int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	if s := c.main.Load(); s != nil && s.state.Load() != gone {
		n = 1
	}
	if n+len(c.others) >= most {
		maps.DeleteFunc(c.others, func(_ string, s *Socket) bool { return s.state.Load() == gone })
	}
	return n + len(c.others) + len(c.asked)
}

// crowds reports whether a socket that is in some rooms would be in too many with
// more. s.mu is held.
func (s *Socket) crowds(rooms, more []string) bool {
	all := make(map[string]struct{}, len(rooms)+len(more))
	for _, list := range [][]string{rooms, more} {
		for _, room := range list {
			if room != s.id { // which is its own
				all[room] = struct{}{}
			}
		}
	}
	return len(all) > s.namespace.server.cfg.MaxRooms
}

func (s *Socket) join(rooms []string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	most, a := s.namespace.server.cfg.MaxRooms, s.namespace.adapter
	switch s.state.Load() {
	case connected:
		if c, ok := a.(adapter.RoomCounter); (!ok || c.CountRooms(s.id) > most-len(rooms)) && s.crowds(a.Rooms(s.id), rooms) {
			return ErrTooManyRooms
		}
		a.Join(s.id, rooms...)
	case gone:
		return ErrDisconnected
	default:
		x := s.extend()
		if len(x.rooms) > most-len(rooms) && s.crowds(x.rooms, rooms) {
			return ErrTooManyRooms
		}
		x.join(rooms)
	}
	return nil
}
