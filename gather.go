package sio

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Answer is the acknowledgement of one of those who got a broadcast.
type Answer struct {
	ID string // of the socket
	*Message
}

// PartialAckError says that a broadcast was not acknowledged by all.
type PartialAckError struct {
	Answered, Missing int
	// Err says why: ErrTimeout, the cause of the context, or, if nobody is waited
	// for any more, ErrDisconnected, ErrTooManyAcks or ErrQueueFull.
	Err error
}

func (e *PartialAckError) Error() string {
	return fmt.Sprintf("%v: %d of %d acknowledgements are missing", e.Err, e.Missing, e.Answered+e.Missing)
}

func (e *PartialAckError) Unwrap() error { return e.Err }

// EmitWithAck sends an event when the loop over what it returns begins, and
// yields the acknowledgements as they come, with the ids of who sent them:
//
//	for answer, err := range io.To("players").EmitWithAck(ctx, "ready?") {
//		…
//	}
//
// The loop ends when all have answered; nobody waits for clients that have gone.
// If answers are missing then, the last thing that it yields is a
// *PartialAckError. It yields only an error if the event cannot be sent (see
// Broadcast.Emit). Breaking it off leaves nothing behind. Without a deadline in
// ctx it is Config.AckTimeout that ends the waiting.
func (b Broadcast) EmitWithAck(ctx context.Context, name string, args ...any) iter.Seq2[Answer, error] {
	return func(yield func(Answer, error) bool) {
		g, err := b.newGathering(name, args)
		if err != nil {
			yield(Answer{}, err)
			return
		}
		defer g.end()
		ctx, cancel := b.server().ackContext(ctx)
		defer cancel()
		for stopped := false; ; {
			for _, a := range g.take() {
				if g.yielded++; !yield(a, nil) {
					return
				}
			}
			open, missing, err := g.status()
			if stopped {
				missing, err = missing+open, fault.GaveUp(ctx)
			}
			if open == 0 || stopped {
				if missing > 0 {
					yield(Answer{}, &PartialAckError{g.yielded, missing, err})
				}
				return
			}
			select {
			case <-g.wake:
			case <-ctx.Done():
				stopped = true
			}
		}
	}
}

// EmitWithAck sends an event to all sockets of the namespace, and yields their
// acknowledgements; see Broadcast.EmitWithAck.
func (n *Namespace) EmitWithAck(ctx context.Context, name string, args ...any) iter.Seq2[Answer, error] {
	return n.broadcast().EmitWithAck(ctx, name, args...)
}

// EmitWithAck sends an event to all sockets of the main namespace, and yields
// their acknowledgements; see Broadcast.EmitWithAck.
func (s *Server) EmitWithAck(ctx context.Context, name string, args ...any) iter.Seq2[Answer, error] {
	return s.main.EmitWithAck(ctx, name, args...)
}

// gathering is what becomes of the acknowledgements of a broadcast.
type gathering struct {
	name    string
	begun   time.Time
	asked   []question
	yielded int

	wake chan struct{} // has room for one

	mu      sync.Mutex
	answers []Answer // not taken yet
	open    int      // sockets that can still answer
	lost    int      // that never will
	why     error    // none of those will
}

var _ ackWaiter = (*gathering)(nil)

// question is what one socket is to acknowledge. Each namespace counts its own ids.
type question struct {
	s  *Socket
	id int64
}

// newGathering sends the event to those meant.
func (b Broadcast) newGathering(name string, args []any) (*gathering, error) {
	if wire.Reserved(name) {
		return nil, fault.Reserved(name)
	}
	g := &gathering{name: name, begun: time.Now(), wake: make(chan struct{}, 1)}
	for one := range b.each() {
		if err := g.add(one, args); err != nil {
			g.end()
			return nil, err
		}
	}
	return g, nil
}

// add sends the event to the sockets of one namespace.
func (g *gathering) add(b Broadcast, args []any) error {
	id := b.namespace.ackIDs.Add(1) - 1
	message, err := b.namespace.encodeEvent(g.name, id, message.Outcome{Compress: !b.noCompress}, args)
	if err != nil {
		return err
	}
	for s := range b.Sockets() {
		g.mu.Lock()
		g.open++
		g.mu.Unlock()
		g.asked = append(g.asked, question{s, id})
		if err := s.awaitAck(id, g); err != nil {
			g.lose(s, err)
			continue
		}
		message.Retain(1)
		if s.deliver(message, b.volatile) == ErrQueueFull && s.forgetAck(id) { // else it has gone
			g.lose(s, ErrQueueFull)
		}
	}
	message.Release()
	return nil
}

func (g *gathering) answered(s *Socket, m *Message) {
	g.mu.Lock()
	g.open--
	g.answers = append(g.answers, Answer{ID: s.id, Message: m})
	g.mu.Unlock()
	g.signal()
	g.observe(s, nil)
}

func (g *gathering) gone(s *Socket) { g.lose(s, ErrDisconnected) }

// lose notes that a socket will not answer.
func (g *gathering) lose(s *Socket, err error) {
	g.mu.Lock()
	g.open--
	g.lost++
	g.why = cmp.Or(g.why, err)
	g.mu.Unlock()
	g.signal()
	g.observe(s, err)
}

func (g *gathering) observe(s *Socket, err error) {
	if hook := s.observer().CallEnded; hook != nil {
		hook(EndedCall{Socket: s, Event: g.name, Duration: time.Since(g.begun), Err: err})
	}
}

func (g *gathering) signal() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// take returns the answers that have come.
func (g *gathering) take() []Answer {
	g.mu.Lock()
	defer g.mu.Unlock()
	answers := g.answers
	g.answers = nil
	return answers
}

// status returns how many sockets can still answer or have answers not taken,
// how many never will, and why.
func (g *gathering) status() (open, lost int, why error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open + len(g.answers), g.lost, g.why
}

// end lets nobody wait any more.
func (g *gathering) end() {
	for _, q := range g.asked {
		q.s.forgetAck(q.id)
	}
}

// AckEmitter asks many sockets: a *Server, *Namespace or Broadcast.
type AckEmitter interface {
	EmitWithAck(ctx context.Context, name string, args ...any) iter.Seq2[Answer, error]
}

// Reply is the typed answer of one of those who got a broadcast.
type Reply[Res any] struct {
	ID    string // of the socket
	Value Res
	Err   error // an *Error if the client refused, or that of decoding
}

// CallAll sends an event, waits until all have acknowledged it, and returns the
// answers in the order in which they came. The error is that of the loop over
// EmitWithAck: with a *PartialAckError there are the answers that came.
func CallAll[Res, Req any](ctx context.Context, to AckEmitter, name event.Call[Req, Res], req Req) ([]Reply[Res], error) {
	var replies []Reply[Res]
	for answer, err := range to.EmitWithAck(ctx, string(name), req) {
		if err != nil {
			return replies, err
		}
		r := Reply[Res]{ID: answer.ID}
		if r.Err = answer.refusal(); r.Err == nil {
			r.Value, r.Err = decode(arguments.NewTarget[Res](), answer.Message)
		}
		replies = append(replies, r)
	}
	return replies, nil
}
