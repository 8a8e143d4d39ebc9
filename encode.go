package sio

import (
	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// encodeEvent encodes an event once, for all who will get it.
func (n *Namespace) encodeEvent(name string, id int64, o message.Outcome, args []any) (frame.Group, error) {
	if wire.Reserved(name) {
		return frame.Group{}, fault.Reserved(name)
	}
	return n.encode(wire.Header{Type: wire.Event, ID: id, Name: name}, o, arguments.Spread(args))
}

// encode encodes a packet of the namespace.
func (n *Namespace) encode(h wire.Header, o message.Outcome, args []any) (frame.Group, error) {
	h.Namespace = n.name
	return message.Encode(n.server.cfg.Codec, h, o, args)
}

// encodeText is encode for the one argument that most packets have.
func (n *Namespace) encodeText(h wire.Header, o message.Outcome, text string) (frame.Group, error) {
	h.Namespace = n.name
	return message.EncodeText(n.server.cfg.Codec, h, o, text)
}
