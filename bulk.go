package sio

import "iter"

// Join adds the sockets meant to rooms.
func (b Broadcast) Join(rooms ...string) {
	for s := range b.Sockets() {
		s.Join(rooms...)
	}
}

// Leave takes the sockets meant out of rooms.
func (b Broadcast) Leave(rooms ...string) {
	for s := range b.Sockets() {
		s.Leave(rooms...)
	}
}

// Disconnect takes the sockets meant out of the namespace; see Socket.Disconnect.
func (b Broadcast) Disconnect() {
	for s := range b.Sockets() {
		s.Disconnect()
	}
}

// Close ends the connections of the sockets meant, with all their namespaces; see
// Socket.Close.
func (b Broadcast) Close() {
	for s := range b.Sockets() {
		s.Close()
	}
}

// Join adds all sockets of the namespace to rooms.
func (n *Namespace) Join(rooms ...string) { n.broadcast().Join(rooms...) }

// Leave takes all sockets of the namespace out of rooms.
func (n *Namespace) Leave(rooms ...string) { n.broadcast().Leave(rooms...) }

// Disconnect takes all sockets out of the namespace. Local().Close() ends their
// connections as well.
func (n *Namespace) Disconnect() { n.broadcast().Disconnect() }

// Compress means all sockets, and says whether the message may be compressed on
// the way.
func (n *Namespace) Compress(on bool) Broadcast { return n.broadcast().Compress(on) }

// Sockets iterates over the sockets of the main namespace, those of this server,
// as they were at the start.
func (s *Server) Sockets() iter.Seq[*Socket] { return s.main.Sockets() }

// Join adds all sockets of the main namespace to rooms.
func (s *Server) Join(rooms ...string) { s.main.Join(rooms...) }

// Leave takes all sockets of the main namespace out of rooms.
func (s *Server) Leave(rooms ...string) { s.main.Leave(rooms...) }

// Disconnect takes all sockets out of the main namespace. Local().Close() ends
// their connections as well, and Close or Shutdown those of the whole server.
func (s *Server) Disconnect() { s.main.Disconnect() }

// Compress means all sockets of the main namespace, and says whether the message
// may be compressed on the way.
func (s *Server) Compress(on bool) Broadcast { return s.main.Compress(on) }
