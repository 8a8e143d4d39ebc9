package siotest

import (
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// bufferSize is how many bytes wait in one direction of a connection before a
// write does, as with the buffers of a kernel.
const bufferSize = 64 << 10

// pair is both directions of a connection; link.mu guards it.
type pair struct{ up, down stream }

// conn is one end of a connection in memory. link.mu guards what can change.
type conn struct {
	link          *Link
	pair          *pair
	in, out       *stream
	local, remote net.Addr

	closed          bool
	finished        bool // nothing more is written
	readBy, writeBy time.Time
}

// stream is one direction of a connection.
type stream struct {
	chunks []chunk // under way
	size   int     // of all chunks
	deaf   bool    // the reader has closed
	broken bool
}

// chunk is what one write wrote, or the end of the stream if there is no data.
type chunk struct {
	due  time.Time
	data []byte
}

func (s *stream) lose() { s.chunks, s.size = nil, 0 }

func (s *stream) reset() {
	s.lose()
	s.broken = true
}

// push puts a copy of data under way.
func (s *stream) push(data []byte, delay time.Duration) {
	due := time.Now().Add(delay)
	if n := len(s.chunks); n > 0 && s.chunks[n-1].due.After(due) {
		due = s.chunks[n-1].due
	}
	s.chunks = append(s.chunks, chunk{due, append([]byte(nil), data...)})
	s.size += len(data)
}

// take moves up to len(p) bytes of the first chunk to p.
func (s *stream) take(p []byte) int {
	first := &s.chunks[0]
	n := copy(p, first.data)
	s.size -= n
	if first.data = first.data[n:]; len(first.data) == 0 {
		s.chunks = s.chunks[1:]
	}
	return n
}

func (c *conn) Read(p []byte) (int, error) {
	l := c.link
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if err := c.failure(c.in, c.readBy); err != nil || len(p) == 0 {
			return 0, err
		}
		until := c.readBy
		if len(c.in.chunks) > 0 && !l.frozen {
			first := c.in.chunks[0]
			if !first.due.After(time.Now()) {
				if first.data == nil {
					return 0, io.EOF // and again: it stays
				}
				if l.split > 0 {
					p = p[:min(len(p), l.split)]
				}
				l.changed.Broadcast() // there is room again
				return c.in.take(p), nil
			}
			if until.IsZero() || first.due.Before(until) {
				until = first.due
			}
		}
		l.wait(until)
	}
}

func (c *conn) Write(p []byte) (n int, err error) {
	l := c.link
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if err := c.failure(c.out, c.writeBy); err != nil {
			return n, err
		}
		if c.finished || c.out.deaf && !l.blocked() {
			return n, syscall.EPIPE
		}
		if l.cut {
			return n + len(p), nil
		}
		if room := min(len(p), bufferSize-c.out.size); room > 0 {
			c.out.push(p[:room], l.delay)
			n, p = n+room, p[room:]
			l.changed.Broadcast()
		}
		if len(p) == 0 {
			return n, nil
		}
		l.wait(c.writeBy)
	}
}

// failure returns why a stream cannot be used from this end. link.mu is held.
func (c *conn) failure(s *stream, deadline time.Time) error {
	switch {
	case c.closed:
		return net.ErrClosed
	case s.broken:
		return syscall.ECONNRESET
	case !deadline.IsZero() && !deadline.After(time.Now()):
		return os.ErrDeadlineExceeded
	}
	return nil
}

// finish puts the end of the stream under way. link.mu is held.
func (c *conn) finish() {
	if !c.finished && !c.link.cut && !c.out.broken {
		c.out.push(nil, c.link.delay)
	}
	c.finished = true
}

// CloseWrite tells the other end that nothing follows.
func (c *conn) CloseWrite() error {
	return c.update(c.finish)
}

func (c *conn) Close() error {
	return c.update(func() {
		c.finish()
		c.closed = true
		c.in.deaf = true
		c.in.lose()
		if c.out.deaf { // the other end has closed, too
			delete(c.link.conns, c.pair)
		}
	})
}

func (c *conn) SetDeadline(t time.Time) error {
	return c.update(func() { c.readBy, c.writeBy = t, t })
}

func (c *conn) SetReadDeadline(t time.Time) error {
	return c.update(func() { c.readBy = t })
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	return c.update(func() { c.writeBy = t })
}

func (c *conn) update(do func()) error {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	if c.closed {
		return net.ErrClosed
	}
	do()
	c.link.changed.Broadcast()
	return nil
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }
