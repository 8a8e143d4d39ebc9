package ws_test

import (
	"testing"

	"github.com/gosio/sio/internal/ws"
)

// lostConn is a brokenConn that nobody is told to be closed.
type lostConn struct{ brokenConn }

func (*lostConn) Close() error { return nil }

// After a write has failed, nothing is queued any more, even before the reader
// has noticed, and the first error is the one that counts.
func TestNothingIsQueuedAfterAWriteError(t *testing.T) {
	lost := &lostConn{brokenConn{closed: make(chan struct{})}}
	r := newRecorder()
	c := ws.NewConn(lost, nil, nil, false)
	c.Start(r)
	_ = c.Enqueue(textFrame("x"))
	c.Flush()
	settle(t, func() bool { return c.Enqueue(textFrame("y")) == ws.ErrClosed })
	c.Flush()
	settle(t, func() bool { return c.Queued() == 0 })
	close(lost.closed) // now the reader sees net.ErrClosed
	if err := receive(t, "end", r.closed); err != errBroken {
		t.Errorf("ended with %v, not with %v", err, errBroken)
	}
	receive(t, "end of the goroutine", r.gone)
	if err := c.Enqueue(textFrame("z")); err != ws.ErrClosed {
		t.Error(err)
	}
}
