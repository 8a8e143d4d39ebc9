package client

import (
	"context"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/message"
)

// AckEmitter sends events that are acknowledged: a *Socket or Sender.
type AckEmitter interface {
	EmitWithAck(ctx context.Context, name string, args ...any) (*Message, error)
}

// Call sends an event and returns what the server acknowledged it with, as a Res.
//
// Errors: an *Error when the server refused (acknowledged with
// {"error":{"message":…}}), those of EmitWithAck, and those of decoding.
func Call[Res, Req any](ctx context.Context, to AckEmitter, name event.Call[Req, Res], req Req) (Res, error) {
	var res Res
	reply, err := to.EmitWithAck(ctx, string(name), req)
	if err != nil {
		return res, err
	}
	if refused := message.Refused(reply.codec(), &reply.packet); refused != nil {
		return res, refused
	}
	if res, ok := text[Res](reply); ok {
		return res, nil
	}
	return decode(arguments.NewTarget[Res](), reply)
}

// EmitWithAck sends an event and waits for the server's acknowledgement. A handler may
// wait here: only the events of its own Socket wait with it. Without a deadline in ctx it
// is Config.AckTimeout that ends the waiting. An event that still waits for a connection
// is then not sent any more.
//
// Errors, beside those of Emit: ErrTimeout when the deadline passed, else the context's
// cause; a *DisconnectError (ErrDisconnected) when the connection was lost while the
// acknowledgement was under way. With Config.Retries the event is sent again for either,
// and only the deadline of ctx ends the waiting before the last try.
func (s *Socket) EmitWithAck(ctx context.Context, name string, args ...any) (*Message, error) {
	return Sender{s: s}.EmitWithAck(ctx, name, args...)
}

// EmitWithAck sends an event and waits for the server's acknowledgement; see
// Socket.EmitWithAck. A volatile event that was dropped is not acknowledged.
func (e Sender) EmitWithAck(ctx context.Context, name string, args ...any) (*Message, error) {
	s := e.s
	answer := make(soleAnswer, 1)
	if e.retries() {
		if err := s.retryEvent(e, name, args, answer); err != nil {
			return nil, err
		}
		return answer.wait(ctx, func() { s.retry.cancel(s, answer) })
	}
	id := s.ids.Add(1) - 1
	g, err := e.encode(name, id, args)
	if err != nil {
		return nil, err
	}
	if err := s.send(waiting{g: g, id: id, ack: answer}, e.volatile); err != nil {
		return nil, err
	}
	if _, limited := ctx.Deadline(); !limited && s.m.cfg.AckTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.m.cfg.AckTimeout)
		defer cancel()
	}
	return answer.wait(ctx, func() { s.forget(id) })
}

// waiter is who waits for an acknowledgement. It is told once, under m.mu.
type waiter interface {
	settle(m *Message, err error)
}

// soleAnswer has room for the answer that it gets.
type soleAnswer chan answer

type answer struct {
	m   *Message
	err error
}

func (a soleAnswer) settle(m *Message, err error) { a <- answer{m, err} }

func (a soleAnswer) wait(ctx context.Context, forget func()) (*Message, error) {
	select {
	case r := <-a:
		return r.m, r.err
	case <-ctx.Done():
		forget()
		return nil, fault.GaveUp(ctx)
	}
}

// expect lets w wait for an acknowledgement. m.mu is held.
func (s *Socket) expect(id int64, w waiter) {
	if s.acks == nil {
		s.acks = make(map[int64]waiter)
	}
	s.acks[id] = w
}

// acknowledged hands an acknowledgement to whoever waits for it, and reports whether
// somebody does. m.mu is held.
func (s *Socket) acknowledged(m *Message) bool {
	w := s.acks[m.packet.ID]
	if w == nil {
		return false
	}
	delete(s.acks, m.packet.ID)
	m.socket, m.kept = s, true
	w.settle(m, nil)
	s.m.notify()
	return true
}

// forget has nobody wait for an acknowledgement any more.
func (s *Socket) forget(id int64) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if !s.unkeep(id) {
		delete(s.acks, id)
		s.m.notify()
	}
}

// dropAcks tells those who wait that their connection is gone. m.mu is held.
func (s *Socket) dropAcks(err error) {
	acks := s.acks
	s.acks = nil
	for _, w := range acks {
		w.settle(nil, err)
	}
	s.m.notify()
}
