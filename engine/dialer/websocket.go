package dialer

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire/eio"
)

// socket is a WebSocket connection: a *ws.Conn, or that of a browser. The methods are
// those of *ws.Conn.
type socket interface {
	Start(h ws.Handler)
	Enqueue(frames ...*frame.Frame) error
	Offer(frames ...*frame.Frame) error
	Flush()
	Queued() int
	More() <-chan struct{}
	Congested() bool
	Polled() bool
	Close(code int, reason string)
	CloseNow()
}

// webSocket carries a session over a WebSocket connection, which has the queue.
type webSocket struct {
	c     *Conn
	conn  socket
	stage atomic.Int32 // but for opens and ended, written under mu

	opened func(h eio.Handshake) error // of a connection that opens the session
	answer chan error                  // gets what comes of the opening, or of the probe: one value
	dead   chan struct{}               // closed when a candidate has ended

	handed bool       // the receiver has got messages, and was not told yet that it has caught up; for the reader
	mu     sync.Mutex // held while a candidate becomes the transport
}

// What a WebSocket is to its session.
const (
	opens   int32 = iota // it shall open it
	probes               // it is a candidate, and was not answered yet
	probed               // a candidate that was
	carries              // it is the transport
	useless              // it has ended, or nobody wants it
)

func newWebSocket(c *Conn, conn socket, stage int32) *webSocket {
	t := &webSocket{c: c, conn: conn, answer: make(chan error, 1), dead: make(chan struct{})}
	t.stage.Store(stage)
	return t
}

// openWebSocket opens a session over a WebSocket.
func openWebSocket(ctx context.Context, s *settings, accept func(*Conn) Receiver) (*Conn, error) {
	conn, err := s.dialSocket(ctx, s.request(WebSocket, ""))
	if err != nil {
		return nil, err
	}
	c := newConn(ctx, s)
	t := newWebSocket(c, conn, opens)
	c.setTransport(t)
	t.opened = func(h eio.Handshake) error {
		if !c.begin(h, t, accept) {
			return ErrClosed
		}
		return nil
	}
	c.hold() // until Gone
	conn.Start(t)
	select {
	case err = <-t.answer:
	case <-ctx.Done():
		if c.abandon() {
			err = context.Cause(ctx)
		} else {
			err = <-t.answer
		}
	}
	if err != nil {
		c.abandon()
		t.conn.CloseNow()
		c.release() // what ended would have done
		<-c.done
		return nil, err
	}
	return c, nil
}

func (t *webSocket) name() string { return WebSocket }

func (t *webSocket) send(g frame.Group, polite bool) error {
	g = t.c.cfg.group(g)
	var sole [1]*frame.Frame
	frames := append(append(sole[:0], g.First), g.Rest...)
	var err error
	if polite {
		err = t.conn.Offer(frames...)
	} else {
		err = t.conn.Enqueue(frames...)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ws.ErrQueueFull):
		return ErrQueueFull
	default:
		return ErrClosed
	}
}

func (t *webSocket) writable() bool        { return !t.conn.Congested() }
func (t *webSocket) flush()                { t.conn.Flush() }
func (t *webSocket) queued() int           { return t.conn.Queued() }
func (t *webSocket) more() <-chan struct{} { return t.conn.More() }
func (t *webSocket) abort()                { t.conn.CloseNow() }

func (t *webSocket) end() {
	// Whatever comes of the connection then, this is the reason.
	if tell := t.c.concluding(ForcedClose, nil); tell != nil {
		t.conn.Close(0, "")
		go tell()
	}
}

// Message takes a message from the connection.
func (t *webSocket) Message(payload []byte, binary bool) (wait <-chan struct{}) {
	p, err := t.c.cfg.parse(payload, binary)
	if t.stage.Load() != carries {
		t.mu.Lock() // it may be about to
		stage := t.stage.Load()
		t.mu.Unlock()
		if stage != carries {
			t.early(stage, p, err)
			return nil
		}
	}
	if err != nil {
		if t.c.conclude(TransportFailed, undecodable(WebSocket)) {
			t.conn.Close(0, "")
		}
		return nil
	}
	t.handed = t.handed || p.Type == eio.Message
	return t.wait(t.c.receive(p))
}

// early takes a message before the session is carried by the connection.
func (t *webSocket) early(stage int32, p eio.Packet, err error) {
	switch stage {
	case opens:
		if err != nil {
			err = undecodable(WebSocket)
		} else if p.Type != eio.Open || p.Binary {
			err = failed(WebSocket, serverError, errNotOpen)
		} else if h, bad := eio.ParseHandshake(p.Data); bad != nil {
			err = failed(WebSocket, serverError, bad)
		} else {
			t.stage.Store(carries) // what comes now is the session's
			err = t.opened(h)
		}
		if err != nil {
			t.stage.Store(useless)
		}
		t.answer <- err
	case probes:
		next := useless
		if err == nil && p.Type == eio.Pong && string(p.Data) == "probe" {
			next = probed
		} else {
			err = failed(WebSocket, probeError, errProbe)
		}
		t.stage.Store(next)
		t.answer <- err
	case probed: // nothing may come before the upgrade is completed
		t.stage.Store(useless)
		t.conn.CloseNow()
	}
}

// CaughtUp is called when what has arrived together has been handed over.
func (t *webSocket) CaughtUp() (wait <-chan struct{}) {
	if !t.handed || t.c.state.Load() != open {
		return nil
	}
	t.handed = false
	return t.wait(t.c.receiver.CaughtUp())
}

// wait notes that nothing is read until Resumed, if there is something to wait for.
func (t *webSocket) wait(wait <-chan struct{}) <-chan struct{} {
	if wait != nil {
		t.c.pause()
	}
	return wait
}

// Resumed is called when that is over.
func (t *webSocket) Resumed() { t.c.resume() }

// Closed is called when no message can come any more.
func (t *webSocket) Closed(err error) {
	t.mu.Lock()
	stage := t.stage.Swap(useless)
	t.mu.Unlock()
	switch stage {
	case opens, probes:
		t.answer <- failed(WebSocket, webSocketError, err)
	case carries:
		t.ended(err)
	}
	close(t.dead)
}

// ended ends the session with its connection.
func (t *webSocket) ended(err error) {
	_, wrong := errors.AsType[*ws.ProtocolError](err)
	switch {
	case errors.Is(err, ws.ErrMessageTooBig):
		t.c.finish(TransportFailed, failed(WebSocket, webSocketError, errTooLarge))
	case wrong, err == errUnread:
		t.c.finish(TransportFailed, failed(WebSocket, webSocketError, err))
	default:
		t.c.finish(TransportClose, err)
	}
}

// Gone is called when the connection has ended.
func (t *webSocket) Gone() { t.c.release() }
