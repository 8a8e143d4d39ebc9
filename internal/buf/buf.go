// Package buf has pooled byte buffers in size classes: powers of two from
// 512 bytes to 1 MiB. What is larger is allocated, and left to the collector.
//
// With the build tag bufdebug, memory is poisoned when it is released, and
// Outstanding counts what is not.
package buf

import (
	"math/bits"
	"sync"
	"sync/atomic"
)

const (
	minBits = 9  // the smallest class is 512 bytes
	maxBits = 20 // the largest is 1 MiB; what is larger is not kept
)

var pools [maxBits - minBits + 1]sync.Pool

// Buffer is a byte buffer that goes back to its pool with Release. B may be
// sliced and appended to; memory that an append allocates is taken along. It
// belongs to one goroutine at a time.
type Buffer struct {
	B    []byte
	free atomic.Bool
}

// Get returns an empty buffer with room for at least size bytes.
func Get(size int) *Buffer {
	taken()
	class := classFor(size)
	if class < 0 {
		return &Buffer{B: make([]byte, 0, size)}
	}
	if b, _ := pools[class].Get().(*Buffer); b != nil {
		b.free.Store(false)
		return b
	}
	return &Buffer{B: make([]byte, 0, 1<<(class+minBits))}
}

// Release gives the buffer back, after which neither it nor its memory may be
// used. It panics if it was given back before, as long as nobody has taken it again.
func (b *Buffer) Release() {
	if b.free.Swap(true) {
		panic("buf: buffer released twice")
	}
	released(b.B)
	class := classOf(b.B)
	if class < 0 {
		return
	}
	b.B = b.B[:0]
	pools[class].Put(b)
}

// Grow makes room for n more bytes, in memory of a larger class if need be.
func (b *Buffer) Grow(n int) {
	if cap(b.B)-len(b.B) >= n {
		return
	}
	larger := Get(max(len(b.B)+n, 2*cap(b.B)))
	b.B, larger.B = append(larger.B[:0], b.B...), b.B
	larger.Release()
}

// classOf returns the class whose size the capacity of b fills, so that what
// Get promises holds, or -1 if b is not kept.
func classOf(b []byte) int {
	if cap(b) > 1<<maxBits {
		return -1
	}
	return bits.Len(uint(cap(b))) - 1 - minBits // below 0 for less than the smallest class
}

// classFor returns the smallest class that holds size bytes, or -1.
func classFor(size int) int {
	if size > 1<<maxBits {
		return -1
	}
	return max(0, bits.Len(uint(max(size, 1)-1))-minBits)
}
