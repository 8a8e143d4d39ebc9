package guides_test

import (
	"context"
	"expvar"
	"net/netip"
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

func behindProxy() *sio.Server {
	return sio.NewServer(&sio.Config{
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Limits: sio.Limits{
			MaxConnections:           200_000,
			MaxConnectionsPerAddress: 200,
			HandshakeRate:            sio.Rate{Count: 5000, Per: 10 * time.Second},
			HandshakeRatePerAddress:  sio.Rate{Count: 100, Per: time.Minute},
		},
	})
}

var _ = []any{restart, observed, behindProxy}
