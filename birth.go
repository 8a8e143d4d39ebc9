package sio

import (
	"iter"
	"slices"
	"sync/atomic"

	"github.com/gosio/sio/internal/fault"
)

// OnNewNamespace adds a function that is called for every namespace that is made
// from now on, by Of or because a client asked for a child of a ParentNamespace. No
// client joins it before the function has returned, so it can register others.
func (s *Server) OnNewNamespace(fn func(n *Namespace)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onNew = append(slices.Clip(s.onNew), fn)
}

// Namespaces iterates over the namespaces that there are, as they were at the start.
func (s *Server) Namespaces() iter.Seq[*Namespace] { return slices.Values(s.all()) }

// birth is when those are told who want to know of a new namespace.
type birth struct {
	tell  []func(*Namespace)
	begun atomic.Bool
	done  chan struct{} // closed when all have been told
}

// put adds a new namespace to the server. s.mu is held.
func (s *Server) put(n *Namespace) {
	if s.onNew != nil {
		n.birth = &birth{tell: s.onNew, done: make(chan struct{})}
	}
	s.namespaces[n.name] = n
}

// born reports whether all have been told of the namespace who want to know.
func (n *Namespace) born() bool {
	if n.birth == nil {
		return true
	}
	select {
	case <-n.birth.done:
		return true
	default:
		return false
	}
}

// bear tells of a new namespace, unless somebody does or has.
func (n *Namespace) bear() {
	b := n.birth
	if b == nil || b.begun.Swap(true) {
		return
	}
	defer close(b.done)
	for _, fn := range b.tell {
		fn(n)
	}
}

// awaitBirth tells of a new namespace, or waits until somebody has.
func (s *Socket) awaitBirth() {
	n := s.namespace
	if n.born() {
		return
	}
	if err := fault.Call(func() error { n.bear(); return nil }); err != nil {
		s.report("", err)
	}
	ctx := s.Context()
	select {
	case <-n.birth.done:
	case <-ctx.Done():
	}
}
