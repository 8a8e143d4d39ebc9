package sio

import (
	"context"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/frame"
)

// QueuePolicy says what becomes of an event for a client that does not take
// what waits for it: one that would exceed Config.MaxQueue or
// Config.MaxQueuedMessages.
type QueuePolicy int

// The policies for a queue that is full.
const (
	// QueueDisconnect disconnects the client, with TransportError and ErrQueueFull.
	QueueDisconnect QueuePolicy = iota
	// QueueDropNewest drops the event, and the client stays: Emit returns
	// ErrQueueFull, a broadcast goes to the others, and Observer.Dropped is told.
	// Events leave an eighth of the queue to what is not dropped: heartbeats,
	// acknowledgements, what says that a namespace is joined or left, and events
	// that are kept (Config.Recovery), of which none may be missing in between. If
	// one of those does not fit, the client is disconnected.
	QueueDropNewest
)

// Within lets Emit wait for room in the queue of the client, instead of what
// Config.QueuePolicy says: for producers that must not lose events and can wait,
// also in a handler of the same client. It waits if less than an eighth of the
// queue would be left to others; who waits for a client is served in turn, one
// after the other. Beside those of Emit, errors are ErrTimeout when the deadline
// of ctx passed, else the cause of ctx, and a *DisconnectError (ErrDisconnected)
// when the client went.
//
// Events that are volatile do not wait. With recovery the event is kept once
// there is room, or the client has gone and may come back.
func (s *Socket) Within(ctx context.Context) Sender { return Sender{s: s, ctx: ctx} }

// Within lets Emit wait for room in the queue of the client; see Socket.Within.
// EmitWithAck waits for that first, and has a context of its own for the answer.
func (e Sender) Within(ctx context.Context) Sender {
	e.ctx = ctx
	return e
}

// queue queues an event. If it does not fit, it waits or what the policy says is
// done.
func (e Sender) queue(g frame.Group) error {
	if e.ctx == nil || e.volatile {
		return sendError(e.s.offer(g, e.volatile))
	}
	return e.waited(e.s.client.session.QueueWithin(e.ctx, e.s.Context().Done(), g))
}

// whenRoom calls then, which queues an event that is kept, when there is room for
// it, if the sender can wait.
func (e Sender) whenRoom(g frame.Group, then func()) error {
	s := e.s
	if e.ctx == nil || s.state.Load() == gone {
		then()
		return nil
	}
	err := s.client.session.RoomWithin(e.ctx, s.Context().Done(), g, then)
	if err == engine.ErrSessionClosed && s.tenure.session.Alive() {
		then()
		return nil
	}
	return e.waited(err)
}

// waited translates the error of waiting.
func (e Sender) waited(err error) error {
	switch err = sendError(err); {
	case err == nil:
		return nil
	case err != ErrDisconnected:
		return fault.GaveUp(e.ctx)
	}
	if cause := context.Cause(e.s.Context()); cause != nil {
		return cause
	}
	return err // the connection is closing, and the socket still there
}

// offer queues an event for the client; what it does with a full queue is the
// policy's.
func (s *Socket) offer(g frame.Group, volatile bool) error {
	if s.namespace.server.cfg.QueuePolicy == QueueDropNewest {
		return s.client.session.Offer(g, volatile)
	}
	return s.client.session.Queue(g, volatile)
}
