package sio

import (
	"context"
	"time"

	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/message"
)

// EmitWithAck sends an event and waits for the client's acknowledgement. A
// handler of the same client may wait here: only its own events wait with it.
// Without a deadline in ctx it is Config.AckTimeout that ends the waiting.
//
// Errors, beside those of Emit: ErrTimeout when the deadline passed, else the
// context's cause; a *DisconnectError (ErrDisconnected) when the client went
// first; ErrTooManyAcks.
func (s *Socket) EmitWithAck(ctx context.Context, name string, args ...any) (*Message, error) {
	return Sender{s: s}.EmitWithAck(ctx, name, args...)
}

// EmitWithAck sends an event and waits for the client's acknowledgement; see
// Socket.EmitWithAck. A volatile event that was dropped is not acknowledged.
func (e Sender) EmitWithAck(ctx context.Context, name string, args ...any) (answered *Message, err error) {
	s := e.s
	if hook := s.observer().CallEnded; hook != nil {
		defer s.observeCall(hook, name, time.Now(), &err)
	}
	id := s.namespace.ackIDs.Add(1) - 1
	g, err := s.namespace.encodeEvent(name, id, message.Outcome{Compress: !e.noCompress}, args)
	if err != nil {
		return nil, err
	}
	answer := make(soleAnswer, 1)
	if err := s.awaitAck(id, answer); err != nil {
		g.Release()
		return nil, err
	}
	defer s.forgetAck(id)
	s.outgoing(g)
	if err := e.queue(g); err != nil {
		return nil, err
	}
	s.client.session.Flush() // whoever waits here must not hold it back
	ctx, cancel := s.namespace.server.ackContext(ctx)
	defer cancel()
	select {
	case m, ok := <-answer:
		if !ok {
			return nil, context.Cause(s.Context())
		}
		return m, nil
	case <-ctx.Done():
		return nil, fault.GaveUp(ctx)
	}
}

// ackContext gives a context without a deadline the default one.
func (s *Server) ackContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, limited := ctx.Deadline(); limited || s.cfg.AckTimeout <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.cfg.AckTimeout)
}

// ackWaiter is who waits for an acknowledgement. Its methods do not block; one of
// them is called, once.
type ackWaiter interface {
	answered(s *Socket, m *Message)
	gone(s *Socket)
}

// soleAnswer gets the acknowledgement of one socket, and is closed if that goes
// first. It has room for one.
type soleAnswer chan *Message

func (a soleAnswer) answered(_ *Socket, m *Message) { a <- m }
func (a soleAnswer) gone(*Socket)                   { close(a) }

// awaitAck lets w wait for the acknowledgement with that id.
func (s *Socket) awaitAck(id int64, w ackWaiter) error { return s.reached(s.addWaiter(id, w)) }

func (s *Socket) addWaiter(id int64, w ackWaiter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.extend()
	if x.cause != nil {
		return x.cause
	}
	if len(x.acks) >= s.namespace.server.cfg.MaxPendingAcks {
		return ErrTooManyAcks
	}
	if x.acks == nil {
		x.acks = make(map[int64]ackWaiter)
	}
	x.acks[id] = w
	return nil
}

// forgetAck reports whether an acknowledgement was still waited for.
func (s *Socket) forgetAck(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras == nil { // a socket of a gathering may have none
		return false
	}
	_, waited := s.extras.acks[id]
	delete(s.extras.acks, id)
	return waited
}

// acknowledged hands an acknowledgement to whoever waits for it, on the
// connection's reader, and reports whether somebody does.
func (s *Socket) acknowledged(m *Message) bool {
	w := s.takeAck(m.packet.ID)
	if w == nil {
		return false
	}
	m.kept = true
	w.answered(s, m)
	return true
}

// takeAck returns who waits for the acknowledgement with that id, if somebody does.
func (s *Socket) takeAck(id int64) ackWaiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.extras == nil {
		return nil
	}
	w := s.extras.acks[id]
	delete(s.extras.acks, id)
	return w
}
