// Package dialer is the client's end of Engine.IO: Dial opens a session with a
// server, over HTTP long-polling or a WebSocket, and moves it from the former to
// the latter. It speaks revision 4 of the protocol, and 3.
//
// A session over WebSocket that is idle has no goroutine of this package; where package
// netpoll has no poller, its connection has one that reads. One that polls has a goroutine.
//
// In browsers (GOOS=js), requests and WebSockets are the browser's, which sends no headers of
// a Config with WebSockets.
package dialer

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire/eio"
)

// LargeMessage is the length from which on a message is memory that its Receiver
// owns: 16 KiB.
const LargeMessage = ws.Large

// Receiver gets what a session receives, one call at a time but for Closed. Message and
// CaughtUp must not block: they are called on goroutines that may read other
// connections, too.
type Receiver interface {
	// Message gets one message. The data is valid until Message returns; LargeMessage
	// bytes or more are the receiver's, which may keep them. If it returns a channel,
	// nothing more is read until that is closed, which must happen at the latest when
	// Closed is called. Meanwhile the session does not end for want of pings or pongs.
	Message(data []byte, binary bool) (wait <-chan struct{})
	// CaughtUp is called when the messages that have arrived together have been
	// handed over, unless Closed is before. It may return a channel like Message, and in place of its.
	CaughtUp() (wait <-chan struct{})
	// Closed is called once, when the session has ended: from any goroutine, but never
	// within a call of a method of Conn. It may come while Message runs. err explains the
	// reason, and may be nil; with TransportFailed it is a *TransportError.
	Closed(reason Reason, err error)
}

// Conn is a session. All methods may be called from any goroutine.
type Conn struct {
	cfg      *settings
	ctx      context.Context // of requests, and of an upgrade; ends with the session
	cancel   context.CancelFunc
	receiver Receiver      // set before begun
	shake    eio.Handshake // likewise
	// current is what carries the session. It points at a transport of Dial, or of the upgrade.
	current atomic.Pointer[transport]
	state   atomic.Int32 // an openness; written under mu
	done    chan struct{}
	polled  bool // it has begun with polling

	gathering gathering

	mu       sync.Mutex
	begun    bool     // the receiver is known
	early    *outcome // of a session that ended before it had begun
	upgrade  *upgrade // that goes on; nil if none does
	beat     heartbeat
	patience *time.Timer // bounds Close
	live     int         // what Done waits for
}

// outcome is what a receiver is told at the end.
type outcome struct {
	reason Reason
	err    error
}

type openness = int32

const (
	opening openness = iota
	open
	closing
	closed
)

func newConn(ctx context.Context, s *settings) *Conn {
	c := &Conn{cfg: s, done: make(chan struct{}), live: 1}
	c.ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return c
}

// transport is the plug for what carries a session. Each owns the queue of what
// waits to be sent on it, so that a send takes one lock.
type transport interface {
	name() string
	// send queues a group, taking over its references, also on error but for errMoved. It
	// neither blocks nor writes. What is polite leaves a part of the queue to others. Errors:
	// errMoved after an upgrade, else ErrClosed or ErrQueueFull.
	send(g frame.Group, polite bool) error
	// writable reports whether something sent now would leave at once.
	writable() bool
	// flush sends what is queued, as far as that goes without blocking.
	flush()
	// queued returns the bytes that wait.
	queued() int
	// more returns a channel that is closed when the queue has more room than now,
	// or waiting for it is no use.
	more() <-chan struct{}
	// end closes the transport after what is queued has left, and concludes the session.
	end()
	// abort closes the transport at once and drops what is queued.
	abort()
}

func (c *Conn) transport() transport { return *c.current.Load() }

func (c *Conn) setTransport(t transport) { c.current.Store(&t) }

// ID returns the session's id. It is a secret: whoever knows it can act as the client.
func (c *Conn) ID() string { return c.shake.SID }

// Transport returns the name of the transport that the session is on: Polling or
// WebSocket.
func (c *Conn) Transport() string { return c.transport().name() }

// Polled reports whether the session is on a connection that is read together with others.
func (c *Conn) Polled() bool {
	t, ok := c.transport().(*webSocket)
	return ok && t.conn.Polled()
}

// Version returns the revision of the protocol: 4 or 3.
func (c *Conn) Version() int { return c.cfg.Version }

// Handshake returns what the server said when the session was opened. It must not be
// changed.
func (c *Conn) Handshake() eio.Handshake { return c.shake }

// Done returns a channel that is closed when the session has ended, Closed has
// returned, and none of its goroutines, requests and connections is left but those that an
// http.Transport keeps for other requests.
func (c *Conn) Done() <-chan struct{} { return c.done }

// hold counts something that Done waits for. The session has not ended, or another
// one that is counted is there.
func (c *Conn) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live++
}

// release ends what hold has begun.
func (c *Conn) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live--; c.live > 0 {
		return
	}
	if c.patience != nil {
		c.patience.Stop()
	}
	c.cancel()
	close(c.done)
}

// begin opens the session that a handshake tells of, over t, and reports false if
// nobody waits for it any more.
func (c *Conn) begin(h eio.Handshake, t transport, accept func(*Conn) Receiver) bool {
	c.mu.Lock()
	if c.state.Load() != opening {
		c.mu.Unlock()
		return false
	}
	c.shake = h
	c.setTransport(t)
	c.state.Store(open)
	c.mu.Unlock()

	r := accept(c)

	c.mu.Lock()
	c.receiver, c.begun = r, true
	early := c.early
	if early == nil {
		c.startHeartbeat()
		if c.state.Load() != closed {
			c.watchNetwork()
		}
	}
	c.mu.Unlock()
	if early != nil {
		c.ended(early.reason, early.err)
	}
	return true
}

// abandon has a session never be opened, and reports false if it was already.
func (c *Conn) abandon() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Load() != opening {
		return false
	}
	c.state.Store(closed)
	return true
}

// receive handles one packet of the session. If it returns a channel, nothing more
// is to be received until that is closed.
func (c *Conn) receive(p eio.Packet) (wait <-chan struct{}) {
	if c.state.Load() == closed {
		return nil
	}
	switch p.Type {
	case eio.Message:
		if c.state.Load() == open {
			return c.receiver.Message(p.Data, p.Binary)
		}
	case eio.Ping, eio.Pong:
		c.beaten(p.Type)
	case eio.Close:
		c.finish(TransportClose, nil)
	default: // open, upgrade, noop: of no meaning here
	}
	return nil
}
