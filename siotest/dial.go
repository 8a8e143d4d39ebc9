package siotest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/gosio/sio/wire"
)

// Dial connects a client, and joins a namespace. It returns when the server has
// let the client in, and fails the test if it does not. Nil Options have all
// defaults. The connection breaks when the test ends.
func (s *Server) Dial(t testing.TB, o *Options) *Client {
	t.Helper()
	sess := s.connect(t, o)
	c := sess.join(sess.o.Namespace, sess.o.Auth)
	if c.refusal != nil {
		sess.fail("%s: %v", c.namespace, c.refusal)
	}
	if sess.o.Transport == Upgrade {
		c.Upgrade()
	}
	return c
}

// Refused connects a client as Dial does, and returns why the server did not let
// it in: the connection, or to the namespace. It fails the test if the server
// does.
func (s *Server) Refused(t testing.TB, o *Options) *Refusal {
	t.Helper()
	sess, err := s.open(t, o)
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal
	}
	if err != nil {
		sess.fail("connecting: %v", err)
	}
	c := sess.join(sess.o.Namespace, sess.o.Auth)
	if c.refusal == nil {
		sess.fail("%s: let in, but a refusal was expected", c.namespace)
	}
	return c.refusal
}

// Refusal is why the server did not let a client in. As an error it comes from
// the connection (with an HTTP status) or from the namespace.
type Refusal struct {
	Status  int // of HTTP; 0 if the namespace refused
	Message string
	Data    any // of a namespace's middleware: nil, bool, float64, string, []any or map[string]any
}

func (r *Refusal) Error() string {
	if r.Status != 0 {
		return fmt.Sprintf("refused with status %d: %s", r.Status, r.Message)
	}
	return "refused: " + r.Message
}

// connect makes a connection only, and joins no namespace.
func (s *Server) connect(t testing.TB, o *Options) *session {
	t.Helper()
	sess, err := s.open(t, o)
	if err != nil {
		sess.fail("connecting: %v", err)
	}
	return sess
}

// Of joins another namespace over the client's connection, and returns the
// client that it is there. It fails the test if the server refuses. A nil auth
// is none.
func (c *Client) Of(namespace string, auth any) *Client {
	c.session.t.Helper()
	other := c.session.join(fullName(namespace), auth)
	if other.refusal != nil {
		c.session.fail("%s: %v", other.namespace, other.refusal)
	}
	return other
}

// join asks to join a namespace, and waits for the answer.
func (s *session) join(namespace string, auth any) *Client {
	s.t.Helper()
	c := &Client{session: s, namespace: namespace, calls: make(map[int64]*Reply)}
	s.update(func() {
		s.sockets[namespace] = c
		if s.ended {
			c.leave(s.reason)
		}
	})
	var args []any
	if auth != nil {
		args = []any{auth}
	}
	s.packet(wire.Header{Type: wire.Connect, Namespace: namespace, ID: wire.NoID}, args...)
	s.wait(s.o.Timeout, func() bool { return c.answered() || c.left })
	s.mu.Lock()
	answered := c.answered()
	s.mu.Unlock()
	if answered {
		return c
	}
	if left, reason := c.gone(); left {
		s.fail("%s: disconnected instead of joining: %s", namespace, reason)
	}
	s.fail("%s: no answer to the wish to join", namespace)
	return c
}
