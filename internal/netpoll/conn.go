// Package netpoll reads and writes network connections without a buffer, or
// a goroutine, for one that is idle.
//
// On Linux a Poller takes over the descriptors of plain TCP and Unix
// connections, and calls a connection's Reader when there is something to
// read. Everything else (TLS, pipes, other systems) takes the portable path:
// reading holds a goroutine and a buffer, and writes can block.
package netpoll

import (
	"errors"
	"io"
	"net"
	"time"

	"github.com/gosio/sio/internal/buf"
)

// ErrWouldBlock says that there is nothing to read, or that the kernel takes
// no more bytes, at present.
var ErrWouldBlock = errors.New("netpoll: would block")

// Reader is what reads a connection of a Poller.
type Reader interface {
	// Readable is called when there may be something to read, also after the
	// connection is closed by the peer, on a goroutine that it must not block.
	// scratch is memory for the time of the call. It returns true to be called
	// again soon: it is only told of what arrives after TryRead has returned
	// less than it was asked for.
	Readable(scratch []byte) (again bool)
}

// Conn is a connection. Read is for one goroutine at a time, and so are
// TryRead, TryWrite and Write; Close may be called at any time.
type Conn struct {
	nc     net.Conn // nil if it is polled
	polled *polled
}

// New takes a connection over. Nobody else may use it from then on. A nil
// Poller means the portable path.
func New(nc net.Conn, p *Poller) *Conn {
	if p != nil {
		if polled := p.adopt(nc); polled != nil {
			return &Conn{polled: polled}
		}
	}
	_ = nc.SetDeadline(time.Time{}) // of whoever had it before, and fails only if it is gone
	return &Conn{nc: nc}
}

// Polled reports whether a Poller reads the connection: Start, TryRead and
// TryWrite are for those.
func (c *Conn) Polled() bool { return c.polled != nil }

// Start has r read the connection. The error is net.ErrClosed, or one of the system.
func (c *Conn) Start(r Reader) error { return c.polled.start(r) }

// TryRead reads what there is. If that is nothing, the error is ErrWouldBlock.
// Another error may come with what was read before it, and comes again.
func (c *Conn) TryRead(p []byte) (int, error) { return c.polled.read(p) }

// Close closes the connection, which ends reads and writes that wait. That of
// a TLS connection says good-bye to the peer, which can take up to 5 seconds.
func (c *Conn) Close() error {
	if c.polled != nil {
		return c.polled.close()
	}
	return c.nc.Close()
}

// Abort closes the connection without a good-bye, and so without delay.
func (c *Conn) Abort() error {
	if c.polled != nil {
		return c.polled.close()
	}
	if t, ok := c.nc.(interface{ NetConn() net.Conn }); ok { // as tls.Conn has it
		return t.NetConn().Close()
	}
	return c.nc.Close()
}

// CloseWrite tells the peer that nothing will follow, if the connection can.
func (c *Conn) CloseWrite() {
	if c.polled != nil {
		c.polled.closeWrite()
		return
	}
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// Read waits until there is something to read, and returns how much that was.
// An error may come with what was read before it, and comes again. The end of
// the stream is io.EOF. It must not be called while a Reader reads.
func (c *Conn) Read(p []byte) (n int, err error) {
	if c.polled != nil {
		return c.polled.readWait(p)
	}
	if n, err = c.nc.Read(p); n == 0 && err == nil {
		err = io.ErrNoProgress
	}
	return n, err
}

// TryWrite writes what the kernel takes at once, and returns how many bytes
// that was. If it is less than everything, the error is ErrWouldBlock. It must
// not be called unless Polled.
func (c *Conn) TryWrite(out [][]byte) (int, error) { return c.polled.write(out) }

// Write writes everything, and waits as long as that takes.
func (c *Conn) Write(out [][]byte) error {
	if c.polled != nil {
		return c.polled.writeWait(out)
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
