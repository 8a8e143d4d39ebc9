//go:build linux || darwin || freebsd

package netpoll

import (
	"sync"
	"syscall"
	"unsafe"
)

// maxVector is how many slices one writev takes (IOV_MAX is 1024 on these systems).
const maxVector = 64

// writer is the state of a write, pooled so that connections that write
// nothing hold none. Its callbacks are made once.
type writer struct {
	out     [][]byte // what is left to be written
	slices  [][]byte // memory of out
	iov     [maxVector]syscall.Iovec
	written int
	err     error

	once, whole func(fd uintptr) bool
}

var writers = sync.Pool{New: func() any {
	w := new(writer)
	w.once = func(fd uintptr) bool { w.write(fd); return true }
	w.whole = w.write
	return w
}}

// writeSome writes out: what goes at once, or everything if it shall wait.
func (c *rawConn) writeSome(out [][]byte, wait bool) (int, error) {
	w := writers.Get().(*writer)
	w.slices = append(w.slices[:0], out...) // trimming must not change the caller's
	w.out, w.written, w.err = w.slices, 0, nil
	callback := w.once
	if wait {
		callback = w.whole
	}
	err := c.RawConn.Write(callback)
	switch {
	case err != nil:
	case w.err != nil:
		err = w.err
	case len(w.out) > 0:
		err = ErrWouldBlock
	}
	n := w.written
	w.out = nil
	clear(w.slices)
	writers.Put(w)
	return n, err
}

// write writes until everything is written, and reports false when the kernel
// takes no more.
func (w *writer) write(fd uintptr) bool {
	for len(w.out) > 0 {
		n, err := w.system(fd)
		if n >= 0 {
			w.written += n
			w.trim(n)
		}
		switch err {
		case nil, syscall.EINTR:
		case syscall.EAGAIN:
			return false
		default:
			w.err = err
			return true
		}
	}
	return true
}

// system makes one system call, for as much as it takes.
func (w *writer) system(fd uintptr) (int, error) {
	if len(w.out) == 1 {
		return syscall.Write(int(fd), w.out[0])
	}
	n := 0
	for _, b := range w.out {
		if len(b) == 0 {
			continue
		}
		w.iov[n].Base = unsafe.SliceData(b)
		w.iov[n].SetLen(len(b))
		if n++; n == maxVector {
			break
		}
	}
	written, _, errno := syscall.Syscall(syscall.SYS_WRITEV, fd, uintptr(unsafe.Pointer(&w.iov)), uintptr(n))
	clear(w.iov[:n])
	if errno != 0 {
		return 0, errno
	}
	return int(written), nil
}

// trim drops what was written, and empty slices with it.
func (w *writer) trim(n int) {
	for len(w.out) > 0 && n >= len(w.out[0]) {
		n -= len(w.out[0])
		w.out = w.out[1:]
	}
	if n > 0 {
		w.out[0] = w.out[0][n:]
	}
}
