package sio

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/wire"
)

// CORS says which pages of other origins may connect.
type CORS = engine.CORS

// Deflate configures the compression of WebSocket messages.
type Deflate = engine.Deflate

// Limits bounds what clients may take before the application knows who they are.
type Limits = engine.Limits

// Rate is how often something may happen.
type Rate = engine.Rate

// Defaults of Config beside those of package engine.
const (
	DefaultConnectTimeout = 45 * time.Second
	DefaultMaxMailbox     = 1 << 20
	DefaultMaxPendingAcks = 10_000
)

// Config has the options of a Server. The zero value of each field means its
// default. A Config must not be changed once it is in use.
type Config struct {
	// ConnectTimeout is how long a client may stay without joining a
	// namespace. Default 45 s; negative: for ever.
	ConnectTimeout time.Duration
	// PingInterval is the time between a sign of life of a client and the
	// next ping. Default 25 s.
	PingInterval time.Duration
	// PingTimeout is how long the answer to a ping may take. Default 20 s.
	PingTimeout time.Duration
	// UpgradeTimeout is how long the move from polling to WebSocket may take.
	// Default 10 s.
	UpgradeTimeout time.Duration

	// MaxPayload is the largest message that is accepted, in bytes: a larger
	// one ends its connection (HTTP 413 for a polling request). Default
	// 1,000,000.
	MaxPayload int
	// MaxAttachments is how many binary values one packet may carry. Default 10.
	// How deeply its arrays and objects may be nested is wire.MaxDepth.
	MaxAttachments int
	// MaxQueue is how many bytes may wait for a client that does not take
	// them, before it is disconnected with TransportError and ErrQueueFull. Any
	// one message fits into an empty queue. Default 4 MiB.
	MaxQueue int
	// MaxQueuedMessages is how many messages may wait for a client, likewise; each
	// attachment is one more. Default 65,536; negative: any number, as MaxQueue
	// bounds them as well.
	MaxQueuedMessages int
	// QueuePolicy says what becomes of an event that does not fit into the queue.
	// Default QueueDisconnect.
	QueuePolicy QueuePolicy
	// MaxMailbox is how many bytes of events may wait for the handlers of a
	// socket: with more, nothing is read from its client. A handler that waits for
	// an acknowledgement of it then does so until its context ends. Default 1 MiB.
	MaxMailbox int
	// AckTimeout is how long EmitWithAck, Call and CallAll wait if their context
	// has no deadline. Default, and negative: until it ends, or the client goes.
	AckTimeout time.Duration
	// MaxPendingAcks is how many acknowledgements may be waited for of one
	// socket; more is ErrTooManyAcks. Default 10,000; negative: any number.
	MaxPendingAcks int
	// MaxNamespaces is how many namespaces a client may be in at the same time, or
	// wait for being let in: more are refused with the connect_error "Too many
	// namespaces". Default 100; negative: any number.
	MaxNamespaces int
	// MaxRooms is how many rooms a socket may be in beside its own; more is
	// ErrTooManyRooms. Default 10,000; negative: any number.
	MaxRooms int

	// Transports lists the transports that clients may use. Default:
	// "polling" and "websocket".
	Transports []string
	// NoUpgrades keeps clients on the transport they began with.
	NoUpgrades bool
	// AllowEIO3 lets clients of Socket.IO 2 in. The id of their socket in the
	// main namespace is that of the connection, with which others could act as
	// the client: do not show it to them. Default: such clients are refused.
	AllowEIO3 bool
	// CompressionThreshold is the size in bytes from which polling responses
	// are compressed. Default 1024; negative: never.
	CompressionThreshold int
	// PerMessageDeflate turns on compression of WebSocket messages for
	// clients that offer it. Default nil: off.
	PerMessageDeflate *Deflate

	// Limits bounds connections, handshakes, and the time that slow clients may take.
	Limits Limits
	// TrustedProxies are the addresses of the proxies in front of the server, whose
	// X-Forwarded-For or Forwarded header names the client, as engine.Config says.
	// Default: none, and the address of a client is that of the TCP peer.
	TrustedProxies []netip.Prefix

	// AllowRequest is asked before a connection is made. An error refuses it:
	// HTTP status 403 (400 for a WebSocket) with the error's text.
	AllowRequest func(*http.Request) error
	// CORS allows pages of other origins, for polling, WebSocket and the
	// client files alike. Default nil: such pages are refused.
	CORS *CORS
	// Cookie, if not nil, is the pattern of a cookie with the id of the
	// connection, for sticky load balancing; engine.NewCookie has the official
	// defaults.
	Cookie *http.Cookie
	// ConnContext derives the context of a connection from its handshake
	// request, as http.Server.ConnContext does: its values are those of
	// Socket.Context. Default: no values.
	ConnContext func(*http.Request) context.Context
	// GenerateID makes the ids of connections. They must be unique and, as whoever
	// knows one can act as the client, unguessable. Default: 20 random characters.
	// An error refuses the request with code 3. (Ids of sockets are others, and
	// may be shown.)
	GenerateID func(*http.Request) (string, error)
	// Middleware is put around the handling of every request of the protocol, as
	// engine.Config says. What is around the Server itself sees the requests for
	// the client files as well. Default: none.
	Middleware []func(http.Handler) http.Handler
	// OnInitialHeaders is called once for each connection, before the headers of the
	// handshake response are written, and may change them. Neither hook is
	// called for a handshake that is refused.
	OnInitialHeaders func(http.Header, *http.Request)
	// OnHeaders is called before the headers of every successful polling
	// response and every WebSocket handshake, after OnInitialHeaders.
	OnHeaders func(http.Header, *http.Request)
	// OnConnectionError is told about every request that is refused.
	OnConnectionError func(*engine.ConnectionError)

	// NoClient turns off serving the browser client (socket.io.js and its
	// variants).
	NoClient bool
	// Codec encodes packets; clients must use the same. Default wire.JSON().
	Codec wire.Codec
	// Adapter makes the adapter of each namespace. It must not wait. Default:
	// adapter.NewMemory.
	Adapter func(namespace string) adapter.Adapter

	// KeepEmptyNamespaces keeps children of a ParentNamespace when their last
	// socket has gone. Default: see ParentNamespace.
	KeepEmptyNamespaces bool

	// Recovery lets clients go on where they lost their connection. Default nil:
	// off, and nothing is kept.
	Recovery *Recovery
	// Deduplicate handles events once that clients send again. Default nil: off.
	Deduplicate *Deduplication

	// OnError gets errors and panics of handlers and invalid packets, always
	// as an *EventError. It may be called from many goroutines at once.
	// Default: they are logged to Logger.
	OnError func(error)
	// Observer is told what happens, for metrics and traces. It must not be changed
	// once it is in use. Default: nobody is told.
	Observer *Observer
	// Logger is where the server logs: at debug level connections, disconnections and
	// refused requests, each with its reason; as warnings clients that break the
	// protocol or whose queue is full; as errors those of handlers, unless
	// there is an OnError. Session ids, auth, headers and query strings are never logged.
	// Default slog.Default().
	Logger *slog.Logger
}

func (c *Config) withDefaults() Config {
	var d Config
	if c != nil {
		d = *c
	}
	if d.ConnectTimeout == 0 {
		d.ConnectTimeout = DefaultConnectTimeout
	}
	if d.MaxMailbox == 0 {
		d.MaxMailbox = DefaultMaxMailbox
	}
	d.MaxPendingAcks = orUnlimited(d.MaxPendingAcks, DefaultMaxPendingAcks)
	d.MaxNamespaces = orUnlimited(d.MaxNamespaces, DefaultMaxNamespaces)
	d.MaxRooms = orUnlimited(d.MaxRooms, DefaultMaxRooms)
	if d.MaxAttachments == 0 {
		d.MaxAttachments = wire.DefaultMaxAttachments
	}
	if d.Codec == nil {
		d.Codec = wire.JSON()
	}
	if d.Adapter == nil {
		d.Adapter = func(string) adapter.Adapter { return adapter.NewMemory() }
	}
	d.Recovery = d.Recovery.withDefaults()
	if d.Logger == nil {
		d.Logger = slog.Default()
	}
	if d.OnError == nil {
		d.OnError = logger{d.Logger}.report
	}
	var o Observer
	if d.Observer != nil {
		o = *d.Observer
	}
	d.Observer = logger{d.Logger}.observe(&o)
	return d
}

func (c *Config) engine() *engine.Config {
	return &engine.Config{
		Transports: c.Transports, NoUpgrades: c.NoUpgrades, AllowEIO3: c.AllowEIO3,
		PingInterval: c.PingInterval, PingTimeout: c.PingTimeout, UpgradeTimeout: c.UpgradeTimeout,
		MaxPayload: c.MaxPayload, MaxQueue: c.MaxQueue, MaxQueuedMessages: c.MaxQueuedMessages,
		Limits: c.Limits, TrustedProxies: c.TrustedProxies,
		AllowRequest: c.AllowRequest, CORS: c.CORS, Cookie: c.Cookie,
		CompressionThreshold: c.CompressionThreshold, PerMessageDeflate: c.PerMessageDeflate,
		ConnContext: c.ConnContext, OnConnectionError: c.OnConnectionError,
		GenerateID: c.GenerateID, Middleware: c.Middleware, OnInitialHeaders: c.OnInitialHeaders, OnHeaders: c.OnHeaders,
		Observer: &c.Observer.Observer,
	}
}
