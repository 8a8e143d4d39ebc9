package wire

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// JSON returns the default codec, that of the official parser: one text with
// JSON, and each []byte anywhere in the arguments as an attachment, in whose
// place the text has {"_placeholder":true,"num":i}.
//
// Values are encoded by the rules of the JSON v2 module: no HTML escaping, nil
// slices as [] and nil maps as {}, map keys in no particular order, invalid
// UTF-8 replaced by U+FFFD. A nil []byte is null. NaN and infinities are null
// as arguments, and an error within them. Only the type []byte itself is an
// attachment: named types of bytes and arrays are encoded as the module has it.
//
// Decoding is as lenient as JavaScript: of duplicate names the last wins,
// invalid UTF-8 is replaced. Names are case-sensitive. A []byte takes an
// attachment, null, or a string of base64. Attachments are memory of their own,
// shared by all who decode the same packet.
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
	dst = append(dst, '0'+byte(h.Type))
	if h.Namespace != "" && h.Namespace != "/" {
		dst = append(append(dst, h.Namespace...), ',')
	}
	if h.ID >= 0 {
		dst = strconv.AppendInt(dst, h.ID, 10)
	}
	e := encoder{dst: dst}
	switch h.Type {
	case Event:
		e.dst = append(e.dst, '[')
		e.dst, _ = jsontext.AppendQuote(e.dst, h.Name) // the error is about invalid UTF-8, which is replaced
		for _, arg := range args {
			e.dst = append(e.dst, ',')
			e.value(arg)
		}
		e.dst = append(e.dst, ']')
	case Ack:
		e.dst = append(e.dst, '[')
		for i, arg := range args {
			if i > 0 {
				e.dst = append(e.dst, ',')
			}
			e.value(arg)
		}
		e.dst = append(e.dst, ']')
	default:
		if len(args) > 0 {
			e.value(args[0])
		}
	}
	if e.err != nil {
		return dst[:start], nil, fmt.Errorf("wire: cannot encode %s: %w", h.Type, e.err)
	}
	if n := len(e.attachments); n > 0 && (h.Type == Event || h.Type == Ack) {
		e.dst[start] += byte(BinaryEvent - Event)
		count := append(strconv.AppendInt(nil, int64(n), 10), '-')
		return slices.Insert(e.dst, start+1, count...), e.attachments, nil
	}
	return e.dst, nil, nil
}
