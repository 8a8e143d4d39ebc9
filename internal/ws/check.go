package ws

import (
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/gosio/sio/internal/field"
)

// Check reports whether Upgrade will accept a handshake, without doing anything
// that could not be undone. Errors: ErrHandshake, http.ErrNotSupported.
func Check(w http.ResponseWriter, r *http.Request) error {
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-Websocket-Key"))
	switch {
	case err != nil || len(key) != 16,
		r.Method != http.MethodGet,
		!r.ProtoAtLeast(1, 1) || r.ProtoMajor != 1,
		!field.HasToken(r.Header["Connection"], "upgrade"),
		!field.HasToken(r.Header["Upgrade"], "websocket"),
		r.Header.Get("Sec-Websocket-Version") != "13":
		return ErrHandshake
	}
	for inner := w; ; {
		switch unwrapper := inner.(type) {
		case http.Hijacker:
			return nil
		case interface{ Unwrap() http.ResponseWriter }:
			inner = unwrapper.Unwrap()
		default:
			return notSupported(inner)
		}
	}
}

// notSupported names the ResponseWriter that a connection cannot be taken from.
func notSupported(w http.ResponseWriter) error {
	return fmt.Errorf("%w: the http.ResponseWriter (a %T) has neither Hijack nor Unwrap: "+
		"a middleware around the server hides the connection, and WebSockets are impossible", http.ErrNotSupported, w)
}
