package dialer

import (
	"runtime"
	"sync/atomic"

	"github.com/gosio/sio/internal/cork"
)

// gathering is whether what is sent waits for more.
type gathering struct {
	cork  cork.Cork
	woken atomic.Bool // from Gather until gathered
	guard cork.Guard  // of a session that is not Polled
}

// sharedGuard is that of all others.
var sharedGuard cork.Guard

// Cork lets messages of the session gather, until Uncork or Flush, so that the
// replies to a burst leave in one write. FlushSoon bounds how long they can.
func (c *Conn) Cork() { c.gathering.cork.Begin() }

// Corked reports whether Cork was called, and is not ended.
func (c *Conn) Corked() bool { return c.gathering.cork.Corked() }

// Uncork ends Cork and sends what has gathered.
func (c *Conn) Uncork() {
	c.gathering.cork.End()
	c.flush()
}

// Flush sends what Queue has taken, and ends Cork. It does not block.
func (c *Conn) Flush() { c.Uncork() }

// FlushSoon sends what Queue has taken: now, or when the session is corked with the
// rest, at most 2 ms later.
func (c *Conn) FlushSoon() {
	k := &c.gathering.cork
	if k.Corked() && !k.Guarded() {
		k.Guard(c, c.guard())
	}
	if !k.Corked() {
		c.flush()
	}
}

func (c *Conn) guard() *cork.Guard {
	if c.Polled() {
		return &sharedGuard
	}
	return &c.gathering.guard
}

// flush sends what is queued, unless gathered is about to.
func (c *Conn) flush() {
	if !c.gathering.woken.Load() {
		c.transport().flush()
	}
}

// Gather lets messages gather of goroutines that are woken together, until Gathered,
// which must follow.
func (c *Conn) Gather() { c.gathering.woken.Store(true) }

// Gathered sends what has gathered as soon as those goroutines have had their turn.
func (c *Conn) Gathered() { go c.gathered() }

func (c *Conn) gathered() {
	runtime.Gosched() // behind those that can run
	c.gathering.woken.Store(false)
	c.flush()
}
