//go:build linux || darwin || freebsd

package netpoll

import (
	"io"
	"net"
	"syscall"

	"github.com/gosio/sio/internal/buf"
)

// parkable reports whether nc's descriptor can be read directly. A TLS
// connection cannot: data may already sit decrypted in its memory.
func parkable(nc net.Conn) bool {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		return true
	}
	return false
}

func newRawConn(raw syscall.RawConn) *rawConn {
	c := &rawConn{RawConn: raw}
	c.read = c.onReadable
	return c
}

// readSome parks until the descriptor is readable. The runtime's poller is
// edge-triggered, so RawConn.Read tries before it waits.
func (c *rawConn) readSome(partial *buf.Buffer) (*buf.Buffer, error) {
	c.in, c.readErr = partial, nil
	err := c.RawConn.Read(c.read)
	b := c.in
	c.in = nil
	if err == nil {
		err = c.readErr
	}
	if err != nil {
		return partial, err
	}
	return b, nil
}

// onReadable reads once, into memory that is only held if something came. It
// reports false to wait.
func (c *rawConn) onReadable(fd uintptr) bool {
	b := c.in
	if b == nil {
		b = buf.Get(readSize)
	} else {
		b.Grow(minRoom)
	}
	var n int
	var err error
	for {
		n, err = syscall.Read(int(fd), b.B[len(b.B):cap(b.B)])
		if err != syscall.EINTR {
			break
		}
	}
	if n > 0 {
		b.B = b.B[:len(b.B)+n]
		c.in = b
		return true
	}
	if c.in == nil {
		b.Release()
	}
	if err == syscall.EAGAIN {
		return false
	}
	c.readErr = err
	if err == nil {
		c.readErr = io.EOF
	}
	return true
}
