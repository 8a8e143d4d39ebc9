// Package eio has the wire formats of Engine.IO protocol 4: packets, the
// payloads of HTTP long-polling, and the handshake. Each format is a pair of
// functions, one that appends and one that parses. What is different in
// protocol 3 has V3 in its name.
package eio

import (
	"encoding/base64"
	"errors"
	"fmt"
)

// Type is the type of a packet (Engine.IO protocol, "Packet types").
type Type byte

// The packet types, with the values that their digits have on the wire.
const (
	Open Type = iota
	Close
	Ping
	Pong
	Message
	Upgrade
	Noop
)

var typeNames = [...]string{"open", "close", "ping", "pong", "message", "upgrade", "noop"}

// String returns the name that the protocol has for the type.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("Type(%d)", byte(t))
}

// Packet is an Engine.IO packet. No data and empty data are the same.
type Packet struct {
	Type   Type
	Data   []byte
	Binary bool // of messages, in protocol 3 of all packets: Data is bytes rather than text
}

// ErrPacket is returned for what is not a packet.
var ErrPacket = errors.New("eio: malformed packet")

// AppendPacket appends the text form of a packet: the digit of its type and
// the data, or for a binary message "b" and the data in base64.
func AppendPacket(dst []byte, p Packet) []byte {
	if p.Binary {
		return base64.StdEncoding.AppendEncode(append(dst, 'b'), p.Data)
	}
	return append(append(dst, '0'+byte(p.Type)), p.Data...)
}

// ParsePacket parses the text form of a packet. The data is part of text;
// base64 is decoded in place. The error is ErrPacket.
func ParsePacket(text []byte) (Packet, error) {
	if len(text) == 0 {
		return Packet{}, ErrPacket
	}
	switch c := text[0]; {
	case c >= '0' && c <= '6':
		return Packet{Type: Type(c - '0'), Data: text[1:]}, nil
	case c == 'b':
		return Packet{Type: Message, Data: decodeBase64(text[1:]), Binary: true}, nil
	}
	return Packet{}, ErrPacket
}

// decodeBase64 decodes in place and as leniently as the reference
// implementation: both alphabets, padding optional and its end, other
// characters skipped.
func decodeBase64(b []byte) []byte {
	out, bits, n := b[:0], uint32(0), 0
	for _, c := range b {
		v := sextets[c]
		switch {
		case c == '=':
			return out
		case v < 0:
			continue
		}
		bits = bits<<6 | uint32(v)
		if n++; n%4 != 1 {
			out = append(out, byte(bits>>((3-(n-1)%4)*2)))
		}
	}
	return out
}

// sextets has the value of each base64 character, -1 for others.
var sextets = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i, c := range []byte(alphabet) {
		table[c] = int8(i)
	}
	table['-'], table['_'] = 62, 63
	return table
}()
