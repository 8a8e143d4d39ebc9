// Package ws is the server's end of a WebSocket connection (RFC 6455), made for
// very many that are mostly idle.
//
// Reading: one goroutine, parked in package netpoll without a buffer. When
// bytes arrive, readLoop takes a pooled buffer, and reader.consume unmasks frames
// in place and hands complete messages to the Handler.
//
// Writing: Enqueue puts shared frames into a bounded queue (queue.go), and Flush
// writes all that is queued in one system call without blocking (flush.go). A
// goroutine exists only while the kernel's buffer is full.
//
// Ending: close.go has the closing handshake and what comes of it.
package ws

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/netpoll"
)

// Options of a connection. The zero value has no limits and no extension.
type Options struct {
	// MaxMessage is the largest message in bytes, over all its fragments and
	// decompressed. A larger one ends the connection with code 1009 and
	// ErrMessageTooBig, before memory is spent on it. 0: no limit.
	MaxMessage int
	// MaxQueue is how many bytes may wait to be written; each frame counts for
	// 64 bytes beyond its payload. Any one Enqueue fits into an empty queue. 0:
	// no limit.
	MaxQueue int
	// Deflate accepts permessage-deflate (RFC 7692) from clients that offer it.
	// nil: never.
	Deflate *Deflate
	// Header is sent with the 101 response.
	Header http.Header
	// Portable reads and writes as on systems without a poller of our own.
	Portable bool
}

// Deflate has the options of permessage-deflate.
type Deflate struct {
	// Threshold is the size in bytes from which messages are compressed. 0:
	// 1024. Negative: none are, but those of the client may be.
	Threshold int
}

const defaultThreshold = 1024

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

// Conn is a connection. All methods may be called from any goroutine.
type Conn struct {
	net       *netpoll.Conn
	handler   Handler
	reader    reader
	maxQueue  int
	threshold int // for compression; negative: never

	congested atomic.Bool // the kernel has not taken everything

	mu       sync.Mutex
	state    connState
	flushing bool // somebody writes; nobody else may
	queue    *batch
	queued   int // payload bytes that are not written yet
	waiting  int // frames that are not written yet
	closing  *closing
	failure  error // of a write
}

type connState uint8

const (
	stateOpen    connState = iota
	stateClosing           // a close frame is queued or sent: nothing may follow it
	stateClosed
)

// NewConn makes a connection of one whose handshake is done. leftover is what
// was read behind the handshake already. deflate says that permessage-deflate
// was negotiated. Nil options are the zero value.
func NewConn(nc net.Conn, leftover []byte, o *Options, deflate bool) *Conn {
	if o == nil {
		o = &Options{}
	}
	c := &Conn{maxQueue: o.MaxQueue, threshold: -1}
	if o.Portable {
		c.net = netpoll.NewPortable(nc)
	} else {
		c.net = netpoll.New(nc)
	}
	c.reader.maxMessage = o.MaxMessage
	c.reader.rests = true // most connections begin with one message, and then idle
	if deflate && o.Deflate != nil {
		c.reader.inflates = true
		c.threshold = o.Deflate.Threshold
		if c.threshold == 0 {
			c.threshold = defaultThreshold
		}
	}
	if len(leftover) > 0 {
		c.reader.leftover = buf.Get(len(leftover))
		c.reader.leftover.B = append(c.reader.leftover.B, leftover...)
	}
	return c
}

// NetConn returns the connection beneath.
func (c *Conn) NetConn() net.Conn { return c.net.NetConn() }

// RemoteAddr returns the address of the peer.
func (c *Conn) RemoteAddr() net.Addr { return c.net.NetConn().RemoteAddr() }

// Start begins reading. It is called once; what is queued before may be flushed
// before.
func (c *Conn) Start(h Handler) {
	c.handler = h
	go c.readLoop()
}

// readLoop reads until the connection ends. It is kept shallow, as its stack
// is what an idle connection costs most: 2 KB as long as it only waits, and more
// once it has handled a message. A stack does not shrink below 4 KB, so when the
// connection is likely to be idle for long, a new goroutine goes on.
func (c *Conn) readLoop() {
	err := c.read()
	if err == errRested {
		go c.readLoop()
		return
	}
	c.finish(err)
	c.handler.Gone()
}

// errRested ends a reader whose successor shall wait in its place.
var errRested = errors.New("ws: rested")

// Rest says, within Handler.Message, that the peer has only shown that it is
// there, as in a heartbeat: the reader then goes on with a small stack.
func (c *Conn) Rest() { c.reader.rests = true }

func (c *Conn) read() (err error) {
	b := c.reader.leftover
	c.reader.leftover = nil
	if b == nil {
		b, err = c.net.Read(nil)
	}
	for err == nil {
		var n int
		n, err = c.reader.consume(c, b.B)
		if err != nil {
			break
		}
		b = rest(b, n)
		if c.reader.rests && b == nil && c.reader.message == nil {
			c.reader.rests = false
			return errRested
		}
		b, err = c.net.Read(b)
	}
	if b != nil {
		b.Release()
	}
	c.reader.release()
	return err
}

// A buffer that grew beyond largeBuffer is not kept for the first bytes of the
// next frame.
const largeBuffer = 16 << 10

// rest drops the first n bytes of a buffer; nil is left of all of them.
func rest(b *buf.Buffer, n int) *buf.Buffer {
	left := b.B[n:]
	switch {
	case len(left) == 0:
		b.Release()
		return nil
	case n > 0 && cap(b.B) > largeBuffer && len(left) <= largeBuffer/4:
		smaller := buf.Get(len(left))
		smaller.B = append(smaller.B, left...)
		b.Release()
		return smaller
	}
	b.B = b.B[:copy(b.B, left)]
	return b
}
