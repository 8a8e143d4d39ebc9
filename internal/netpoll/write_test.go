package netpoll_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/gosio/sio/internal/netpoll"
)

// split cuts p into slices of many sizes, some of them empty.
func split(p []byte) (out [][]byte) {
	for i := 0; len(p) > 0; i++ {
		n := min(len(p), i*i%1009)
		out = append(out, p[:n])
		p = p[n:]
	}
	return out
}

func TestWrite(t *testing.T) {
	for _, test := range []struct {
		name string
		out  [][]byte
	}{
		{"nothing", nil},
		{"an empty slice", [][]byte{{}}},
		{"empty slices", [][]byte{{}, {}, {}}},
		{"one slice", [][]byte{pattern(100)}},
		{"a large slice", [][]byte{pattern(3_000_000)}},
		{"many slices", split(pattern(1_000_000))},
	} {
		t.Run(test.name, func(t *testing.T) {
			each(t, func(t *testing.T, c *netpoll.Conn, peer net.Conn) {
				want := bytes.Join(test.out, nil)
				done := make(chan error, 1)
				go func() {
					err := c.Write(test.out)
					if err == nil {
						err = c.Write([][]byte{[]byte("end")})
					}
					done <- err
				}()
				got := make([]byte, len(want)+3)
				if _, err := io.ReadFull(peer, got); err != nil {
					t.Fatal(err)
				}
				if err := <-done; err != nil {
					t.Error(err)
				}
				if !bytes.Equal(got, append(want, "end"...)) {
					t.Error("the peer got something else")
				}
				if !bytes.Equal(bytes.Join(test.out, nil), want) {
					t.Error("the caller's slices were changed")
				}
			})
		})
	}
}

// TryWrite takes what the kernel has room for, says how much that was, and
// never waits.
func TestTryWriteStopsWhenFull(t *testing.T) {
	each(t, func(t *testing.T, c *netpoll.Conn, peer net.Conn) {
		if !c.Polled() {
			t.Skip("can only block")
		}
		out := split(pattern(200_000))
		size := len(bytes.Join(out, nil))
		total := 0
		for {
			n, err := c.TryWrite(out)
			total += n
			if err == nil {
				if n != size {
					t.Fatalf("%d of %d bytes, without an error", n, size)
				}
				continue
			}
			if !errors.Is(err, netpoll.ErrWouldBlock) || n >= size {
				t.Fatalf("%d of %d bytes, %v", n, size, err)
			}
			break
		}
		_ = c.Close()
		got, err := io.ReadAll(peer)
		if err != nil || len(got) != total {
			t.Fatalf("the peer got %d of %d bytes, %v", len(got), total, err)
		}
		want := bytes.Join(out, nil)
		for i := range got {
			if got[i] != want[i%size] {
				t.Fatalf("byte %d differs", i)
			}
		}
	})
}

// Whether the writer waits already when the connection ends, or comes later.
func TestCloseEndsWaitingWrite(t *testing.T) {
	each(t, func(t *testing.T, c *netpoll.Conn, _ net.Conn) {
		done := make(chan error)
		go func() {
			for {
				if err := c.Write([][]byte{make([]byte, 1<<20)}); err != nil {
					done <- err
					return
				}
			}
		}()
		_ = c.Abort()
		if err := <-done; err == nil {
			t.Error("no error")
		}
	})
}

func TestWriteToClosed(t *testing.T) {
	each(t, func(t *testing.T, c *netpoll.Conn, _ net.Conn) {
		_ = c.Abort()
		if err := c.Write([][]byte{{1}}); err == nil {
			t.Error("Write: no error")
		}
		if c.Polled() {
			if n, err := c.TryWrite([][]byte{{1}}); n != 0 || !errors.Is(err, net.ErrClosed) {
				t.Errorf("TryWrite: %d, %v", n, err)
			}
		}
	})
}

func TestWriteToLostPeer(t *testing.T) {
	each(t, func(t *testing.T, c *netpoll.Conn, peer net.Conn) {
		if tcp, ok := peer.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = peer.Close()
		for { // the kernel takes some until it knows
			if err := c.Write([][]byte{pattern(70_000), {1}}); err != nil {
				return
			}
		}
	})
}
