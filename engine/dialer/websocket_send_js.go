package dialer

import (
	"syscall/js"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

func (c *jsSocket) Enqueue(frames ...*frame.Frame) error { return c.put(frames, c.limit) }

func (c *jsSocket) Offer(frames ...*frame.Frame) error { return c.put(frames, c.limit.Polite()) }

func (c *jsSocket) put(frames []*frame.Frame, limit frame.Limit) error {
	size := 0
	for _, f := range frames {
		f.Own()
		size += f.Len()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.look()
	waiting := len(c.queue) + len(c.sent)
	var err error
	switch {
	case c.state != jsOpen:
		err = ws.ErrClosed
	case waiting > 0 && limit.Exceeded(c.bytes+size, waiting+len(frames)):
		err = ws.ErrQueueFull
	}
	if err != nil {
		for _, f := range frames {
			f.Release()
		}
		return err
	}
	c.queue = append(c.queue, frames...)
	c.bytes += size
	return nil
}

// look finds out what the browser has sent. c.mu is held.
func (c *jsSocket) look() {
	if len(c.sent) == 0 {
		return
	}
	left := 0
	if err := attempt(func() { left = c.value.Get("bufferedAmount").Int() }); err != nil {
		c.finish(err)
		return
	}
	under := 0 // of what the browser has taken, it may have all
	for _, n := range c.sent {
		under += n
	}
	before := len(c.sent)
	for len(c.sent) > 0 && under-c.sent[0] >= left {
		under -= c.sent[0]
		c.bytes -= c.sent[0]
		c.sent = c.sent[1:]
	}
	if len(c.sent) < before {
		c.freed()
	}
}

// Flush gives the browser all that is queued.
func (c *jsSocket) Flush() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flush()
}

func (c *jsSocket) flush() {
	for len(c.queue) > 0 {
		f := c.queue[0]
		c.queue = c.queue[1:]
		c.sent = append(c.sent, f.Len())
		err := attempt(func() { c.value.Call("send", jsPayload(f)) })
		f.Release()
		if err != nil {
			c.finish(err)
		}
	}
	c.queue = nil
}

func jsPayload(f *frame.Frame) any {
	if !f.Binary() {
		return string(f.Payload())
	}
	array := js.Global().Get("Uint8Array").New(f.Len())
	js.CopyBytesToJS(array, f.Payload())
	return array
}

// drop forgets what is queued. c.mu is held.
func (c *jsSocket) drop() {
	for _, f := range c.queue {
		f.Release()
	}
	c.queue, c.sent, c.bytes = nil, nil, 0
}

// Queued returns the payload bytes that were not sent yet.
func (c *jsSocket) Queued() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.look()
	return c.bytes
}

// Polled reports that nobody reads it together with others.
func (c *jsSocket) Polled() bool { return false }

// Congested reports whether much waits.
func (c *jsSocket) Congested() bool { return c.Queued() > jsBacklog }

// More returns a channel that is closed when there is more room in the queue.
func (c *jsSocket) More() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.look()
	if c.room == nil {
		c.room = make(chan struct{})
	}
	room := c.room
	if c.state != jsOpen || len(c.queue)+len(c.sent) == 0 {
		c.freed()
	} else if !c.looking {
		c.lookLater()
	}
	return room
}

// lookLater looks until nobody waits for room any more. c.mu is held.
func (c *jsSocket) lookLater() {
	c.looking = true
	time.AfterFunc(jsLook, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.looking = false
		if c.look(); c.room != nil {
			c.lookLater()
		}
	})
}

// freed wakes up those who wait for room. c.mu is held.
func (c *jsSocket) freed() {
	if c.room != nil {
		close(c.room)
		c.room = nil
	}
}

// Close ends the connection in order.
func (c *jsSocket) Close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state != jsOpen {
		return
	}
	c.flush()
	c.state = jsClosing
	c.freed()
	c.deadline = time.AfterFunc(jsClose, c.CloseNow)
	arguments := []any{code, reason}
	if code == 0 {
		arguments = nil
	}
	if err := attempt(func() { c.value.Call("close", arguments...) }); err != nil {
		c.finish(err)
	}
}

// CloseNow ends it at once, as far as can be told from here.
func (c *jsSocket) CloseNow() { c.end(ws.ErrClosed) }
