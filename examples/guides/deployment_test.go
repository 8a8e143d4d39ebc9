package guides_test

import (
	"context"
	"expvar"
	"time"

	"github.com/gosio/sio"
)

func restart(ctx context.Context, io *sio.Server) error {
	ctx, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	return io.Drain(ctx, 30*time.Second, func(s *sio.Socket, left time.Duration) {
		s.Emit("moving", left.Milliseconds())
	})
}

func observed(handled *expvar.Map) *sio.Server {
	return sio.NewServer(&sio.Config{Observer: &sio.Observer{
		EventHandled: func(e sio.HandledEvent) {
			handled.Add(e.Event, 1) // "" for events that nobody listens to, so clients cannot make up names
			if e.Err != nil {
				handled.Add("errors", 1)
			}
		},
	}})
}

var _ = []any{restart, observed}
