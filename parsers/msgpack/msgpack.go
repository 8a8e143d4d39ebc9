// Package msgpack encodes packets as MessagePack in place of JSON, as the npm
// package socket.io-msgpack-parser does, which clients have to be given:
//
//	io := sio.NewServer(&sio.Config{Codec: msgpack.Codec()})      // here
//	const socket = io({ parser: require("socket.io-msgpack-parser") }) // there
//
// A packet is one binary message, a map of type, data, nsp and, for those who
// want or give an acknowledgement, id. Binary data is in it wherever it
// belongs, so that there are no attachments, and no limit to their number.
package msgpack

import (
	"errors"
	"fmt"

	"github.com/tinylib/msgp/msgp"

	"github.com/gosio/sio/wire"
)

// Codec returns the codec. What it writes is byte for byte what the official
// parser would; where that writes nonsense, this one does not.
//
// Values are encoded so that a client sees what it would with wire.JSON, and
// more, as there is more that MessagePack can tell:
//
//   - Integers take the smallest form, and floats without a fraction that of
//     integers; all others are 64 bits wide, NaN and the infinities too. A
//     JavaScript peer knows integers above 1<<53 only roughly.
//   - Bytes are binary data: []byte, event.View, and other slices and arrays
//     of byte. A nil slice of them is nil.
//   - A time.Time is a Date, in milliseconds.
//   - Structs follow their json tags, as the JSON v2 module reads them: with
//     omitempty a field is left out that is nil or an empty text, list or map;
//     with omitzero one that has its zero value or whose IsZero says so; with string
//     a number becomes a text. Embedded structs are merged. The options inline,
//     unknown and format are not known here.
//   - Nil slices are empty lists and nil maps empty maps. The keys of maps are
//     in no particular order; integers and encoding.TextMarshaler can be keys.
//   - What encodes itself is asked for its JSON, of which the values are sent,
//     with all numbers as float64, or else for its text (encoding.TextMarshaler).
//   - Invalid UTF-8 is replaced by U+FFFD, on the way in, too.
//
// All forms of MessagePack are understood, down to wire.MaxDepth levels, of which
// the list of arguments is one. A member of a map that is undefined is not there,
// as in JSON; elsewhere undefined is nil. An any takes the types that wire.Codec
// tells: all numbers as float64, a Date as the text that JSON has for it, and an
// unknown extension as the official parser has it, a list of its type and its
// bytes. Typed targets take what can be had without loss, and a time.Time also the
// standard's timestamps and RFC 3339, a []byte also base64. A nil sets them to
// zero. Keys that a struct does not have are ignored; of duplicates the last wins.
//
// A []byte is memory of its own, and an event.View a part of the message.
//
// Packets are refused as the official parser does, and also with a reserved
// event name, a name that is neither text nor integer, a namespace without a
// leading slash, a negative id, and keys of maps that are neither text nor integer.
// The errors match wire.ErrUnknownPacketType, wire.ErrInvalidPayload and, for a
// message that is text, wire.ErrUnexpectedText.
func Codec() wire.Codec { return codec{} }

type codec struct{}

func (codec) Binary() bool { return true }

// NewDecoder returns a decoder, which has no use for the limit.
func (codec) NewDecoder(int) wire.Decoder { return decoder{} }

var (
	errNoSuchType  = errors.New("not a type to encode")
	errPayload     = errors.New("the payload is not of a kind that peers accept")
	errManyPayload = errors.New("more arguments than it can have")
)

// Append appends a packet, with its members in the order in which the official
// server sets them.
func (codec) Append(dst []byte, h wire.Header, args ...any) ([]byte, [][]byte, error) {
	e := encoder{dst: dst}
	if err := e.packet(&h, args); err != nil {
		return dst, nil, fmt.Errorf("msgpack: cannot encode %s: %w", h.Type, err)
	}
	return e.dst, nil, nil
}

func (e *encoder) packet(h *wire.Header, args []any) error {
	list := h.Type == wire.Event || h.Type == wire.Ack
	switch {
	case h.Type > wire.ConnectError:
		return errNoSuchType
	case !list && len(args) > 1, h.Type == wire.Disconnect && len(args) > 0:
		return errManyPayload
	case h.Type == wire.ConnectError && len(args) == 0:
		return errPayload
	}
	members := uint32(2)
	if list || len(args) > 0 {
		members++
	}
	if h.ID >= 0 {
		members++
	}
	e.dst = msgp.AppendMapHeader(e.dst, members)
	if h.Type == wire.Ack {
		e.id(h.ID)
	}
	e.dst = append(append(e.dst, "\xa4type"...), byte(h.Type))
	if list || len(args) > 0 {
		e.dst = append(e.dst, "\xa4data"...)
		e.data(h, args)
	}
	if h.Type != wire.Ack {
		e.id(h.ID)
	}
	e.dst = append(e.dst, "\xa3nsp"...)
	if h.Namespace == "" {
		e.text("/")
	} else {
		e.text(h.Namespace)
	}
	return e.err
}

func (e *encoder) id(id int64) {
	if id >= 0 {
		e.dst = msgp.AppendUint64(append(e.dst, "\xa2id"...), uint64(id))
	}
}

// data appends a list of arguments, or the one payload that other packets have.
func (e *encoder) data(h *wire.Header, args []any) {
	switch h.Type {
	case wire.Event:
		e.dst = msgp.AppendArrayHeader(e.dst, uint32(len(args)+1))
		e.text(h.Name)
	case wire.Ack:
		e.dst = msgp.AppendArrayHeader(e.dst, uint32(len(args)))
	default:
		start := len(e.dst)
		e.value(args[0])
		if e.err != nil {
			return
		}
		v, _, _ := read(e.dst, start)
		if v.kind != object && (h.Type != wire.ConnectError || v.kind != text) {
			e.fail(errPayload)
		}
		return
	}
	for _, arg := range args {
		e.value(arg)
	}
}
