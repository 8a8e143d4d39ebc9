package ws

import "github.com/gosio/sio/internal/frame"

// portableBacklog is how much waits on the portable path before the connection
// counts as congested; about what a kernel would have taken.
const portableBacklog = 16 << 10

// Enqueue appends frames to the queue, next to each other, and takes over a
// reference of each, also with an error. It does not block. It does not write
// either, as Flush does, unless one of the frames is borrowed: those are written
// at once, as far as the kernel takes them, and the rest copied. Errors:
// ErrClosed, ErrQueueFull; nothing is queued then.
func (c *Conn) Enqueue(frames ...*frame.Frame) error { return c.put(frames, c.limit) }

func (c *Conn) put(frames []*frame.Frame, limit frame.Limit) error {
	size, borrowed := 0, false
	for _, f := range frames {
		size += f.Len()
		borrowed = borrowed || f.Borrowed() != nil
	}
	if borrowed && (c.threshold >= 0 || !c.net.Polled()) {
		own(frames)
		borrowed = false
	}
	var now *batch
	c.mu.Lock()
	if borrowed && c.flushing {
		own(frames)
		borrowed = false
	}
	err := c.enqueue(frames, size, limit)
	if borrowed && err == nil {
		now = c.begin()
	}
	c.mu.Unlock()
	if now != nil {
		c.flush(now)
	}
	if err != nil {
		for _, f := range frames {
			f.Release()
		}
	}
	return err
}

func own(frames []*frame.Frame) {
	for _, f := range frames {
		f.Own()
	}
}

// enqueue appends frames of so many bytes together. c.mu is held.
func (c *Conn) enqueue(frames []*frame.Frame, size int, limit frame.Limit) error {
	switch {
	case c.state != stateOpen, c.failure != nil:
		return ErrClosed
	case c.waiting > 0 && limit.Exceeded(int(c.queued.Load())+size, c.waiting+len(frames)):
		return ErrQueueFull
	}
	if c.queue == nil {
		c.queue = batches.Get().(*batch)
	}
	c.queue.frames = append(c.queue.frames, frames...)
	c.queue.bytes += size
	c.queued.Add(int64(size))
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

// Polled reports whether a Poller reads the connection.
func (c *Conn) Polled() bool { return c.net.Polled() }

// Queued returns the payload bytes that are not written yet.
func (c *Conn) Queued() int { return int(c.queued.Load()) }

// dropQueue forgets what no write has taken yet. c.mu is held.
func (c *Conn) dropQueue() {
	if c.queue != nil {
		c.queued.Add(int64(-c.queue.bytes))
		c.waiting -= len(c.queue.frames)
		c.queue.free()
		c.queue = nil
	}
}
