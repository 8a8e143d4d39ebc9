package sio

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/wheel"
	"github.com/gosio/sio/wire"
)

// client is the Socket.IO side of one connection: it decodes what arrives and
// hands it to the sockets, of which there is one for each namespace joined.
type client struct {
	server  *Server
	session *engine.Session
	decoder wire.Decoder

	// Only for what arrives, which comes from one goroutine at a time.
	text   int           // length of the latest text that has attachments
	events mailbox.Batch // that arrived together, and are for the socket
	target *Socket

	mu     sync.Mutex
	timer  *wheel.Timer           // for clients that join nothing; nil once they have
	main   atomic.Pointer[Socket] // of the main namespace, the only one of most clients; written under mu
	others map[string]*Socket
	asked  map[string]context.CancelCauseFunc // namespaces that somebody is asked about
	closed bool

	unfinished atomic.Int32 // sockets whose last job is not done
}

var _ engine.UpgradeReceiver = (*client)(nil)

// accept makes the client of a new session.
func (s *Server) accept(session *engine.Session) engine.Receiver {
	c := &client{server: s, session: session, decoder: s.cfg.Codec.NewDecoder(s.cfg.MaxAttachments)}
	if s.cfg.ConnectTimeout > 0 {
		c.timer = session.After(s.cfg.ConnectTimeout, c.expel)
	}
	if c.old() {
		c.join(s.main, nil) // which is not asked for
	}
	return c
}

// Message decodes a message and hands the packet on. It runs on the
// connection's reader, which must not block.
func (c *client) Message(data []byte, binary bool) (wait <-chan struct{}) {
	j := eventJobs.Get().(*eventJob)
	m := &j.msg
	switch {
	case binary && !c.server.cfg.Codec.Binary(): // an attachment, which the application may keep
		if len(data) < engine.LargeMessage {
			data = bytes.Clone(data)
		}
		m.data = m.data[:0]
	case len(data) >= engine.LargeMessage:
		m.data = data
	default:
		m.data = append(m.data[:0], data...) // the reader's buffer is used again
		data = m.data
	}
	complete, err := c.decoder.Add(&m.packet, data, binary)
	switch {
	case err != nil:
		wait = c.CaughtUp()
		c.invalid(err)
		j.free()
	case !complete:
		if !binary {
			c.text = len(data)
		}
		j.free()
	default:
		var kept bool
		if wait, kept = c.packet(j); !kept {
			j.free()
		}
	}
	return wait
}

// packet handles a decoded packet, and reports whether it keeps j.
func (c *client) packet(j *eventJob) (wait <-chan struct{}, kept bool) {
	m := &j.msg
	p := &m.packet
	if p.Type != wire.Event && p.Type != wire.Ack {
		wait = c.CaughtUp() // events that came before come before
	}
	if p.Type == wire.Connect {
		c.connect(p)
		return wait, false
	}
	s := c.socket(p.Namespace)
	if s == nil || s.state.Load() == joining || p.Type == wire.ConnectError {
		c.violation()
		return wait, false
	}
	m.socket = s
	if s.state.Load() == gone {
		// This side has disconnected the socket, and the client did not know
		// yet. That is no reason to close its connection.
		return wait, false
	}
	switch p.Type {
	case wire.Event:
		return c.deliver(s, j), true
	case wire.Ack:
		return wait, s.acknowledged(m)
	case wire.Disconnect:
		s.close(ClientNamespaceDisconnect, nil)
	}
	return wait, false
}

// maxBatch is how many events are put into a mailbox together at most.
const maxBatch = 64

// deliver hands an event to a socket, together with those that come with it.
func (c *client) deliver(s *Socket, j *eventJob) (wait <-chan struct{}) {
	const overhead = 256 // what a waiting event costs beside its data
	size := len(j.msg.data) + overhead
	if len(j.msg.packet.Attachments) > 0 {
		size += c.text // which the decoder has copied
	}
	for _, a := range j.msg.packet.Attachments {
		size += len(a)
	}
	if hook := c.server.cfg.Observer.EventReceived; hook != nil {
		hook(ReceivedEvent{Socket: s, Bytes: size})
	}
	if c.target != s || c.events.Len() == maxBatch {
		wait = c.CaughtUp()
		c.target = s
	}
	c.events.Add(j, size)
	return wait
}

// CaughtUp puts the events that have arrived together into the mailbox of their
// socket. When that is full the connection has to wait: the client's sending then
// slows down to what the handlers take.
func (c *client) CaughtUp() (wait <-chan struct{}) {
	s := c.target
	if s == nil {
		return nil
	}
	c.target = nil
	wait, taken := s.mail.PutAll(s.owner(), &c.events, c.server.cfg.MaxMailbox)
	if !taken {
		c.events.Drop(func(j mailbox.Job) { j.(*eventJob).free() })
	}
	return wait
}

// socket returns the socket of a namespace, or nil.
func (c *client) socket(namespace []byte) *Socket {
	if len(namespace) <= 1 {
		return c.main.Load()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.others[string(namespace)]
}

// add makes s the socket of its namespace, unless there is one that is not
// gone, or the connection is.
func (c *client) add(s *Socket) (added, taken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false, false
	}
	name := s.namespace.name
	if name == MainNamespace {
		if old := c.main.Load(); old != nil && old.state.Load() != gone {
			return false, true
		}
		c.main.Store(s)
		return true, false
	}
	if old := c.others[name]; old != nil && old.state.Load() != gone {
		return false, true
	}
	if c.others == nil {
		c.others = make(map[string]*Socket)
	}
	c.others[name] = s
	return true, false
}

// remove forgets a socket that its client has left or never got. One that this
// side has disconnected stays, so that late packets for it can be told from
// forbidden ones.
func (c *client) remove(s *Socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.main.CompareAndSwap(s, nil)
	if name := s.namespace.name; c.others[name] == s {
		delete(c.others, name)
	}
}

// all returns the sockets of the connection.
func (c *client) all() []*Socket {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]*Socket, 0, 1+len(c.others))
	if s := c.main.Load(); s != nil {
		list = append(list, s)
	}
	for _, s := range c.others {
		list = append(list, s)
	}
	return list
}

// joined stops the timer of clients that join nothing.
func (c *client) joined() {
	c.mu.Lock()
	t := c.timer
	c.timer = nil
	c.mu.Unlock()
	if t != nil {
		c.session.StopTimer(t)
	}
}

// violation ends a connection whose client sent a packet that its state forbids.
func (c *client) violation() {
	c.observeViolation(ErrNotAllowed)
	c.expel()
}

// expel ends a connection that is of no use, such as one whose client joins nothing.
func (c *client) expel() {
	c.session.Close()
	c.end(ForcedServerClose, nil) // unless Close has ended it already
}

// invalid ends a connection whose client sent what cannot be decoded.
func (c *client) invalid(err error) {
	err = invalidPacket{err}
	c.observeViolation(err)
	sockets := c.all()
	for _, s := range sockets {
		s.mail.Put(s.owner(), &errorJob{s: s, err: err}, 0, 1)
	}
	if len(sockets) == 0 {
		go c.server.cfg.OnError(&EventError{Err: err}) // which may take its time
	}
	c.session.Close()
}

// Closed is called when the session has ended.
func (c *client) Closed(reason engine.Reason, err error) {
	c.joined()
	c.end(Reason(reason), err)
}

func (c *client) end(reason Reason, err error) {
	c.mu.Lock()
	c.closed = true
	for _, cancel := range c.asked {
		cancel(&DisconnectError{Reason: reason, Err: err})
	}
	c.mu.Unlock()
	for _, s := range c.all() {
		s.close(reason, err)
	}
}
