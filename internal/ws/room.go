package ws

import "github.com/gosio/sio/internal/frame"

// Offer is Enqueue for frames that can wait or be dropped: it leaves a part of
// the queue to others.
func (c *Conn) Offer(frames ...*frame.Frame) error { return c.put(frames, c.limit.Polite()) }

// Fits reports whether Offer would take so many frames, with payload of so many
// bytes. A connection that is closed does, as waiting is no use.
func (c *Conn) Fits(bytes, frames int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.open() || c.waiting == 0 || !c.limit.Polite().Exceeded(int(c.queued.Load())+bytes, c.waiting+frames)
}

// More returns a channel that is closed when there is more room in the queue than
// now, or the connection cannot take anything any more.
func (c *Conn) More() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.open() || c.waiting == 0 {
		return always
	}
	if c.room == nil {
		c.room = make(chan struct{})
	}
	return c.room
}

var always = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// open reports whether frames can be queued. c.mu is held.
func (c *Conn) open() bool { return c.state == stateOpen && c.failure == nil }

// freed wakes up those who wait for room. c.mu is held.
func (c *Conn) freed() {
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
}
