package ws

import (
	"errors"
	"fmt"
	"time"

	"github.com/gosio/sio/internal/buf"
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

// closing is what only a closing connection needs.
type closing struct {
	frame []byte // the close frame, until it is taken for writing
	sent  chan struct{}
	timer *time.Timer
}

// end is what becomes of a connection when reading has ended. It does not wait.
func (c *Conn) end(err error) {
	c.reader.release()
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
		switch {
		case c.state == stateClosed:
			err = ErrClosed
		case c.failure != nil:
			err = c.failure // the reader has only seen what came of it
		}
		c.mu.Unlock()
	}
	c.handler.Closed(err)
	if code != 0 && !c.answerClose(code, closed != nil) {
		return
	}
	c.gone()
}

// gone closes the descriptor.
func (c *Conn) gone() {
	c.markClosed()
	_ = c.net.Close() // also if another goroutine is just about to
	c.handler.Gone()
}

// answerClose tells the peer why the connection ends, and reports whether that
// is done: a goroutine waits for the rest otherwise. It does not wait for a slow
// peer to take what was queued before.
func (c *Conn) answerClose(code int, peerClosed bool) (done bool) {
	c.mu.Lock()
	if c.state == stateOpen {
		c.dropQueue()
		c.beginClose(code, "")
	}
	if c.state != stateClosing {
		c.mu.Unlock()
		return true
	}
	sent := c.closing.sent
	c.mu.Unlock()
	c.Flush()
	select {
	case <-sent:
		if peerClosed {
			return true
		}
	default:
	}
	go c.linger(sent, peerClosed)
	return false
}

// linger waits until the close frame is written, and for a peer that has broken
// the rules to read it.
func (c *Conn) linger(sent <-chan struct{}, peerClosed bool) {
	timeout := time.AfterFunc(lingerTimeout, func() { _ = c.net.Abort() })
	defer timeout.Stop()
	<-sent
	if !peerClosed {
		// Closing with unread data would reset the connection, and the peer might
		// never read the close frame.
		c.net.CloseWrite()
		c.drain()
	}
	c.gone()
}

// drain reads until the peer closes, too.
func (c *Conn) drain() {
	scratch := buf.Get(loopSize)
	defer scratch.Release()
	for {
		if _, err := c.net.Read(scratch.B[:loopSize]); err != nil {
			return
		}
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
	c.freed()
}

// CloseNow closes the descriptor at once, and drops what is queued. Messages
// that were read before may still be handed to the Handler.
func (c *Conn) CloseNow() {
	if c.markClosed() {
		c.abort()
	}
}

// abort closes the descriptor, and sees to it that whoever reads notices.
func (c *Conn) abort() {
	_ = c.net.Abort()
	if c.net.Polled() {
		go c.Readable(nil)
	}
}

// markClosed ends writing, and reports whether it had not ended before.
func (c *Conn) markClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == stateClosed {
		return false
	}
	c.state = stateClosed
	c.dropQueue()
	c.freed()
	if c.closing != nil {
		c.closing.done()
		if c.closing.timer != nil {
			c.closing.timer.Stop()
		}
	}
	return true
}

// done says that nothing more will be written. Conn.mu is held.
func (k *closing) done() {
	select {
	case <-k.sent:
	default:
		close(k.sent)
	}
}
