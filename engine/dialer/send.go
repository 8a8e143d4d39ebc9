package dialer

import (
	"errors"

	"github.com/gosio/sio/internal/frame"
)

// errMoved says that the session has left a transport.
var errMoved = errors.New("dialer: moved to another transport")

// Send sends a message: a copy of data is queued, and leaves as soon as the transport
// takes it. It does not block. Errors: ErrClosed, and ErrQueueFull, with which nothing
// is queued.
func (c *Conn) Send(data []byte, binary bool) error {
	f := frame.New(1 + len(data))
	if !binary {
		f.B = append(f.B, '4')
	}
	f.B = append(f.B, data...)
	f.Seal(binary, true)
	if err := c.Queue(frame.Group{First: f}, false); err != nil {
		return err
	}
	c.Flush()
	return nil
}

// Queue queues a group for sending, taking over its references, without sending it
// yet: Flush does. Text frames begin with the type of their packet. A volatile group is
// dropped, without an error, unless it can leave at once. Queue does not block. The order of
// what is queued is kept, across an upgrade, too. Errors are those of Send.
func (c *Conn) Queue(g frame.Group, volatile bool) error {
	if c.state.Load() != open {
		g.Release()
		return ErrClosed
	}
	for {
		t := c.transport()
		if volatile && !t.writable() {
			g.Release()
			return nil
		}
		err := t.send(g, true)
		switch {
		case err == errMoved: // an upgrade came in between
			continue
		case err == ErrQueueFull && volatile:
			return nil // it is the one to drop
		}
		return err
	}
}

// own sends a packet of the protocol itself, which leaves before Flush is called again.
func (c *Conn) own(f *frame.Frame) {
	for {
		f.Retain(1)
		t := c.transport()
		switch t.send(frame.Group{First: f}, false) {
		case errMoved:
			f.Release()
			continue
		case nil:
			t.flush()
		}
		return
	}
}

// Writable reports whether a message sent now would leave at once. Over polling, one that
// is sent while a request has others under way has to wait.
func (c *Conn) Writable() bool {
	return c.state.Load() == open && c.transport().writable()
}

// Queued returns the bytes that wait to be sent. Over polling those count that
// are under way, until the server has answered.
func (c *Conn) Queued() int { return c.transport().queued() }

// More returns a channel that is closed when there is more room in the queue than
// now, or the session ends. It is closed already if nothing waits.
func (c *Conn) More() <-chan struct{} { return c.transport().more() }

// The packets that the protocol itself sends. They are never given back: a
// reference is kept.
var (
	pingFrame    = packetFrame("2")
	pongFrame    = packetFrame("3")
	probeFrame   = packetFrame("2probe")
	upgradeFrame = packetFrame("5")
	closeFrame   = packetFrame("1")
)

func packetFrame(packet string) *frame.Frame {
	f := frame.New(len(packet))
	f.B = append(f.B, packet...)
	f.Seal(false, false)
	return f
}

func retained(f *frame.Frame) *frame.Frame {
	f.Retain(1)
	return f
}
