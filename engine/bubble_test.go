package engine_test

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
)

// pipes is a network within a bubble of testing/synctest, where time passes
// only when everybody waits.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) dial() (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	close(l.done)
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// bubble runs a test in fake time.
func bubble(t *testing.T, cfg *engine.Config, test func(t *testing.T, f *fixture), options ...func(*fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{make(chan net.Conn), make(chan struct{})}
		test(t, serveOn(t, cfg, l, l.dial, append(options, func(f *fixture) { f.fakeTime = true })...))
	})
}

// clock measures fake time.
type clock struct {
	t     testing.TB
	start time.Time
}

func newClock(t testing.TB) *clock { return &clock{t, time.Now()} }

// at checks that it is just now, since the last call: never earlier, and in
// fake time hardly later either.
func (c *clock) at(d time.Duration) {
	c.t.Helper()
	passed := time.Since(c.start)
	if passed < d || passed > d+200*time.Millisecond {
		c.t.Fatalf("after %v instead of %v", passed, d)
	}
	c.start = time.Now()
}
