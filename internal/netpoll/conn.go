// Package netpoll reads and writes a network connection without holding a
// buffer while it waits.
//
// On Unix a plain TCP connection is read in two steps: the goroutine parks in
// the runtime's poller with nothing, and takes a buffer from the pool when
// there is something to read. Everything else (TLS, pipes, other systems)
// takes the portable path, which holds a buffer while it waits, and whose
// writes can block.
package netpoll

import (
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/gosio/sio/internal/buf"
)

// ErrWouldBlock says that the kernel takes no more bytes at present.
var ErrWouldBlock = errors.New("netpoll: would block")

// readSize is what a buffer is taken for when a connection has something to
// read: one system call then brings many small messages. A partial buffer that
// has less than minRoom left is enlarged.
const (
	readSize = 4096
	minRoom  = readSize / 4
)

// Conn is a connection. Read is for one goroutine at a time, and so are
// TryWrite and Write; Close may be called at any time.
type Conn struct {
	nc  net.Conn
	raw *rawConn // nil on the portable path
}

// rawConn is the state of the parked path. Its callback is made once, so that a
// read allocates nothing; the state of a write is pooled.
type rawConn struct {
	syscall.RawConn

	read    func(fd uintptr) bool
	in      *buf.Buffer
	readErr error
}

// New wraps a connection.
func New(nc net.Conn) *Conn {
	c := &Conn{nc: nc}
	if parkable(nc) {
		if raw, err := nc.(syscall.Conn).SyscallConn(); err == nil {
			c.raw = newRawConn(raw)
		}
	}
	return c
}

// NewPortable wraps a connection for the portable path.
func NewPortable(nc net.Conn) *Conn { return &Conn{nc: nc} }

// NetConn returns the connection that is wrapped.
func (c *Conn) NetConn() net.Conn { return c.nc }

// Parks reports whether waiting holds no buffer, and TryWrite works.
func (c *Conn) Parks() bool { return c.raw != nil }

// Close closes the connection, which ends reads and writes that wait. That of
// a TLS connection says good-bye to the peer, which can take up to 5 seconds.
func (c *Conn) Close() error { return c.nc.Close() }

// Abort closes the connection without a good-bye, and so without delay.
func (c *Conn) Abort() error {
	if t, ok := c.nc.(interface{ NetConn() net.Conn }); ok { // as tls.Conn has it
		return t.NetConn().Close()
	}
	return c.nc.Close()
}

// Read waits until there is something to read and returns it, appended to
// partial, or in a buffer from the pool if partial is nil. The buffer is the
// caller's, also with an error if partial was given. The end of the stream is
// io.EOF.
func (c *Conn) Read(partial *buf.Buffer) (*buf.Buffer, error) {
	if c.raw != nil {
		return c.raw.readSome(partial)
	}
	b := partial
	if b == nil {
		b = buf.Get(readSize)
	}
	b.Grow(minRoom)
	n, err := c.nc.Read(b.B[len(b.B):cap(b.B)])
	b.B = b.B[:len(b.B)+n]
	if n > 0 {
		return b, nil // an error comes again
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	if partial == nil {
		b.Release()
		b = nil
	}
	return b, err
}

// TryWrite writes what the kernel takes at once, and returns how many bytes
// that was. If it is less than everything, the error is ErrWouldBlock. It must
// not be called unless Parks.
func (c *Conn) TryWrite(out [][]byte) (int, error) { return c.raw.writeSome(out, false) }

// Write writes everything, and waits as long as that takes.
func (c *Conn) Write(out [][]byte) error {
	if c.raw != nil {
		_, err := c.raw.writeSome(out, true)
		return err
	}
	if len(out) == 1 {
		_, err := c.nc.Write(out[0])
		return err
	}
	// TLS has no gathered write, and makes a record of each slice.
	total := 0
	for _, b := range out {
		total += len(b)
	}
	joined := buf.Get(total)
	defer joined.Release()
	for _, b := range out {
		joined.B = append(joined.B, b...)
	}
	_, err := c.nc.Write(joined.B)
	return err
}
