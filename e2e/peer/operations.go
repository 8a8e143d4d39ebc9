package peer

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/gosio/sio"
)

// operations adds what handlers do with many sockets, and with listeners.
func (p *Server) operations() {
	type question struct {
		Rooms []string `json:"rooms"`
		MS    int      `json:"ms"`
		Value any      `json:"value"`
	}
	type answers struct {
		Answers []any `json:"answers"`
		Error   any   `json:"error"`
	}
	// "ask all" asks the sockets in rooms "question", and acknowledges with what
	// they say until ms have passed.
	sio.Handle(p.Server, "ask all", func(ctx context.Context, _ *sio.Socket, q question) (answers, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Duration(q.MS)*time.Millisecond)
		defer cancel()
		all := answers{Answers: []any{}}
		for answer, err := range p.To(q.Rooms...).EmitWithAck(ctx, "question", q.Value) {
			if err != nil {
				all.Error = "some have not answered"
				break
			}
			values, err := answer.Args()
			if err != nil {
				return all, err
			}
			all.Answers = append(all.Answers, values[0])
		}
		return all, nil
	})
	sio.Handle(p.Server, "move all", func(_ context.Context, _ *sio.Socket, o struct {
		Rooms []string `json:"rooms"`
		Join  []string `json:"join"`
		Leave []string `json:"leave"`
	}) (int, error) {
		p.To(o.Rooms...).Join(o.Join...)
		p.To(o.Rooms...).Leave(o.Leave...)
		return len(slices.Collect(p.To(o.Rooms...).Sockets())), nil
	})
	sio.On(p.Server, "end all", func(_ context.Context, _ *sio.Socket, o struct {
		Rooms []string `json:"rooms"`
		Close bool     `json:"close"`
	}) error {
		if o.Close {
			p.To(o.Rooms...).Close()
		} else {
			p.To(o.Rooms...).Disconnect()
		}
		return nil
	})
	p.spies()
	p.filters()
}

// spies lets "spy" note the names of events both ways, which "spied" tells.
func (p *Server) spies() {
	p.On("spy", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
		var mu sync.Mutex
		in, out := []string{}, []string{}
		note := func(list *[]string) func(*sio.Message) {
			return func(m *sio.Message) {
				mu.Lock()
				defer mu.Unlock()
				*list = append(*list, m.Event())
			}
		}
		noteIn, noteOut := note(&in), note(&out)
		offIn := s.OnAny(func(_ context.Context, _ *sio.Socket, m *sio.Message) { noteIn(m) })
		offOut := s.OnAnyOutgoing(func(_ *sio.Socket, m *sio.Message) { noteOut(m) })
		s.Once("spied", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
			offIn()
			offOut()
			mu.Lock()
			defer mu.Unlock()
			return m.Ack(in, out)
		})
		return m.Ack()
	})
}

// filters lets "filter" drop events "forbidden" and double the argument of
// events "changed", and listen to "once" once; "arrived" tells what came through.
func (p *Server) filters() {
	doubled := func(m *sio.Message) error {
		var n int
		if err := m.Decode(&n); err != nil {
			return err
		}
		return m.SetArgs(2 * n)
	}
	p.On("filter", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
		arrived := []any{}
		s.Intercept(func(_ context.Context, _ *sio.Socket, m *sio.Message, next func() error) error {
			switch m.Event() {
			case "forbidden":
				return &sio.Error{Message: "forbidden"}
			case "changed":
				if err := doubled(m); err != nil {
					return err
				}
			}
			return next()
		})
		for _, name := range []string{"forbidden", "changed"} {
			s.On(name, func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
				args, err := m.Args()
				arrived = append(append(arrived, m.Event()), args...)
				return err
			})
		}
		s.Once("once", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
			arrived = append(arrived, m.Event())
			return nil
		})
		s.On("arrived", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack(arrived) })
		return m.Ack()
	})
}
