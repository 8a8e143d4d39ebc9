package engine

import (
	"net/http"

	"github.com/gosio/sio/internal/field"
)

// isUpgrade reports whether the request asks for a WebSocket, whether or not
// the rest of its handshake is right.
func isUpgrade(r *http.Request) bool {
	h := r.Header["Upgrade"]
	return len(h) > 0 && h[0] != "" && field.HasToken(r.Header["Connection"], "upgrade")
}

// verify checks a request in the order that the protocol's reference
// implementation has. It returns the session that the request belongs to, or
// nil for a handshake.
func (s *Server) verify(r *http.Request, q query, upgrade bool) (*Session, *ConnectionError) {
	transport, sid, eio := q.transport, q.sid, q.eio
	if !s.cfg.allows(transport) || (transport != Polling && transport != WebSocket) {
		return nil, refusal(r, TransportUnknown, map[string]any{"transport": transport})
	}
	if sid != "" {
		sess := s.session(sid)
		if sess == nil {
			return nil, refusal(r, SessionIDUnknown, map[string]any{"sid": sid})
		}
		if current := sess.Transport(); !upgrade && current != transport {
			return nil, refusal(r, BadRequest, map[string]any{
				"name": TransportMismatch, "transport": transport, "previousTransport": current,
			})
		}
		if v := revision(eio); v != sess.Protocol() {
			return nil, refusal(r, BadRequest, map[string]any{
				"name": ProtocolMismatch, "protocol": v, "previousProtocol": sess.Protocol(),
			})
		}
		if !s.originAllowed(r) {
			return nil, refusal(r, Forbidden, map[string]any{"message": "origin not allowed"})
		}
		if upgrade && !s.cfg.allows(WebSocket) {
			return nil, refusal(r, TransportUnknown, map[string]any{"transport": WebSocket})
		}
		return sess, nil
	}
	if r.Method != http.MethodGet {
		return nil, refusal(r, BadHandshakeMethod, map[string]any{"method": r.Method})
	}
	if transport == WebSocket && !upgrade {
		return nil, refusal(r, BadRequest, map[string]any{"name": TransportHandshakeError})
	}
	if !s.originAllowed(r) || q.j != "" && !s.scriptAllowed(r) {
		return nil, refusal(r, Forbidden, map[string]any{"message": "origin not allowed"})
	}
	if refused := s.arrive(r); refused != nil {
		return nil, refused
	}
	if s.cfg.AllowRequest != nil {
		if err := s.cfg.AllowRequest(r); err != nil {
			return nil, refusal(r, Forbidden, map[string]any{"message": err.Error()})
		}
	}
	if revision(eio) != Protocol && !s.cfg.AllowEIO3 {
		return nil, refusal(r, UnsupportedProtocolVersion, map[string]any{"protocol": 3})
	}
	return nil, nil
}
