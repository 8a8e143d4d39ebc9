package load

import (
	"time"

	"github.com/gosio/sio/bench/result"
)

const (
	firstIdle = 1000 // they pay for what all share
	idleCount = 10_000
)

// idle measures the memory that an idle client costs: what 10,000 add to a
// server that has 1,000 already, after collecting garbage.
func idle(t Target, _ time.Duration) (result.Measure, error) {
	return with(func(l *loop) (result.Measure, error) {
		began := time.Now()
		before, err := l.settled(t, firstIdle)
		if err != nil {
			return result.Measure{}, err
		}
		after, err := l.settled(t, idleCount)
		if err != nil {
			return result.Measure{}, err
		}
		return result.Measure{Ops: idleCount, Elapsed: time.Since(began), RSS: (after - before) / idleCount}, nil
	})
}

// settled adds clients and returns the server's memory then.
func (l *loop) settled(t Target, clients int) (int64, error) {
	ws, err := l.joinAll(t, clients)
	if err != nil {
		return 0, err
	}
	for _, w := range ws {
		w.message = func(_ byte, payload []byte) { l.strange(payload, nil) }
	}
	if err := t.Settle(); err != nil {
		return 0, err
	}
	return t.RSS()
}
