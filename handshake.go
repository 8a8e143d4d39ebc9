package sio

import (
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gosio/sio/wire"
)

// Handshake is how a client came in: the request that began its connection,
// and what it sent to join the namespace.
type Handshake struct {
	Header      http.Header // of the request; must not be changed
	URL         string      // the request target, with the query
	Address     string      // IP address of the TCP peer
	Secure      bool        // the request came over TLS
	CrossDomain bool        // the request has an Origin header
	Time        time.Time

	query func() url.Values
	s     *Socket
}

// Handshake returns how the client came in.
func (s *Socket) Handshake() Handshake {
	h := s.client.session.Handshake()
	address := h.RemoteAddr
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	return Handshake{
		Header: h.Header, URL: h.URL, Address: address, Secure: h.Secure,
		CrossDomain: h.Header.Get("Origin") != "", Time: h.Time,
		query: h.Query, s: s,
	}
}

// Query returns the query parameters of the request. Each call parses them.
func (h Handshake) Query() url.Values { return h.query() }

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
	if h.s.auth == nil {
		return nil
	}
	return h.s.codec().Decode(&wire.Packet{Type: wire.Connect, ID: wire.NoID, Args: h.s.auth, NArgs: 1}, dst)
}
