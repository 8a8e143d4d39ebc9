package sio

import (
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/wire"
)

// Handshake is how a client came in: the request that began its connection,
// and what it sent to join the namespace.
type Handshake struct {
	URL     string // the request target, with the query
	Address string // IP address of the client; see Config.TrustedProxies
	Secure  bool   // the request came over TLS
	Time    time.Time

	request *engine.Handshake
	auth    []byte // the payload of the CONNECT packet; nil if there was none
	codec   wire.Codec
}

// Handshake returns how the client came in.
func (s *Socket) Handshake() Handshake {
	s.mu.Lock()
	var auth []byte
	if s.extras != nil {
		auth = s.extras.auth
	}
	s.mu.Unlock()
	return s.client.handshake(auth)
}

func (c *client) handshake(auth []byte) Handshake {
	h := c.session.Handshake()
	address := h.RemoteAddr()
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	return Handshake{
		URL: h.URL(), Address: address, Secure: h.Secure(), Time: h.Time(),
		request: h, auth: auth, codec: c.server.cfg.Codec,
	}
}

// Header returns the headers of the request, without those that only made it a
// WebSocket handshake (Connection, Upgrade, Sec-WebSocket-* but for
// Sec-WebSocket-Protocol). Each call makes them anew.
func (h Handshake) Header() http.Header { return h.request.Header() }

// Query returns the query parameters of the request. Each call parses them.
func (h Handshake) Query() url.Values { return h.request.Query() }

// CrossDomain reports whether the request has an Origin header: a page made it.
func (h Handshake) CrossDomain() bool { return h.Header().Get("Origin") != "" }

// Auth returns what the client gave as auth, an empty map if it gave nothing.
func (h Handshake) Auth() map[string]any {
	auth := map[string]any{}
	if h.DecodeAuth(&auth) != nil || auth == nil {
		return map[string]any{}
	}
	return auth
}

// DecodeAuth decodes what the client gave as auth into what dst points at.
// It is left as it is if the client gave nothing.
func (h Handshake) DecodeAuth(dst any) error {
	if h.auth == nil {
		return nil
	}
	return h.codec.Decode(&wire.Packet{Type: wire.Connect, ID: wire.NoID, Args: h.auth, NArgs: 1}, dst)
}
