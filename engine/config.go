package engine

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"time"
)

// Defaults of Config, those of the official server.
const (
	DefaultPingInterval         = 25 * time.Second
	DefaultPingTimeout          = 20 * time.Second
	DefaultUpgradeTimeout       = 10 * time.Second
	DefaultMaxPayload           = 1_000_000
	DefaultMaxQueue             = 4 << 20
	DefaultMaxQueuedMessages    = 1 << 16
	DefaultCompressionThreshold = 1024
)

// Names of the transports.
const (
	Polling   = "polling"
	WebSocket = "websocket"
)

// Config has the options of a Server. The zero value of each field means its
// default. A Config must not be changed once it is in use.
type Config struct {
	// Transports lists the transports that clients may use. Default: Polling
	// and WebSocket.
	Transports []string
	// NoUpgrades keeps sessions on the transport they began with: no upgrade
	// is offered in the handshake.
	NoUpgrades bool

	// AllowEIO3 lets clients of Socket.IO 2 in, which speak protocol 3 of
	// Engine.IO. Default: they are refused, with code 5.
	AllowEIO3 bool

	// PingInterval is the time between the last sign of life and the next
	// ping. Default 25 s.
	PingInterval time.Duration
	// PingTimeout is how long an answer to a ping may take. Default 20 s.
	PingTimeout time.Duration
	// UpgradeTimeout is how long an upgrade may take. Default 10 s.
	UpgradeTimeout time.Duration

	// MaxPayload is the largest message or polling request body that is
	// accepted, in bytes. Default 1,000,000. Announced to clients as maxPayload.
	MaxPayload int
	// MaxQueue is how many bytes may wait for a client that does not take
	// them, before it is disconnected with ErrQueueFull. Any one message fits
	// into an empty queue. Default 4 MiB.
	MaxQueue int
	// MaxQueuedMessages is how many messages may wait for a client, likewise; what
	// is sent of binary data counts for itself. Default 65,536; negative: any number,
	// as MaxQueue bounds them as well.
	MaxQueuedMessages int

	// Limits bounds connections, handshakes, and the time of slow clients.
	Limits Limits
	// TrustedProxies are the addresses of the proxies in front of the server, which are
	// believed what X-Forwarded-For or Forwarded (RFC 7239) says about the client: the
	// last address that is not a proxy's is the client's, for Handshake.RemoteAddr and
	// Limits. If a request has both headers, and they do not agree, neither is
	// believed. Proxies on a Unix socket are trusted if the list is not empty. Default: none.
	TrustedProxies []netip.Prefix

	// AllowRequest is asked before a session is made, for polling and
	// WebSocket alike. An error refuses the request: code 4, HTTP status 403
	// (400 for a WebSocket), with the error's text as the message.
	AllowRequest func(*http.Request) error
	// CORS allows pages of other origins. Nil: requests with the Origin
	// header of another host are refused, over WebSocket too, and no CORS
	// headers are sent.
	CORS *CORS
	// Cookie, if not nil, is the pattern of a cookie that polling handshakes
	// set, with the session id as its value. Without a Name it is "io"; what
	// else is empty is left out. NewCookie has the official defaults.
	Cookie *http.Cookie

	// CompressionThreshold is the size in bytes from which polling responses
	// are compressed. Default 1024; negative: never.
	CompressionThreshold int
	// PerMessageDeflate turns on compression of WebSocket messages for
	// clients that offer it. Default nil: off.
	PerMessageDeflate *Deflate

	// InitialMessage, if not empty, is a text message that is sent right after
	// the handshake, in the same response when polling.
	InitialMessage string
	// GenerateID makes session ids. They must be unique and, as whoever knows
	// one can act as the client, unguessable. Default: 12 random bytes and a
	// counter, in 20 characters. An error refuses the request with code 3.
	GenerateID func(*http.Request) (string, error)
	// ConnContext derives the context of a session from that of its handshake
	// request: what it returns gives Session.Context its values (not its
	// deadline or cancellation). Default: a context without values.
	ConnContext func(*http.Request) context.Context

	// Middleware is put around the handling of every request of the protocol, WebSocket
	// handshakes included, behind CORS: the first one is outermost. A middleware
	// may set headers, which go with the 101 of a WebSocket, too, and answer
	// requests itself. One that wraps the ResponseWriter must give it an Unwrap
	// method (or Hijack), or WebSockets are impossible. Default: none.
	Middleware []func(http.Handler) http.Handler

	// OnInitialHeaders is called once for each session, before the headers of
	// the handshake response are written, and may change them. Neither hook is called
	// for a handshake that is refused.
	OnInitialHeaders func(http.Header, *http.Request)
	// OnHeaders is called before the headers of every successful polling
	// response and every WebSocket handshake, after OnInitialHeaders.
	OnHeaders func(http.Header, *http.Request)
	// OnConnectionError is told about every refused request.
	OnConnectionError func(*ConnectionError)
	// Observer is told what happens. It must not be changed once it is in use.
	// Default: nobody is told.
	Observer *Observer
}

// Deflate configures permessage-deflate (RFC 7692). Contexts are never taken
// over between messages, so that idle connections keep no window.
type Deflate struct {
	// Threshold is the size in bytes from which messages are compressed.
	// Default 1024.
	Threshold int
}

// NewCookie returns a cookie pattern with the official defaults: name "io",
// path "/", HttpOnly, SameSite=Lax.
func NewCookie() *http.Cookie {
	return &http.Cookie{Name: "io", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// withDefaults returns a copy of c in which every field says what is in force.
func (c *Config) withDefaults() Config {
	var d Config
	if c != nil {
		d = *c
	}
	if len(d.Transports) == 0 {
		d.Transports = []string{Polling, WebSocket}
	}
	d.PingInterval = orDefault(d.PingInterval, DefaultPingInterval)
	d.PingTimeout = orDefault(d.PingTimeout, DefaultPingTimeout)
	d.UpgradeTimeout = orDefault(d.UpgradeTimeout, DefaultUpgradeTimeout)
	d.MaxPayload = orDefault(d.MaxPayload, DefaultMaxPayload)
	d.MaxQueue = orDefault(d.MaxQueue, DefaultMaxQueue)
	d.MaxQueuedMessages = orDefault(d.MaxQueuedMessages, DefaultMaxQueuedMessages)
	d.CompressionThreshold = orDefault(d.CompressionThreshold, DefaultCompressionThreshold)
	d.Limits = d.Limits.withDefaults()
	if d.PerMessageDeflate != nil {
		deflate := *d.PerMessageDeflate
		deflate.Threshold = orDefault(deflate.Threshold, DefaultCompressionThreshold)
		d.PerMessageDeflate = &deflate
	}
	if d.GenerateID == nil {
		d.GenerateID = func(*http.Request) (string, error) { return NewID(), nil }
	}
	if d.Observer == nil {
		d.Observer = &noObserver
	}
	return d
}

func orDefault[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

func (c *Config) allows(transport string) bool { return slices.Contains(c.Transports, transport) }
