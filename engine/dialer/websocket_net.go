//go:build !js

package dialer

import (
	"context"
	"errors"
	"net/http"

	"github.com/gosio/sio/internal/ws"
)

// dialSocket makes a WebSocket connection. Errors are *TransportErrors.
func (s *settings) dialSocket(ctx context.Context, url string) (socket, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, failed(WebSocket, webSocketError, err)
	}
	req.Header, req.Host = s.headers()
	o := &ws.DialOptions{Protocols: s.Protocols}
	o.MaxMessage, o.MaxQueue, o.MaxFrames = s.MaxMessage, s.limit.Bytes, s.limit.Frames
	if d := s.PerMessageDeflate; d != nil {
		o.Deflate = &ws.Deflate{Threshold: d.Threshold}
	}
	conn, _, err := ws.Dial(s.client, req, o)
	if err == nil {
		return conn, nil
	}
	if answer, ok := errors.AsType[*ws.HandshakeError](err); ok {
		e := refused(WebSocket, webSocketError, answer.Status, answer.Body)
		if answer.Status == http.StatusSwitchingProtocols { // else the status says it
			e.Err = err
		}
		return nil, e
	}
	return nil, failed(WebSocket, webSocketError, err)
}
