package dialer

import "context"

// Dial opens a session, and returns when that is open. accept is called then, before any
// message is delivered, and returns who gets those; it must not block. It may be called
// from any goroutine, and once at most.
//
// ctx limits only the opening, which it aborts at once, leaving nothing; the error is its
// cause then. Other errors are *TransportErrors, and the *ConfigErrors of
// Config.Validate. With TryAllTransports, the error is that of the last transport.
func Dial(ctx context.Context, cfg *Config, accept func(*Conn) Receiver) (*Conn, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := cfg.settings()
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		open := openPolling
		if s.Transports[0] == WebSocket {
			open = openWebSocket
		}
		c, err := open(ctx, s, accept)
		if err == nil {
			return c, nil
		}
		s.forgetConnections()
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case !s.TryAllTransports || len(s.Transports) == 1:
			return nil, err
		}
		next := *s
		next.Transports = s.Transports[1:]
		s = &next
	}
}

// forgetConnections closes those that are kept for later requests. When a session is lost, or
// cannot be opened, they may be as dead as its own, and each would cost the next attempt all its time.
func (s *settings) forgetConnections() { s.client.CloseIdleConnections() }
