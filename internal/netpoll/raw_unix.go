//go:build linux || darwin || freebsd

package netpoll

import (
	"io"
	"net"
	"syscall"
	"unsafe"

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
	c.tryWrite = func(fd uintptr) bool { c.onWritable(fd); return true }
	c.write = c.onWritable
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
	} else if cap(b.B)-len(b.B) < readSize/4 {
		b.Grow(readSize / 4)
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

// writeSome writes out: what goes at once, or everything if it shall wait.
func (c *rawConn) writeSome(out [][]byte, wait bool) (int, error) {
	v := vectors.Get().(*vector)
	v.slices = append(v.slices[:0], out...) // trimming must not change the caller's
	c.out, c.written, c.writeErr = v.slices, 0, nil
	callback := c.tryWrite
	if wait {
		callback = c.write
	}
	err := c.RawConn.Write(callback)
	if err == nil {
		err = c.writeErr
	}
	if err == nil && len(c.out) > 0 {
		err = ErrWouldBlock
	}
	c.out = nil
	clear(v.slices)
	vectors.Put(v)
	return c.written, err
}

// onWritable writes until everything is written, and reports false when the
// kernel takes no more.
func (c *rawConn) onWritable(fd uintptr) bool {
	for len(c.out) > 0 {
		var n int
		var err error
		if len(c.out) == 1 {
			n, err = syscall.Write(int(fd), c.out[0])
		} else {
			n, err = writev(fd, c.out)
		}
		if n >= 0 {
			c.written += n
			c.out = trimWritten(c.out, n) // also drops empty slices
		}
		switch err {
		case nil, syscall.EINTR:
		case syscall.EAGAIN:
			return false
		default:
			c.writeErr = err
			return true
		}
	}
	return true
}

// maxVector is how many slices one writev takes (IOV_MAX is 1024 on these systems).
const maxVector = 64

// vector is memory for the arguments of a write.
type vector struct {
	slices [][]byte
	iov    [maxVector]syscall.Iovec
}

func writev(fd uintptr, out [][]byte) (int, error) {
	v := vectors.Get().(*vector)
	defer vectors.Put(v)
	n := 0
	for _, b := range out {
		if len(b) == 0 {
			continue
		}
		v.iov[n].Base = unsafe.SliceData(b)
		v.iov[n].SetLen(len(b))
		if n++; n == maxVector {
			break
		}
	}
	written, _, errno := syscall.Syscall(syscall.SYS_WRITEV, fd, uintptr(unsafe.Pointer(&v.iov)), uintptr(n))
	clear(v.iov[:n])
	if errno != 0 {
		return 0, errno
	}
	return int(written), nil
}
