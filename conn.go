package sio

import (
	"slices"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/mailbox"
)

// Conn is the connection below a socket. A client that joins several namespaces
// has one for all of its sockets. It is a value: two are equal if they are the
// same connection. All methods may be called from any goroutine.
type Conn struct{ session *engine.Session }

// Conn returns the connection that the socket's packets take.
func (s *Socket) Conn() Conn { return Conn{s.client.session} }

// ID returns the id of the connection. Unlike that of a socket it is a secret:
// whoever knows it can act as the client.
func (c Conn) ID() string { return c.session.ID() }

// Protocol returns the revision of the Engine.IO protocol that the client speaks.
func (c Conn) Protocol() int { return c.session.Protocol() }

// Transport returns what the connection is on now: "polling" or "websocket".
func (c Conn) Transport() string { return c.session.Transport() }

// Upgraded reports whether the connection began with polling, and has moved to a
// WebSocket.
func (c Conn) Upgraded() bool { return c.session.Upgraded() }

// Close closes the connection after what was emitted before has been delivered,
// without a DISCONNECT: clients take it for lost, and connect again. Its sockets
// end with ForcedClose. See Socket.Close for one that is final.
func (c Conn) Close() { c.session.Close() }

// OnUpgrade adds a function that is called when the connection has moved to
// another transport, in turn with the events of the socket. It is not called for
// a connection that has moved already (Conn.Upgraded), or that began with WebSocket.
func (s *Socket) OnUpgrade(fn func(transport string)) {
	s.update(func(h *hooks) {
		h.upgraded = append(slices.Clip(h.upgraded), fn)
	})
}

// Upgraded is called when the session has moved to another transport.
func (c *client) Upgraded() {
	for _, s := range c.all() {
		if s.own().upgraded != nil {
			s.mail.Put(s.owner(), &upgradeJob{s: s, transport: c.session.Transport()}, 0, 1)
		}
	}
}

// upgradeJob tells of an upgrade.
type upgradeJob struct {
	mailbox.Link
	s         *Socket
	transport string
}

func (j *upgradeJob) Do() {
	if j.s.ready() != nil {
		callAll(j.s, j.s.own().upgraded, func(fn func(string)) { fn(j.transport) })
	}
}
