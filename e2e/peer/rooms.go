package peer

import (
	"context"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

// Send says to whom the event "send" is broadcast, and what.
type Send struct {
	Rooms    []string `json:"rooms"`
	Except   []string `json:"except"`
	All      bool     `json:"all"` // from the server: the sender is not left out
	Volatile bool     `json:"volatile"`
	Local    bool     `json:"local"`
	Value    any      `json:"value"`
	Data     []byte   `json:"data"`
}

// rooms adds "join", "leave" and "rooms", acknowledged with the rooms of the
// socket, and "send", acknowledged when the event "sent" is on its way.
func (p *Server) rooms() {
	list := func(s *sio.Socket) []string { return s.Rooms() }
	sio.Handle(p.Server, "join", func(_ context.Context, s *sio.Socket, rooms []string) ([]string, error) {
		s.Join(rooms...)
		return list(s), nil
	})
	sio.Handle(p.Server, "leave", func(_ context.Context, s *sio.Socket, room string) ([]string, error) {
		s.Leave(room)
		return list(s), nil
	})
	sio.Handle(p.Server, "rooms", func(_ context.Context, s *sio.Socket, _ event.None) ([]string, error) {
		return list(s), nil
	})
	sio.Handle(p.Server, "send", func(_ context.Context, s *sio.Socket, m Send) (event.None, error) {
		b := s.Broadcast()
		if m.All {
			b = p.To()
		}
		b = b.To(m.Rooms...).Except(m.Except...)
		if m.Volatile {
			b = b.Volatile()
		}
		if m.Local {
			b = b.Local()
		}
		args := []any{m.Value}
		if m.Data != nil {
			args = append(args, m.Data)
		}
		return event.None{}, b.Emit("sent", args...)
	})
}
