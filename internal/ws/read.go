package ws

import (
	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/netpoll"
)

// Start flushes what is queued, and begins reading. It is called once.
func (c *Conn) Start(h Handler) {
	c.handler = h
	c.Flush()
	if !c.net.Polled() {
		go c.readLoop()
		return
	}
	err := c.net.Start(c)
	if err == nil {
		err = c.reader.rest(c)
	}
	if err != nil || c.reader.wait != nil || !c.reading.leave() {
		c.carryOn(err)
	}
}

// maxReads is how often a connection is read in a row before others get their turn.
const maxReads = 4

// Readable reads what has arrived. The poller calls it, on a goroutine that
// reads many connections.
func (c *Conn) Readable(scratch []byte) (again bool) {
	if !c.reading.enter() {
		return false
	}
	for range maxReads {
		more, err := c.readOnce(scratch)
		if err != nil || c.reader.wait != nil {
			c.step(err)
			return false
		}
		if !more && c.reading.leave() {
			return false
		}
	}
	for !c.reading.leave() {
	}
	return true
}

// readOnce reads once and consumes what came. It reports whether there may be more.
func (c *Conn) readOnce(scratch []byte) (more bool, err error) {
	into := c.reader.into(scratch)
	n, err := c.net.TryRead(into)
	switch {
	case err == netpoll.ErrWouldBlock:
		return false, nil
	case n == 0:
		return false, err
	}
	return n == len(into) || err != nil, c.reader.took(c, into[:n])
}

// step ends a turn that is not just over: the connection ends, or the handler
// wants to wait. A goroutine goes on in either case.
func (c *Conn) step(err error) {
	if err != nil {
		c.reading.end()
		c.end(err)
		return
	}
	wait := c.reader.wait
	go func() {
		<-wait
		c.carryOn(c.resume())
	}()
}

// resume consumes what was left when the handler wanted to wait.
func (c *Conn) resume() error {
	c.reader.wait = nil
	c.handler.Resumed()
	return c.reader.rest(c)
}

// carryOn reads on outside of the poller, which tells nothing of what had
// arrived before, and ends the turn.
func (c *Conn) carryOn(err error) {
	scratch := buf.Get(resumeSize)
	defer scratch.Release()
	for err == nil && c.reader.wait == nil {
		var more bool
		more, err = c.readOnce(scratch.B[:cap(scratch.B)])
		if err == nil && c.reader.wait == nil && !more && c.reading.leave() {
			return
		}
	}
	c.step(err)
}

// resumeSize is what carryOn reads at a time.
const resumeSize = 16 << 10

// loopSize is what readLoop reads at a time.
const loopSize = 4 << 10

// readLoop reads until the connection ends, on the portable path.
func (c *Conn) readLoop() {
	scratch := buf.Get(loopSize)
	err := c.reader.rest(c)
	for err == nil {
		if wait := c.reader.wait; wait != nil {
			<-wait
			err = c.resume()
			continue
		}
		into := c.reader.into(scratch.B[:loopSize])
		var n int
		if n, err = c.net.Read(into); n > 0 {
			err = c.reader.took(c, into[:n]) // an error of Read comes again
		}
	}
	scratch.Release()
	c.end(err)
}
