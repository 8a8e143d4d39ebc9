package client

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/wire"
)

// The transports of Config.Transports.
const (
	Polling   = dialer.Polling
	WebSocket = dialer.WebSocket
)

// Defaults of Config.
const (
	DefaultPath                 = "/socket.io/"
	DefaultConnectTimeout       = 20 * time.Second
	DefaultReconnectionDelay    = time.Second
	DefaultReconnectionDelayMax = 5 * time.Second
	DefaultRandomizationFactor  = 0.5
	DefaultAckTimeout           = 10 * time.Second // with Retries
	DefaultMaxBuffer            = 4 << 20
	DefaultMaxMailbox           = 1 << 20
	DefaultMaxMessage           = 64 << 20
)

// Deflate configures the compression of WebSocket messages.
type Deflate = dialer.Deflate

// Config has the options of a Manager and its sockets. The zero value of each
// field means its default. A Config must not be changed once it is in use.
type Config struct {
	// Setup is called with each new Socket before it begins to connect: the place to
	// add listeners, as events can come together with the connection.
	Setup func(*Socket)

	// Path is where the server is mounted. A slash is added to its end if there is
	// none, but with NoTrailingSlash. Default "/socket.io/".
	Path            string
	NoTrailingSlash bool
	// Query has more parameters for all requests. The query of the URL, if there is
	// one, takes its place.
	Query url.Values
	// Header has more headers for all requests, WebSocket handshakes included. In a
	// browser, WebSockets can have none.
	Header http.Header
	// RefreshHeader, if not nil, changes the headers of each attempt to connect: it
	// gets a copy of Header. An error fails the attempt.
	RefreshHeader func(ctx context.Context, h http.Header) error
	// Auth, if not nil, returns what the server gets as auth: anything that is
	// encoded as an object, or nil. It is called for each namespace each time that it
	// is joined, and when the server asks (the event "socket.io:auth"). An error
	// takes the place of a connection, and is followed by a new attempt. See
	// StaticAuth, Socket.SetAuth. With Version2 it is the query of the namespace, which
	// has texts only; the main one has that of the connection (Query).
	Auth func(ctx context.Context) (any, error)

	// Transports are those that may be used, from the first on: Polling, WebSocket.
	// Default both, in this order: the connection begins with polling, which works
	// everywhere, and moves to a WebSocket if that can be.
	Transports []string
	// NoUpgrade leaves a connection with the transport that it has begun with.
	NoUpgrade bool
	// TryAllTransports tries the next one if the first does not work. By default
	// only the first is.
	TryAllTransports bool
	// RememberUpgrade begins with a WebSocket if the latest connection of the
	// Manager got to one.
	RememberUpgrade bool
	// ForceBase64 sends and asks for binary data as base64.
	ForceBase64 bool
	// TimestampRequests adds a parameter against caches to WebSocket handshakes, too.
	// Polling requests always have one, "t".
	TimestampRequests bool
	// HTTPClient makes the requests, and the connections of WebSockets: its Transport
	// says how to dial, which proxy and which TLS configuration to use, its Jar keeps
	// cookies. Its Timeout is not used, as a poll takes as long as there is nothing to
	// tell; see RequestTimeout. What it keeps idle is closed when a connection is lost, or
	// cannot be opened. Default: one without a Jar, and with what http.DefaultTransport has.
	HTTPClient *http.Client
	// WithCredentials has browsers send cookies with requests to a server of another origin
	// than the page's, if its CORS allows that. By default they do so only with the
	// handshakes of WebSockets. Elsewhere, cookies are those of HTTPClient.
	WithCredentials bool
	// RequestTimeout is how long a polling request may take. Default: for ever,
	// which the heartbeat ends.
	RequestTimeout time.Duration
	// Protocols are WebSocket subprotocols to offer.
	Protocols []string
	// PerMessageDeflate offers the compression of WebSocket messages. Default nil: no.
	PerMessageDeflate *Deflate
	// Version2 is for servers of Socket.IO 2 (Engine.IO protocol 3).
	Version2 bool
	// Codec is that of the server. Default wire.JSON().
	Codec wire.Codec

	// ConnectTimeout is how long an attempt to connect may take. Default 20 s;
	// negative: for ever.
	ConnectTimeout time.Duration
	// NoReconnection makes one attempt only, and none after a connection is lost.
	NoReconnection bool
	// ReconnectionAttempts is how many attempts follow a lost connection, or a first
	// one that failed, before the Manager gives up (ErrGaveUp). Default: no limit.
	ReconnectionAttempts int
	// ReconnectionDelay is the time before the first of these attempts, which doubles
	// each time up to ReconnectionDelayMax. Default 1 s, and 5 s.
	ReconnectionDelay    time.Duration
	ReconnectionDelayMax time.Duration
	// RandomizationFactor is the share by which a delay may be shorter or longer, so
	// that many clients do not come back at the same time. Default 0.5; negative: none.
	RandomizationFactor float64

	// Retries is how often an event is sent again that is not acknowledged in
	// AckTimeout; negative: for ever. Events are then sent one after the other, each
	// when the one before was acknowledged, so that they arrive at least once and in
	// order. Default 0: an event is sent once. It does not concern volatile events.
	Retries int
	// AckTimeout is how long an acknowledgement may take if the context of a call
	// has no deadline. Default: for ever; with Retries 10 s.
	AckTimeout time.Duration
	// MaxBuffer is how many bytes of events may wait: in each Socket for its
	// connection, in its queue of Retries, and in a connection until they are written.
	// Emit then returns ErrBufferFull. Each event counts for 64 bytes beyond its own.
	// Default 4 MiB; negative: no limit.
	MaxBuffer int
	// MaxMailbox is how many bytes of events may wait for the handlers of a Socket,
	// before nothing more is read from the server until they have caught up: a handler
	// that waits for an acknowledgement then does so until its context ends. Default
	// 1 MiB. In browsers, WebSockets read by themselves: 64 MiB more may wait then, before the
	// connection is closed.
	MaxMailbox int
	// MaxMessage is how large a message of the server may be, in bytes, before the
	// connection is closed for it. Default 64 MiB; negative: no limit.
	MaxMessage int
	// MaxAttachments is how many binary values a packet of the server may have.
	// Default 10.
	MaxAttachments int

	// OnError gets errors that nobody else gets: those of handlers, whose Event it
	// names (*EventError), panics (*PanicError) included, and those of events that are
	// given up after all Retries. It may be called by many goroutines at once.
	// Default: they are logged.
	OnError func(error)
	// Observer has hooks that tell of what the connection does.
	Observer Observer
	// Logger is where the client logs: at debug level connections, attempts and losses,
	// each with its reason; as errors what OnError gets, if there is none.
	// Session ids, auth, headers and query strings are never logged. Default slog.Default().
	Logger *slog.Logger
}

// StaticAuth is an Auth that always returns v.
func StaticAuth(v any) func(context.Context) (any, error) {
	return func(context.Context) (any, error) { return v, nil }
}

func (c *Config) withDefaults() Config {
	var d Config
	if c != nil {
		d = *c
	}
	defaults(&d.Path, DefaultPath)
	if last := len(d.Path) - 1; d.Path[last] != '/' && !d.NoTrailingSlash {
		d.Path += "/"
	}
	if d.Codec == nil {
		d.Codec = wire.JSON()
	}
	if len(d.Transports) == 0 {
		d.Transports = []string{Polling, WebSocket}
	}
	d.Header = maps.Clone(d.Header)
	defaults(&d.ConnectTimeout, DefaultConnectTimeout)
	defaults(&d.ReconnectionDelay, DefaultReconnectionDelay)
	defaults(&d.ReconnectionDelayMax, DefaultReconnectionDelayMax)
	defaults(&d.RandomizationFactor, DefaultRandomizationFactor)
	if d.Retries != 0 {
		defaults(&d.AckTimeout, DefaultAckTimeout)
	}
	defaults(&d.MaxBuffer, DefaultMaxBuffer)
	defaults(&d.MaxMailbox, DefaultMaxMailbox)
	defaults(&d.MaxMessage, DefaultMaxMessage)
	defaults(&d.MaxAttachments, wire.DefaultMaxAttachments)
	if d.Logger == nil {
		d.Logger = slog.Default()
	}
	if d.OnError == nil {
		d.OnError = logger{d.Logger}.report
	}
	return d
}

func defaults[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
