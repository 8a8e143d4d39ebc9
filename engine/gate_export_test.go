package engine

import "net/http"

// MaxRecent is how many addresses one generation has.
const MaxRecent = maxRecent

// Places returns how many places of sessions are taken, which must be those of addresses.
func (s *Server) Places() int {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	sum := 0
	for _, n := range s.gate.live {
		sum += n
	}
	if sum != s.gate.total {
		return -1
	}
	return sum
}

// Arrive counts a handshake of an address.
func (s *Server) Arrive(address string) *ConnectionError {
	return s.arrive(&http.Request{RemoteAddr: address})
}

// RecentAddresses returns how many addresses are remembered.
func (s *Server) RecentAddresses() int {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	return len(s.gate.recent.newer) + len(s.gate.recent.older)
}
