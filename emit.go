package sio

import (
	"context"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Emit sends an event to the client. It does not wait: the event is encoded,
// queued, and leaves at once or, from within a handler of this client, together
// with what else the handler emits.
//
// An event.Tuple as the only argument becomes several, and []byte anywhere in
// an argument is sent as binary data. Arguments are encoded before Emit
// returns, and may be changed afterwards.
//
// Errors: ErrDisconnected, ErrReservedEvent, ErrQueueFull (the client is
// disconnected then, or not: Config.QueuePolicy), and what the codec says.
func (s *Socket) Emit(name string, args ...any) error { return Sender{s: s}.Emit(name, args...) }

// Volatile sends events that may be lost: they are dropped if the client
// cannot take them at once.
func (s *Socket) Volatile() Sender { return Sender{s: s, volatile: true} }

// Compress says whether events may be compressed on the way. Default true.
func (s *Socket) Compress(on bool) Sender { return Sender{s: s, noCompress: !on} }

// Sender emits to one socket in a certain way. It is a value: its methods
// return new ones.
type Sender struct {
	s          *Socket
	volatile   bool
	noCompress bool
	ctx        context.Context // with which Emit waits for room; nil if it does not
}

// Volatile lets events be lost.
func (e Sender) Volatile() Sender {
	e.volatile = true
	return e
}

// Compress says whether events may be compressed on the way.
func (e Sender) Compress(on bool) Sender {
	e.noCompress = !on
	return e
}

// Emit sends an event; see Socket.Emit.
func (e Sender) Emit(name string, args ...any) error {
	if e.s.logged() && !e.volatile {
		return e.emitLogged(name, args)
	}
	if e.s.state.Load() == gone {
		return ErrDisconnected
	}
	watched := e.s.isWatched()
	g, err := e.s.namespace.encodeEvent(name, wire.NoID, message.Outcome{Compress: !e.noCompress, One: !watched}, args)
	if err != nil {
		return err
	}
	if watched {
		e.s.outgoing(g)
	}
	if err := e.queue(g); err != nil {
		return err
	}
	e.s.client.session.FlushSoon()
	return nil
}

// send queues a message and sees to it that it leaves soon.
func (s *Socket) send(g frame.Group, volatile bool) error {
	session := s.client.session
	if err := sendError(session.Queue(g, volatile)); err != nil {
		return err
	}
	session.FlushSoon()
	return nil
}

func (s *Socket) sendAck(id int64, args []any) error {
	g, err := s.namespace.encode(wire.Header{Type: wire.Ack, ID: id}, message.Outcome{Compress: true, One: true}, args)
	return s.sendEncoded(g, err)
}

func (s *Socket) sendTextAck(id int64, text string) error {
	g, err := s.namespace.encodeText(wire.Header{Type: wire.Ack, ID: id}, message.Outcome{Compress: true}, text)
	return s.sendEncoded(g, err)
}

func (s *Socket) sendEncoded(g frame.Group, err error) error {
	if err != nil {
		return err
	}
	return s.send(g, false)
}

// Broadcast means all other sockets of the namespace.
func (s *Socket) Broadcast() Broadcast { return s.namespace.broadcast().Except(s.id) }

// To means the other sockets that are in any of the rooms.
func (s *Socket) To(rooms ...string) Broadcast { return s.Broadcast().To(rooms...) }

// Except means the other sockets but those in any of the rooms.
func (s *Socket) Except(rooms ...string) Broadcast { return s.Broadcast().Except(rooms...) }
