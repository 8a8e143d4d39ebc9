package peer

import (
	"context"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

// ends adds "leave me" and "close me", by which the client is disconnected
// from the namespace, or altogether; an event "last words" goes before it. After
// "cut me" the client finds its connection lost.
func (p *Server) ends() {
	sio.On(p.Server, "leave me", func(_ context.Context, s *sio.Socket, _ event.None) error {
		err := s.Emit("last words", 1)
		s.Disconnect()
		return err
	})
	sio.On(p.Server, "close me", func(_ context.Context, s *sio.Socket, _ event.None) error {
		err := s.Emit("last words", 1)
		s.Close()
		return err
	})
	sio.On(p.Server, "cut me", func(_ context.Context, s *sio.Socket, _ event.None) error {
		s.Conn().Close()
		return nil
	})
}
