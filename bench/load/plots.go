package load

import (
	"strconv"
	"time"

	"github.com/gosio/sio/bench/result"
)

// IdlePoints measures a server's memory with more and more idle clients, up
// to what the limit of open files of a process allows: x clients, y MiB.
func IdlePoints(t Target) (points []result.Point, err error) {
	_, err = with(func(l *loop) (result.Measure, error) {
		have := 0
		for _, n := range []int{0, 1000, 2500, 5000, 7500, 10_000, 12_500, 15_000, 17_500, 19_500} {
			rss, err := l.settled(t, n-have)
			if err != nil {
				return result.Measure{}, err
			}
			have = n
			points = append(points, result.Point{Plot: "idle", X: float64(n), Y: float64(rss) / (1 << 20)})
		}
		return result.Measure{}, nil
	})
	return points, err
}

// The receivers of a broadcast whose surroundings grow.
const castReceivers = 100

// CastIdlePoints measures a broadcast to a room of 100 while more and more
// other clients are idle: x idle clients, y CPU µs per delivery.
func CastIdlePoints(t Target, d time.Duration) ([]result.Point, error) {
	return castPoints(t, d, "castIdle", []int{0, 2500, 5000, 10_000, 15_000}, func(l *loop, n int) error {
		ws, err := l.joinAll(t, n)
		for _, w := range ws {
			w.message = func(_ byte, payload []byte) { l.strange(payload, nil) }
		}
		return err
	})
}

// CastRoomsPoints measures a broadcast to a room of 100 while there are more
// and more other rooms, of the same and of other clients: x rooms, y CPU µs
// per delivery.
func CastRoomsPoints(t Target, d time.Duration) ([]result.Point, error) {
	last := 0
	return castPoints(t, d, "castRooms", []int{0, 10_000, 25_000, 50_000, 100_000}, func(l *loop, n int) error {
		const each = 1000
		for ; n > 0; n -= each {
			w, err := l.join(t)
			if err != nil {
				return err
			}
			rooms := make([]string, each)
			for i := range rooms {
				last++
				rooms[i] = "other" + strconv.Itoa(last)
			}
			if err := l.enter(w, rooms...); err != nil {
				return err
			}
		}
		return nil
	})
}

// castPoints measures broadcasts to a room; grow adds so many of what x
// counts before each point.
func castPoints(t Target, d time.Duration, plot string, xs []int, grow func(l *loop, n int) error) (points []result.Point, err error) {
	_, err = with(func(l *loop) (result.Measure, error) {
		ws, err := l.joinAll(t, castReceivers)
		if err != nil {
			return result.Measure{}, err
		}
		for _, w := range ws {
			if err := l.enter(w, "room"); err != nil {
				return result.Measure{}, err
			}
		}
		have := 0
		for _, x := range xs {
			if err := grow(l, x-have); err != nil {
				return result.Measure{}, err
			}
			have = x
			stop := false
			c := &caster{from: ws[0], room: "room", receivers: castReceivers, tally: newTally()}
			c.next = func() {
				if !stop {
					c.cast()
				}
			}
			for _, w := range ws {
				c.receive(w)
			}
			c.cast()
			m, err := l.measure(t, c.tally, d)
			if err != nil {
				return result.Measure{}, err
			}
			stop = true
			if err := l.until(func() bool { return c.missing == 0 }); err != nil {
				return result.Measure{}, err
			}
			points = append(points, result.Point{Plot: plot, X: float64(x), Y: float64(m.CPU.Nanoseconds()) / 1e3 / float64(m.Ops)})
		}
		return result.Measure{}, nil
	})
	return points, err
}
