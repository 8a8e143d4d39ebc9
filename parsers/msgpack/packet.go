package msgpack

import (
	"strconv"

	"github.com/gosio/sio/wire"
)

// refusal is an error with the text that the official parser has, and the
// error of package wire that it is.
type refusal struct {
	text string
	is   error
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.is }

var (
	errType      = &refusal{"invalid packet type", wire.ErrUnknownPacketType}
	errNamespace = &refusal{"invalid namespace", wire.ErrInvalidPayload}
	errID        = &refusal{"invalid packet id", wire.ErrInvalidPayload}
)

// decoder is the wire.Decoder. It has no state, as a message is a packet.
type decoder struct{}

func (decoder) Reset() {}

// members is what the map of a packet has, as far as it counts.
type members struct {
	typ, nsp, id, data value
	begin, end         int // of data, behind its head
}

// Add takes a message, which is a packet.
func (decoder) Add(p *wire.Packet, message []byte, binary bool) (bool, error) {
	if !binary {
		return false, wire.ErrUnexpectedText
	}
	var m members
	if !m.read(message) {
		return false, wire.ErrInvalidPayload
	}
	typ, ok := m.typ.integer()
	if !ok || typ < int64(wire.Connect) || typ > int64(wire.ConnectError) {
		return false, errType
	}
	if m.nsp.kind != text || len(m.nsp.data) == 0 || m.nsp.data[0] != '/' {
		return false, errNamespace
	}
	*p = wire.Packet{Type: wire.Type(typ), ID: wire.NoID}
	if len(m.nsp.data) > 1 {
		p.Namespace = m.nsp.data
	}
	if !m.payload(p, message) {
		return false, wire.ErrInvalidPayload
	}
	if m.id.kind != undefined {
		if p.ID, ok = m.id.integer(); !ok || p.ID < 0 {
			return false, errID
		}
	}
	return true, nil
}

// read finds the members of the one map that is the message, and checks that
// all in it is well-formed. What is not there is undefined.
func (m *members) read(message []byte) bool {
	head, i, ok := read(message, 0)
	if !ok {
		return false
	}
	if head.kind != object {
		end, ok := skip(message, 0)
		return ok && end == len(message) // it has no members at all
	}
	for range head.n {
		key, begin, ok := read(message, i)
		if !ok || !key.key() {
			return false
		}
		v, inner, ok := read(message, begin)
		if !ok {
			return false
		}
		if i = inner; v.kind >= array {
			if i, ok = skip(message, begin); !ok {
				return false
			}
		}
		switch string(key.data) {
		case "type":
			m.typ = v
		case "nsp":
			m.nsp = v
		case "id":
			m.id = v
		case "data":
			m.data, m.begin, m.end = v, inner, i
			if v.kind == object || v.kind == text {
				m.begin = begin // it is an argument itself
			}
		}
	}
	return i == len(message)
}

// payload checks the data of a packet against its type, and finds the arguments
// in it.
func (m *members) payload(p *wire.Packet, message []byte) bool {
	switch k := m.data.kind; p.Type {
	case wire.Connect:
		if k == undefined {
			return true
		}
		p.NArgs = 1
		p.Args = message[m.begin:m.end:m.end]
		return k == object
	case wire.Disconnect:
		return k == undefined
	case wire.ConnectError:
		p.NArgs = 1
		p.Args = message[m.begin:m.end:m.end]
		return k == object || k == text
	}
	if m.data.kind != array {
		return false
	}
	p.NArgs = int(m.data.n)
	p.Args = message[m.begin:m.end:m.end]
	return p.Type == wire.Ack || name(p)
}

// name takes the name of an event off its arguments: a text that is not
// reserved, or an integer.
func name(p *wire.Packet) bool {
	if p.NArgs == 0 {
		return false
	}
	v, end, _ := read(p.Args, 0)
	p.Args = p.Args[end:]
	p.NArgs--
	switch v.kind {
	case text:
		p.Name = v.data
		return !wire.Reserved(string(v.data))
	case integer:
		p.Name = strconv.AppendInt(nil, int64(v.n), 10)
		return true
	}
	return false
}
