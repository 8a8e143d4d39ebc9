package sio

import (
	"errors"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// connect begins to join the client to a namespace. If the application has a
// say in that, the rest is done by the first job in the new socket's mailbox, as
// it may take its time.
func (c *client) connect(p *wire.Packet) {
	asked, auth := c.asks(p)
	if len(asked) == 0 {
		asked = []byte(MainNamespace)
	}
	name := string(asked)
	if c.crowded(asked) {
		c.refuse(name, &Error{Message: "Too many namespaces"})
		return
	}
	n, parents := c.server.find(name, c.server.allParents())
	switch {
	case n != nil:
		c.join(n, auth)
	case parents == nil:
		c.refuse(name, c.unknownNamespace())
	default:
		c.wonder(name, auth, parents)
	}
}

// join makes the client's socket in a namespace, of which it is counted as a member.
func (c *client) join(n *Namespace, auth []byte) {
	if !c.server.addSocket() {
		n.exit()
		c.session.Close()
		return
	}
	s := newSocket(n, c, auth)
	before := c.namesake(s)
	added, taken := c.add(s)
	if !added {
		n.exit()
		c.server.sockets.Done()
		if taken {
			c.violation()
		}
		return
	}
	c.unfinished.Add(1)
	if h := n.hooks.Load(); h.middleware == nil && h.connect == nil && n.recovery == nil && n.born() && before == nil {
		s.admit() // nobody is asked, so there is nothing to wait for
		return
	}
	s.mail.Put(s.owner(), &connectJob{s: s, before: before}, 0, 1)
}

// refuse sends CONNECT_ERROR.
func (c *client) refuse(namespace string, e *Error) {
	h := wire.Header{Type: wire.ConnectError, Namespace: namespace, ID: wire.NoID}
	g, err := message.Encode(c.server.cfg.Codec, h, message.Outcome{Compress: true}, []any{c.refusal(e)})
	if err != nil { // the data of a middleware's error cannot be encoded
		c.server.cfg.OnError(&EventError{Err: err})
		c.refuse(namespace, &Error{Message: e.Message})
		return
	}
	if c.session.Queue(g, false) == nil {
		c.session.Flush()
	}
}

// connectJob decides about a client that wants to join.
type connectJob struct {
	mailbox.Link
	s      *Socket
	before *Socket // that has the same id; nil but for old clients
}

func (j *connectJob) Do() {
	s := j.s
	if j.before != nil {
		j.before.vacate()
	}
	n := s.namespace
	s.awaitBirth()
	h := n.hooks.Load()
	if !s.occupy() {
		return // the client has gone meanwhile
	}
	middlewares := h.middleware
	if s.Recovered() && !n.server.cfg.Recovery.RunMiddleware {
		middlewares = nil
	}
	for _, middleware := range middlewares {
		err := fault.Call(func() error { return middleware(s.Context(), s) })
		if err != nil {
			s.reject(err)
			return
		}
	}
	if !s.admit() {
		return // the client has gone meanwhile
	}
	callAll(s, h.connect, func(fn func(*Socket)) { fn(s) })
}

// reject refuses the client of a socket that a middleware does not let in.
func (s *Socket) reject(err error) {
	if p := (*PanicError)(nil); errors.As(err, &p) {
		s.report("", err)
	}
	if hook := s.observer().SocketRefused; hook != nil {
		hook(Refusal{Socket: s, Err: err})
	}
	s.client.remove(s)
	if s.tenure != nil {
		s.tenure.giveBack() // before the client, told, tries again
	}
	if s.state.Load() != gone {
		s.client.refuse(s.namespace.name, event.AsError(public(err)))
	}
	s.close(ServerNamespaceDisconnect, nil)
}

// admit connects the socket and tells the client, unless that has gone.
func (s *Socket) admit() bool {
	if s.tenure != nil {
		return s.tenure.admit()
	}
	g, err := s.namespace.encode(wire.Header{Type: wire.Connect, ID: wire.NoID}, message.Outcome{Compress: true}, s.grant())
	if err != nil {
		s.mail.Put(s.owner(), &errorJob{s: s, err: err}, 0, 1)
		s.client.expel()
		return false
	}
	if !s.advance(joining, granted) {
		g.Release()
		return false
	}
	s.client.joined()
	// Queued, not flushed: nothing that a broadcast can bring comes before the
	// client's CONNECT, and the client hears of it when the socket has its rooms.
	_ = s.client.session.Queue(g, false)
	if !s.advance(granted, connected) {
		return false
	}
	s.client.session.FlushSoon()
	if hook := s.observer().SocketConnected; hook != nil {
		hook(s)
	}
	return true
}

// advance moves a socket that is joining on, unless it has gone. Once it is
// connected, it is in its rooms.
func (s *Socket) advance(from, to socketState) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Load() != from {
		return false
	}
	s.state.Store(to)
	if to == connected {
		var rooms []string
		if s.extras != nil {
			rooms, s.extras.rooms = s.extras.rooms, nil
		}
		s.namespace.adapter.Add((*member)(s), rooms...)
	}
	return true
}

// grant is the payload of a CONNECT packet to the client.
type grant struct {
	SID string `json:"sid"`
	PID string `json:"pid,omitzero"` // the private id, with recovery
}
