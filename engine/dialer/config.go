package dialer

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gosio/sio/internal/option"
)

// Names of the transports.
const (
	Polling   = "polling"
	WebSocket = "websocket"
)

// Revisions of the protocol.
const (
	protocol4 = 4
	protocol3 = 3
)

// Config says what Dial connects to, and how. The zero value of each field but URL
// means its default. A Config, and what it refers to, must not be changed while
// Dial runs or a Conn of it lives; any number of them may share it.
type Config struct {
	// URL is the endpoint: its scheme is http, https, ws or wss, and its path that of
	// the endpoint as it is, such as "/socket.io/". Its query is sent with every request,
	// in front of what the protocol adds (Engine.IO protocol, "Parameters"). The
	// fragment is ignored. Required.
	URL *url.URL
	// Header is sent with every request, handshakes of WebSockets included; "Host"
	// stands for http.Request.Host. In browsers, WebSockets have no headers. Default: none.
	Header http.Header

	// Transports lists the transports that may be used. The first one is tried first.
	// Default: Polling and WebSocket.
	Transports []string
	// NoUpgrade keeps sessions that begin with polling there. Default: they move to a
	// WebSocket if the server offers it, and Transports has it.
	NoUpgrade bool
	// TryAllTransports has the next transport tried when one fails before the session
	// is open. One that has failed is not upgraded to either. Default: Dial fails.
	TryAllTransports bool
	// ForceBase64 sends, and has the server send, binary data as text. Default: only
	// polling does, which cannot do otherwise in protocol 4.
	ForceBase64 bool
	// TimestampRequests gives handshakes of WebSockets the parameter "t", whose value is
	// another each time, so that no cache answers them. Polling always has it.
	TimestampRequests bool

	// HTTPClient makes all requests, those for WebSockets included: it has proxies, TLS,
	// cookies and connections. Its Timeout is not used, as polls take their time; see
	// RequestTimeout. Its Transport must not hide the connections of WebSockets: the
	// body of an answer with status 101 has to be an io.Writer. Its idle connections are
	// closed when a session is lost, or cannot be opened, as they may be dead as well.
	// Default: one like http.DefaultClient, which all sessions share.
	HTTPClient *http.Client
	// WithCredentials has browsers send cookies with requests to another origin than the
	// page's, which the server's CORS has to allow. Default: they do so only with handshakes of
	// WebSockets. Elsewhere, cookies are those of HTTPClient.
	WithCredentials bool
	// RequestTimeout is how long a polling request may take, which for a poll is also
	// how long the server may have nothing to send: it should be longer than the interval of
	// pings. Default 0: any time.
	RequestTimeout time.Duration
	// Protocols are the subprotocols that WebSockets offer. Default: none.
	Protocols []string
	// PerMessageDeflate offers compression of WebSocket messages. In browsers it is for
	// the browser to decide. Default nil: it is not offered.
	PerMessageDeflate *Deflate

	// MaxMessage is how many bytes a message of the server, or its answer to a poll, may
	// have. A larger one ends the session with TransportFailed. Default 0: any number.
	MaxMessage int
	// MaxQueue is how many bytes may wait to be sent, a message counting for 64 more
	// than it has; Conn.Queue fails with ErrQueueFull for what would be more. Any one message
	// fits into an empty queue. Default 0: any number.
	MaxQueue int
	// MaxQueuedMessages is how many messages may wait to be sent, likewise; each
	// attachment counts. Default 0: any number.
	MaxQueuedMessages int

	// Version is the revision of the protocol: 4, or 3 for servers of Socket.IO 2.
	// Default 4.
	Version int
	// Observer is told what happens. Default: nobody is told.
	Observer Observer
}

// Deflate configures permessage-deflate (RFC 7692). Contexts are never taken over
// between messages.
type Deflate struct {
	// Threshold is the size in bytes from which messages are compressed.
	// Default 1024; negative: none are, but those of the server may be.
	Threshold int
}

// Observer has functions that are told what happens to a session. Each may be nil,
// and must not block. They may be called from any goroutine.
type Observer struct {
	// Pinged is called for every ping of the server, when it has been answered; with
	// protocol 3, for every answer of the server.
	Pinged func()
	// Upgraded is called when the session has moved to another transport.
	Upgraded func(transport string)
	// UpgradeFailed is called when it has not: it stays where it is. err is a
	// *TransportError, or ErrClosed if the session has ended meanwhile.
	UpgradeFailed func(transport string, err error)
}

// ConfigError says which option of a Config cannot be meant as it is.
type ConfigError = option.Error

// Validate returns a *ConfigError for the first option that cannot be meant as it
// is, or nil: no URL or one of another scheme, sizes and times that are negative, times of less
// than a millisecond, transports and versions that do not exist. Dial does so, too.
func (c *Config) Validate() error {
	if c == nil {
		c = &Config{}
	}
	return cmp.Or(
		validURL(c.URL),
		validTransports(c.Transports),
		option.Size("RequestTimeout", c.RequestTimeout), option.Time("RequestTimeout", c.RequestTimeout),
		option.Size("MaxMessage", c.MaxMessage),
		option.Size("MaxQueue", c.MaxQueue),
		option.Size("MaxQueuedMessages", c.MaxQueuedMessages),
		validVersion(c.Version),
	)
}

func validURL(u *url.URL) error {
	switch {
	case u == nil:
		return option.Errorf("URL", "there is none")
	case u.Host == "":
		return option.Errorf("URL", "it has no host")
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
		return nil
	}
	return option.Errorf("URL", "its scheme is %q; http, https, ws and wss are possible", u.Scheme)
}

func validTransports(names []string) error {
	for i, name := range names {
		if name != Polling && name != WebSocket {
			return option.Errorf("Transports", "there is no transport %q", name)
		}
		if slices.Contains(names[:i], name) {
			return option.Errorf("Transports", "%q is there twice", name)
		}
	}
	return nil
}

func validVersion(v int) error {
	switch v {
	case 0, protocol3, protocol4:
		return nil
	}
	return option.Errorf("Version", "there is no version %d; 3 and 4 are possible", v)
}
