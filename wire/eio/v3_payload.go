package eio

import (
	"iter"
	"strconv"
	"unicode/utf8"
)

// AppendPayloadV3 appends the packets as one text payload of protocol 3: in
// front of each the length of its text form in UTF-16 code units, and a colon.
// Payloads can be appended to each other.
//
//	6:4hello10:b4AQIDBA==
func AppendPayloadV3(dst []byte, packets ...Packet) []byte {
	for _, p := range packets {
		if p.Binary {
			length := 2 + (len(p.Data)+2)/3*4
			dst = append(strconv.AppendInt(dst, int64(length), 10), ':')
		} else {
			p.Data = ValidText(p.Data) // else the lengths would not be those that the peer finds
			dst = append(strconv.AppendInt(dst, int64(1+utf16Len(p.Data)), 10), ':')
		}
		dst = AppendPacketV3(dst, p)
	}
	return dst
}

// utf16Len returns the length of valid UTF-8 in UTF-16 code units.
func utf16Len(text []byte) (n int) {
	for _, c := range text {
		switch {
		case c >= 0xf0: // begins what takes a surrogate pair
			n += 2
		case c < 0x80 || c >= 0xc0:
			n++
		}
	}
	return n
}

// PayloadV3 iterates over the packets of a text payload of protocol 3, which
// must be valid UTF-8 (see ValidText), and ends with the first that is
// malformed. An empty payload is one malformed packet. Base64 is decoded in
// place, so a payload can be iterated over once.
func PayloadV3(body []byte) iter.Seq2[Packet, error] {
	return func(yield func(Packet, error) bool) {
		for more := true; more; more = len(body) > 0 {
			item, rest, ok := cutTextV3(body)
			if !ok {
				yield(Packet{}, ErrPacket)
				return
			}
			body = rest
			if len(item) == 0 { // skipped by the reference implementation
				continue
			}
			p, err := ParsePacketV3(item)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// cutTextV3 cuts the first packet off a text payload.
func cutTextV3(body []byte) (item, rest []byte, ok bool) {
	units, i := 0, 0
	for ; i < len(body) && body[i] >= '0' && body[i] <= '9'; i++ {
		if units = units*10 + int(body[i]-'0'); units > len(body) {
			return nil, nil, false
		}
	}
	if i == 0 || i == len(body) || body[i] != ':' {
		return nil, nil, false
	}
	body = body[i+1:]
	end := 0
	for units > 0 && end < len(body) {
		r, size := utf8.DecodeRune(body[end:])
		if units--; r > 0xffff {
			units--
		}
		end += size
	}
	if units != 0 { // too short, or the length ends within a surrogate pair
		return nil, nil, false
	}
	return body[:end], body[end:], true
}
