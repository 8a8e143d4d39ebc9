package client

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/wire"
)

// listener is a handler behind its typed edge.
type listener struct {
	name string // of the event
	call func(ctx context.Context, m *Message) error
	// manual says that the handler acknowledges the event itself, perhaps after it
	// has returned.
	manual bool
	once   bool
	done   atomic.Bool // once is over
	off    func()
}

// On adds a listener for an event of the server, whose argument is decoded into a T.
// When T is a struct that embeds event.Tuple, each field is one argument; missing
// arguments leave zero values, and additional ones are ignored. Binary data becomes a
// []byte, or an event.View, which is valid until the handler returns. Names of object
// members are compared with regard to case: give fields the tag `json:"name"` that the
// server uses.
//
// An error that the handler returns goes to Config.OnError. A server that asks for an
// acknowledgement gets an empty one when the handler has returned nil, else the error
// (see Error). Arguments that cannot be decoded are such an error, and the handler is
// not called.
//
// The context ends when the Socket is disconnected.
//
// What On returns removes the listener. It may be called more than once, and by the
// handler itself.
func On[T any](s *Socket, name event.Name[T], fn func(ctx context.Context, arg T) error) (off func()) {
	return s.hooks.events.listen(string(name), typed(fn))
}

// Once is On for the first such event.
func Once[T any](s *Socket, name event.Name[T], fn func(ctx context.Context, arg T) error) (off func()) {
	l := typed(fn)
	l.once = true
	return s.hooks.events.listen(string(name), l)
}

// On adds a listener for an event, which decodes the arguments itself, and acknowledges
// the event itself if the server asks for that (Message.Ack), unless it returns an
// error. What On returns removes the listener. The function On has arguments with types.
func (s *Socket) On(name string, fn func(ctx context.Context, m *Message) error) (off func()) {
	return s.hooks.events.listen(name, untyped(fn))
}

// Once is On for the first such event.
func (s *Socket) Once(name string, fn func(ctx context.Context, m *Message) error) (off func()) {
	l := untyped(fn)
	l.once = true
	return s.hooks.events.listen(name, l)
}

// Handle adds a listener for an event that is acknowledged with what it returns: a Res
// (its fields, if it embeds event.Tuple), or the error as described at Error. Arguments
// are decoded as On does. What Handle returns removes the listener.
func Handle[Req, Res any](s *Socket, name event.Call[Req, Res], fn func(ctx context.Context, req Req) (Res, error)) (off func()) {
	decode := decoderOf[Req]()
	return s.hooks.events.listen(string(name), &listener{call: func(ctx context.Context, m *Message) error {
		req, err := decode(m)
		if err != nil {
			return err
		}
		res, err := fn(ctx, req)
		if err != nil || !m.WantsAck() {
			return err
		}
		return m.Ack(arguments.Spread([]any{res})...)
	}})
}

func untyped(fn func(context.Context, *Message) error) *listener {
	return &listener{manual: true, call: func(ctx context.Context, m *Message) error {
		m.kept = true // whoever holds it may decode it later
		return fn(ctx, m)
	}}
}

func typed[T any](fn func(context.Context, T) error) *listener {
	decode := decoderOf[T]()
	return &listener{call: func(ctx context.Context, m *Message) error {
		arg, err := decode(m)
		if err != nil {
			return err
		}
		return fn(ctx, arg)
	}}
}

// decode decodes the arguments of a message, of which its handler may keep some.
func decode[T any](t *arguments.Target[T], m *Message) (T, error) {
	m.lent = m.lent || t.Keeps
	return t.Decode(m)
}

// text decodes the sole argument of a message if it is a text, as most are, and a T is one:
// that needs no target.
func text[T any](m *Message) (arg T, ok bool) {
	s, ok := any(&arg).(*string)
	if ok {
		*s, ok = wire.Text(m.codec(), &m.packet)
	}
	return arg, ok
}

// decoderOf returns how the arguments of messages become a T. The targets are pooled,
// so that decoding allocates nothing beside the value.
func decoderOf[T any]() func(*Message) (T, error) {
	pool := &sync.Pool{New: func() any { return arguments.NewTarget[T]() }}
	return func(m *Message) (T, error) {
		if arg, ok := text[T](m); ok {
			return arg, nil
		}
		t := pool.Get().(*arguments.Target[T])
		arg, err := decode(t, m)
		pool.Put(t)
		return arg, err
	}
}
