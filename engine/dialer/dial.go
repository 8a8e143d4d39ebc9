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
		switch {
		case err == nil:
			return c, nil
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
