//go:build !js

package ws

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"github.com/gosio/sio/internal/netpoll"
)

// DialOptions are the options of a client's connection. The zero value has no
// limits, no extension and no subprotocol.
type DialOptions struct {
	// Options are those of the connection. Deflate offers permessage-deflate.
	// A nil Poller is netpoll.Shared. Header is not used: that of the request is.
	Options
	// Protocols are the subprotocols that are offered, the preferred one first.
	Protocols []string
}

// offeredDeflate is accepted only without context takeover of the server, so that
// an idle connection keeps no window.
const offeredDeflate = "permessage-deflate; client_no_context_takeover; server_no_context_takeover"

// Dial makes a WebSocket connection (RFC 6455 section 4.1). req is a GET with a
// URL of http or https; Dial adds the headers of the handshake to a copy of it,
// and hc sends it, so that proxies, TLS, cookies, redirects and dialers are those
// of hc; nil is http.DefaultClient. The context of req and the Timeout of hc end
// the handshake, and never the connection. Nil options are the zero value.
//
// If the answer does not open a WebSocket, the error is a *HandshakeError; others
// are those of net/http. The response is that of the server, if there was one;
// its body is empty.
func Dial(hc *http.Client, req *http.Request, o *DialOptions) (*Conn, *http.Response, error) {
	if hc == nil {
		hc = http.DefaultClient
	}
	if o == nil {
		o = &DialOptions{}
	}
	if req.Method != http.MethodGet && req.Method != "" || req.Body != nil && req.Body != http.NoBody {
		return nil, nil, fmt.Errorf("ws: a handshake is a GET without a body, not a %s", req.Method)
	}
	during, done := req.Context(), context.CancelFunc(func() {})
	if hc.Timeout > 0 { // which net/http would apply to the connection, too
		during, done = context.WithTimeout(during, hc.Timeout)
	}
	defer done()
	// A RoundTripper may end a connection with the context of its request. So that
	// is one that ends with the handshake if it fails, else with the connection.
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(during))
	stop := context.AfterFunc(during, func() { cancel(context.Cause(during)) })
	defer stop()

	var used atomic.Pointer[net.Conn] // by the last request, if there are redirects
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { used.Store(&info.Conn) }}
	r, key := handshake(httptrace.WithClientTrace(ctx, trace), req, o)
	untimed := *hc
	untimed.Timeout = 0
	resp, err := untimed.Do(r)
	if err != nil {
		cancel(nil)
		return nil, resp, err
	}
	deflate, problem := verify(resp, key, o)
	if problem != "" {
		return nil, resp, refused(resp, problem, cancel)
	}
	var nc net.Conn
	if p := used.Load(); p != nil {
		nc = *p
	}
	nc, leftover, err := takeOver(nc, resp.Body, func() { cancel(nil) })
	if err == nil && !stop() {
		err = context.Cause(during)
	}
	body := resp.Body
	resp.Body = http.NoBody
	if err != nil {
		_ = body.Close()
		cancel(nil)
		return nil, resp, err
	}
	options := o.Options
	if options.Poller == nil {
		options.Poller = netpoll.Shared
	}
	c := NewClientConn(nc, leftover, &options, deflate)
	if c.net.Polled() {
		// These are not the connection's any more, but a RoundTripper may wait for them.
		_ = body.Close()
		cancel(nil)
	}
	return c, resp, nil
}

// handshake returns the request that asks for a WebSocket, and its key.
func handshake(ctx context.Context, req *http.Request, o *DialOptions) (r *http.Request, key string) {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	key = base64.StdEncoding.EncodeToString(random[:])
	r = req.Clone(ctx)
	r.Close = false // which would be a second Connection header
	if r.Header == nil {
		r.Header = make(http.Header)
	}
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	r.Header.Set("Sec-WebSocket-Version", "13")
	r.Header.Set("Sec-WebSocket-Key", key)
	r.Header.Del("Sec-WebSocket-Protocol")
	if len(o.Protocols) > 0 {
		r.Header.Set("Sec-WebSocket-Protocol", strings.Join(o.Protocols, ", "))
	}
	r.Header.Del("Sec-WebSocket-Extensions")
	if o.Deflate != nil {
		r.Header.Set("Sec-WebSocket-Extensions", offeredDeflate)
	}
	return r, key
}
