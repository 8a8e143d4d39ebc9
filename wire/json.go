package wire

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// JSON returns the default codec, that of the official parser: one text with
// JSON, and each []byte anywhere in the arguments of an event or of an
// acknowledgement as an attachment, in whose place the text has
// {"_placeholder":true,"num":i}.
//
// Values are encoded by the rules of the JSON v2 module: no HTML escaping, nil
// slices as [] and nil maps as {}, map keys in no particular order, invalid
// UTF-8 replaced by U+FFFD. Unlike there, a nil []byte, NaN and the infinities
// are null. Only the type []byte itself is an attachment: named types of bytes
// and arrays are encoded as the module has it, like the []byte in the payload
// of a CONNECT or CONNECT_ERROR, which can have no attachments. NaN in named
// types of floats is an error. Bytes already encoded are given as a
// jsontext.Value, and sent as they are.
//
// The syntax of a packet's JSON is checked when it arrives, down to MaxDepth
// levels. Decoding is as lenient as JavaScript: of duplicate names the last
// wins (only objects that go into the same struct or typed map are merged),
// and invalid UTF-8 is replaced. Names are case-sensitive. Numbers beyond
// the target's type are an error. A []byte takes an attachment, null, or a
// string of base64; an any takes attachments as []byte, while a jsontext.Value,
// and a type that decodes itself, see their placeholders. Attachments are memory
// of their own, shared by all who decode the same packet.
func JSON() Codec { return jsonCodec{} }

type jsonCodec struct{}

func (jsonCodec) Binary() bool { return false }

func (jsonCodec) NewDecoder(maxAttachments int) Decoder {
	return &jsonDecoder{maxAttachments: maxAttachments}
}

// Append appends
//
//	<type>[<attachments>-][<namespace>,][<id>][<JSON>]
//
// (Socket.IO protocol, "Packet encoding").
func (jsonCodec) Append(dst []byte, h Header, args ...any) ([]byte, [][]byte, error) {
	start := len(dst)
	e := encoder{dst: h.append(dst)}
	switch h.Type {
	case Event:
		for _, arg := range args {
			e.dst = append(e.dst, ',')
			e.value(arg)
		}
		e.dst = append(e.dst, ']')
	case Ack:
		for i, arg := range args {
			if i > 0 {
				e.dst = append(e.dst, ',')
			}
			e.value(arg)
		}
		e.dst = append(e.dst, ']')
	default:
		e.payload(h.Type, args)
	}
	if e.err != nil {
		return dst[:start], nil, fmt.Errorf("wire: cannot encode %s: %w", h.Type, e.err)
	}
	if n := len(e.attachments); n > 0 {
		e.dst[start] += byte(BinaryEvent - Event)
		count := append(strconv.AppendInt(nil, int64(n), 10), '-')
		return slices.Insert(e.dst, start+1, count...), e.attachments, nil
	}
	return e.dst, nil, nil
}

// appendText is Append of one text, for an Event or an Ack.
func (jsonCodec) appendText(dst []byte, h Header, text string) []byte {
	dst = h.append(dst)
	if h.Type == Event {
		dst = append(dst, ',')
	}
	return append(appendString(dst, text), ']')
}

// append appends what is before the arguments.
func (h *Header) append(dst []byte) []byte {
	dst = append(dst, '0'+byte(h.Type))
	if h.Namespace != "" && h.Namespace != "/" {
		dst = append(append(dst, h.Namespace...), ',')
	}
	if h.ID >= 0 {
		dst = strconv.AppendInt(dst, h.ID, 10)
	}
	switch h.Type {
	case Event:
		dst = appendString(append(dst, '['), h.Name)
	case Ack:
		dst = append(dst, '[')
	}
	return dst
}

var (
	errNoSuchType  = errors.New("not a type to encode")
	errPayload     = errors.New("the payload is not of a kind that peers accept")
	errManyPayload = errors.New("more arguments than it can have")
)

// payload appends that of a packet which is no list of arguments. Here binary
// never becomes an attachment.
func (e *encoder) payload(typ Type, args []any) {
	switch {
	case typ > ConnectError:
		e.err = errNoSuchType
		return
	case len(args) == 0:
		return
	case typ == Disconnect || len(args) > 1:
		e.err = errManyPayload
		return
	}
	start := len(e.dst)
	e.inline = true
	e.value(args[0])
	if e.err == nil && e.dst[start] != '{' && (typ != ConnectError || e.dst[start] != '"') {
		e.err = errPayload
	}
}
