package sio

import (
	"context"
	"errors"
	"sync"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/wire"
)

// EventTarget is where listeners can be added: a *Server (its main
// namespace), a *Namespace or a *Socket.
type EventTarget interface {
	listen(name string, l listener) (off func())
}

// Emitter sends events: a *Server, *Namespace, *Socket, Broadcast or Sender.
type Emitter interface {
	Emit(name string, args ...any) error
}

// listener is a handler behind its typed edge.
type listener struct {
	name string // of the event
	call func(ctx context.Context, s *Socket, m *Message) error
	// manual says that the handler acknowledges the event itself, perhaps
	// after it has returned.
	manual bool
	once   *once // nil for most
	id     int
}

func untyped(fn func(context.Context, *Socket, *Message) error) listener {
	return listener{manual: true, call: func(ctx context.Context, s *Socket, m *Message) error {
		m.kept = true // whoever holds it may decode it later
		return fn(ctx, s, m)
	}}
}

// On adds a listener for an event, whose argument is decoded into a T. When T
// is a struct that embeds event.Tuple, each field is one argument; missing
// arguments leave zero values, and additional ones are ignored. Binary data
// becomes a []byte, or an event.View, which is valid until the handler returns.
// Names of object members are compared with regard to case: give fields the tag
// `json:"name"` that the client uses.
//
// An error that the handler returns goes to Config.OnError. A client that asks
// for an acknowledgement gets an empty one when the handler has returned nil,
// else the error (see Error). Arguments that cannot be decoded are such an
// error, and the handler is not called.
//
// The context ends when the socket is disconnected.
//
// What On returns removes the listener. It may be called more than once, and by
// the handler itself.
func On[T any](target EventTarget, name event.Name[T], fn func(ctx context.Context, s *Socket, arg T) error) (off func()) {
	return target.listen(string(name), typed(fn))
}

// Once is On for the first such event; on a Namespace or Server, of any socket.
func Once[T any](target EventTarget, name event.Name[T], fn func(ctx context.Context, s *Socket, arg T) error) (off func()) {
	return target.listen(string(name), typed(fn).justOnce())
}

func typed[T any](fn func(context.Context, *Socket, T) error) listener {
	decode := decoderOf[T]()
	return listener{call: func(ctx context.Context, s *Socket, m *Message) error {
		arg, err := decode(m)
		if err != nil {
			return err
		}
		return fn(ctx, s, arg)
	}}
}

// Handle adds a listener for an event that is acknowledged with what it
// returns: a Res (its fields, if it embeds event.Tuple), or the error as
// described at Error. Arguments are decoded as On does. What Handle returns
// removes the listener.
func Handle[Req, Res any](target EventTarget, name event.Call[Req, Res], fn func(ctx context.Context, s *Socket, req Req) (Res, error)) (off func()) {
	decode := decoderOf[Req]()
	return target.listen(string(name), listener{call: func(ctx context.Context, s *Socket, m *Message) error {
		req, err := decode(m)
		if err != nil {
			return err
		}
		res, err := fn(ctx, s, req)
		if err != nil || !m.WantsAck() {
			return err
		}
		if text, ok := any(res).(string); ok {
			err = m.ackText(text) // most are
		} else {
			err = m.Ack(arguments.Spread([]any{res})...)
		}
		if errors.Is(err, ErrDisconnected) {
			return nil // there is nobody to tell, and the handler is not at fault
		}
		return err
	}})
}

// Emit sends an event with the type that its name asks for.
func Emit[T any](to Emitter, name event.Name[T], arg T) error {
	return to.Emit(string(name), arg)
}

// Call sends an event and returns what the client acknowledged it with, as a
// Res. It waits until the context ends or the client goes.
//
// Errors: an *Error when the client refused (acknowledged with
// {"error":{"message":…}}), ErrTimeout when the context's deadline passed, else
// the context's cause, a *DisconnectError (ErrDisconnected), ErrQueueFull, and
// those of encoding and decoding.
func Call[Res, Req any](ctx context.Context, s *Socket, name event.Call[Req, Res], req Req) (Res, error) {
	var res Res
	reply, err := s.EmitWithAck(ctx, string(name), req)
	if err != nil {
		return res, err
	}
	if refusal := reply.refusal(); refusal != nil {
		return res, refusal
	}
	return decode(arguments.NewTarget[Res](), reply)
}

// decode decodes the arguments of a message, of which its handler may keep some.
func decode[T any](t *arguments.Target[T], m *Message) (T, error) {
	m.lent = m.lent || t.Keeps
	return t.Decode(m)
}

// decoderOf returns how the arguments of messages become a T. The targets are
// pooled, so that decoding allocates nothing beside the value.
func decoderOf[T any]() func(*Message) (T, error) {
	pool := &sync.Pool{New: func() any { return arguments.NewTarget[T]() }}
	pooled := func(m *Message) (T, error) {
		t := pool.Get().(*arguments.Target[T])
		arg, err := decode(t, m)
		pool.Put(t)
		return arg, err
	}
	if general, ok := any(pooled).(func(*Message) (string, error)); ok {
		// Most events are a text, which needs no target.
		return any(func(m *Message) (string, error) {
			if text, ok := wire.Text(m.socket.codec(), &m.packet); ok {
				return text, nil
			}
			return general(m)
		}).(func(*Message) (T, error))
	}
	return pooled
}
