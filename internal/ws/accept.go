package ws

import (
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"

	"github.com/gobwas/httphead"
	"github.com/gobwas/ws/wsflate"

	"github.com/gosio/sio/internal/buf"
)

// ErrHandshake is returned for a request that is no WebSocket handshake.
var ErrHandshake = errors.New("ws: not a WebSocket handshake")

// Upgrade answers a WebSocket handshake (RFC 6455 section 4.2) and takes the
// connection over from net/http, to which the calling handler must then return
// at once. The answer leaves with the first Flush, together with what is queued
// then. The first subprotocol that the client offers is accepted. If the error is
// ErrHandshake or http.ErrNotSupported, nothing was written; other errors are
// those of a connection that is gone. Nil options are the zero value.
func Upgrade(w http.ResponseWriter, r *http.Request, o *Options) (*Conn, error) {
	if o == nil {
		o = &Options{}
	}
	if err := Check(w, r); err != nil {
		return nil, err
	}
	extension, deflate := negotiate(r, o)
	nc, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	response := buf.Get(512)
	response.B = append(response.B, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "...)
	response.B = appendAccept(response.B, r.Header.Get("Sec-Websocket-Key"))
	if protocol := firstToken(r.Header["Sec-Websocket-Protocol"]); protocol != "" {
		response.B = append(append(response.B, "\r\nSec-WebSocket-Protocol: "...), protocol...)
	}
	if deflate {
		response.B = append(append(response.B, "\r\nSec-WebSocket-Extensions: "...), extension...)
	}
	response.B = append(response.B, "\r\n"...)
	if len(o.Header) > 0 {
		_ = o.Header.WriteSubset((*appender)(response), ownHeader) // memory takes everything
	}
	response.B = append(response.B, "\r\n"...)
	// What the client sent right behind its handshake is in net/http's reader.
	leftover, _ := rw.Reader.Peek(rw.Reader.Buffered())
	c := NewConn(nc, leftover, o, deflate)
	c.queue = batches.Get().(*batch)
	c.queue.response = response
	return c, nil
}

// appendAccept appends the answer to a key (RFC 6455 section 4.2.2, point 5.4).
func appendAccept(dst []byte, key string) []byte {
	const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	sum := sha1.Sum([]byte(key + guid))
	return base64.StdEncoding.AppendEncode(dst, sum[:])
}

// ownHeader is what Options.Header cannot set: what the handshake is made of.
var ownHeader = map[string]bool{
	"Upgrade": true, "Connection": true, "Content-Length": true, "Transfer-Encoding": true,
	"Sec-Websocket-Accept": true, "Sec-Websocket-Protocol": true, "Sec-Websocket-Extensions": true,
}

// appender is a buffer as http.Header writes to it.
type appender buf.Buffer

func (a *appender) Write(p []byte) (int, error) {
	a.B = append(a.B, p...)
	return len(p), nil
}

// WriteString spares http.Header a buffer of its own.
func (a *appender) WriteString(s string) (int, error) {
	a.B = append(a.B, s...)
	return len(s), nil
}

// negotiate accepts permessage-deflate if both sides want it, without context
// takeover in either direction, so that an idle connection keeps no window.
func negotiate(r *http.Request, o *Options) (extension string, ok bool) {
	offers := r.Header["Sec-Websocket-Extensions"]
	if o.Deflate == nil || len(offers) == 0 {
		return "", false
	}
	e := wsflate.Extension{Parameters: wsflate.Parameters{ServerNoContextTakeover: true, ClientNoContextTakeover: true}}
	for _, offer := range offers {
		options, valid := httphead.ParseOptions([]byte(offer), nil)
		if !valid {
			continue
		}
		for _, option := range options {
			if _, err := e.Negotiate(option); err == nil {
				if _, accepted := e.Accepted(); accepted {
					return "permessage-deflate; server_no_context_takeover; client_no_context_takeover", true
				}
			}
		}
	}
	return "", false
}

func firstToken(values []string) string {
	if len(values) == 0 {
		return ""
	}
	first, _, _ := strings.Cut(values[0], ",")
	return strings.TrimSpace(first)
}
