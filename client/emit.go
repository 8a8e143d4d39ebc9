package client

import (
	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Emitter sends events: a *Socket or Sender.
type Emitter interface {
	Emit(name string, args ...any) error
}

// Emit sends an event with the type that its name asks for.
func Emit[T any](to Emitter, name event.Name[T], arg T) error { return to.Emit(string(name), arg) }

// Emit sends an event to the server. It does not wait. While the Socket is not connected
// the event is kept, and sent when it is, in order; what was sent and is lost with the
// connection is not repeated, but with Config.Retries.
//
// An event.Tuple as the only argument becomes several, and []byte anywhere in an argument
// is sent as binary data. Arguments are encoded before Emit returns, and may be changed
// afterwards.
//
// Errors: ErrReservedEvent, ErrBufferFull, ErrClosed, and what the codec says.
func (s *Socket) Emit(name string, args ...any) error { return Sender{s: s}.Emit(name, args...) }

// Volatile sends events that may be lost: they are dropped if they cannot leave at once,
// as the Socket is not connected or the connection is busy.
func (s *Socket) Volatile() Sender { return Sender{s: s, volatile: true} }

// Compress says whether events may be compressed on the way. Default true.
func (s *Socket) Compress(on bool) Sender { return Sender{s: s, noCompress: !on} }

// Sender emits in a certain way. It is a value: its methods return new ones.
type Sender struct {
	s          *Socket
	volatile   bool
	noCompress bool
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
	if e.retries() {
		return e.s.retryEvent(e, name, args, nil)
	}
	g, err := e.encode(name, wire.NoID, args)
	if err != nil {
		return err
	}
	return e.s.send(waiting{g: g, id: wire.NoID}, e.volatile)
}

func (e Sender) retries() bool { return e.s.m.cfg.Retries != 0 && !e.volatile }

// encode encodes an event.
func (e Sender) encode(name string, id int64, args []any) (frame.Group, error) {
	if wire.Reserved(name) {
		return frame.Group{}, fault.Reserved(name)
	}
	h := wire.Header{Type: wire.Event, Namespace: e.s.name, ID: id, Name: name}
	return message.Encode(e.s.m.cfg.Codec, h, message.Outcome{Compress: !e.noCompress}, arguments.Spread(args))
}

// send sends an event, or keeps it, and takes its references over.
func (s *Socket) send(w waiting, volatile bool) error {
	s.m.mu.Lock()
	if s.closed || s.draining {
		s.m.mu.Unlock()
		w.g.Release()
		return ErrClosed
	}
	if s.ready() {
		conn := s.link.conn
		sent, err := s.transmit(w, volatile)
		if sent || err != nil {
			s.m.mu.Unlock()
			if w.ack == nil {
				s.flushSoon(conn)
			} else {
				conn.Flush() // somebody is about to wait
			}
			return err
		}
	}
	var err error
	if volatile {
		w.g.Release()
	} else {
		err = s.keep(w)
	}
	s.m.unlock()
	return err
}

// ready reports whether what is sent now can arrive. m.mu is held.
func (s *Socket) ready() bool {
	if !s.connected {
		return false
	}
	if !s.link.conn.Corked() && s.link.conn.Stale() { // this machine has slept, and the server has given it up
		s.m.later(s.link.conn.Expire)
		return false
	}
	return true
}

// transmit hands an event over to the connection. It reports false if that is about to
// end, and then has released nothing. m.mu is held, and the Socket is connected.
func (s *Socket) transmit(w waiting, volatile bool) (sent bool, err error) {
	conn := s.link.conn
	if volatile && !conn.Writable() {
		w.g.Release()
		return true, nil
	}
	if s.congested(conn, w.g) {
		w.g.Release()
		return true, ErrBufferFull
	}
	return s.queue(w, volatile), nil
}

// queue is transmit without a limit. m.mu is held.
func (s *Socket) queue(w waiting, volatile bool) (sent bool) {
	w.g.Retain(1)
	if s.link.conn.Queue(w.g, volatile) != nil {
		return false
	}
	if w.id != wire.NoID {
		s.expect(w.id, w.ack)
	}
	s.watch(w.g)
	w.g.Release()
	return true
}

// maxGathered is how many bytes gather before they are sent, though more follows.
const maxGathered = 64 << 10

// flushSoon sends what is queued: together with what follows at once, but long before
// that is too much to wait.
func (s *Socket) flushSoon(conn *dialer.Conn) {
	if queued := conn.Queued(); queued > maxGathered || s.exceeds(2*queued) {
		conn.Flush()
		return
	}
	conn.FlushSoon()
}

// congested reports whether so much waits to be written already that g is too much.
func (s *Socket) congested(conn *dialer.Conn, g frame.Group) bool {
	queued := conn.Queued()
	return queued > 0 && s.exceeds(queued+size(g))
}

// exceeds reports whether so many bytes are too many to wait. m.mu is held.
func (s *Socket) exceeds(n int) bool { return s.m.cfg.MaxBuffer > 0 && n > s.m.cfg.MaxBuffer }
