package ws

import "github.com/gosio/sio/internal/frame"

// frameCost is what a frame counts for beyond its payload, so that the limit of
// a queue holds for the memory of many small or empty frames, too.
const frameCost = 64

// portableBacklog is how much waits on the portable path before the connection
// counts as congested; about what a kernel would have taken.
const portableBacklog = 16 << 10

// Enqueue appends frames to the queue, next to each other, and takes over a
// reference of each, also with an error. It neither blocks nor writes: Flush
// does. Errors: ErrClosed, ErrQueueFull; nothing is queued then.
func (c *Conn) Enqueue(frames ...*frame.Frame) error {
	size := 0
	for _, f := range frames {
		size += f.Len()
	}
	err := c.enqueue(frames, size)
	if err != nil {
		for _, f := range frames {
			f.Release()
		}
	}
	return err
}

func (c *Conn) enqueue(frames []*frame.Frame, size int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.state != stateOpen, c.failure != nil:
		return ErrClosed
	case c.maxQueue > 0 && c.waiting > 0 && c.queued+size+frameCost*(c.waiting+len(frames)) > c.maxQueue:
		return ErrQueueFull
	}
	if c.queue == nil {
		c.queue = batches.Get().(*batch)
	}
	c.queue.frames = append(c.queue.frames, frames...)
	c.queue.bytes += size
	c.queued += size
	c.waiting += len(frames)
	return nil
}

// Congested reports whether something sent now would have to wait: the kernel
// did not take what was written before. On the portable path, which cannot know
// that, it reports whether more than 16 KiB wait.
func (c *Conn) Congested() bool {
	if c.net.Polled() {
		return c.congested.Load()
	}
	return c.Queued() > portableBacklog
}

// Queued returns the payload bytes that are not written yet.
func (c *Conn) Queued() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queued
}

// dropQueue forgets what no write has taken yet. c.mu is held.
func (c *Conn) dropQueue() {
	if c.queue != nil {
		c.queued -= c.queue.bytes
		c.waiting -= len(c.queue.frames)
		c.queue.free()
		c.queue = nil
	}
}
