package sio

// Stats is the state of a server at one moment, for gauges beside what an
// Observer is told.
type Stats struct {
	Connections int
	Sockets     int // of this server, in all namespaces
	// Queued is how many bytes wait for clients that do not take them yet, and
	// LongestQueue how many of them for one client (Config.MaxQueue).
	Queued, LongestQueue int
	// Backlog is how many bytes of events wait for handlers, and LongestBacklog how
	// many of them for those of one socket (Config.MaxMailbox).
	Backlog, LongestBacklog int
}

// Stats returns the state of the server. It looks at every connection and socket:
// it is meant to be called now and then.
func (s *Server) Stats() Stats {
	var st Stats
	st.Connections = s.engine.Len()
	st.Queued, st.LongestQueue = s.engine.Queued()
	for _, n := range s.all() {
		for socket := range n.Sockets() {
			size := socket.mail.Size()
			st.Sockets++
			st.Backlog += size
			st.LongestBacklog = max(st.LongestBacklog, size)
		}
	}
	return st
}
