package eio

import (
	"iter"
	"strconv"
	"unicode/utf8"
)

// What stands in front of each packet of a binary payload: whether it has text
// or binary form, its length with a byte for each decimal digit, and the end.
const (
	markText   = 0
	markBinary = 1
	markEnd    = 0xff
)

// AppendBinaryPayloadV3 appends the packets as one binary payload of protocol
// 3, for peers that can take one. Payloads can be appended to each other.
func AppendBinaryPayloadV3(dst []byte, packets ...Packet) []byte {
	for _, p := range packets {
		mark, form := byte(markText), AppendPacket
		if p.Binary {
			mark, form = markBinary, AppendBinaryPacketV3
		} else {
			p.Data = ValidText(p.Data) // the peer takes nothing else
		}
		dst = append(dst, mark)
		digits := len(dst)
		dst = strconv.AppendInt(dst, int64(1+len(p.Data)), 10)
		for i := digits; i < len(dst); i++ {
			dst[i] -= '0'
		}
		dst = form(append(dst, markEnd), p)
	}
	return dst
}

// BinaryPayloadV3 iterates over the packets of a binary payload of protocol 3,
// and ends with the first that is malformed. An empty payload has no packets.
// Base64 is decoded in place, so a payload can be iterated over once.
func BinaryPayloadV3(body []byte) iter.Seq2[Packet, error] {
	return func(yield func(Packet, error) bool) {
		for len(body) > 0 {
			var p Packet
			mark := body[0]
			item, rest, ok := cutBinaryV3(body[1:])
			err := ErrPacket
			switch {
			case !ok:
			case mark == markBinary:
				p, err = ParseBinaryPacketV3(item), nil
			case mark == markText && utf8.Valid(item):
				p, err = ParsePacketV3(item)
			}
			if !yield(p, err) || err != nil {
				return
			}
			body = rest
		}
	}
}

// cutBinaryV3 cuts the first packet off a binary payload, after its mark.
func cutBinaryV3(body []byte) (item, rest []byte, ok bool) {
	length := 0
	for i, c := range body {
		switch {
		case c == markEnd:
			if body = body[i+1:]; i == 0 || length > len(body) {
				return nil, nil, false
			}
			return body[:length], body[length:], true
		case c > 9:
			return nil, nil, false
		}
		if length = length*10 + int(c); length > len(body) {
			return nil, nil, false
		}
	}
	return nil, nil, false
}
