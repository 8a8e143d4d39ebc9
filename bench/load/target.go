package load

import (
	"fmt"
	"net"
	"runtime"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/gosio/sio/bench/result"
)

// A Target is the server that is measured.
type Target struct {
	Addr   *net.TCPAddr
	Raw    bool // no Socket.IO: no open packet, no CONNECT, everything comes back as it was sent
	CPU    func() (time.Duration, error)
	RSS    func() (int64, error)
	Settle func() error // collect garbage
}

// tally is what clients count while they work.
type tally struct {
	ops     int64
	latency *hdrhistogram.Histogram // ns
}

func newTally() *tally {
	return &tally{latency: hdrhistogram.New(100, int64(time.Minute), 3)}
}

// done counts an operation that began at that time.
func (c *tally) done(l *loop, began time.Time) {
	c.ops++
	_ = c.latency.RecordValue(int64(l.now.Sub(began))) // only values of a minute do not fit: stall ends those
}

// measure has the clients, which work by themselves, go on for some time to
// warm up, and then takes the figures of d.
func (l *loop) measure(t Target, c *tally, d time.Duration) (result.Measure, error) {
	if err := l.runFor(d / 3); err != nil {
		return result.Measure{}, err
	}
	c.ops = 0
	c.latency.Reset()
	began := time.Now()
	cpu, err := t.CPU()
	if err != nil {
		return result.Measure{}, err
	}
	own := ownCPU()
	if err := l.runFor(d); err != nil {
		return result.Measure{}, err
	}
	after, err := t.CPU()
	if err != nil {
		return result.Measure{}, err
	}
	return result.Measure{
		Ops:     c.ops,
		Wrong:   l.wrong,
		Elapsed: time.Since(began),
		CPU:     after - cpu,
		LoadCPU: ownCPU() - own,
		P50:     time.Duration(c.latency.ValueAtQuantile(50)),
		P99:     time.Duration(c.latency.ValueAtQuantile(99)),
	}, nil
}

func (l *loop) runFor(d time.Duration) error {
	end := time.Now().Add(d)
	return l.until(func() bool { return l.now.After(end) })
}

// with runs work on a loop of its own, on one thread.
func with(work func(l *loop) (result.Measure, error)) (result.Measure, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := newLoop()
	if err != nil {
		return result.Measure{}, err
	}
	defer l.close()
	m, err := work(l)
	if err != nil {
		return m, err
	}
	if l.wrong > 0 {
		return m, fmt.Errorf("%d answers were wrong, the first one: %s", l.wrong, l.firstWrong)
	}
	return m, nil
}
