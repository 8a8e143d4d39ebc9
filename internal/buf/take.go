package buf

import "sync"

// Take returns memory of size bytes, which has anything in it, for whoever
// keeps it, or gives it back with Give. Its capacity is that of its class.
func Take(size int) []byte {
	class := classFor(size)
	if class < 0 {
		return make([]byte, size)
	}
	b, _ := pools[class].Get().(*Buffer)
	if b == nil {
		return make([]byte, size, 1<<(class+minBits))
	}
	memory := b.B[:size]
	b.B = nil
	empty.Put(b)
	return memory
}

// Give gives back memory of Take, with its capacity, after which nobody may
// use it any more.
func Give(memory []byte) {
	poison(memory)
	class := classOf(memory)
	if class < 0 {
		return
	}
	b, _ := empty.Get().(*Buffer)
	if b == nil {
		b = new(Buffer)
		b.free.Store(true)
	}
	b.B = memory[:0]
	pools[class].Put(b)
}

// empty has buffers, released, whose memory Take has given away.
var empty sync.Pool
