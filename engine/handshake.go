package engine

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// Handshake is what is kept of the request that began a session. It is kept in
// one string, as every pointer and map would be a part of what an idle session
// costs; its methods parse that anew each time.
type Handshake struct {
	packed string // target, host, address, names and values of the headers; each followed by a zero byte
	issued int64  // Unix milliseconds
	secure bool
	ctx    context.Context
}

// URL returns the request target, such as "/socket.io/?EIO=4&transport=polling".
func (h *Handshake) URL() string { return h.field(0) }

// Host returns the host that the request was sent to.
func (h *Handshake) Host() string { return h.field(1) }

// RemoteAddr returns the address of the client as "IP:port": of the TCP peer, or
// what a proxy of Config.TrustedProxies says, which may be without a port.
func (h *Handshake) RemoteAddr() string { return h.field(2) }

// Secure reports whether the request came over TLS.
func (h *Handshake) Secure() bool { return h.secure }

// Time returns when the request came, to the millisecond.
func (h *Handshake) Time() time.Time { return time.UnixMilli(h.issued) }

// Query returns the query parameters of the request.
func (h *Handshake) Query() url.Values {
	u, err := url.ParseRequestURI(h.URL())
	if err != nil {
		return url.Values{}
	}
	return u.Query()
}

// Header returns the headers of the request, without those that only made it a
// WebSocket handshake: Connection, Upgrade and Sec-WebSocket-*, but for
// Sec-WebSocket-Protocol, in which some clients bring a token.
func (h *Handshake) Header() http.Header {
	header := make(http.Header)
	fields := strings.Split(h.packed, "\x00")
	for i := 3; i+1 < len(fields); i += 2 {
		header[fields[i]] = append(header[fields[i]], fields[i+1])
	}
	return header
}

func (h *Handshake) field(n int) string {
	rest := h.packed
	for range n {
		_, rest, _ = strings.Cut(rest, "\x00")
	}
	field, _, _ := strings.Cut(rest, "\x00")
	return field
}

// ofUpgrade reports whether a header only serves the WebSocket handshake.
func ofUpgrade(name string) bool {
	return name == "Connection" || name == "Upgrade" ||
		strings.HasPrefix(name, "Sec-Websocket-") && name != "Sec-Websocket-Protocol"
}

func (s *Server) newHandshake(r *http.Request, address string) Handshake {
	h := Handshake{packed: pack(r, address), issued: time.Now().UnixMilli(), secure: r.TLS != nil}
	if s.cfg.ConnContext != nil {
		h.ctx = context.WithoutCancel(s.cfg.ConnContext(r))
	}
	return h
}

// pack puts what is kept of a request into one string. None of its parts can
// contain a zero byte (RFC 9110 section 5.5, RFC 3986).
func pack(r *http.Request, address string) string {
	size := len(r.RequestURI) + len(r.Host) + len(address) + 3
	for name, values := range r.Header {
		if ofUpgrade(name) {
			continue
		}
		for _, v := range values {
			size += len(name) + len(v) + 2
		}
	}
	var b strings.Builder
	b.Grow(size)
	add := func(field string) {
		b.WriteString(field)
		b.WriteByte(0)
	}
	add(r.RequestURI)
	add(r.Host)
	add(address)
	for name, values := range r.Header {
		if ofUpgrade(name) {
			continue
		}
		for _, v := range values {
			add(name)
			add(v)
		}
	}
	return b.String()
}

// begin asks the application for the receiver of a session, registers the
// session and starts its heartbeat. It reports false if the server is closing.
// The application may have ended the session already.
func (s *Server) begin(sess *Session) bool {
	if hook := s.cfg.Observer.ConnectionOpened; hook != nil {
		hook(sess)
	}
	receiver := s.accept(sess)
	sess.mu.Lock()
	sess.receiver, sess.begun = receiver, true
	early := sess.early
	sess.early = nil
	// Under the lock, so that a session that ends meanwhile is removed after this.
	taken := early != nil || s.register(sess)
	if early == nil && taken {
		sess.startHeartbeat()
	}
	sess.mu.Unlock()
	if early != nil {
		sess.ended(early.reason, early.err)
	}
	if !taken {
		sess.Abort()
	}
	return taken
}

// open gives a session its first transport, and queues the open packet on it.
func (s *Server) open(sess *Session, t transport) {
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
	_ = t.send(frame.Group{First: f}, false) // a transport that nobody knows yet takes it
	if m := s.cfg.InitialMessage; m != "" {
		_ = t.send(frame.Group{First: textMessage(m)}, false)
	}
}

func textMessage(m string) *frame.Frame {
	f := frame.New(1 + len(m))
	f.B = append(append(f.B, '4'), m...)
	f.Seal(false, true)
	return f
}
