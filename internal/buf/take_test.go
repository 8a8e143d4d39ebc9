package buf_test

import (
	"math/bits"
	"sync"
	"testing"

	"github.com/gosio/sio/internal/buf"
)

func TestTake(t *testing.T) {
	for _, size := range []int{0, 1, 511, 512, 513, 4096, 4097, 16 << 10, 1<<20 - 1, 1 << 20} {
		m := buf.Take(size)
		class := max(512, 1<<bits.Len(uint(max(size, 1)-1)))
		if len(m) != size || cap(m) < class || cap(m) >= 2*class { // which memory of another hand need not just fill
			t.Errorf("Take(%d): len %d, cap %d, but the class is of %d", size, len(m), cap(m), class)
		}
		buf.Give(m)
	}
	for _, size := range []int{1<<20 + 1, 5 << 20} { // larger than the largest class
		m := buf.Take(size)
		if len(m) != size {
			t.Errorf("Take(%d): len %d", size, len(m))
		}
		buf.Give(m)
	}
}

// again takes memory until it is m, and reports whether it ever was: a pool
// may let go of what it has at any time.
func again(t *testing.T, m []byte, size int) bool {
	t.Helper()
	for range 100 {
		buf.Give(m)
		got := buf.Take(size)
		if &got[:1][0] == &m[:1][0] {
			if len(got) != size || cap(got) != cap(m) {
				t.Errorf("len %d, cap %d of what had cap %d", len(got), cap(got), cap(m))
			}
			return true
		}
		m = got
	}
	return false
}

// What is given back is taken again, with all of its capacity, however little
// of it was given.
func TestGivenMemoryIsTakenAgain(t *testing.T) {
	for _, size := range []int{1, 512, 16 << 10, 64 << 10, 1 << 20} {
		if !again(t, buf.Take(size), size) {
			t.Errorf("%d bytes: never the same", size)
		}
		if !again(t, buf.Take(size)[:0], size) {
			t.Errorf("%d bytes, given as none: never the same", size)
		}
	}
}

// Memory beyond the largest class, and below the smallest, is left to the collector.
func TestGivenMemoryThatIsNotKept(t *testing.T) {
	huge, tiny := buf.Take(1<<20+1), make([]byte, 511)
	buf.Give(nil)
	buf.Give([]byte{})
	for range 100 {
		buf.Give(huge)
		buf.Give(tiny)
		if m := buf.Take(1 << 20); cap(m) != 1<<20 {
			t.Fatalf("cap %d", cap(m))
		}
		if m := buf.Take(1); cap(m) < 512 {
			t.Fatalf("cap %d", cap(m))
		}
	}
}

// Memory goes to a class that it fills: that of a text whose first byte was
// cut off, or memory of another hand.
func TestGiveOddCapacity(t *testing.T) {
	for range 100 {
		buf.Give(buf.Take(32 << 10)[1:])
		buf.Give(make([]byte, 700))
		for _, size := range []int{32 << 10, 16<<10 + 1, 700, 600} {
			if m := buf.Take(size); len(m) != size {
				t.Fatalf("Take(%d): len %d", size, len(m))
			}
		}
		for _, size := range []int{16 << 10, 512} { // what it does fill
			if b := buf.Get(size); cap(b.B) < size {
				t.Fatalf("Get(%d): cap %d", size, cap(b.B))
			}
		}
	}
}

// Get and Take have their memory from the same pools.
func TestTakeWhatWasReleased(t *testing.T) {
	taken := false
	for i := 0; !taken; i++ {
		if i == 100 {
			t.Fatal("released memory is never taken")
		}
		b := buf.Get(8 << 10)
		memory := b.B[:1]
		b.Release()
		m := buf.Take(8 << 10)
		if taken = &m[0] == &memory[0]; !taken {
			continue
		}
		if b.B != nil {
			t.Error("the released buffer still refers to memory that is somebody else's")
		}
		buf.Give(m)
	}
	for range 100 { // buffers that Give has made, or used again
		b := buf.Get(8 << 10)
		b.B = append(b.B, "xyz"...)
		b.Grow(8 << 10)
		b.Release()
		buf.Give(buf.Take(8 << 10))
	}
}

// No two have the same memory at the same time.
func TestTakenMemoryIsNobodyElses(t *testing.T) {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 300 {
				m := buf.Take(600 + i)
				b := buf.Get(600)
				b.B = b.B[:600]
				for j := range 600 {
					m[j], b.B[j] = byte(g), byte(g+100)
				}
				for j := range 600 {
					if m[j] != byte(g) || b.B[j] != byte(g+100) {
						t.Error("somebody else has written there")
						return
					}
				}
				b.Release()
				buf.Give(m)
			}
		})
	}
	wg.Wait()
}

func TestTakeAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(1000, func() { buf.Give(buf.Take(4000)) }); n >= 1 { // the race detector empties pools at random: less than 1
		t.Errorf("%v allocations", n)
	}
}
