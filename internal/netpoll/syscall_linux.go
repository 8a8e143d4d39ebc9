package netpoll

import (
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"
)

// The system calls of this file never wait, so they need not tell the scheduler.

// read reads what there is. If that is less than p has room for, there is
// nothing more, but perhaps an error, which is returned with what was read if
// epoll has told of it already. ErrWouldBlock comes only without data.
func (c *polled) read(p []byte) (n int, err error) {
	if !c.acquire() {
		return 0, net.ErrClosed
	}
	defer c.release()
	for {
		r, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(c.fd), uintptr(unsafe.Pointer(unsafe.SliceData(p[n:]))), uintptr(len(p)-n))
		switch errno {
		case 0:
			n += int(r)
			switch {
			case r == 0:
				return n, io.EOF
			case n == len(p) || !c.hungUp.Load():
				return n, nil
			}
		case syscall.EINTR:
		case syscall.EAGAIN:
			if n == 0 {
				return 0, ErrWouldBlock
			}
			return n, nil
		default:
			return n, os.NewSyscallError("read", errno)
		}
	}
}

// readWait reads once, and waits until it can. It is for connections whose
// Reader takes nothing any more.
func (c *polled) readWait(p []byte) (int, error) {
	for {
		changed := c.change()
		n, err := c.read(p)
		if err != ErrWouldBlock {
			return n, err
		}
		<-changed
	}
}

// write writes what goes at once, and returns how much that was, with
// ErrWouldBlock if it was not everything.
func (c *polled) write(out [][]byte) (written int, err error) {
	if !c.acquire() {
		return 0, net.ErrClosed
	}
	defer c.release()
	if len(out) == 1 {
		return c.writeOne(out[0])
	}
	return c.writeVector(out)
}

func (c *polled) writeOne(p []byte) (written int, err error) {
	for written < len(p) {
		n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, uintptr(c.fd), uintptr(unsafe.Pointer(&p[written])), uintptr(len(p)-written))
		switch errno {
		case 0:
			written += int(n)
		case syscall.EINTR:
		case syscall.EAGAIN:
			return written, ErrWouldBlock
		default:
			return written, os.NewSyscallError("write", errno)
		}
	}
	return written, nil
}

// maxVector is how many slices one writev takes: few, as they are on the stack
// of a goroutine that may be new.
const maxVector = 16

func (c *polled) writeVector(out [][]byte) (written int, err error) {
	var iov [maxVector]syscall.Iovec
	for {
		n := 0
		for i := 0; i < len(out) && n < maxVector; i++ {
			if len(out[i]) > 0 {
				iov[n].Base = unsafe.SliceData(out[i])
				iov[n].SetLen(len(out[i]))
				n++
			}
		}
		if n == 0 {
			return written, nil
		}
		w, _, errno := syscall.RawSyscall(syscall.SYS_WRITEV, uintptr(c.fd), uintptr(unsafe.Pointer(&iov)), uintptr(n))
		switch errno {
		case 0:
			written += int(w)
			out = after(out, int(w))
		case syscall.EINTR:
		case syscall.EAGAIN:
			return written, ErrWouldBlock
		default:
			return written, os.NewSyscallError("writev", errno)
		}
	}
}

// writeWait writes everything, and waits as long as that takes.
func (c *polled) writeWait(out [][]byte) error {
	for watched := false; ; {
		changed := c.change()
		n, err := c.write(out)
		out = after(out, n)
		if err != ErrWouldBlock {
			return err
		}
		if !watched {
			if err := c.watchWrites(); err != nil {
				return err
			}
			watched = true
		}
		<-changed
	}
}

// after returns out without its first n bytes. It does not change out.
func after(out [][]byte, n int) [][]byte {
	for len(out) > 0 && n >= len(out[0]) {
		n -= len(out[0])
		out = out[1:]
	}
	if n == 0 || len(out) == 0 {
		return out
	}
	rest := append([][]byte(nil), out...)
	rest[0] = rest[0][n:]
	return rest
}
