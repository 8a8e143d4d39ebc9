package engine

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// Handshake is what is kept of the request that began a session.
type Handshake struct {
	Header     http.Header // must not be changed
	URL        string      // the request target, such as "/socket.io/?EIO=4&transport=polling"
	Host       string
	RemoteAddr string // "IP:port" of the TCP peer
	Secure     bool   // the request came over TLS
	Time       time.Time
	ctx        context.Context
}

// Query returns the query parameters of the request. Each call parses them
// anew, so that idle sessions keep no map.
func (h *Handshake) Query() url.Values {
	u, err := url.ParseRequestURI(h.URL)
	if err != nil {
		return url.Values{}
	}
	return u.Query()
}

func (s *Server) newHandshake(r *http.Request) Handshake {
	h := Handshake{
		Header: r.Header, URL: r.RequestURI, Host: r.Host, RemoteAddr: r.RemoteAddr,
		Secure: r.TLS != nil, Time: time.Now(),
	}
	if s.cfg.ConnContext != nil {
		h.ctx = context.WithoutCancel(s.cfg.ConnContext(r))
	}
	return h
}

// open makes a session for a handshake request whose transport is t, queues
// the open packet, and registers the session. The caller starts the transport.
func (s *Server) open(sess *Session, t transport) {
	sess.transport.Store(&t)
	hs := eio.Handshake{
		SID: sess.id, PingInterval: s.cfg.PingInterval, PingTimeout: s.cfg.PingTimeout, MaxPayload: s.cfg.MaxPayload,
	}
	if t.name() == Polling && !s.cfg.NoUpgrades && s.cfg.allows(WebSocket) {
		hs.Upgrades = []string{WebSocket}
	}
	f := frame.New(128)
	f.B = append(f.B, '0')
	f.B = eio.AppendHandshake(f.B, hs)
	f.Seal(false, true)
	_ = t.send(frame.Group{First: f}) // a transport that nobody knows yet takes it
	if m := s.cfg.InitialMessage; m != "" {
		_ = t.send(frame.Group{First: textMessage(m)})
	}
}

func textMessage(m string) *frame.Frame {
	f := frame.New(1 + len(m))
	f.B = append(append(f.B, '4'), m...)
	f.Seal(false, true)
	return f
}
