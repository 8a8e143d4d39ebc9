package netpoll

import (
	"os"
	"runtime"
	"sync"
	"syscall"
	"unsafe"
)

// Poller reads connections for which no goroutine waits: a few loops, one for
// each processor, have an epoll instance each, in which the connections are,
// and which is itself watched by the runtime's poller. A loop is parked while
// nothing happens, and otherwise goes from one connection that can be read to
// the next. The zero value is ready. All methods may be called from any goroutine.
type Poller struct {
	mu     sync.Mutex
	loops  []*loop
	next   int
	closed bool

	brief bool // loops are there only while connections are
	conns int  // of a brief one
}

// scratchSize is the most that one read brings, and what a loop has for it.
const scratchSize = 256 << 10

// maxEvents is how many connections one call of epoll_wait names.
const maxEvents = 128

// loop returns the loop for the next connection, and nil if there can be none.
func (p *Poller) loop() *loop {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil
	}
	if p.brief {
		return p.join()
	}
	if p.loops == nil {
		for range runtime.GOMAXPROCS(0) {
			l, err := newLoop()
			if err != nil {
				break // fewer have to do
			}
			p.loops = append(p.loops, l)
			go l.run()
		}
	}
	if len(p.loops) == 0 {
		return nil
	}
	p.next++
	return p.loops[p.next%len(p.loops)]
}

// Close ends the loops. The connections must be closed before.
func (p *Poller) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	end(p.loops)
	p.loops = nil
}

// loop reads a share of the connections.
type loop struct {
	epoll int
	file  *os.File // has the runtime watch epoll
	raw   syscall.RawConn
	brief *Poller // that counts the connections; nil if it does not

	mu    sync.Mutex
	table []entry
	free  []int32 // indices in table

	events  [maxEvents]syscall.EpollEvent
	ready   [maxEvents]*polled
	again   []*polled // there may be more to read, of which epoll does not tell
	scratch []byte
}

// entry is a place in the table of a loop. What epoll tells of the connection
// that had the place before is told apart by the generation.
type entry struct {
	conn       *polled
	generation int32
}

func newLoop() (*loop, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	_ = syscall.SetNonblock(fd, true) // NewFile asks for it, to watch the file
	l := &loop{epoll: fd, file: os.NewFile(uintptr(fd), "epoll"), scratch: make([]byte, scratchSize)}
	if l.raw, err = l.file.SyscallConn(); err != nil {
		_ = l.file.Close()
		return nil, err
	}
	return l, nil
}

// add puts a connection into the table and has epoll tell of it.
func (l *loop) add(c *polled, events uint32) error {
	l.mu.Lock()
	if n := len(l.free); n > 0 {
		c.place = l.free[n-1]
		l.free = l.free[:n-1]
	} else {
		c.place = int32(len(l.table))
		l.table = append(l.table, entry{})
	}
	e := &l.table[c.place]
	e.conn = c
	c.generation = e.generation
	l.mu.Unlock()
	return l.watch(c, syscall.EPOLL_CTL_ADD, events)
}

func (l *loop) watch(c *polled, op int, events uint32) error {
	err := syscall.EpollCtl(l.epoll, op, c.fd, &syscall.EpollEvent{Events: events, Fd: c.place, Pad: c.generation})
	return os.NewSyscallError("epoll_ctl", err)
}

// remove frees the place of a connection. Closing its descriptor, which there
// is only one of, has epoll forget it.
func (l *loop) remove(c *polled) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.place < 0 {
		return // it was closed before it was started
	}
	e := &l.table[c.place]
	e.conn = nil
	e.generation++
	l.free = append(l.free, c.place)
}

// run serves connections until Close. It stays within one call of RawConn.Read,
// because the next call would forget what the runtime's poller has told since.
func (l *loop) run() {
	_ = l.raw.Read(l.serve)
}

// serve serves what can be read, and reports false, to wait, when nothing is left.
func (l *loop) serve(uintptr) bool {
	for {
		n, err := l.poll()
		if err != nil {
			return true
		}
		if n == 0 && len(l.again) == 0 {
			return false
		}
		again := l.again
		l.again = nil
		for i, c := range l.lookup(n) {
			if c == nil {
				continue
			}
			if l.events[i].Events&(syscall.EPOLLRDHUP|syscall.EPOLLHUP|syscall.EPOLLERR) != 0 {
				c.hungUp.Store(true)
			}
			l.visit(c)
		}
		for _, c := range again {
			l.visit(c)
		}
		// What the messages have started runs first, also with one processor.
		runtime.Gosched()
	}
}

// poll asks which connections can be read, without waiting.
func (l *loop) poll() (int, error) {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_EPOLL_PWAIT, uintptr(l.epoll),
			uintptr(unsafe.Pointer(&l.events)), maxEvents, 0, 0, 0)
		switch errno {
		case 0:
			return int(n), nil
		case syscall.EINTR:
		default:
			return 0, errno
		}
	}
}

// lookup returns the connections of the first n events; nil for one that is gone.
func (l *loop) lookup(n int) []*polled {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, e := range l.events[:n] {
		l.ready[i] = nil
		if at := &l.table[e.Fd]; at.generation == e.Pad {
			l.ready[i] = at.conn
		}
	}
	return l.ready[:n]
}

func (l *loop) visit(c *polled) {
	c.signal()
	if c.reader.Readable(l.scratch) {
		l.again = append(l.again, c)
	}
}
