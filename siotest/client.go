package siotest

import (
	"testing"

	"github.com/gosio/sio/wire"
	"github.com/gosio/sio/wire/eio"
)

// Client is a client in one namespace. It is for the goroutine that runs its
// test; what it expects and does not find ends that test, with all packets of
// the connection in the message.
type Client struct {
	session   *session
	namespace string
	nextCall  int64

	// Guarded by session.mu, as all that the session tells.
	id      string
	refusal *Refusal
	left    bool // disconnected, and why
	reason  string
	in      []*Message // events that nobody has expected yet
	calls   map[int64]*Reply
}

// ID returns the id of the client's socket on the server.
func (c *Client) ID() string { return c.id }

// Link returns the network between the client and the server.
func (c *Client) Link() *Link { return c.session.link }

// Log returns all packets of the connection so far, a line each: when it was,
// in seconds since the connection was begun, which way it went, and the packet
// as it is written while polling.
func (c *Client) Log() string { return c.session.log.String() }

// Send sends Engine.IO packets as they are, written as while polling: `42["x"]`
// is an event, and "b" with base64 a binary message. It does not wait until
// they have left.
func (c *Client) Send(packets ...string) {
	c.t().Helper()
	for _, text := range packets {
		p, err := eio.ParsePacket([]byte(text))
		if err != nil {
			c.session.fail("sending %q: %v", text, err)
		}
		c.session.send(p)
	}
}

// Emit sends an event. It does not wait until it has left.
func (c *Client) Emit(name string, args ...any) {
	c.t().Helper()
	c.emit(wire.NoID, name, args)
}

// Call sends an event that asks for an acknowledgement. It does not wait for
// that, but the methods of what it returns do.
func (c *Client) Call(name string, args ...any) *Reply {
	c.t().Helper()
	id := c.nextCall
	c.nextCall++
	r := &Reply{c: c, name: name}
	c.session.update(func() { c.calls[id] = r })
	c.emit(id, name, args)
	return r
}

func (c *Client) emit(id int64, name string, args []any) {
	c.t().Helper()
	c.connected("emitting " + name)
	c.session.packet(wire.Header{Type: wire.Event, Namespace: c.namespace, ID: id, Name: name}, args...)
}

// Disconnect leaves the namespace, and ends the connection if no client of it
// is in another one, as the official client does.
func (c *Client) Disconnect() {
	c.t().Helper()
	c.connected("disconnecting")
	s := c.session
	s.packet(wire.Header{Type: wire.Disconnect, Namespace: c.namespace, ID: wire.NoID})
	others := false
	s.update(func() {
		c.leave(clientDisconnect)
		for _, other := range s.sockets {
			others = others || !other.left
		}
	})
	if !others {
		c.Close()
	}
}

// Close ends the connection in order, without a word to the namespaces.
func (c *Client) Close() {
	c.session.update(func() { c.session.closing = true })
	c.session.send(eio.Packet{Type: eio.Close})
}

// connected fails the test if the client is not.
func (c *Client) connected(what string) {
	c.t().Helper()
	if left, reason := c.gone(); left {
		c.session.fail("%s: the client is disconnected: %s", what, reason)
	}
}

func (c *Client) gone() (left bool, reason string) {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	return c.left, c.reason
}

// took handles a packet of the client's namespace; session.mu is held.
func (c *Client) took(p *wire.Packet) {
	switch {
	case p.Type == wire.Connect && !c.answered():
		var grant struct {
			SID string `json:"sid"`
		}
		_ = c.session.o.Codec.Decode(p, &grant) // without an id nothing was granted
		c.id = grant.SID
	case p.Type == wire.ConnectError && !c.answered():
		c.refused(p)
	case p.Type == wire.Event:
		c.in = append(c.in, &Message{Name: string(p.Name), c: c, packet: *p})
	case p.Type == wire.Ack:
		if r := c.calls[p.ID]; r != nil {
			delete(c.calls, p.ID)
			r.answer = &Message{c: c, packet: *p}
		}
	case p.Type == wire.Disconnect:
		c.leave(serverDisconnect)
	}
}

// answered reports whether the server has answered the wish to join.
func (c *Client) answered() bool { return c.id != "" || c.refusal != nil }

func (c *Client) refused(p *wire.Packet) {
	var r struct {
		Message string `json:"message"`
		Data    any    `json:"data"`
	}
	if c.session.o.Codec.Decode(p, &r) != nil {
		_ = c.session.o.Codec.Decode(p, &r.Message) // a bare text
	}
	c.refusal = &Refusal{Message: r.Message, Data: r.Data}
}

// leave is called when the client is no longer in its namespace; session.mu is held.
func (c *Client) leave(reason string) {
	if !c.left {
		c.left, c.reason = true, reason
	}
}

func (c *Client) t() testing.TB { return c.session.t }

// packet encodes and sends a packet.
func (s *session) packet(h wire.Header, args ...any) {
	s.t.Helper()
	codec := s.o.Codec
	first, attachments, err := codec.Append(nil, h, args...)
	if err != nil {
		s.fail("encoding a packet: %v", err)
	}
	messages := []eio.Packet{{Type: eio.Message, Data: first, Binary: codec.Binary()}}
	for _, data := range attachments {
		messages = append(messages, eio.Packet{Type: eio.Message, Data: data, Binary: true})
	}
	s.send(messages...)
}
