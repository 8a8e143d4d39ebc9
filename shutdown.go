package sio

import (
	"context"
	"errors"
)

// Shutdown ends the server in order: new connections are refused (503), every
// socket is disconnected with ServerShuttingDown, what was emitted before is
// delivered, and handlers are waited for. Clients see their connection close,
// and try to connect again. When ctx ends first, the rest is closed at once
// and the context's error returned, while handlers may still run.
//
// It leaves no goroutine behind, may be called more than once, and never
// touches an http.Server.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stop()
	err := s.engine.Shutdown(ctx)
	return errors.Join(err, s.wait(ctx))
}

// Close ends the server at once: what was not yet delivered is dropped, and
// handlers are not waited for. It may be called more than once.
func (s *Server) Close() error {
	s.stop()
	return s.engine.Close()
}

// stop disconnects all sockets and keeps new ones from coming.
func (s *Server) stop() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	for _, n := range s.all() {
		for socket := range n.Sockets() {
			socket.close(ServerShuttingDown, nil)
		}
	}
}

// all returns the namespaces.
func (s *Server) all() []*Namespace {
	s.mu.RLock()
	defer s.mu.RUnlock()
	namespaces := make([]*Namespace, 0, len(s.namespaces))
	for _, n := range s.namespaces {
		namespaces = append(namespaces, n)
	}
	return namespaces
}

// wait waits until the last job of every socket is done.
func (s *Server) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() { s.sockets.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// addSocket counts a new socket, unless the server is closing.
func (s *Server) addSocket() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closing {
		return false
	}
	s.sockets.Add(1)
	return true
}
