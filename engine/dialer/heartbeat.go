package dialer

import (
	"sync/atomic"
	"time"

	"github.com/gosio/sio/wire/eio"
)

// heartbeat is the state of a session's pings; guarded by Conn.mu. In protocol 4,
// the server pings, and has PingInterval and PingTimeout for that. In protocol 3, the client
// pings PingInterval after the last answer, and the server has PingTimeout for the next.
type heartbeat struct {
	timer    *time.Timer // nil without a heartbeat
	due      time.Time   // for which the timer is set
	paused   bool        // nothing is read
	awaiting bool        // an answer, in protocol 3
	// expiry is when a session ends for want of a packet, by the wall clock, in nanoseconds
	// since 1970; 0 for never. Written under Conn.mu.
	expiry atomic.Int64
}

// forever is as good as no limit, and can be added to times and to itself.
const forever = 1 << 60

// startHeartbeat waits for the first ping to come or, in protocol 3, to be sent.
// c.mu is held.
func (c *Conn) startHeartbeat() {
	if c.state.Load() == closed || c.silence() <= 0 {
		return
	}
	c.beat.timer = time.AfterFunc(forever, c.beatDue)
	c.restart()
}

func (c *Conn) pingInterval() time.Duration { return min(c.shake.PingInterval, forever) }
func (c *Conn) pingTimeout() time.Duration  { return min(c.shake.PingTimeout, forever) }

// silence is how long the server may be silent.
func (c *Conn) silence() time.Duration { return c.pingInterval() + c.pingTimeout() }

// restart begins a new round. c.mu is held, and there is a heartbeat.
func (c *Conn) restart() {
	c.beat.awaiting = false
	if c.cfg.eio3 {
		c.wait(c.pingInterval(), c.silence())
	} else {
		c.wait(c.silence(), c.silence())
	}
}

// wait sets the timer, and when the session expires. c.mu is held.
func (c *Conn) wait(d, expiry time.Duration) {
	b := &c.beat
	b.due = time.Now().Add(d)
	b.timer.Reset(d)
	if b.paused {
		expiry = 0
	} else {
		expiry = time.Duration(b.due.Add(expiry - d).UnixNano())
	}
	b.expiry.Store(int64(expiry))
}

// beatDue is called by the timer.
func (c *Conn) beatDue() {
	c.mu.Lock()
	b := &c.beat
	switch {
	case c.state.Load() == closed || time.Now().Before(b.due): // set anew in this moment
		c.mu.Unlock()
		return
	case !c.cfg.eio3 && b.paused:
		c.wait(c.reminder(), 0)
		c.mu.Unlock()
		c.own(pongFrame)
		return
	case !c.cfg.eio3 || b.awaiting && !b.paused:
		c.mu.Unlock()
		c.finish(PingTimeout, nil)
		return
	}
	// While nothing is read, the server must not give up for want of pings.
	b.awaiting = true
	if b.paused {
		c.wait(c.pingInterval(), 0)
	} else {
		c.wait(c.pingTimeout(), c.pingTimeout())
	}
	c.mu.Unlock()
	c.own(pingFrame)
}

// beaten handles a ping or a pong. What is the client's to send is ignored.
func (c *Conn) beaten(t eio.Type) {
	if c.cfg.eio3 != (t == eio.Pong) {
		return
	}
	if !c.cfg.eio3 {
		c.own(pongFrame)
	}
	if hook := c.cfg.Observer.Pinged; hook != nil {
		hook()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.beat.timer != nil && c.state.Load() != closed && !(c.beat.paused && !c.cfg.eio3) {
		c.restart()
	}
}

// pause says that nothing is read, as the receiver wants to wait, so that the silence is
// neither side's fault. resume ends it, and gives the server its full time again.
func (c *Conn) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.beat.paused = true
	c.beat.expiry.Store(0)
	if !c.cfg.eio3 && c.beat.timer != nil && c.state.Load() != closed {
		c.wait(c.reminder(), 0)
	}
}

// reminder is how often a server of protocol 4 gets a pong while its pings are not read, so
// that it does not give up either.
func (c *Conn) reminder() time.Duration { return min(c.pingInterval(), c.pingTimeout()) / 2 }

func (c *Conn) resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.beat.paused = false
	switch {
	case c.beat.timer == nil || c.state.Load() == closed:
	case c.cfg.eio3 && c.beat.awaiting:
		c.wait(c.pingTimeout(), c.pingTimeout())
	case c.cfg.eio3: // it is time to ping when it was before
		left := max(0, time.Until(c.beat.due))
		c.wait(left, left+c.pingTimeout())
	default:
		c.restart()
	}
}

// stopHeartbeat ends it. c.mu is held, and the session has ended.
func (c *Conn) stopHeartbeat() {
	if c.beat.timer != nil {
		c.beat.timer.Stop()
	}
	c.beat.expiry.Store(0)
}

// Stale reports whether the server has been silent for too long by the wall clock, but
// the session has not ended yet: the machine was suspended, and timers with it. What is
// sent then would be lost; Expire ends such a session (Engine.IO protocol, "Heartbeat").
func (c *Conn) Stale() bool {
	expiry := c.beat.expiry.Load()
	return expiry != 0 && time.Now().UnixNano() > expiry
}

// Expire ends the session at once with PingTimeout, which is for one that is Stale. What
// is queued is dropped.
func (c *Conn) Expire() {
	c.finishSoon(PingTimeout, nil)
}
