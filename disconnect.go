package sio

import (
	"errors"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Disconnect takes the client out of the namespace, and tells it so. Its
// connection stays, with its sockets in other namespaces. Events that wait for
// handlers are dropped. It does nothing if the socket is not connected.
func (s *Socket) Disconnect() {
	if s.leave() {
		s.client.session.FlushSoon()
	}
}

// Close disconnects all sockets of the client, in all namespaces, and closes
// the connection, after what was emitted before has been delivered.
func (s *Socket) Close() {
	for _, other := range s.client.all() {
		other.leave()
	}
	s.client.session.Close()
}

// leave sends DISCONNECT and closes the socket.
func (s *Socket) leave() bool {
	if s.state.Load() != connected {
		return false
	}
	g, err := s.namespace.encode(wire.Header{Type: wire.Disconnect, ID: wire.NoID}, message.Outcome{Compress: true}, nil)
	if err != nil {
		s.report("", err)
		return false
	}
	_ = s.client.session.Queue(g, false)
	s.close(ServerNamespaceDisconnect, nil)
	return true
}

// close disconnects the socket. What others can see happens at once: it is in
// no room any more, its context has ended, and nobody waits for an
// acknowledgement of it. Handlers are told by the last job in the mailbox.
func (s *Socket) close(reason Reason, err error) {
	s.mu.Lock()
	was := s.state.Load()
	if was == gone {
		s.mu.Unlock()
		return
	}
	if s.tenure != nil {
		s.tenure.leave(was)
	}
	s.state.Store(gone)
	x := s.extend()
	x.cause = &DisconnectError{Reason: reason, Err: err}
	x.mute = reason == ServerNamespaceDisconnect || reason == ServerShuttingDown
	acks := x.acks
	x.acks = nil
	x.rooms = nil
	if was == connected {
		x.rooms = s.namespace.adapter.Remove(s.id)
	}
	if s.tenure != nil {
		s.tenure.release(was, reason, x.rooms)
	}
	if x.cancel != nil {
		x.cancel(x.cause)
	}
	untold := !s.namespace.hooks.Load().ends() && !x.hooks.ends() && s.mail.CloseIdle()
	if untold {
		x.left, x.rooms = true, nil
	}
	s.mu.Unlock()
	if was == connected {
		s.observeDisconnect(reason, err)
	}
	for _, w := range acks {
		w.gone(s)
	}
	if reason == ClientNamespaceDisconnect {
		s.client.remove(s)
	}
	if untold { // there is nobody to tell
		s.ended()
		return
	}
	s.mail.Close(s.owner(), &disconnectJob{s: s, wasConnected: was == connected, reason: reason})
}

// ends reports whether some are called when a socket ends.
func (h *hooks) ends() bool { return h.disconnect != nil || h.disconnected != nil }

// ended is the last thing that becomes of a socket.
func (s *Socket) ended() {
	if s.tenure != nil {
		close(s.tenure.ended)
	}
	s.namespace.exit()
	s.client.unfinished.Add(-1)
	s.namespace.server.sockets.Done()
}

// disconnectJob is the last job of sockets of which somebody is told the end, or
// that have others to do.
type disconnectJob struct {
	mailbox.Link
	s            *Socket
	wasConnected bool
	reason       Reason
}

func (j *disconnectJob) Do() {
	s := j.s
	defer s.ended()
	if !j.wasConnected {
		return
	}
	common, own := s.namespace.hooks.Load(), s.own()
	run := func(fn func(*Socket, Reason)) { fn(s, j.reason) }
	callAll(s, common.disconnect, run)
	callAll(s, own.disconnect, run)
	s.mu.Lock()
	s.extras.left, s.extras.rooms = true, nil
	s.mu.Unlock()
	callAll(s, common.disconnected, run)
	callAll(s, own.disconnected, run)
}

// sendError translates an error of the engine.
func sendError(err error) error {
	if errors.Is(err, engine.ErrSessionClosed) {
		return ErrDisconnected
	}
	return err
}
