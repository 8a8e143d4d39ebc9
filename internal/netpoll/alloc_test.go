//go:build !race

package netpoll_test

import (
	"io"
	"testing"

	"github.com/gosio/sio/internal/netpoll"
)

func TestReadAllocatesNothing(t *testing.T) {
	a, b := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(a)
	defer func() { _, _ = c.Close(), b.Close() }()
	message := []byte("hello")
	n := testing.AllocsPerRun(500, func() {
		if _, err := b.Write(message); err != nil {
			t.Fatal(err)
		}
		in, err := c.Read(nil)
		if err != nil {
			t.Fatal(err)
		}
		in.Release()
	})
	if n >= 1 {
		t.Errorf("%v allocations", n)
	}
}

func TestTryWriteAllocatesNothing(t *testing.T) {
	a, b := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(a)
	go func() { _, _ = io.Copy(io.Discard, b) }()
	defer func() { _, _ = c.Close(), b.Close() }()
	for _, out := range [][][]byte{{[]byte("one")}, {[]byte("one"), []byte("two")}} {
		if n := testing.AllocsPerRun(500, func() { _, _ = c.TryWrite(out) }); n >= 1 {
			t.Errorf("%d slices: %v allocations", len(out), n)
		}
	}
}
