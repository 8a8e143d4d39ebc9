package ws

import (
	"sync"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
)

// smallFrame is the size up to which frames are copied together for one write;
// larger ones are gathered by the kernel.
const smallFrame = 2048

// batch is what is queued, and later what one write takes. Idle connections
// have none.
type batch struct {
	response *buf.Buffer // to the handshake, in the first batch
	frames   []*frame.Frame
	bytes    int
	pong     []byte // the answer to the latest ping; nil if there was none
	closing  []byte // the close frame

	out      [][]byte    // what is written; made by gather
	small    *buf.Buffer // memory of what was copied together
	borrowed bool        // out has borrowed memory in it
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
	if b.response != nil {
		b.response.Release()
	}
	if cap(b.frames) > maxPooledBatch {
		return
	}
	clear(b.frames)
	clear(b.out[:cap(b.out)]) // skip moves its beginning
	*b = batch{frames: b.frames[:0], out: b.out[:0]}
	batches.Put(b)
}

// gather fills b.out, in the order response, pong, queue, close frame: small frames are
// copied together, unless there is just one. It does nothing to a batch that
// was written in part.
func (b *batch) gather(c *Conn) {
	if len(b.out) > 0 {
		return
	}
	if c.reader.client {
		b.mask(c)
		return
	}
	if len(b.frames) == 1 && b.response == nil && b.pong == nil && b.closing == nil && b.frames[0].Borrowed() == nil {
		b.out = append(b.out, c.view(b.frames[0]))
		return
	}
	size := len(b.pong) + len(b.closing)
	if b.response != nil {
		size += len(b.response.B)
	}
	for _, f := range b.frames {
		if f.Borrowed() != nil || f.Len() <= smallFrame {
			size += len(f.B) // what is borrowed is not in there
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
	if b.response != nil {
		b.small.B = append(b.small.B, b.response.B...)
	}
	b.small.B = append(b.small.B, b.pong...)
	for _, f := range b.frames {
		v, borrowed := c.view(f), f.Borrowed()
		switch {
		case borrowed != nil:
			b.small.B = append(b.small.B, v...)
			cut()
			b.out = append(b.out, borrowed)
			b.borrowed = true
		case len(v) <= len(f.B) && f.Len() <= smallFrame:
			b.small.B = append(b.small.B, v...)
		default:
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

// own copies what is still to be written, if some of it is borrowed.
func (b *batch) own() {
	if !b.borrowed {
		return
	}
	size := 0
	for _, p := range b.out {
		size += len(p)
	}
	rest := buf.Get(size)
	for _, p := range b.out {
		rest.B = append(rest.B, p...)
	}
	b.out = append(b.out[:0], rest.B)
	b.small.Release()
	b.small, b.borrowed = rest, false
}

// view returns a frame as this connection writes it.
func (c *Conn) view(f *frame.Frame) []byte {
	if c.threshold >= 0 && f.Compress() && f.Len() >= c.threshold {
		return f.Deflated()
	}
	return f.WebSocket()
}
