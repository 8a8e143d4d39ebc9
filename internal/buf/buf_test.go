package buf_test

import (
	"bytes"
	"testing"

	"github.com/gosio/sio/internal/buf"
)

func TestGet(t *testing.T) {
	for _, size := range []int{0, 1, 511, 512, 513, 4096, 4097, 1 << 20, 1<<20 + 1, 5 << 20} {
		b := buf.Get(size)
		if len(b.B) != 0 || cap(b.B) < size {
			t.Errorf("Get(%d): len %d, cap %d", size, len(b.B), cap(b.B))
		}
		b.Release()
	}
}

func TestGrowKeepsContent(t *testing.T) {
	b := buf.Get(1)
	want := []byte{}
	for i := range 300 {
		chunk := bytes.Repeat([]byte{byte(i)}, i*17)
		b.Grow(len(chunk))
		if cap(b.B)-len(b.B) < len(chunk) {
			t.Fatalf("no room for %d bytes", len(chunk))
		}
		b.B = append(b.B, chunk...)
		want = append(want, chunk...)
	}
	if !bytes.Equal(b.B, want) {
		t.Error("content changed")
	}
	b.Release()
}

// A buffer whose memory was replaced by an append goes to a class that it fills.
func TestOddCapacity(t *testing.T) {
	b := buf.Get(512)
	b.B = make([]byte, 0, 700)
	b.Release()
	for range 100 {
		if b := buf.Get(700); cap(b.B) < 700 {
			t.Fatalf("cap %d", cap(b.B))
		}
	}
}

func TestDoubleReleasePanics(t *testing.T) {
	b := buf.Get(1 << 21) // not pooled, so nobody else gets it in between
	b.Release()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	b.Release()
}

func TestReuseAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(1000, func() { buf.Get(4000).Release() }); n >= 1 {
		t.Errorf("%v allocations", n)
	}
}
