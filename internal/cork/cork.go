// Package cork lets what is sent gather while more is about to be sent, so that
// the replies to a burst leave in one write.
package cork

import (
	"sync"
	"sync/atomic"
	"time"
)

// Delay is the longest that something gathers when whoever has begun that goes on
// working.
const Delay = 2 * time.Millisecond

// Sender is what gathers.
type Sender interface {
	// Uncork ends the gathering and sends what there is.
	Uncork()
}

// Cork is whether a Sender gathers. The zero value does not. All methods may be called
// from any goroutine.
type Cork struct {
	corked  atomic.Bool
	guarded atomic.Bool // in a Guard's list
}

// Begin has what is sent gather.
func (c *Cork) Begin() { c.corked.Store(true) }

// End ends that.
func (c *Cork) End() { c.corked.Store(false) }

// Corked reports whether what is sent gathers.
func (c *Cork) Corked() bool { return c.corked.Load() }

// Guarded reports whether a Guard sees to it that what is corked now does not gather for
// long.
func (c *Cork) Guarded() bool { return c.guarded.Load() }

// Guard has a Guard do that. Whether the Sender is Corked must be asked after it, not only
// before: an end in between was perhaps before something was queued.
func (c *Cork) Guard(s Sender, g *Guard) {
	if !c.guarded.Swap(true) {
		g.add(held{c, s})
	}
}

// Guard uncorks what is corked for longer than Delay. Its timer runs only while
// there may be something. The zero value is ready.
type Guard struct {
	mu    sync.Mutex
	list  []held
	timer *time.Timer
}

type held struct {
	cork   *Cork
	sender Sender
}

func (g *Guard) add(h held) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.list = append(g.list, h)
	if len(g.list) > 1 {
		return // the timer is set
	}
	if g.timer == nil {
		g.timer = time.AfterFunc(Delay, g.run)
		return
	}
	g.timer.Reset(Delay)
}

func (g *Guard) run() {
	g.mu.Lock()
	list := g.list
	g.list = nil
	g.mu.Unlock()
	for _, h := range list {
		h.cork.guarded.Store(false)
		h.sender.Uncork()
	}
}
