package sio

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/gosio/sio/engine"
)

// logger writes what happens to Config.Logger. It names connections by the
// address of the peer and sockets by their public ids. Secrets stay out:
// session ids, what clients give as auth, headers, and query strings.
type logger struct{ *slog.Logger }

// log writes if the level is on; attrs are made only then.
func (l logger) log(level slog.Level, message string, attrs func() []slog.Attr) {
	ctx := context.Background()
	if l.Enabled(ctx, level) {
		l.LogAttrs(ctx, level, message, attrs()...)
	}
}

// observe adds logging to what an observer does.
func (l logger) observe(o *Observer) *Observer {
	o.ConnectionOpened = also(o.ConnectionOpened, l.opened)
	o.ConnectionClosed = also(o.ConnectionClosed, l.closed)
	o.RequestRefused = also(o.RequestRefused, l.refused)
	o.Upgraded = also(o.Upgraded, l.upgraded)
	o.UpgradeFailed = also(o.UpgradeFailed, l.upgradeFailed)
	o.SocketConnected = also(o.SocketConnected, l.connected)
	o.SocketDisconnected = also(o.SocketDisconnected, l.disconnected)
	o.SocketRefused = also(o.SocketRefused, l.socketRefused)
	o.Violation = also(o.Violation, l.violation)
	o.LimitReached = also(o.LimitReached, l.limitReached)
	return o
}

// also returns a hook that calls two, of which the first may be nil.
func also[T any](first, second func(T)) func(T) {
	if first == nil {
		return second
	}
	return func(v T) {
		first(v)
		second(v)
	}
}

func (l logger) opened(s *engine.Session) {
	l.log(slog.LevelDebug, "connection opened", func() []slog.Attr { return connection(s) })
}

func (l logger) closed(c engine.Closing) {
	level := slog.LevelDebug
	if c.Violation() {
		level = slog.LevelWarn
	}
	l.log(level, "connection closed", func() []slog.Attr {
		attrs := append(connection(c.Session), slog.String("reason", string(c.Reason)), slog.Duration("duration", c.Duration))
		return withError(attrs, c.Err)
	})
}

func (l logger) refused(e *engine.ConnectionError) {
	level := slog.LevelDebug
	err, _ := e.Context["error"].(error)
	if errors.Is(err, http.ErrNotSupported) || e.Context["name"] == engine.IDGenerationError {
		level = slog.LevelError // which is no fault of the client
	}
	l.log(level, "request refused", func() []slog.Attr {
		attrs := []slog.Attr{
			slog.String("remote", e.Request.RemoteAddr), slog.String("method", e.Request.Method), slog.String("path", e.Request.URL.Path),
			slog.Int("code", int(e.Code)), slog.String("message", e.Code.String()),
		}
		if name, ok := e.Context["name"].(string); ok {
			attrs = append(attrs, slog.String("name", name))
		}
		if words, ok := e.Context["message"].(string); ok { // of Config.AllowRequest, which the client is told
			attrs = append(attrs, slog.String("reason", words))
		}
		return withError(attrs, err)
	})
}

func (l logger) upgraded(s *engine.Session) {
	l.log(slog.LevelDebug, "connection upgraded", func() []slog.Attr { return connection(s) })
}

func (l logger) upgradeFailed(u engine.FailedUpgrade) {
	l.log(slog.LevelDebug, "upgrade failed", func() []slog.Attr { return withError(connection(u.Session), u.Err) })
}

func (l logger) connected(s *Socket) {
	l.log(slog.LevelDebug, "socket connected", func() []slog.Attr { return named(s) })
}

func (l logger) disconnected(d Disconnection) {
	l.log(slog.LevelDebug, "socket disconnected", func() []slog.Attr {
		return withError(append(named(d.Socket), slog.String("reason", string(d.Reason))), d.Err)
	})
}

func (l logger) socketRefused(r Refusal) {
	if errors.As(r.Err, new(*PanicError)) {
		return // which is reported to OnError
	}
	l.log(slog.LevelDebug, "socket refused", func() []slog.Attr { return withError(named(r.Socket), r.Err) })
}

func (l logger) violation(v Violation) {
	l.log(slog.LevelWarn, "protocol violation", func() []slog.Attr { return withError(connection(v.Session), v.Err) })
}

func (l logger) limitReached(r ReachedLimit) {
	l.log(slog.LevelDebug, "limit reached", func() []slog.Attr {
		attrs := connection(r.Session)
		if r.Socket != nil {
			attrs = append(attrs, named(r.Socket)...)
		}
		return withError(attrs, r.Err)
	})
}

// report is the default of Config.OnError.
func (l logger) report(err error) {
	if errors.Is(err, ErrInvalidPacket) {
		return // a violation, which is logged once for all sockets of the connection
	}
	l.log(slog.LevelError, "handler failed", func() []slog.Attr {
		var attrs []slog.Attr
		var e *EventError
		if errors.As(err, &e) {
			err = e.Err
			if e.Socket != nil {
				attrs = named(e.Socket)
			}
			if e.Event != "" {
				attrs = append(attrs, slog.String("event", e.Event))
			}
		}
		var p *PanicError
		if errors.As(err, &p) {
			return append(attrs, slog.Any("panic", p.Value), slog.String("stack", string(p.Stack)))
		}
		return withError(attrs, err)
	})
}

func connection(s *engine.Session) []slog.Attr {
	return []slog.Attr{slog.String("remote", s.Handshake().RemoteAddr()), slog.String("transport", s.Transport())}
}

func named(s *Socket) []slog.Attr {
	if s.client.old() { // whose id is a secret, see Config.AllowEIO3
		return append(connection(s.client.session), slog.String("namespace", s.Namespace().Name()))
	}
	return []slog.Attr{slog.String("socket", s.ID()), slog.String("namespace", s.Namespace().Name())}
}

func withError(attrs []slog.Attr, err error) []slog.Attr {
	if err == nil {
		return attrs
	}
	return append(attrs, slog.String("error", err.Error()))
}
