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
	typ, id, data value
	args          []byte // the elements of data if it is a list, else data itself
	namespace     []byte // nil if it is no text
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
	if len(m.namespace) == 0 || m.namespace[0] != '/' {
		return false, errNamespace
	}
	*p = wire.Packet{Type: wire.Type(typ), ID: wire.NoID}
	if len(m.namespace) > 1 {
		p.Namespace = m.namespace
	}
	if !m.payload(p) {
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
		if key.kind != text {
			continue
		}
		switch string(key.data(message, begin)) {
		case "type":
			m.typ = v
		case "nsp":
			m.namespace = nil
			if v.kind == text {
				m.namespace = v.data(message, i)
			}
		case "id":
			m.id = v
		case "data":
			m.data, m.args = v, message[begin:i:i]
			if v.kind == array {
				m.args = message[inner:i:i]
			}
		}
	}
	return i == len(message)
}

// payload checks the data of a packet against its type, and finds the arguments
// in it.
func (m *members) payload(p *wire.Packet) bool {
	switch k := m.data.kind; p.Type {
	case wire.Connect:
		if k == undefined {
			return true
		}
		p.NArgs = 1
		p.Args = m.args
		return k == object
	case wire.Disconnect:
		return k == undefined
	case wire.ConnectError:
		p.NArgs = 1
		p.Args = m.args
		return k == object || k == text
	}
	if m.data.kind != array {
		return false
	}
	p.NArgs = int(m.data.n)
	p.Args = m.args
	return p.Type == wire.Ack || name(p)
}

// name takes the name of an event off its arguments: a text that is not
// reserved, or an integer.
func name(p *wire.Packet) bool {
	if p.NArgs == 0 {
		return false
	}
	args := p.Args
	v, end, _ := read(args, 0)
	p.Args = args[end:]
	p.NArgs--
	switch v.kind {
	case text:
		p.Name = v.data(args, end)
		return !wire.Reserved(string(p.Name))
	case integer:
		p.Name = strconv.AppendInt(nil, int64(v.n), 10)
		return true
	}
	return false
}
