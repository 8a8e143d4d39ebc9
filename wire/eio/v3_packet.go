package eio

import "encoding/base64"

// Protocol 3, of Socket.IO 2 clients, has the same packets in other clothes:
// text is as in protocol 4, but binary data, which packets of every type can
// have, comes with the type in front.

// AppendPacketV3 appends the text form of a packet in protocol 3: that of
// AppendPacket, or for binary data "b", the digit of the type and base64.
func AppendPacketV3(dst []byte, p Packet) []byte {
	if p.Binary {
		return base64.StdEncoding.AppendEncode(append(dst, 'b', '0'+byte(p.Type)), p.Data)
	}
	return AppendPacket(dst, p)
}

// ParsePacketV3 parses the text form of a packet in protocol 3. The data is
// part of text; base64 is decoded in place. The error is ErrPacket.
func ParsePacketV3(text []byte) (Packet, error) {
	if len(text) == 0 || text[0] != 'b' {
		return ParsePacket(text)
	}
	if len(text) == 1 || text[1] < '0' || text[1] > '6' {
		return Packet{}, ErrPacket
	}
	return Packet{Type: Type(text[1] - '0'), Data: decodeBase64(text[2:]), Binary: true}, nil
}

// AppendBinaryPacketV3 appends the binary form of a packet in protocol 3,
// which is that of binary WebSocket messages: the number of the type, and the
// data.
func AppendBinaryPacketV3(dst []byte, p Packet) []byte {
	return append(append(dst, byte(p.Type)), p.Data...)
}

// ParseBinaryPacketV3 parses the binary form of a packet in protocol 3. The
// data is part of b. A type that there is not makes a Noop: the reference
// implementation ignores such packets, too.
func ParseBinaryPacketV3(b []byte) Packet {
	if len(b) == 0 || b[0] > byte(Noop) {
		return Packet{Type: Noop, Binary: true}
	}
	return Packet{Type: Type(b[0]), Data: b[1:], Binary: true}
}
