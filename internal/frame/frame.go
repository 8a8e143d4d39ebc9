// Package frame has messages that are encoded once and shared, by reference
// count, by all who get them: the queues of connections hold references, not
// copies.
package frame

import (
	"encoding/binary"
	"math/bits"
	"sync"
	"sync/atomic"
)

// Headroom is the room in front of a payload, for the header of an unmasked
// WebSocket frame.
const Headroom = 10

// Frame is one Engine.IO packet: text with its type digit, or the raw bytes of
// a binary message. It is written by one goroutine, and read-only after Seal:
// from then on its methods may be called from any goroutine that has a reference.
type Frame struct {
	// B is Headroom bytes and then the packet, which is appended to it.
	B []byte
	// Place is that of an event in the log of its namespace; 0 for none.
	Place uint64

	borrowed []byte // the packet, if it is not in B; see Borrow
	refs     atomic.Int32
	start    uint8 // where the WebSocket header begins in B
	binary   bool
	compress bool
	deflated deflated
}

const (
	minBits = 7  // the smallest class is 128 bytes, headroom included
	maxBits = 20 // the largest is 1 MiB; what is larger is not kept
)

var pools [maxBits - minBits + 1]sync.Pool

// New returns an empty frame with one reference and room for size bytes.
func New(size int) *Frame {
	inUse()
	size += Headroom
	if size > 1<<maxBits {
		f := &Frame{B: make([]byte, Headroom, size)}
		f.refs.Store(1)
		return f
	}
	class := max(0, bits.Len(uint(size-1))-minBits)
	f, _ := pools[class].Get().(*Frame)
	if f == nil {
		f = &Frame{B: make([]byte, Headroom, 1<<(class+minBits))}
	}
	f.refs.Store(1)
	return f
}

// Seal ends writing: it puts the WebSocket header in front of the payload.
// compress says whether the packet may be compressed on the way.
func (f *Frame) Seal(isBinary, compress bool) {
	f.binary, f.compress = isBinary, compress
	f.start = putHeader(f.B[:Headroom], isBinary, false, f.Len())
}

// Borrow makes the memory of somebody else the packet of an empty frame. Own
// has to be called before that is used again, if the frame is still referred to.
func (f *Frame) Borrow(packet []byte) { f.borrowed = packet }

// Borrowed returns the packet if its memory is borrowed, else nil.
func (f *Frame) Borrowed() []byte { return f.borrowed }

// Own copies the packet if it is borrowed; nobody else may use the frame then.
func (f *Frame) Own() {
	if f.borrowed == nil {
		return
	}
	f.B = append(f.B, f.borrowed...)
	f.borrowed = nil
}

// putHeader writes the header of a final, unmasked frame so that it ends where
// head ends, and returns where it begins (RFC 6455 section 5.2).
func putHeader(head []byte, isBinary, compressed bool, length int) uint8 {
	first := byte(0x81)
	if isBinary {
		first = 0x82
	}
	if compressed {
		first |= 0x40
	}
	switch {
	case length < 126:
		head[8], head[9] = first, byte(length)
		return 8
	case length < 1<<16:
		head[6], head[7] = first, 126
		binary.BigEndian.PutUint16(head[8:], uint16(length))
		return 6
	default:
		head[0], head[1] = first, 127
		binary.BigEndian.PutUint64(head[2:], uint64(length))
		return 0
	}
}

// Payload returns the packet, which must not be borrowed.
func (f *Frame) Payload() []byte { return f.B[Headroom:] }

// Len returns the length of the packet in bytes.
func (f *Frame) Len() int { return len(f.B) - Headroom + len(f.borrowed) }

// Binary reports whether the packet is a binary message.
func (f *Frame) Binary() bool { return f.binary }

// Compress reports whether the packet may be compressed.
func (f *Frame) Compress() bool { return f.compress }

// WebSocket returns the packet as an unmasked WebSocket frame; only the
// frame's header if the packet is borrowed.
func (f *Frame) WebSocket() []byte { return f.B[f.start:] }

// Retain adds n references. It panics if there is none to begin with.
func (f *Frame) Retain(n int) {
	if f.refs.Add(int32(n)) <= int32(n) {
		panic("frame: retained after its release")
	}
}

// Release gives up a reference. The last one gives the frame back to its pool.
// It panics if there was none.
func (f *Frame) Release() {
	switch n := f.refs.Add(-1); {
	case n > 0:
		return
	case n < 0:
		panic("frame: released more often than retained")
	}
	f.deflated.release()
	f.borrowed, f.Place = nil, 0
	released(f.B)
	class := bits.Len(uint(cap(f.B))) - 1 - minBits
	if class < 0 || cap(f.B) > 1<<maxBits {
		return
	}
	f.B = f.B[:Headroom]
	pools[class].Put(f)
}
