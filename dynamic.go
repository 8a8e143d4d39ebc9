package sio

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gosio/sio/internal/fault"
)

// dynamic is what a child of a ParentNamespace has in addition.
type dynamic struct {
	parent  *ParentNamespace
	members atomic.Int64 // sockets whose last job is not done; grows under Server.mu only

	// Guarded by Server.mu.
	kept   bool        // the application has it
	expiry *time.Timer // with recovery
}

func (s *Server) allParents() []*ParentNamespace {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.parents
}

// maxName is how long the name of a namespace may be that is made for a client, in
// bytes: expressions are matched with it on the reader, and it is kept.
const maxName = 1024

// find returns the namespace that a client asks for, and counts a member of it. If it
// is not there, it returns the parents that perhaps have it, and nothing if there are
// none. It asks nobody and makes nothing, as it runs on the reader.
func (s *Server) find(name string, parents []*ParentNamespace) (*Namespace, []*ParentNamespace) {
	if n, ask := s.lookup(name); n != nil || ask != nil {
		return n, ask
	}
	if len(name) > maxName || !strings.HasPrefix(name, "/") {
		return nil, nil
	}
	for i, p := range parents {
		if p.pattern == nil || p.pattern.MatchString(name) {
			return nil, parents[i:]
		}
	}
	return nil, nil
}

// lookup returns the namespace of that name, and counts a member of it, or the
// parent whose function is to be asked first.
func (s *Server) lookup(name string) (n *Namespace, ask []*ParentNamespace) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n = s.namespaces[name]
	if n == nil {
		return nil, nil
	}
	if n.dynamic != nil && n.dynamic.parent.allow != nil {
		return nil, []*ParentNamespace{n.dynamic.parent}
	}
	n.enter()
	return n, nil
}

// child returns the namespace of that name, which it makes if there is none yet, and
// counts a member of it.
func (s *Server) child(p *ParentNamespace, name string) *Namespace {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.namespaces[name]
	if n == nil {
		n = s.newChild(p, name)
	}
	n.enter()
	return n
}

// newChild makes a child. s.mu is held.
func (s *Server) newChild(p *ParentNamespace, name string) *Namespace {
	n := newNamespace(s, name)
	n.dynamic = &dynamic{parent: p}
	s.put(n)
	p.adopt(n)
	return n
}

// enter counts a member. The server's mu is held.
func (n *Namespace) enter() {
	if n.dynamic != nil {
		n.dynamic.members.Add(1)
	}
}

// exit takes a member off, and the namespace away if that was the last.
func (n *Namespace) exit() {
	if n.dynamic == nil || n.dynamic.members.Add(-1) > 0 || n.server.cfg.KeepEmptyNamespaces {
		return
	}
	s := n.server
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r, d := s.cfg.Recovery, n.dynamic; {
	case r == nil:
		n.cleanUp()
	case d.expiry == nil: // somebody may come back
		d.expiry = time.AfterFunc(r.MaxDisconnection, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			n.cleanUp()
		})
	default:
		d.expiry.Reset(r.MaxDisconnection)
	}
}

// cleanUp takes away a child that nobody is in or has. The server's mu is held.
func (n *Namespace) cleanUp() {
	s, d := n.server, n.dynamic
	if !d.kept && d.members.Load() == 0 && s.namespaces[n.name] == n {
		delete(s.namespaces, n.name)
		d.parent.abandon(n)
	}
}

// ask finds out from parents whether a client may have a namespace that there is
// not, makes it, and joins it then. It runs on a goroutine of its own, as functions
// may wait.
func (c *client) ask(ctx context.Context, name string, auth []byte, parents []*ParentNamespace) {
	defer c.server.sockets.Done()
	n := c.allowed(ctx, name, auth, parents)
	switch {
	case !c.answered(name): // the client has gone meanwhile
		if n != nil {
			n.exit()
		}
	case n == nil:
		c.refuse(name, c.unknownNamespace())
	default:
		c.join(n, auth)
	}
}

func (c *client) allowed(ctx context.Context, name string, auth []byte, parents []*ParentNamespace) *Namespace {
	h := c.handshake(auth)
	for len(parents) > 0 {
		n, left := c.server.find(name, parents)
		if n != nil || left == nil {
			return n
		}
		if left[0].pattern != nil || left[0].allows(ctx, name, h) {
			return c.server.child(left[0], name)
		}
		parents = left[1:]
	}
	return nil
}

// allows asks the function of the application.
func (p *ParentNamespace) allows(ctx context.Context, name string, h Handshake) (yes bool) {
	err := func() (err error) {
		defer fault.Recovered(&err)
		yes = p.allow(ctx, name, h)
		return nil
	}()
	if err != nil {
		p.server.cfg.OnError(&EventError{Err: err})
		return false
	}
	return yes
}

// wonder begins to find out whether the client may have a namespace.
func (c *client) wonder(name string, auth []byte, parents []*ParentNamespace) {
	if !c.server.addSocket() {
		c.session.Close()
		return
	}
	ctx, taken := c.asking(name)
	if ctx == nil {
		c.server.sockets.Done()
		if taken {
			c.violation()
		}
		return
	}
	go c.ask(ctx, name, auth, parents)
}

// asking notes that it is being found out whether the client may have a namespace,
// unless that is so already, or the connection has ended.
func (c *client) asking(name string) (ctx context.Context, taken bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, false
	}
	if _, taken := c.asked[name]; taken {
		return nil, true
	}
	ctx, cancel := context.WithCancelCause(c.session.Context())
	if c.asked == nil {
		c.asked = make(map[string]context.CancelCauseFunc)
	}
	c.asked[name] = cancel
	return ctx, false
}

// answered notes that it has been found out, and reports whether the client is
// still there.
func (c *client) answered(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[name](nil)
	delete(c.asked, name)
	return !c.closed
}
