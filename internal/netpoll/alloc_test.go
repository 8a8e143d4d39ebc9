//go:build !race

package netpoll_test

import (
	"io"
	"testing"
)

func TestTryWriteAllocatesNothing(t *testing.T) {
	a, b := connect(t, "tcp", "127.0.0.1:0")
	c := polled(t, a)
	go func() { _, _ = io.Copy(io.Discard, b) }()
	defer func() { _, _ = c.Close(), b.Close() }()
	for _, out := range [][][]byte{{[]byte("one")}, {[]byte("one"), []byte("two")}} {
		if n := testing.AllocsPerRun(500, func() { _, _ = c.TryWrite(out) }); n >= 1 {
			t.Errorf("%d slices: %v allocations", len(out), n)
		}
	}
}
