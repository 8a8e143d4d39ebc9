//go:build linux

package netpoll_test

import (
	"io"
	"net"
	"testing"

	"github.com/gosio/sio/internal/netpoll"
)

// echoing is a polled connection that sends back what it reads, and its peer.
func echoing(t testing.TB) (peer net.Conn) {
	server, client := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(server, pollerOf(t))
	out := make([][]byte, 1)
	err := c.Start(readerFunc(func(scratch []byte) bool {
		n, err := c.TryRead(scratch)
		if err == nil {
			out[0] = scratch[:n]
			_, _ = c.TryWrite(out)
		}
		return false
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = client.Close(), c.Close() })
	return client
}

func TestReadingAllocatesNothing(t *testing.T) {
	peer, p := echoing(t), []byte("a message")
	if n := testing.AllocsPerRun(500, func() {
		_, _ = peer.Write(p)
		_, _ = io.ReadFull(peer, p)
	}); n >= 1 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkEcho(b *testing.B) {
	peer, p := echoing(b), []byte("a message")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = peer.Write(p)
		_, _ = io.ReadFull(peer, p)
	}
}
