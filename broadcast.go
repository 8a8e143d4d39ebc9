package sio

import (
	"iter"
	"slices"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Broadcast says who gets an event, and how. It is a value: its methods return
// new ones and change nothing, so it can be kept, shared and refined.
type Broadcast struct {
	namespace  *Namespace
	parent     *ParentNamespace // whose children are meant, if namespace is nil
	target     adapter.Target
	volatile   bool
	noCompress bool
	local      bool
}

// To adds rooms: the event goes to the sockets that are in any of them, each
// once. The id of a socket is the name of a room with only that socket.
func (b Broadcast) To(rooms ...string) Broadcast {
	b.target.Rooms = append(slices.Clip(b.target.Rooms), rooms...)
	return b
}

// Except leaves out the sockets that are in any of the rooms.
func (b Broadcast) Except(rooms ...string) Broadcast {
	b.target.Except = append(slices.Clip(b.target.Except), rooms...)
	return b
}

// Volatile lets the event be lost for clients that cannot take it at once.
func (b Broadcast) Volatile() Broadcast {
	b.volatile = true
	return b
}

// Compress says whether the event may be compressed on the way. Default true.
func (b Broadcast) Compress(on bool) Broadcast {
	b.noCompress = !on
	return b
}

// Local keeps the event on this server of a cluster.
func (b Broadcast) Local() Broadcast {
	b.local = true
	return b
}

// Emit sends an event. It is encoded once, and never waits for a client. The
// error is about the name or the arguments (ErrReservedEvent, or what the
// codec says); that a client could not be reached is no error.
func (b Broadcast) Emit(name string, args ...any) error {
	if b.namespace == nil {
		return b.emitToChildren(name, args)
	}
	if b.namespace.recovery != nil && !b.volatile {
		return b.emitLogged(name, args)
	}
	g, err := b.namespace.encodeEvent(name, wire.NoID, message.Outcome{Compress: !b.noCompress}, args)
	if err != nil {
		return err
	}
	b.namespace.adapter.Broadcast(g, b.target, b.volatile)
	return nil
}

// Sockets iterates over the sockets meant, those of this server, as they were
// at the start.
func (b Broadcast) Sockets() iter.Seq[*Socket] {
	return func(yield func(*Socket) bool) {
		for one := range b.each() {
			for s := range one.namespace.adapter.Sockets(one.target) {
				if !yield((*Socket)(s.(*member))) {
					return
				}
			}
		}
	}
}

func (b Broadcast) server() *Server {
	if b.namespace == nil {
		return b.parent.server
	}
	return b.namespace.server
}

// each iterates over the namespaces meant.
func (b Broadcast) each() iter.Seq[Broadcast] {
	return func(yield func(Broadcast) bool) {
		if b.namespace != nil {
			yield(b)
			return
		}
		for n := range b.parent.Children() {
			if b.namespace = n; !yield(b) {
				return
			}
		}
	}
}

// emitToChildren is Emit for a ParentNamespace. The name of the namespace is part of
// a packet, so each child has its own.
func (b Broadcast) emitToChildren(name string, args []any) error {
	if wire.Reserved(name) {
		return fault.Reserved(name)
	}
	for one := range b.each() {
		if err := one.Emit(name, args...); err != nil {
			return err
		}
	}
	return nil
}
