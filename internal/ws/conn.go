// Package ws has both ends of a WebSocket connection (RFC 6455), made for very
// many that are mostly idle: Upgrade makes a server's end, Dial a client's.
//
// Reading: package netpoll tells when there is something to read, and read.go
// reads into memory that all connections share, where reader.consume unmasks
// frames of clients in place and hands complete messages to the Handler. Only a message
// that has not come whole is kept. On the portable path, a goroutine reads.
//
// Writing: Enqueue puts shared frames into a bounded queue (queue.go), and Flush
// writes all that is queued in one system call without blocking (flush.go). A
// goroutine exists only while the kernel's buffer is full. A client masks what it
// sends in memory of the write (mask.go), as frames are shared.
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
	"github.com/gosio/sio/internal/frame"
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
	// MaxFrames is how many frames may wait, likewise. 0 or less: no limit.
	MaxFrames int
	// Deflate accepts permessage-deflate (RFC 7692) from clients that offer it, and
	// a client offers it. nil: never.
	Deflate *Deflate
	// Header is sent with the 101 response of a server.
	Header http.Header
	// Wrote, if not nil, is called for every write, with how many frames of Enqueue
	// and bytes of their payload it had. It must not block.
	Wrote func(frames, bytes int)
	// Poller reads the connection. nil: a goroutine does, on the portable path;
	// but for Dial, it is netpoll.Shared.
	Poller *netpoll.Poller
}

// Deflate has the options of permessage-deflate.
type Deflate struct {
	// Threshold is the size in bytes from which messages are compressed. 0:
	// 1024. Negative: none are, but those of the peer may be.
	Threshold int
}

const defaultThreshold = 1024

// Handler gets what a connection reads, one call at a time. Its methods must
// not block.
type Handler interface {
	// Message gets a complete message. The payload is valid until it returns,
	// unless it has Large bytes or more: then it is memory of buf.Take, and the
	// Handler's. That of a text message is valid UTF-8. If it returns a channel, nothing
	// more is read until that is closed; Resumed is called then.
	Message(payload []byte, binary bool) (wait <-chan struct{})
	// CaughtUp is called when the messages that have arrived together have been
	// handed over. It may return a channel like Message, and in place of its.
	CaughtUp() (wait <-chan struct{})
	Resumed()
	// Closed is called once, when no message can come any more: with a
	// *CloseError if the peer closed, a *ProtocolError or ErrMessageTooBig if it
	// broke the rules, ErrClosed if CloseNow ended the connection, io.EOF or
	// another error of the network if it was lost.
	Closed(err error)
	// Gone is called last, when the descriptor is closed.
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
	reading   turns
	reader    reader
	limit     frame.Limit // of the queue
	threshold int         // for compression; negative: never
	wrote     func(frames, bytes int)

	congested atomic.Bool // the kernel has not taken everything

	mu       sync.Mutex
	state    connState
	flushing bool // somebody writes; nobody else may
	queue    *batch
	queued   atomic.Int64  // payload bytes that are not written yet; changed under mu
	waiting  int           // frames that are not written yet
	room     chan struct{} // see More; nil if nobody asked
	closing  *closing
	failure  error // of a write
}

type connState uint8

const (
	stateOpen    connState = iota
	stateClosing           // a close frame is queued or sent: nothing may follow it
	stateClosed
)

// NewConn makes the server's end of a connection whose handshake is done.
// leftover is what was read behind the handshake already. deflate says that
// permessage-deflate was negotiated. Nil options are the zero value.
func NewConn(nc net.Conn, leftover []byte, o *Options, deflate bool) *Conn {
	return newConn(nc, leftover, o, deflate, false)
}

// NewClientConn is NewConn for the client's end.
func NewClientConn(nc net.Conn, leftover []byte, o *Options, deflate bool) *Conn {
	return newConn(nc, leftover, o, deflate, true)
}

func newConn(nc net.Conn, leftover []byte, o *Options, deflate, client bool) *Conn {
	if o == nil {
		o = &Options{}
	}
	c := &Conn{net: netpoll.New(nc, o.Poller), limit: frame.Limit{Bytes: o.MaxQueue, Frames: o.MaxFrames}, threshold: -1, wrote: o.Wrote}
	c.reader.maxMessage, c.reader.client = o.MaxMessage, client
	if deflate && o.Deflate != nil {
		c.reader.inflates = true
		c.threshold = o.Deflate.Threshold
		if c.threshold == 0 {
			c.threshold = defaultThreshold
		}
	}
	if len(leftover) > 0 {
		c.reader.partial = buf.Get(len(leftover))
		c.reader.partial.B = append(c.reader.partial.B, leftover...)
	}
	return c
}
