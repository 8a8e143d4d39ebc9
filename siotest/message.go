package siotest

import (
	"time"

	"github.com/gosio/sio/wire"
)

// Message is an event that has arrived.
type Message struct {
	Name string

	c      *Client
	packet wire.Packet
	acked  bool
}

// Decode decodes the arguments into what the pointers dst point at, in order.
// Missing ones leave zero values, and additional ones are ignored. What cannot
// be decoded fails the test.
func (m *Message) Decode(dst ...any) {
	m.c.t().Helper()
	if err := m.c.session.o.Codec.Decode(&m.packet, dst...); err != nil {
		m.c.session.fail("decoding %s: %v", show(m.Name, m.c.values(m)), err)
	}
}

// WantsAck reports whether the server waits for an acknowledgement.
func (m *Message) WantsAck() bool { return m.packet.ID != wire.NoID }

// Ack acknowledges the event. It fails the test if the server has not asked for
// it, or got it already.
func (m *Message) Ack(args ...any) {
	m.c.t().Helper()
	s := m.c.session
	switch {
	case !m.WantsAck():
		s.fail("the server has not asked for an acknowledgement of %q", m.Name)
	case m.acked:
		s.fail("%q is acknowledged already", m.Name)
	}
	m.c.connected("acknowledging " + m.Name)
	m.acked = true
	s.packet(wire.Header{Type: wire.Ack, Namespace: m.c.namespace, ID: m.packet.ID}, args...)
}

// Reply is the acknowledgement of a Call, which may still have to come.
type Reply struct {
	c      *Client
	name   string
	answer *Message // guarded by session.mu
}

// Expect waits for the acknowledgement, which must have exactly these arguments.
// They are compared as Client.Expect does.
func (r *Reply) Expect(args ...any) {
	r.c.t().Helper()
	got, want := r.c.values(r.wait()), r.c.wanted(args)
	if !equal(got, want) {
		r.c.session.fail("acknowledged with\ngot  %s\nwant %s", show(r.name, got), show(r.name, want))
	}
}

// ExpectError waits for the acknowledgement, which must be a refusal with this
// message: {"error":{"message":…}}, as an error of the server's handler becomes.
func (r *Reply) ExpectError(message string) {
	r.c.t().Helper()
	m := r.wait()
	var refusal struct {
		Error *struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	err := r.c.session.o.Codec.Decode(&m.packet, &refusal)
	if err != nil || refusal.Error == nil || refusal.Error.Message != message {
		r.c.session.fail("acknowledged with\ngot  %s\nwant the error %q", show(r.name, r.c.values(m)), message)
	}
}

// Decode waits for the acknowledgement, and decodes it as Message.Decode does.
func (r *Reply) Decode(dst ...any) {
	r.c.t().Helper()
	r.wait().Decode(dst...)
}

// ExpectNone checks that no acknowledgement comes within d, which is as with
// Client.ExpectNone.
func (r *Reply) ExpectNone(d time.Duration) {
	r.c.t().Helper()
	if r.c.session.wait(d, func() bool { return r.answer != nil }) {
		r.c.session.fail("acknowledged with %s, and nothing was expected", show(r.name, r.c.values(r.answer)))
	}
}

// wait waits for the acknowledgement.
func (r *Reply) wait() *Message {
	r.c.t().Helper()
	s := r.c.session
	s.wait(s.o.Timeout, func() bool { return r.answer != nil || r.c.left })
	s.mu.Lock()
	m := r.answer
	s.mu.Unlock()
	if m == nil {
		r.c.missing("the acknowledgement of " + r.name)
	}
	return m
}
