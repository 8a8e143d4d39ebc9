// Package load makes the work of the bench: many light clients on one thread,
// over epoll, which cost less than any server that they talk to. What one
// turn of the loop has a client say leaves in one write.
package load

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// A loop serves its streams from the one goroutine that calls turn.
type loop struct {
	epoll   int
	streams map[int32]*stream
	events  []unix.EpollEvent
	buf     []byte        // what a stream reads into, when it has no rest
	now     time.Time     // of this turn
	heard   time.Time     // when something last arrived
	wait    time.Duration // the most that a turn waits
	each    func()        // called at the end of each turn, when not nil
	failed  error         // the first failure: of a connection, or of the protocol

	wrong      int64 // answers that were not the ones expected
	firstWrong string
}

func newLoop() (*loop, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return &loop{
		epoll:   fd,
		streams: map[int32]*stream{},
		events:  make([]unix.EpollEvent, 512),
		buf:     make([]byte, 256<<10),
		now:     time.Now(),
		wait:    100 * time.Millisecond,
	}, nil
}

func (l *loop) close() {
	for _, s := range l.streams {
		s.close()
	}
	_ = unix.Close(l.epoll)
}

// fail keeps the first failure, which ends the measure.
func (l *loop) fail(err error) {
	if l.failed == nil {
		l.failed = err
	}
}

// turn waits for something to read, and has it handled.
func (l *loop) turn() error {
	n, err := unix.EpollWait(l.epoll, l.events, int(l.wait.Milliseconds()))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("epoll: %w", err)
	}
	l.now = time.Now()
	if n > 0 {
		l.heard = l.now
	}
	for _, e := range l.events[:max(n, 0)] {
		s := l.streams[e.Fd]
		if s == nil {
			continue
		}
		if e.Events&unix.EPOLLOUT != 0 {
			s.flush()
		}
		if e.Events&^unix.EPOLLOUT != 0 {
			s.readable()
		}
	}
	if l.each != nil {
		l.each()
	}
	return l.failed
}

// stall is how long nothing may happen before a measure is given up.
const stall = 10 * time.Second

// until turns until done says so. It fails when nothing arrives any more.
func (l *loop) until(done func() bool) error {
	l.heard = time.Now()
	for !done() {
		if err := l.turn(); err != nil {
			return err
		}
		if l.now.Sub(l.heard) > stall {
			return errors.New("no answer for " + stall.String())
		}
	}
	return nil
}

// A consumer takes what arrives on a stream.
type consumer interface {
	// consume handles the whole units at the front of data and returns their
	// length; the rest comes again with what follows it.
	consume(data []byte) int
	// ended is called when the server has closed the connection.
	ended(err error)
}

// A stream is one TCP connection.
type stream struct {
	loop  *loop
	fd    int
	to    consumer
	rest  []byte // the front of a unit that is not whole yet
	out   []byte // to be written when the turn ends
	armed bool   // waits for room to write
	gone  bool
}

// open connects. On the loopback that does not wait.
func (l *loop) open(addr *net.TCPAddr, to consumer) (*stream, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: addr.Port, Addr: [4]byte(addr.IP.To4())}); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("connect: %w", err)
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	_ = unix.SetNonblock(fd, true)
	s := &stream{loop: l, fd: fd, to: to}
	if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("epoll: %w", err)
	}
	l.streams[int32(fd)] = s
	return s, nil
}

func (s *stream) close() {
	if s.gone {
		return
	}
	s.gone = true
	delete(s.loop.streams, int32(s.fd))
	_ = unix.Close(s.fd)
}

func (s *stream) readable() {
	into := s.loop.buf
	if have := len(s.rest); have > 0 {
		if cap(s.rest)-have < 64<<10 {
			s.rest = append(make([]byte, 0, 2*have+128<<10), s.rest...)
		}
		into = s.rest[have:cap(s.rest)]
	}
	n, err := unix.Read(s.fd, into)
	switch {
	case errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR):
		return
	case err != nil:
		s.close()
		s.to.ended(err)
		return
	case n == 0:
		s.close()
		s.to.ended(io.EOF)
		return
	}
	data := into[:n]
	if have := len(s.rest); have > 0 {
		data = s.rest[:have+n]
	}
	used := s.to.consume(data)
	s.rest = append(s.rest[:0], data[used:]...)
	s.flush()
}

// flush writes what the turn gathered.
func (s *stream) flush() {
	if s.gone || len(s.out) == 0 {
		return
	}
	n, err := unix.Write(s.fd, s.out)
	if err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
		s.close()
		s.to.ended(err)
		return
	}
	s.out = s.out[:copy(s.out, s.out[max(n, 0):])]
	if full := len(s.out) > 0; full != s.armed {
		s.armed = full
		events := uint32(unix.EPOLLIN)
		if full {
			events |= unix.EPOLLOUT
		}
		if err := unix.EpollCtl(s.loop.epoll, unix.EPOLL_CTL_MOD, s.fd, &unix.EpollEvent{Events: events, Fd: int32(s.fd)}); err != nil {
			s.loop.fail(fmt.Errorf("epoll: %w", err))
		}
	}
}
