package client

import (
	"context"
	"errors"
	"log/slog"
)

// log tells what becomes of the connection, and of sockets. The server is named by its
// host: the rest of its URL may be a secret.
func (m *Manager) log(text string, attrs ...slog.Attr) {
	attrs = append(attrs, slog.String("server", m.server.Host))
	m.cfg.Logger.LogAttrs(context.Background(), slog.LevelDebug, text, attrs...)
}

// noteLog is log of a Socket, in order with what else is told. m.mu is held.
func (s *Socket) noteLog(text string, attrs ...slog.Attr) {
	s.m.note(func() { s.m.log(text, append(attrs, slog.String("namespace", s.name))...) })
}

// errorAttr is an error as an attribute, which is left out if there is none.
func errorAttr(err error) slog.Attr {
	if err == nil {
		return slog.Attr{}
	}
	return slog.String("error", err.Error())
}

// logger has the default of Config.OnError.
type logger struct{ *slog.Logger }

func (l logger) report(err error) {
	var attrs []slog.Attr
	var e *EventError
	if errors.As(err, &e) {
		err = e.Err
		attrs = append(attrs, slog.String("namespace", e.Namespace))
		if e.Event != "" {
			attrs = append(attrs, slog.String("event", e.Event))
		}
	}
	var p *PanicError
	if errors.As(err, &p) {
		attrs = append(attrs, slog.Any("panic", p.Value), slog.String("stack", string(p.Stack)))
	} else {
		attrs = append(attrs, errorAttr(err))
	}
	l.LogAttrs(context.Background(), slog.LevelError, "event failed", attrs...)
}
