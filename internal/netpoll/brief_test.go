//go:build linux

package netpoll_test

import (
	"bytes"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/internal/netpoll"
)

// loops returns how many loops there are.
func loops() int {
	stacks := make([]byte, 1<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "netpoll.(*loop).run(")
}

// awaitLoops waits until there are n loops.
func awaitLoops(t *testing.T, n int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); loops() != n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d loops, want %d", loops(), n)
		}
	}
}

// shared starts a connection of Shared that echoes, and closes with its peer.
func shared(t *testing.T) (c *netpoll.Conn, peer net.Conn, ends chan error) {
	t.Helper()
	a, b := connect(t, "tcp", "127.0.0.1:0")
	e := &echoer{conn: netpoll.New(a, netpoll.Shared), ends: make(chan error, 2)}
	if !e.conn.Polled() {
		t.Fatal("not polled")
	}
	if err := e.conn.Start(e); err != nil {
		t.Fatal(err)
	}
	return e.conn, b, e.ends
}

func echoes(t *testing.T, peer net.Conn) {
	t.Helper()
	in := make([]byte, 5)
	if _, err := peer.Write([]byte("hello")); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadFull(peer, in); err != nil || !bytes.Equal(in, []byte("hello")) {
		t.Errorf("%q, %v", in, err)
	}
}

// The loops of Shared are there while connections are, however the last one ends.
func TestSharedLoopsComeAndGo(t *testing.T) {
	awaitLoops(t, 0)
	for name, end := range map[string]func(c *netpoll.Conn, peer net.Conn){
		"by this side":             func(c *netpoll.Conn, _ net.Conn) { _ = c.Close() },
		"by the peer, in a loop":   func(_ *netpoll.Conn, peer net.Conn) { _ = peer.Close() },
		"by both at the same time": func(c *netpoll.Conn, peer net.Conn) { go peer.Close(); _ = c.Abort() },
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				c, peer, _ := shared(t)
				echoes(t, peer)
				if n := loops(); n != 1 {
					t.Fatalf("%d loops for one connection", n)
				}
				end(c, peer)
				awaitLoops(t, 0)
				_ = peer.Close()
			}
		})
	}
}

// There are no more loops than connections, or than processors.
func TestSharedLoopsAreFew(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	awaitLoops(t, 0)
	var peers []net.Conn
	for n := 1; n <= 10; n++ {
		_, peer, _ := shared(t)
		peers = append(peers, peer)
		for _, p := range peers {
			echoes(t, p)
		}
		if got := loops(); got != min(n, 3) {
			t.Errorf("%d loops for %d connections", got, n)
		}
	}
	for _, p := range peers[1:] {
		_ = p.Close()
	}
	echoes(t, peers[0])
	_ = peers[0].Close()
	awaitLoops(t, 0)
}

// A connection that was never started counts, too, until it is closed.
func TestSharedWithoutStart(t *testing.T) {
	a, b := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(a, netpoll.Shared)
	awaitLoops(t, 1)
	_, _ = c.Close(), b.Close()
	awaitLoops(t, 0)
}

// Connections that come and go one after the other need no more loops.
func TestSharedLoopsAreKept(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	_, peer, _ := shared(t)
	for range 10 {
		a, b := connect(t, "tcp", "127.0.0.1:0")
		c := netpoll.New(a, netpoll.Shared)
		_, _ = c.Close(), b.Close()
	}
	echoes(t, peer)
	if n := loops(); n != 2 {
		t.Errorf("%d loops", n)
	}
	_ = peer.Close()
	awaitLoops(t, 0)
}

// What is not polled does not count.
func TestSharedPortable(t *testing.T) {
	a, b := net.Pipe()
	c := netpoll.New(a, netpoll.Shared)
	closed, peer := connect(t, "tcp", "127.0.0.1:0")
	_ = closed.Close()
	d := netpoll.New(closed, netpoll.Shared)
	if c.Polled() || d.Polled() {
		t.Error("polled")
	}
	awaitLoops(t, 0)
	_, _, _, _ = c.Close(), b.Close(), d.Close(), peer.Close()
}

// Connections that come while the last one goes find loops that serve them.
func TestSharedChurn(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 100 {
				c, peer, ends := shared(t)
				echoes(t, peer)
				if i%2 == 0 {
					_ = c.Close()
				} else {
					_ = peer.Close()
					<-ends
				}
				_ = peer.Close()
			}
		})
	}
	wg.Wait()
	awaitLoops(t, 0)
}
