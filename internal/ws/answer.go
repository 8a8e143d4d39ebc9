//go:build !js

package ws

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gobwas/httphead"
	"github.com/gobwas/ws/wsflate"

	"github.com/gosio/sio/internal/field"
)

// HandshakeError is the answer of a server that opens no WebSocket.
type HandshakeError struct {
	Status  int
	Header  http.Header
	Body    []byte // at most the first 1024 bytes; nothing if the status is 101
	Problem string // what is wrong with the answer
}

func (e *HandshakeError) Error() string { return "ws: handshake refused: " + e.Problem }

const (
	maxRefusal     = 1024        // bytes of the body of an error
	refusalTimeout = time.Second // for those to come
)

// refused makes an error of an answer, and closes its body.
func refused(resp *http.Response, problem string, cancel context.CancelCauseFunc) error {
	e := &HandshakeError{Status: resp.StatusCode, Header: resp.Header, Problem: problem}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		timeout := time.AfterFunc(refusalTimeout, func() { cancel(nil) })
		e.Body, _ = io.ReadAll(io.LimitReader(resp.Body, maxRefusal)) // as far as it comes
		timeout.Stop()
	}
	_ = resp.Body.Close()
	cancel(nil)
	resp.Body = http.NoBody
	return e
}

// verify checks the answer to a handshake (RFC 6455 section 4.1). problem is
// empty if it opens a WebSocket, with compression or not.
func verify(resp *http.Response, key string, o *DialOptions) (deflate bool, problem string) {
	h := resp.Header
	protocols := h["Sec-Websocket-Protocol"]
	switch {
	case resp.StatusCode != http.StatusSwitchingProtocols:
		return false, "status " + resp.Status
	case len(h["Upgrade"]) != 1 || !strings.EqualFold(h.Get("Upgrade"), "websocket"):
		return false, fmt.Sprintf("Upgrade header %q", h["Upgrade"])
	case !field.HasToken(h["Connection"], "upgrade"):
		return false, fmt.Sprintf("Connection header %q", h["Connection"])
	case len(h["Sec-Websocket-Accept"]) != 1 || h.Get("Sec-Websocket-Accept") != string(appendAccept(nil, key)):
		return false, "wrong Sec-WebSocket-Accept"
	case len(protocols) > 1 || len(protocols) == 1 && !slices.Contains(o.Protocols, protocols[0]):
		return false, fmt.Sprintf("subprotocol %q, which was not offered", protocols)
	}
	return verifyExtensions(h["Sec-Websocket-Extensions"], o)
}

// verifyExtensions checks which extensions the server has accepted: none, or
// permessage-deflate as it was offered (RFC 7692 section 7.1).
func verifyExtensions(values []string, o *DialOptions) (deflate bool, problem string) {
	list := strings.Join(values, ", ")
	if list == "" {
		return false, ""
	}
	fail := func(what string) (bool, string) { return false, fmt.Sprintf("extension %q: %s", list, what) }
	accepted, valid := httphead.ParseOptions([]byte(list), nil)
	switch {
	case !valid:
		return fail("malformed")
	case len(accepted) != 1 || o.Deflate == nil || string(accepted[0].Name) != wsflate.ExtensionName:
		return fail("not offered")
	}
	var p wsflate.Parameters
	switch err := p.Parse(accepted[0]); {
	case err != nil:
		return fail(err.Error())
	case !p.ServerNoContextTakeover:
		return fail("the server would keep its window")
	case p.ClientMaxWindowBits.Defined():
		return fail("client_max_window_bits was not offered")
	}
	return true, ""
}
