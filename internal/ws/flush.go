package ws

import (
	"errors"

	"github.com/gosio/sio/internal/netpoll"
)

// maxRounds is how many batches one call of Flush writes: a caller does not go
// on for ever with what others queue meanwhile.
const maxRounds = 16

// Flush writes what is queued without blocking. If the kernel does not take
// all of it, a goroutine waits for the rest, and ends when nothing is queued any
// more. On the portable path, where writes can block, that goroutine does all
// of it.
func (c *Conn) Flush() {
	c.mu.Lock()
	b := c.begin()
	c.mu.Unlock()
	if b != nil {
		c.flush(b)
	}
}

// begin makes the caller the flusher, of the batch that it returns, unless
// there is one, or nothing to write. c.mu is held.
func (c *Conn) begin() *batch {
	if c.flushing || !c.hasWork() {
		return nil
	}
	c.flushing = true
	return c.take()
}

// flush writes b and what follows.
func (c *Conn) flush(b *batch) {
	if !c.net.Polled() {
		go c.flushBlocking(b)
		return
	}
	for round := 0; b != nil; round++ {
		if round == maxRounds {
			go c.flushBlocking(b)
			return
		}
		b.gather(c)
		n, err := c.net.TryWrite(b.out)
		switch {
		case err == nil:
			b = c.next(b)
		case errors.Is(err, netpoll.ErrWouldBlock):
			b.skip(n)
			b.own()
			c.congested.Store(true)
			go c.flushBlocking(b)
			return
		default:
			c.abandon(b, err)
			return
		}
	}
}

// flushBlocking writes b and all that follows, and waits as long as it takes.
func (c *Conn) flushBlocking(b *batch) {
	for b != nil {
		b.gather(c)
		if err := c.net.Write(b.out); err != nil {
			c.abandon(b, err)
			return
		}
		b = c.next(b)
	}
}

// hasWork reports whether there is something to write. c.mu is held.
func (c *Conn) hasWork() bool {
	if c.state == stateClosed {
		return false
	}
	return c.queue != nil || c.closing != nil && c.closing.frame != nil
}

// take makes a batch of everything that waits. c.mu is held, and there is something.
func (c *Conn) take() *batch {
	b := c.queue
	if b == nil {
		b = batches.Get().(*batch)
	}
	c.queue = nil
	if c.closing != nil {
		b.closing, c.closing.frame = c.closing.frame, nil
	}
	return b
}

// next ends a batch that is written, and returns the next one, or nil when
// there is none: the caller is the flusher no more then.
func (c *Conn) next(b *batch) *batch {
	if c.wrote != nil && len(b.frames) > 0 {
		c.wrote(len(b.frames), b.bytes)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.closing != nil {
		c.closing.done()
	}
	c.written(b)
	if c.hasWork() {
		return c.take()
	}
	c.flushing = false
	c.congested.Store(false)
	return nil
}

// written ends a batch, which must not be used any more. c.mu is held.
func (c *Conn) written(b *batch) {
	c.queued.Add(int64(-b.bytes))
	c.waiting -= len(b.frames)
	c.freed()
	b.free()
}

// abandon ends a batch that could not be written, and the connection. The
// reader notices that.
func (c *Conn) abandon(b *batch, err error) {
	c.mu.Lock()
	if c.failure == nil { // later ones only follow from the first
		c.failure = err
	}
	c.written(b)
	c.dropQueue()
	c.flushing = false
	c.congested.Store(false)
	if c.closing != nil {
		c.closing.done()
	}
	c.mu.Unlock()
	c.abort()
}
