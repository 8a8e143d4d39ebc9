package engine

import "time"

// Defaults of Limits.
const (
	DefaultBodyTimeout     = 30 * time.Second
	DefaultResponseTimeout = 60 * time.Second
)

// Limits bounds what clients may take before the application knows who they
// are. What counts by address is off by default, as many clients may come from
// one: that of a company, a mobile network, or of a load balancer that is not in
// Config.TrustedProxies. IPv4 addresses count one by one, IPv6 ones by their first
// 64 bits; clients on Unix sockets count as one address.
type Limits struct {
	// MaxConnections is how many sessions there may be at a time. More are refused
	// with status 503 and ErrTooManyConnections. Default, and if negative: no limit.
	MaxConnections int
	// MaxConnectionsPerAddress is how many sessions one address may have at a time. More are
	// refused with status 429 and ErrTooManyConnections. Default, and if negative: no limit.
	MaxConnectionsPerAddress int
	// HandshakeRate is how often sessions may be asked for. More is refused
	// with status 503 and ErrTooManyHandshakes, before AllowRequest is called. Default: no limit.
	HandshakeRate Rate
	// HandshakeRatePerAddress is how often one address may ask for sessions. More is
	// refused with status 429 and ErrTooManyHandshakes, and does not count for HandshakeRate.
	// Of very many addresses in a short time the first are forgotten. Default: no limit.
	HandshakeRatePerAddress Rate
	// BodyTimeout is how long the body of a request may take to arrive. Then the request is
	// answered with status 408, and its session ends with ErrBodyTimeout. A shorter
	// http.Server.ReadTimeout holds as well. Default 30 s; negative: no limit.
	BodyTimeout time.Duration
	// ResponseTimeout is how long a client may take to receive the answer to a
	// poll, from when there is one. Then the connection is closed, and the session ends with
	// ErrResponseTimeout. A shorter http.Server.WriteTimeout holds as well. Default 60 s;
	// negative: no limit.
	ResponseTimeout time.Duration
}

// Rate is how often something may happen: Count times at once, and after that as
// often as Per divided by Count. A Count of zero or less is no limit.
type Rate struct {
	Count int
	Per   time.Duration // default, and if negative: 1 s
}

func (l Limits) withDefaults() Limits {
	l.BodyTimeout = orDefault(l.BodyTimeout, DefaultBodyTimeout)
	l.ResponseTimeout = orDefault(l.ResponseTimeout, DefaultResponseTimeout)
	l.HandshakeRate = l.HandshakeRate.withDefaults()
	l.HandshakeRatePerAddress = l.HandshakeRatePerAddress.withDefaults()
	return l
}

func (r Rate) withDefaults() Rate {
	if r.Per <= 0 {
		r.Per = time.Second
	}
	return r
}

// interval is the time that one of Count has, or 0 if there is no limit.
func (r Rate) interval() time.Duration {
	if r.Count <= 0 {
		return 0
	}
	return max(r.Per/time.Duration(r.Count), 1)
}
