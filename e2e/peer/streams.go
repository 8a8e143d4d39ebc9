package peer

import (
	"context"
	"errors"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

// log is what came in of the event "up", in order, and how often "third time" did.
type log struct {
	got   []int
	tries int
}

// streams adds what tests of order use: "up", numbers that are remembered
// for the socket; "log", which is acknowledged with them; "down", which asks
// for n events "number"; "burst", n volatile events and one that is not; and "third
// time", which is not acknowledged before it.
func (p *Server) streams() {
	p.OnConnect(func(s *sio.Socket) {
		if !s.Recovered() {
			s.SetData(new(log))
		}
	})
	sio.On(p.Server, "up", func(_ context.Context, s *sio.Socket, n int) error {
		l, ok := sio.DataOf[*log](s)
		if !ok {
			return errors.New("event before the connection handler")
		}
		l.got = append(l.got, n) // handlers of a socket run one at a time
		return nil
	})
	sio.Handle(p.Server, "log", func(_ context.Context, s *sio.Socket, _ event.None) ([]int, error) {
		l, _ := sio.DataOf[*log](s)
		return l.got, nil
	})
	sio.On(p.Server, "down", func(_ context.Context, s *sio.Socket, n int) error {
		for i := range n {
			if err := s.Emit("number", i); err != nil {
				return err
			}
		}
		return nil
	})
	sio.On(p.Server, "burst", func(_ context.Context, s *sio.Socket, n int) error {
		for i := range n {
			if err := s.Volatile().Emit("drop", i); err != nil {
				return err
			}
		}
		return s.Emit("done")
	})
	p.On("third time", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
		l, _ := sio.DataOf[*log](s)
		if l.tries++; l.tries < 3 {
			return nil
		}
		args, err := m.Args()
		if err != nil {
			return err
		}
		return m.Ack(args[0], l.tries)
	})
}
