package sio

import (
	"bytes"
	"net/url"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Clients of Socket.IO 2 (Config.AllowEIO3) speak protocol 4 of Socket.IO. They
// are in the main namespace without asking, and derive the ids of their sockets
// from that of the connection. What they give as auth is a query behind the
// name of the namespace, and what refuses them is the bare data or text.

// old reports whether the client is of Socket.IO 2.
func (c *client) old() bool { return c.session.Protocol() != engine.Protocol }

// socketID returns the id of the client's socket in a namespace.
func (c *client) socketID(namespace string) string {
	switch {
	case !c.old():
		return engine.NewID()
	case namespace == MainNamespace:
		return c.session.ID()
	}
	return namespace + "#" + c.session.ID()
}

// namesake returns the socket that the client had in the namespace of s, if it has
// the same id, or nil.
func (c *client) namesake(s *Socket) *Socket {
	if !c.old() {
		return nil
	}
	return c.socket([]byte(s.namespace.name))
}

// vacate waits until a socket that is gone is in no room any more, which Socket.close
// sees to under the lock. Adapters tell sockets by their ids.
func (s *Socket) vacate() {
	s.mu.Lock()
	defer s.mu.Unlock()
}

// asks returns the namespace that a CONNECT packet is for, and the auth in it.
func (c *client) asks(p *wire.Packet) (namespace, auth []byte) {
	if c.old() {
		namespace, query, _ := bytes.Cut(p.Namespace, []byte("?"))
		return namespace, c.queryAuth(string(query))
	}
	if p.NArgs > 0 {
		auth = bytes.Clone(p.Args)
	}
	return p.Namespace, auth
}

// queryAuth returns the parameters of a query as if they had been sent as auth,
// or nil if there are none. Of repeated ones the last counts.
func (c *client) queryAuth(query string) []byte {
	values, _ := url.ParseQuery(query) // the error is about pairs that are left out
	if len(values) == 0 {
		return nil
	}
	auth := make(map[string]string, len(values))
	for name, list := range values {
		auth[name] = list[len(list)-1]
	}
	codec := c.server.cfg.Codec
	data, _, err := wire.Append(codec, nil, wire.Header{Type: wire.Connect, Namespace: MainNamespace, ID: wire.NoID}, auth)
	if err != nil {
		return nil
	}
	var p wire.Packet
	if complete, err := codec.NewDecoder(0).Add(&p, data, codec.Binary()); err != nil || !complete {
		return nil
	}
	return bytes.Clone(p.Args)
}

// grant is what tells the client that it has joined.
func (s *Socket) grant() []any {
	if s.client.old() {
		return nil
	}
	return []any{grant{SID: s.id}}
}

// refusal is what tells the client why it may not join.
func (c *client) refusal(e *Error) any {
	switch {
	case !c.old():
		return message.Refusal(*e)
	case e.Data != nil:
		return e.Data
	}
	return e.Message
}

// unknownNamespace is the refusal of one that does not exist, which all clients
// get in the same form.
func (c *client) unknownNamespace() *Error {
	e := &Error{Message: "Invalid namespace"}
	if c.old() {
		e.Data = message.Refusal(*e)
	}
	return e
}
