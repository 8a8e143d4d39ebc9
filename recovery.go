package sio

import (
	"slices"
	"time"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Defaults of Recovery.
const (
	DefaultMaxDisconnection    = 2 * time.Minute
	DefaultRecoveryBytes       = 16 << 20
	DefaultMaxRecoverySessions = 1 << 16
)

// Recovery configures connection state recovery: a client that lost its
// connection, and comes back in time, gets its socket's id, rooms and data back,
// and the events that it missed, each once and in order. See docs/delivery.md for
// what that does not cover. Events that are neither volatile nor ask for an
// acknowledgement then carry an offset, as an additional last argument.
//
// Once an event is kept for a client, Emit returns nil even if the connection is
// lost, as the client may still get it: also through a Socket that is
// disconnected, as long as its client may come back.
//
// The zero value of each field means its default.
type Recovery struct {
	// MaxDisconnection is how long a client may be away, once the server has
	// noticed. Events are kept for longer by what it may take to notice
	// (PingInterval and PingTimeout). Default 2 minutes.
	MaxDisconnection time.Duration
	// RunMiddleware runs the middlewares for recovered sockets too. Default: they
	// are skipped, as the client has passed them before.
	RunMiddleware bool
	// MaxBytes is how many bytes of events a namespace keeps; then the oldest go,
	// and clients that missed them start anew. Default 16 MiB.
	MaxBytes int
	// MaxSessions is how many clients of a namespace may be away; with more, the
	// one that is away longest starts anew. Default 65,536.
	MaxSessions int
}

func (r *Recovery) withDefaults() *Recovery {
	if r == nil {
		return nil
	}
	d := *r
	if d.MaxDisconnection == 0 {
		d.MaxDisconnection = DefaultMaxDisconnection
	}
	if d.MaxBytes == 0 {
		d.MaxBytes = DefaultRecoveryBytes
	}
	if d.MaxSessions == 0 {
		d.MaxSessions = DefaultMaxRecoverySessions
	}
	return &d
}

// newRecovery returns what keeps the sessions and events of a namespace; nil
// when that is off.
func newRecovery(cfg *Config, a adapter.Adapter) adapter.Recovery {
	if cfg.Recovery == nil {
		return nil
	}
	or := func(d, standard time.Duration) time.Duration {
		if d == 0 {
			return standard
		}
		return d
	}
	queue := frame.Limit{Bytes: cfg.MaxQueue, Frames: cfg.MaxQueuedMessages}
	if queue.Bytes == 0 {
		queue.Bytes = engine.DefaultMaxQueue
	}
	if queue.Frames == 0 {
		queue.Frames = engine.DefaultMaxQueuedMessages
	}
	replay := queue.Polite() // the rest is for the grant, and what follows at once
	limits := adapter.RecoveryLimits{
		MaxDisconnection: cfg.Recovery.MaxDisconnection,
		MaxAge: cfg.Recovery.MaxDisconnection +
			or(cfg.PingInterval, engine.DefaultPingInterval) + or(cfg.PingTimeout, engine.DefaultPingTimeout),
		MaxBytes:          cfg.Recovery.MaxBytes,
		MaxSessions:       cfg.Recovery.MaxSessions,
		MaxReplay:         replay.Bytes,
		MaxReplayMessages: replay.Frames,
	}
	if r, ok := a.(adapter.Recoverer); ok {
		return r.Recovery(limits)
	}
	return adapter.NewMemoryRecovery(limits)
}

// recoverable reports whether a client that was disconnected for that reason
// may recover: not if one of the sides wanted it.
func (r Reason) recoverable() bool {
	switch r {
	case TransportError, TransportClose, ForcedClose, PingTimeout, ServerShuttingDown, ForcedServerClose:
		return true
	}
	return false
}

// encodeLogged encodes an event that is kept, with room for its offset.
func (n *Namespace) encodeLogged(name string, compress bool, args []any) (frame.Group, error) {
	args = append(slices.Clip(arguments.Spread(args)), n.recovery.Placeholder())
	return n.encodeEvent(name, wire.NoID, message.Outcome{Compress: compress}, args)
}

// emitLogged is Emit of an event that is kept.
func (b Broadcast) emitLogged(name string, args []any) error {
	g, err := b.namespace.encodeLogged(name, !b.noCompress, args)
	if err != nil {
		return err
	}
	b.namespace.appendEvent(b.target, g)
	return nil
}

// appendEvent keeps an event, and delivers it.
func (n *Namespace) appendEvent(t adapter.Target, g frame.Group) {
	n.recovery.Append(t, g, func() { n.adapter.Broadcast(g, t, false) })
}

// logged reports whether events to the socket are kept. Those of middlewares
// are not, as they come before what the client has missed.
func (s *Socket) logged() bool {
	return s.tenure != nil && s.state.Load() >= connected
}

// emitLogged is Emit of an event that is kept.
func (e Sender) emitLogged(name string, args []any) error {
	s := e.s
	if s.state.Load() == gone && !s.tenure.session.Alive() {
		return ErrDisconnected
	}
	g, err := s.namespace.encodeLogged(name, !e.noCompress, args)
	if err != nil {
		return err
	}
	me := adapter.Target{Rooms: []string{s.id}}
	err = e.whenRoom(g, func() {
		s.namespace.recovery.Append(me, g, func() {
			if s.state.Load() == gone { // the client may have come back
				s.namespace.adapter.Broadcast(g, me, false)
				return
			}
			s.outgoing(g)
			_ = s.tenure.queue(g, false) // it is kept
		})
	})
	if err != nil {
		g.Release()
		return err
	}
	s.client.session.FlushSoon()
	return nil
}
