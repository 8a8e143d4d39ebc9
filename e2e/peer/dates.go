package peer

import (
	"context"
	"time"

	"github.com/gosio/sio"
)

// dates adds "tomorrow", acknowledged with the same time of the next day.
func (p *Server) dates() {
	sio.Handle(p.Server, "tomorrow", func(_ context.Context, _ *sio.Socket, at time.Time) (time.Time, error) {
		return at.AddDate(0, 0, 1), nil
	})
}
