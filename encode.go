package sio

import (
	"reflect"
	"sync"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire"
)

// frameSize is what a message is expected to need, in bytes.
const frameSize = 118

// outcome says what becomes of a group.
type outcome struct {
	compress bool
	// one socket gets it, before the caller of Emit goes on: large attachments
	// need not be copied then.
	one bool
}

// encodeEvent encodes an event once, for all who will get it.
func (n *Namespace) encodeEvent(name string, id int64, o outcome, args []any) (frame.Group, error) {
	if wire.Reserved(name) {
		return frame.Group{}, reservedError(name)
	}
	return n.encode(wire.Header{Type: wire.Event, ID: id, Name: name}, o, spread(args))
}

// encode encodes a packet of the namespace.
func (n *Namespace) encode(h wire.Header, o outcome, args []any) (frame.Group, error) {
	h.Namespace = n.name
	return encode(n.server.cfg.Codec, h, o, args)
}

func encode(codec wire.Codec, h wire.Header, o outcome, args []any) (frame.Group, error) {
	f := newFrame(codec)
	out, attachments, err := wire.Append(codec, f.B, h, args...)
	return sealed(codec, f, o, out, attachments, err)
}

// encodeText is encode for the one argument that most packets have.
func (n *Namespace) encodeText(h wire.Header, o outcome, text string) (frame.Group, error) {
	h.Namespace = n.name
	codec := n.server.cfg.Codec
	f := newFrame(codec)
	out, attachments, err := wire.AppendText(codec, f.B, h, text)
	return sealed(codec, f, o, out, attachments, err)
}

func newFrame(codec wire.Codec) *frame.Frame {
	f := frame.New(frameSize)
	if !codec.Binary() {
		f.B = append(f.B, '4') // the Engine.IO type of a message
	}
	return f
}

// sealed makes a group of what a codec has appended to f.
func sealed(codec wire.Codec, f *frame.Frame, o outcome, out []byte, attachments [][]byte, err error) (frame.Group, error) {
	f.B = out
	f.Seal(codec.Binary(), o.compress)
	if err != nil {
		f.Release()
		return frame.Group{}, err
	}
	g := frame.Group{First: f}
	if len(attachments) > 0 {
		g.Rest = make([]*frame.Frame, len(attachments))
		for i, a := range attachments {
			g.Rest[i] = attachment(a, o)
		}
	}
	return g, nil
}

func attachment(data []byte, o outcome) *frame.Frame {
	var f *frame.Frame
	if o.one && len(data) >= engine.LargeMessage {
		f = frame.New(0)
		f.Borrow(data)
	} else {
		f = frame.New(len(data))
		f.B = append(f.B, data...)
	}
	f.Seal(true, o.compress)
	return f
}

// spread replaces a single argument that is an event.Tuple by its fields.
func spread(args []any) []any {
	if len(args) != 1 {
		return args
	}
	switch args[0].(type) {
	case nil, string, []byte, event.View, bool, int, int64, float64, map[string]any, []any: // the usual ones need no reflection
		return args
	}
	v := reflect.ValueOf(args[0])
	fields, ok := tupleFields(v.Type())
	if !ok {
		return args
	}
	out := make([]any, len(fields))
	for i, f := range fields {
		out[i] = v.Field(f).Interface()
	}
	return out
}

var tuples sync.Map // reflect.Type → []int, or nil for types that are no tuple

// tupleFields returns the indices of the fields that are the arguments of an
// event, if t is a struct that embeds event.Tuple.
func tupleFields(t reflect.Type) (fields []int, ok bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	if known, found := tuples.Load(t); found {
		fields := known.([]int)
		return fields, fields != nil
	}
	for i := range t.NumField() {
		switch f := t.Field(i); {
		case f.Anonymous && f.Type == reflect.TypeFor[event.Tuple]():
			ok = true
		case f.IsExported():
			fields = append(fields, i)
		}
	}
	switch {
	case !ok:
		fields = nil
	case fields == nil:
		fields = []int{}
	}
	tuples.Store(t, fields)
	return fields, ok
}
