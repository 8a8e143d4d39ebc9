package engine

import (
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// gate counts handshakes and sessions for Limits.
type gate struct {
	limits Limits
	start  time.Time

	mu     sync.Mutex
	due    time.Duration // of HandshakeRate
	recent recent        // of HandshakeRatePerAddress
	total  int           // sessions
	live   map[netip.Addr]int
}

// newGate returns nil if there is nothing to limit.
func newGate(l Limits) *gate {
	if l.MaxConnections <= 0 && l.MaxConnectionsPerAddress <= 0 && l.HandshakeRate.Count <= 0 && l.HandshakeRatePerAddress.Count <= 0 {
		return nil
	}
	return &gate{limits: l, start: time.Now(), live: make(map[netip.Addr]int)}
}

// connectionsRetry is what clients are told to wait for the end of other sessions.
const connectionsRetry = 10 * time.Second

// arrive counts a handshake of an address, unless it is one too many.
func (g *gate) arrive(a netip.Addr) *excess {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Since(g.start)
	each, all := g.limits.HandshakeRatePerAddress, g.limits.HandshakeRate
	var eachDue, allDue, wait time.Duration
	if each.Count > 0 {
		if eachDue, wait = each.next(g.recent.get(a), now); wait > 0 {
			return &excess{http.StatusTooManyRequests, TooManyHandshakes, ErrTooManyHandshakes, wait}
		}
	}
	if all.Count > 0 {
		if allDue, wait = all.next(g.due, now); wait > 0 {
			return &excess{http.StatusServiceUnavailable, TooManyHandshakes, ErrTooManyHandshakes, wait}
		}
		g.due = allDue
	}
	if each.Count > 0 {
		g.recent.put(a, eachDue, now, each.Per)
	}
	return nil
}

// enter takes a place for a session, unless there is none.
func (g *gate) enter(a netip.Addr) *excess {
	g.mu.Lock()
	defer g.mu.Unlock()
	if limit := g.limits.MaxConnectionsPerAddress; limit > 0 && g.live[a] >= limit {
		return &excess{http.StatusTooManyRequests, TooManyConnections, ErrTooManyConnections, connectionsRetry}
	}
	if limit := g.limits.MaxConnections; limit > 0 && g.total >= limit {
		return &excess{http.StatusServiceUnavailable, TooManyConnections, ErrTooManyConnections, connectionsRetry}
	}
	g.total++
	if g.limits.MaxConnectionsPerAddress > 0 {
		g.live[a]++
	}
	return nil
}

// leave gives a place back.
func (g *gate) leave(a netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.total--
	if g.live[a] > 1 {
		g.live[a]--
	} else {
		delete(g.live, a)
	}
}

// visit is a handshake that has a place for its session. The place is that of the
// session once it has begun.
type visit struct {
	srv     *Server
	address string
	sess    *Session
}

// enter takes a place for the session that a request asks for. The caller defers done.
func (s *Server) enter(r *http.Request) (*visit, *ConnectionError) {
	v := &visit{srv: s, address: s.cfg.clientAddress(r)}
	if s.gate != nil {
		if e := s.gate.enter(counted(v.address)); e != nil {
			return nil, e.refusal(r, v.address)
		}
	}
	return v, nil
}

// done gives the place back if no session has it: the handshake failed, or a
// hook panicked.
func (v *visit) done() {
	if v.srv.gate != nil && (v.sess == nil || !v.sess.hasBegun()) {
		v.srv.gate.leave(counted(v.address))
	}
}

func (s *Session) hasBegun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun
}

// arrive counts a handshake, unless it is one too many.
func (s *Server) arrive(r *http.Request) *ConnectionError {
	if s.gate == nil {
		return nil
	}
	address := s.cfg.clientAddress(r)
	if e := s.gate.arrive(counted(address)); e != nil {
		return e.refusal(r, address)
	}
	return nil
}

// leave gives back the place of a session that has ended.
func (s *Session) leave() {
	if s.srv.gate != nil {
		s.srv.gate.leave(counted(s.handshake.RemoteAddr()))
	}
}

// counted returns what an address counts as.
func counted(address string) netip.Addr {
	a, _ := parseAddress(address) // of no IP address all count as one
	if a.Is6() {
		network, _ := a.Prefix(64)
		return network.Addr()
	}
	return a
}
