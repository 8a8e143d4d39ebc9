// Package ws is the server's end of a WebSocket connection (RFC 6455), made for
// very many that are mostly idle.
//
// Reading: one goroutine, parked in package netpoll without a buffer. When
// bytes arrive, readLoop takes a pooled buffer, and reader.consume unmasks frames
// in place and hands complete messages to the Handler.
//
// Writing: Enqueue puts shared frames into a bounded queue, and Flush writes
// all that is queued in one system call without blocking (queue.go). A goroutine
// exists only while the kernel's buffer is full.
package ws

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/netpoll"
)

// Options of a connection. The zero value has no limits and no extension.
type Options struct {
	// MaxMessage is the largest message in bytes, over all its fragments and
	// decompressed. A larger one ends the connection with code 1009 and
	// ErrMessageTooBig. 0: no limit.
	MaxMessage int
	// MaxQueue is how many bytes may wait to be written. Any one Enqueue fits
	// into an empty queue. 0: no limit.
	MaxQueue int
	// Deflate accepts permessage-deflate from clients that offer it.
	Deflate *Deflate
	// Header is sent with the 101 response.
	Header http.Header
	// Portable reads and writes as on systems without a poller of our own.
	Portable bool
}

// Deflate has the options of permessage-deflate.
type Deflate struct {
	Threshold int // bytes from which messages are compressed
}

// Handler gets what a connection reads, on its reader goroutine, one call at a time.
type Handler interface {
	// Message gets a complete message. The payload is valid until it returns;
	// that of a text message is valid UTF-8.
	Message(payload []byte, binary bool)
	// Closed is called once, when no message can come any more: with a
	// *CloseError if the peer closed, a *ProtocolError or ErrMessageTooBig if it
	// broke the rules, ErrClosed if CloseNow ended the connection, io.EOF or
	// another error of the network if it was lost.
	Closed(err error)
	// Gone is called last, when the descriptor is closed and the goroutine ends.
	Gone()
}

var (
	// ErrClosed is returned once the connection is closed or closing.
	ErrClosed = errors.New("ws: closed")
	// ErrQueueFull is returned for what does not fit into the queue.
	ErrQueueFull = errors.New("ws: write queue full")
	// ErrMessageTooBig ends a connection whose peer exceeds MaxMessage.
	ErrMessageTooBig = errors.New("ws: message too big")
)

// CloseError says that the peer has closed the connection.
type CloseError struct {
	Code   int // 1005 if the peer gave none
	Reason string
}

func (e *CloseError) Error() string {
	return fmt.Sprintf("ws: closed by peer: %d %s", e.Code, e.Reason)
}

// ProtocolError says that the peer has broken a rule of the protocol.
type ProtocolError struct {
	Code int // the close code that the peer was told
	Text string
}

func (e *ProtocolError) Error() string { return "ws: " + e.Text }

// How long the other side may take to close, after this side has.
const (
	closeTimeout  = 10 * time.Second // for an orderly Close, what is queued included
	lingerTimeout = 2 * time.Second  // for a peer that broke the rules to read why
)

// Conn is a connection. All methods may be called from any goroutine.
type Conn struct {
	net       *netpoll.Conn
	handler   Handler
	reader    reader
	maxQueue  int
	threshold int // for compression; -1: not negotiated

	congested atomic.Bool

	mu       sync.Mutex
	state    connState
	flushing bool // somebody writes; nobody else may
	queue    *batch
	queued   int    // payload bytes that are not written yet
	pong     []byte // the pending answer to the latest ping
	closing  *closing
}

type connState uint8

const (
	stateOpen    connState = iota
	stateClosing           // a close frame is queued or sent: nothing may follow it
	stateClosed
)

// closing is what only a closing connection needs.
type closing struct {
	frame []byte // the close frame, until it is taken for writing
	sent  chan struct{}
	timer *time.Timer
}

// NewConn makes a connection of one whose handshake is done. leftover is what
// was read behind the handshake already. deflate says that permessage-deflate
// was negotiated.
func NewConn(nc net.Conn, leftover []byte, o *Options, deflate bool) *Conn {
	c := &Conn{maxQueue: o.MaxQueue, threshold: -1}
	if o.Portable {
		c.net = netpoll.NewPortable(nc)
	} else {
		c.net = netpoll.New(nc)
	}
	c.reader.maxMessage = o.MaxMessage
	if deflate && o.Deflate != nil {
		c.reader.inflates = true
		c.threshold = o.Deflate.Threshold
	}
	if len(leftover) > 0 {
		c.reader.leftover = buf.Get(len(leftover))
		c.reader.leftover.B = append(c.reader.leftover.B, leftover...)
	}
	return c
}

// Start begins reading. It is called once.
func (c *Conn) Start(h Handler) {
	c.handler = h
	go c.readLoop()
}

// readLoop reads until the connection ends. It is kept shallow, as its stack
// is what an idle connection costs most.
func (c *Conn) readLoop() {
	err := c.read()
	c.finish(err)
	c.handler.Gone()
}

func (c *Conn) read() (err error) {
	b := c.reader.leftover
	c.reader.leftover = nil
	fresh := b != nil
	defer func() {
		if b != nil {
			b.Release()
		}
		c.reader.release()
	}()
	for {
		if !fresh {
			if b, err = c.net.Read(b); err != nil {
				return err
			}
		}
		fresh = false
		n, err := c.reader.consume(c, b.B)
		if err != nil {
			return err
		}
		if n == len(b.B) {
			b.Release()
			b = nil
			continue
		}
		b.B = b.B[:copy(b.B, b.B[n:])]
	}
}

// finish reports the end of reading, and closes the descriptor.
func (c *Conn) finish(err error) {
	var protocol *ProtocolError
	var closed *CloseError
	code := 0
	switch {
	case errors.As(err, &closed):
		code = closed.Code
	case errors.As(err, &protocol):
		code = protocol.Code
	case errors.Is(err, ErrMessageTooBig):
		code = 1009
	default:
		c.mu.Lock()
		if c.state == stateClosed {
			err = ErrClosed
		}
		c.mu.Unlock()
	}
	c.handler.Closed(err)
	if code != 0 {
		c.answerClose(code, closed != nil)
	}
	c.CloseNow()
}

// answerClose tells the peer why the connection ends, without waiting for a
// slow one to take what was queued before.
func (c *Conn) answerClose(code int, peerClosed bool) {
	c.mu.Lock()
	if c.state == stateOpen {
		c.dropQueue()
		c.beginClose(code, "")
	}
	if c.state != stateClosing {
		c.mu.Unlock()
		return
	}
	sent := c.closing.sent
	c.mu.Unlock()
	nc := c.net.NetConn()
	_ = nc.SetDeadline(time.Now().Add(lingerTimeout))
	c.Flush()
	<-sent
	if peerClosed {
		return
	}
	// Closing with unread data would reset the connection, and the peer might
	// never read the close frame.
	if half, ok := nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	for {
		b, err := c.net.Read(nil)
		if err != nil {
			return
		}
		b.Release()
	}
}

// Close ends the connection in order: what is queued is written, then a close
// frame (without a status if code is 0), and when the peer has answered, or 10
// seconds have passed, the descriptor is closed. It returns at once.
func (c *Conn) Close(code int, reason string) {
	c.mu.Lock()
	if c.state != stateOpen {
		c.mu.Unlock()
		return
	}
	c.beginClose(code, reason)
	c.closing.timer = time.AfterFunc(closeTimeout, c.CloseNow)
	c.mu.Unlock()
	c.Flush()
}

// beginClose queues a close frame. c.mu is held.
func (c *Conn) beginClose(code int, reason string) {
	c.state = stateClosing
	c.closing = &closing{frame: closeFrame(code, reason), sent: make(chan struct{})}
}

// CloseNow closes the descriptor at once, and drops what is queued.
func (c *Conn) CloseNow() {
	c.mu.Lock()
	if c.state == stateClosed {
		c.mu.Unlock()
		return
	}
	c.state = stateClosed
	c.dropQueue()
	if c.closing != nil {
		c.closing.done()
		if c.closing.timer != nil {
			c.closing.timer.Stop()
		}
	}
	c.mu.Unlock()
	_ = c.net.Close()
}

// done says that nothing more will be written. Conn.mu is held.
func (k *closing) done() {
	select {
	case <-k.sent:
	default:
		close(k.sent)
	}
}
