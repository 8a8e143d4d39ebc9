package engine

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Rate is how often something may happen: PerSecond on average, and Burst times at
// once. The zero value is no limit; without a Burst it is one second's worth.
type Rate struct {
	PerSecond float64
	Burst     int
}

func (r Rate) burst() float64 {
	if r.Burst > 0 {
		return float64(r.Burst)
	}
	return max(1, math.Ceil(r.PerSecond))
}

// bucket has what is left of a rate. It fills with time.
type bucket struct {
	left float64
	at   time.Time
}

// fill adds what has come since.
func (b *bucket) fill(r Rate, now time.Time) {
	b.left = min(r.burst(), b.left+now.Sub(b.at).Seconds()*r.PerSecond)
	b.at = now
}

// take takes one, or returns how long it is until there is one.
func (b *bucket) take(r Rate, now time.Time) (wait time.Duration) {
	b.fill(r, now)
	if b.left < 1 {
		return time.Duration(min((1-b.left)/r.PerSecond, 1e6) * float64(time.Second))
	}
	b.left--
	return 0
}

// maxBuckets is how many addresses have a bucket of their own; with more, the
// others share one, so that memory is bounded whatever is sent.
const maxBuckets = 1 << 16

// admission decides how many clients come in.
type admission struct {
	mu      sync.Mutex
	all     bucket
	buckets map[netip.Prefix]*bucket
	swept   time.Time
	crowd   bucket // of those who have none of their own

	sessions int
	from     map[netip.Prefix]int // sessions by address
}

// visitor is who wants to come in, as far as he is counted: an address, or the
// network that one client may have all addresses of.
func visitor(address string) (p netip.Prefix, known bool) {
	ip, known := parseAddress(address)
	if !known {
		return netip.Prefix{}, false
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	p, _ = ip.Prefix(bits)
	return p, true
}

// hurries returns how long a client has to wait before it may try to come in.
func (a *admission) hurries(c *Config, address string, now time.Time) (wait time.Duration, name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if who, known := visitor(address); known && c.HandshakeRatePerAddress.PerSecond > 0 {
		if wait := a.bucket(c, who, now).take(c.HandshakeRatePerAddress, now); wait > 0 {
			return wait, HandshakeRateOfAddress
		}
	}
	if c.HandshakeRate.PerSecond > 0 {
		if a.all.at.IsZero() {
			a.all = full(c.HandshakeRate, now)
		}
		if wait := a.all.take(c.HandshakeRate, now); wait > 0 {
			return wait, HandshakeRateInAll
		}
	}
	return 0, ""
}

func full(r Rate, now time.Time) bucket { return bucket{r.burst(), now} }

// bucket returns that of an address. a.mu is held.
func (a *admission) bucket(c *Config, who netip.Prefix, now time.Time) *bucket {
	if b := a.buckets[who]; b != nil {
		return b
	}
	if len(a.buckets) >= maxBuckets && now.Sub(a.swept) >= time.Second {
		a.sweep(c.HandshakeRatePerAddress, now)
	}
	if len(a.buckets) >= maxBuckets {
		if a.crowd.at.IsZero() {
			a.crowd = full(c.HandshakeRatePerAddress, now)
		}
		return &a.crowd
	}
	if a.buckets == nil {
		a.buckets = make(map[netip.Prefix]*bucket)
	}
	b := full(c.HandshakeRatePerAddress, now)
	a.buckets[who] = &b
	return &b
}

// sweep forgets those who could as well be new. a.mu is held.
func (a *admission) sweep(r Rate, now time.Time) {
	a.swept = now
	for who, b := range a.buckets {
		if b.fill(r, now); b.left >= r.burst() {
			delete(a.buckets, who)
		}
	}
}

// enter counts a session, unless there are too many.
func (a *admission) enter(c *Config, address string) (name string) {
	if c.MaxConnections <= 0 && c.MaxConnectionsPerAddress <= 0 {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.MaxConnections > 0 && a.sessions >= c.MaxConnections {
		return TooManyConnections
	}
	if who, known := visitor(address); known && c.MaxConnectionsPerAddress > 0 {
		if a.from[who] >= c.MaxConnectionsPerAddress {
			return TooManyConnectionsOfAddress
		}
		if a.from == nil {
			a.from = make(map[netip.Prefix]int)
		}
		a.from[who]++
	}
	a.sessions++
	return ""
}

// leave counts a session down that enter has counted.
func (a *admission) leave(c *Config, address string) {
	if c.MaxConnections <= 0 && c.MaxConnectionsPerAddress <= 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sessions--
	if who, known := visitor(address); known && c.MaxConnectionsPerAddress > 0 {
		if a.from[who]--; a.from[who] == 0 {
			delete(a.from, who)
		}
	}
}

// tooFast returns the refusal for a handshake that comes too soon, or nil.
func (s *Server) tooFast(r *http.Request) *ConnectionError {
	if s.cfg.HandshakeRate.PerSecond <= 0 && s.cfg.HandshakeRatePerAddress.PerSecond <= 0 {
		return nil
	}
	address := s.cfg.clientAddress(r)
	wait, name := s.admission.hurries(&s.cfg, address, time.Now())
	if wait == 0 {
		return nil
	}
	return limited(r, name, address, wait)
}

// admit counts a session that is about to begin, or refuses it.
func (s *Server) admit(r *http.Request) *ConnectionError {
	address := s.cfg.clientAddress(r)
	if name := s.admission.enter(&s.cfg, address); name != "" {
		return limited(r, name, address, fullWait)
	}
	return nil
}

// fullWait is when a client may try again that did not get in.
const fullWait = 10 * time.Second

// limited is a refusal because of a limit: 429 if it is the client's own, else 503.
func limited(r *http.Request, name, address string, wait time.Duration) *ConnectionError {
	e := refusal(r, Forbidden, map[string]any{"name": name, "message": "Too many connections", "address": address})
	e.status = http.StatusServiceUnavailable
	if name == HandshakeRateOfAddress || name == TooManyConnectionsOfAddress {
		e.status = http.StatusTooManyRequests
	}
	e.retryAfter = strconv.Itoa(int(math.Ceil(min(wait.Seconds(), 3600))))
	return e
}
