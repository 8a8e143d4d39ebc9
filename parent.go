package sio

import (
	"context"
	"iter"
	"maps"
	"regexp"
	"slices"
	"sync"
)

// ParentNamespace makes namespaces when clients ask for them, by a name that it
// allows. These children have all functions that are registered here, whether
// before or after they were made; those come before a child's own. What is emitted
// here goes to all children. All methods may be called from any goroutine.
//
// A child goes when its last socket has gone, and is made anew when a client
// asks again, unless Server.Of has returned it or Config.KeepEmptyNamespaces is
// set; with recovery, not before the last one can come back no more.
type ParentNamespace struct {
	registry
	server  *Server
	pattern *regexp.Regexp // nil if allow decides
	allow   func(ctx context.Context, name string, h Handshake) bool

	kids     sync.RWMutex
	children map[string]*Namespace
}

// OfRegexp returns a parent of the namespaces whose whole name, with its leading
// slash, the expression matches anywhere: begin it with ^ and end it with $.
//
// A name is looked for among the namespaces that there are, then among the parents
// in the order in which they were made. A client that asks for another name is
// refused with the message "Invalid namespace".
func (s *Server) OfRegexp(pattern *regexp.Regexp) *ParentNamespace {
	return s.addParent(&ParentNamespace{pattern: pattern})
}

// OfFunc returns a parent of the namespaces for which a function is true. The
// function may wait; its context ends when the client goes. It is called for many
// clients at the same time, and not for names of namespaces that there are. See
// OfRegexp for the order.
func (s *Server) OfFunc(allow func(ctx context.Context, name string, h Handshake) bool) *ParentNamespace {
	return s.addParent(&ParentNamespace{allow: allow})
}

func (s *Server) addParent(p *ParentNamespace) *ParentNamespace {
	p.server, p.children = s, make(map[string]*Namespace)
	p.hooks.Store(&noHooks)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parents = append(slices.Clip(s.parents), p)
	return p
}

// Server returns the server that the namespaces belong to.
func (p *ParentNamespace) Server() *Server { return p.server }

// Children iterates over the namespaces that there are, as they were at the start.
func (p *ParentNamespace) Children() iter.Seq[*Namespace] {
	p.kids.RLock()
	defer p.kids.RUnlock()
	return slices.Values(slices.Collect(maps.Values(p.children)))
}

// adopt makes n a child.
func (p *ParentNamespace) adopt(n *Namespace) {
	p.inherit(&n.registry)
	p.kids.Lock()
	defer p.kids.Unlock()
	p.children[n.name] = n
}

// abandon forgets a child.
func (p *ParentNamespace) abandon(n *Namespace) {
	p.disown(&n.registry)
	p.kids.Lock()
	defer p.kids.Unlock()
	delete(p.children, n.name)
}

func (p *ParentNamespace) broadcast() Broadcast { return Broadcast{parent: p} }

// Emit sends an event to all sockets of all children.
func (p *ParentNamespace) Emit(name string, args ...any) error {
	return p.broadcast().Emit(name, args...)
}

// EmitWithAck sends an event to all sockets of all children, and yields their
// acknowledgements; see Broadcast.EmitWithAck.
func (p *ParentNamespace) EmitWithAck(ctx context.Context, name string, args ...any) iter.Seq2[Answer, error] {
	return p.broadcast().EmitWithAck(ctx, name, args...)
}

// To means the sockets in any of the rooms, in each child.
func (p *ParentNamespace) To(rooms ...string) Broadcast { return p.broadcast().To(rooms...) }

// Except means all sockets but those in any of the rooms, in each child.
func (p *ParentNamespace) Except(rooms ...string) Broadcast { return p.broadcast().Except(rooms...) }

// Volatile means all sockets, for messages that may be lost.
func (p *ParentNamespace) Volatile() Broadcast { return p.broadcast().Volatile() }

// Local means all sockets of this server.
func (p *ParentNamespace) Local() Broadcast { return p.broadcast().Local() }

// Compress means all sockets, and says whether the message may be compressed on
// the way.
func (p *ParentNamespace) Compress(on bool) Broadcast { return p.broadcast().Compress(on) }

// Sockets iterates over the sockets of this server in all children, as they were
// at the start.
func (p *ParentNamespace) Sockets() iter.Seq[*Socket] { return p.broadcast().Sockets() }
