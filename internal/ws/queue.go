package ws

import (
	"errors"
	"sync"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/netpoll"
)

// smallFrame is the size up to which frames are copied together for one write;
// larger ones are gathered by the kernel.
const smallFrame = 2048

// batch is what is queued, and later what one write takes. Idle connections
// have none.
type batch struct {
	frames  []*frame.Frame
	bytes   int
	pong    []byte // control frames to go with it
	closing []byte

	out   [][]byte    // what is written; made by gather
	small *buf.Buffer // memory of small frames that were copied together
}

var batches = sync.Pool{New: func() any { return new(batch) }}

// maxPooledBatch keeps one huge batch from pinning its memory for good.
const maxPooledBatch = 1024

func (b *batch) free() {
	for _, f := range b.frames {
		f.Release()
	}
	if b.small != nil {
		b.small.Release()
	}
	if cap(b.frames) > maxPooledBatch {
		return
	}
	clear(b.frames)
	clear(b.out)
	*b = batch{frames: b.frames[:0], out: b.out[:0]}
	batches.Put(b)
}

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
	case c.state != stateOpen:
		return ErrClosed
	case c.maxQueue > 0 && c.queued > 0 && c.queued+size > c.maxQueue:
		return ErrQueueFull
	}
	if c.queue == nil {
		c.queue = batches.Get().(*batch)
	}
	c.queue.frames = append(c.queue.frames, frames...)
	c.queue.bytes += size
	c.queued += size
	return nil
}

// Congested reports whether something sent now would have to wait: the kernel
// did not take what was written before.
func (c *Conn) Congested() bool { return c.congested.Load() }

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
		c.queue.free()
		c.queue = nil
	}
}

// Flush writes what is queued without blocking. If the kernel does not take
// all of it, a goroutine waits for the rest, and ends when nothing is queued any
// more. On the portable path, where writes can block, that goroutine does all
// of it.
func (c *Conn) Flush() {
	c.mu.Lock()
	if c.flushing || !c.hasWork() {
		c.mu.Unlock()
		return
	}
	c.flushing = true
	b := c.take()
	c.mu.Unlock()
	if !c.net.Parks() {
		c.congested.Store(true)
		go c.flushBlocking(b)
		return
	}
	for b != nil {
		b.gather(c)
		n, err := c.net.TryWrite(b.out)
		switch {
		case err == nil:
			b = c.next(b)
		case errors.Is(err, netpoll.ErrWouldBlock):
			b.skip(n)
			c.congested.Store(true)
			go c.flushBlocking(b)
			return
		default:
			c.abandon(b)
			return
		}
	}
}

// flushBlocking writes b and all that follows, and waits as long as it takes.
func (c *Conn) flushBlocking(b *batch) {
	for b != nil {
		b.gather(c)
		if err := c.net.Write(b.out); err != nil {
			c.abandon(b)
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
	return c.queue != nil || len(c.pong) > 0 || c.closing != nil && c.closing.frame != nil
}

// take makes a batch of everything that waits. c.mu is held, and there is something.
func (c *Conn) take() *batch {
	b := c.queue
	if b == nil {
		b = batches.Get().(*batch)
	}
	b.pong = c.pong
	c.queue, c.pong = nil, nil
	if c.closing != nil {
		b.closing, c.closing.frame = c.closing.frame, nil
	}
	return b
}

// next ends a batch that is written, and returns the next one, or nil when
// there is none: the caller is the flusher no more then.
func (c *Conn) next(b *batch) *batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queued -= b.bytes
	if b.closing != nil {
		c.closing.done()
	}
	b.free()
	if c.hasWork() {
		return c.take()
	}
	c.flushing = false
	c.congested.Store(false)
	return nil
}

// abandon ends a batch that could not be written, and the connection. The
// reader notices that.
func (c *Conn) abandon(b *batch) {
	c.mu.Lock()
	c.queued -= b.bytes
	b.free()
	c.dropQueue()
	c.flushing = false
	c.congested.Store(false)
	if c.closing != nil {
		c.closing.done()
	}
	c.mu.Unlock()
	_ = c.net.Close()
}

// gather fills b.out, in the order pong, queue, close frame: small frames are
// copied together, unless there is just one. It does nothing to a batch that
// was written in part.
func (b *batch) gather(c *Conn) {
	if len(b.out) > 0 {
		return
	}
	if len(b.frames) == 1 && b.pong == nil && b.closing == nil {
		b.out = append(b.out, c.view(b.frames[0]))
		return
	}
	size := len(b.pong) + len(b.closing)
	for _, f := range b.frames {
		if f.Len() <= smallFrame {
			size += f.Len() + frame.Headroom
		}
	}
	b.small = buf.Get(size) // enough, so that slices of it stay valid
	begin := 0
	cut := func() {
		if end := len(b.small.B); end > begin {
			b.out = append(b.out, b.small.B[begin:end:end])
			begin = end
		}
	}
	b.small.B = append(b.small.B, b.pong...)
	for _, f := range b.frames {
		if v := c.view(f); len(v) <= f.Len()+frame.Headroom && f.Len() <= smallFrame {
			b.small.B = append(b.small.B, v...)
		} else {
			cut()
			b.out = append(b.out, v)
		}
	}
	b.small.B = append(b.small.B, b.closing...)
	cut()
}

// skip drops the first n bytes of what is to be written.
func (b *batch) skip(n int) {
	i := 0
	for n > 0 && n >= len(b.out[i]) {
		n -= len(b.out[i])
		i++
	}
	b.out = append(b.out[:0], b.out[i:]...)
	b.out[0] = b.out[0][n:]
}

// view returns a frame as this connection writes it.
func (c *Conn) view(f *frame.Frame) []byte {
	if c.threshold >= 0 && f.Compress() && f.Len() >= c.threshold {
		return f.Deflated()
	}
	return f.WebSocket()
}
