package netpoll_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/gosio/sio/internal/netpoll"
)

func TestPolled(t *testing.T) {
	for _, k := range carriers {
		c, peer := k.open(t)
		if c.Polled() != k.polled {
			t.Errorf("%s: Polled() = %v", k.name, c.Polled())
		}
		_ = c.Abort()
		_ = peer.Close()
	}
}

// What the peer writes comes, all of it and in order.
func TestRead(t *testing.T) {
	each(t, func(t *testing.T, c *netpoll.Conn, peer net.Conn) {
		want := pattern(300_000)
		go func() {
			for rest := want; len(rest) > 0; {
				n := min(len(rest), 1+len(rest)%7919)
				if _, err := peer.Write(rest[:n]); err != nil {
					return
				}
				rest = rest[n:]
			}
			_ = peer.Close()
		}()
		var got []byte
		for p := make([]byte, 5000); ; {
			n, err := c.Read(p)
			got = append(got, p[:n]...)
			if err != nil {
				if !errors.Is(err, io.EOF) {
					t.Errorf("ends with %v", err)
				}
				break
			}
			if n == 0 {
				t.Fatal("nothing was read, without an error")
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes, differ from the %d sent", len(got), len(want))
		}
	})
}

func TestCloseEndsWaitingRead(t *testing.T) {
	for _, end := range []struct {
		name string
		call func(*netpoll.Conn) error
	}{{"Close", (*netpoll.Conn).Close}, {"Abort", (*netpoll.Conn).Abort}} {
		t.Run(end.name, func(t *testing.T) {
			each(t, func(t *testing.T, c *netpoll.Conn, _ net.Conn) {
				done := make(chan error)
				go func() {
					_, err := c.Read(make([]byte, 10))
					done <- err
				}()
				go func() { _ = end.call(c) }()
				if err := <-done; err == nil {
					t.Error("Read ended without an error")
				}
			})
		})
	}
}

// talkative is a connection like one of TLS: its Close takes its time, the one
// beneath does not.
type talkative struct {
	net.Conn
	t       *testing.T
	beneath net.Conn
}

func (c *talkative) NetConn() net.Conn { return c.beneath }
func (c *talkative) Close() error      { c.t.Error("said good-bye"); return nil }

func TestAbortDoesNotSayGoodBye(t *testing.T) {
	a, b := net.Pipe()
	if err := netpoll.New(&talkative{a, t, a}, nil).Abort(); err != nil {
		t.Error(err)
	}
	if _, err := b.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the peer sees %v", err)
	}
}

// pattern is n bytes that show where they belong.
func pattern(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return p
}
