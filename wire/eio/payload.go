package eio

import (
	"bytes"
	"iter"
	"unicode/utf8"
)

// Separator stands between the packets of a payload. JSON text cannot contain
// it unescaped.
const Separator = 0x1e

// AppendPayload appends the packets as one payload of HTTP long-polling.
func AppendPayload(dst []byte, packets ...Packet) []byte {
	for i, p := range packets {
		if i > 0 {
			dst = append(dst, Separator)
		}
		dst = AppendPacket(dst, p)
	}
	return dst
}

// Payload iterates over the packets of a payload, and ends with the first
// that is malformed. An empty payload is one malformed packet. Base64 is
// decoded in place, so a payload can be iterated over once.
func Payload(body []byte) iter.Seq2[Packet, error] {
	return func(yield func(Packet, error) bool) {
		for more := true; more; {
			var item []byte
			item, body, more = bytes.Cut(body, []byte{Separator})
			p, err := ParsePacket(item)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// ValidText returns body with each run of invalid UTF-8 replaced by U+FFFD:
// body itself if there is none.
func ValidText(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}
