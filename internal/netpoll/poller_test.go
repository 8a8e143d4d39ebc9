//go:build linux

package netpoll_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/internal/netpoll"
)

// echoer sends back what it reads, and closes with the peer.
type echoer struct {
	conn *netpoll.Conn
	ends chan error
	once bool // asks to be called again instead of reading on
}

func (e *echoer) Readable(scratch []byte) bool {
	for {
		n, err := e.conn.TryRead(scratch)
		if errors.Is(err, netpoll.ErrWouldBlock) {
			return false
		}
		if n > 0 {
			_, _ = e.conn.TryWrite([][]byte{scratch[:n]}) // who has gone gets no echo
		}
		if err != nil {
			_ = e.conn.Close()
			e.ends <- err
			return false
		}
		switch {
		case n < len(scratch):
			return false
		case e.once:
			return true
		}
	}
}

func TestPollerEchoes(t *testing.T) {
	p := pollerOf(t)
	const conns, rounds = 50, 40
	ends := make(chan error, conns)
	var wg sync.WaitGroup
	for i := range conns {
		server, client := connect(t, "tcp", "127.0.0.1:0")
		e := &echoer{conn: netpoll.New(server, p), ends: ends, once: i%2 == 0}
		if err := e.conn.Start(e); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			defer func() { _ = client.Close() }()
			for round := range rounds {
				out := bytes.Repeat([]byte{byte(i), byte(round)}, 1+round*i)
				if _, err := client.Write(out); err != nil {
					t.Error(err)
					return
				}
				in := make([]byte, len(out))
				if _, err := io.ReadFull(client, in); err != nil || !bytes.Equal(in, out) {
					t.Errorf("connection %d, round %d: echo differs (%v)", i, round, err)
					return
				}
			}
		})
	}
	wg.Wait()
	for range conns {
		if err := <-ends; err != io.EOF {
			t.Errorf("ends with %v", err)
		}
	}
}

// The end of a connection is seen, also when epoll has told of it together
// with the last bytes, which a short read has taken.
func TestPollerSeesTheEnd(t *testing.T) {
	p := pollerOf(t)
	for range 100 {
		server, client := connect(t, "tcp", "127.0.0.1:0")
		if _, err := client.Write([]byte("last words")); err != nil {
			t.Fatal(err)
		}
		_ = client.Close()
		e := &echoer{conn: netpoll.New(server, p), ends: make(chan error, 2)}
		if err := e.conn.Start(e); err != nil {
			t.Fatal(err)
		}
		select {
		case <-e.ends:
		case <-time.After(20 * time.Second):
			t.Fatal("no end")
		}
	}
}

// More than a loop reads at a time comes whole, also when the reader asks to
// be called again, of which epoll would not tell.
func TestPollerCallsAgain(t *testing.T) {
	server, client := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(server, pollerOf(t))
	want := pattern(2_000_000)
	var got bytes.Buffer
	done := make(chan error, 2) // the second one is net.ErrClosed, if it is called again
	err := c.Start(readerFunc(func(scratch []byte) bool {
		part := scratch[:100]
		n, err := c.TryRead(part)
		if n > 0 {
			got.Write(part[:n])
		}
		if err != nil && !errors.Is(err, netpoll.ErrWouldBlock) {
			_ = c.Close() // so that this is the last call
			done <- err
		}
		return n == len(part)
	}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Write(want); err != nil {
		t.Fatal(err)
	}
	_ = client.Close()
	if err := <-done; err != io.EOF {
		t.Error(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("something else was read")
	}
}

// A place in the table of a loop that is used again does not get what was
// meant for the connection before.
func TestPollerPlacesAreUsedAgain(t *testing.T) {
	p := pollerOf(t)
	for range 200 {
		server, client := connect(t, "tcp", "127.0.0.1:0")
		ends := make(chan error, 1)
		e := &echoer{conn: netpoll.New(server, p), ends: ends}
		if err := e.conn.Start(e); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		in := make([]byte, 1)
		if _, err := io.ReadFull(client, in); err != nil {
			t.Fatal(err)
		}
		_ = client.Close()
		if err := <-ends; err != io.EOF {
			t.Fatal(err)
		}
	}
}

func TestStartOfClosed(t *testing.T) {
	server, client := connect(t, "tcp", "127.0.0.1:0")
	defer func() { _ = client.Close() }()
	c := netpoll.New(server, pollerOf(t))
	_ = c.Close()
	if err := c.Start(readerFunc(func([]byte) bool { return false })); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Start: %v", err)
	}
	if _, err := c.TryRead(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("TryRead: %v", err)
	}
	if err := c.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("second Close: %v", err)
	}
}

// A write that waits before Start goes on after it.
func TestWriteWaitsForStart(t *testing.T) {
	server, client := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(server, pollerOf(t))
	want := pattern(8_000_000)
	written := make(chan error, 1)
	go func() { written <- c.Write([][]byte{want}) }()
	got := make(chan []byte, 1)
	go func() {
		all, _ := io.ReadAll(client)
		got <- all
	}()
	if err := c.Start(readerFunc(func([]byte) bool { return false })); err != nil {
		t.Fatal(err)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if all := <-got; !bytes.Equal(all, want) {
		t.Errorf("the peer got %d bytes, not the %d written", len(all), len(want))
	}
}

func TestClosedPollerLeavesNothing(t *testing.T) {
	p := new(netpoll.Poller)
	server, client := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(server, p)
	if err := c.Start(readerFunc(func([]byte) bool { return false })); err != nil {
		t.Fatal(err)
	}
	_, _ = c.Close(), client.Close()
	p.Close()
	p.Close()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		stacks := make([]byte, 1<<20)
		if !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "(*loop)") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a loop goes on")
		}
	}
	a, b := net.Pipe()
	defer func() { _, _ = a.Close(), b.Close() }()
	server, client = connect(t, "tcp", "127.0.0.1:0")
	defer func() { _, _ = server.Close(), client.Close() }()
	if netpoll.New(server, p).Polled() {
		t.Error("a closed poller takes connections")
	}
}
