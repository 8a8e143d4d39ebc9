package netpoll

import (
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// polled is a connection in a loop, which has its descriptor for itself.
type polled struct {
	loop       *loop
	fd         int
	place      int32 // in the loop's table, which guards it; negative: none
	generation int32
	reader     Reader

	refs   atomic.Int32 // users of fd at this moment, and closedBit
	hungUp atomic.Bool  // epoll has told of the end, and will not again

	waiting atomic.Bool // somebody has changed
	mu      sync.Mutex
	changed chan struct{} // closed at the next event; nil while nobody waits
	started bool
	writes  bool // epoll tells when the kernel takes more
}

const closedBit = 1 << 30

// epollET is syscall.EPOLLET, which is a negative number there.
const epollET = 1 << 31

// adopt takes the descriptor of a connection over, and returns nil if that
// cannot be done. A TLS connection cannot: data may already sit decrypted in
// its memory.
func (p *Poller) adopt(nc net.Conn) *polled {
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
	default:
		return nil
	}
	raw, err := nc.(syscall.Conn).SyscallConn()
	if err != nil {
		return nil
	}
	l := p.loop()
	if l == nil {
		return nil
	}
	own := -1
	err = raw.Control(func(fd uintptr) {
		n, _, errno := syscall.RawSyscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, 0)
		if errno == 0 {
			own = int(n)
		}
	})
	if err != nil || own < 0 {
		l.leave()
		return nil
	}
	_ = nc.Close() // the runtime's poller must not be told of it any more
	return &polled{loop: l, fd: own, place: -1}
}

// start has the reader called.
func (c *polled) start(r Reader) error {
	c.reader = r
	if !c.acquire() {
		return net.ErrClosed
	}
	defer c.release()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = true
	return c.loop.add(c, c.events())
}

// watchWrites has epoll tell when the kernel takes more, from now on.
func (c *polled) watchWrites() error {
	if !c.acquire() {
		return net.ErrClosed
	}
	defer c.release()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes = true
	if !c.started {
		return nil
	}
	return c.loop.watch(c, syscall.EPOLL_CTL_MOD, c.events())
}

// events are those that epoll tells of. c.mu is held.
func (c *polled) events() uint32 {
	events := uint32(syscall.EPOLLIN | syscall.EPOLLRDHUP | epollET)
	if c.writes {
		events |= syscall.EPOLLOUT
	}
	return events
}

// acquire keeps the descriptor open until release.
func (c *polled) acquire() bool {
	for {
		n := c.refs.Load()
		if n&closedBit != 0 {
			return false
		}
		if c.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (c *polled) release() {
	if c.refs.Add(-1) == closedBit {
		c.free()
	}
}

// close closes the descriptor, when nobody uses it any more, which is soon.
func (c *polled) close() error {
	for {
		n := c.refs.Load()
		if n&closedBit != 0 {
			return net.ErrClosed
		}
		if c.refs.CompareAndSwap(n, n|closedBit) {
			if n == 0 {
				c.free()
			}
			c.signal()
			return nil
		}
	}
}

func (c *polled) free() {
	c.loop.remove(c)
	_ = syscall.Close(c.fd)
	c.loop.leave()
}

// signal wakes who waits for an event.
func (c *polled) signal() {
	if !c.waiting.Load() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
		c.waiting.Store(false)
	}
}

// change returns a channel that is closed at the next event.
func (c *polled) change() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed == nil {
		c.changed = make(chan struct{})
		c.waiting.Store(true)
	}
	return c.changed
}

// closeWrite tells the peer that nothing will follow.
func (c *polled) closeWrite() {
	if c.acquire() {
		_ = syscall.Shutdown(c.fd, syscall.SHUT_WR)
		c.release()
	}
}
