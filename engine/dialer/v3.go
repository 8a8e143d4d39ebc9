package dialer

import (
	"iter"
	"mime"
	"strconv"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire/eio"
)

// dialect is how packets look: what is queued has the form of protocol 4 with binary data.
type dialect struct {
	eio3   bool // protocol 3
	base64 bool // binary data is sent as text on WebSockets, too
}

const octetStream = "application/octet-stream"

// asPacket returns a frame as a packet again.
func asPacket(f *frame.Frame) eio.Packet {
	p := f.Payload()
	if f.Binary() {
		return eio.Packet{Type: eio.Message, Data: p, Binary: true}
	}
	return eio.Packet{Type: eio.Type(p[0] - '0'), Data: p[1:]}
}

// group translates what is to be sent on a WebSocket. The slice in g is left as it
// is, as others may share it.
func (d dialect) group(g frame.Group) frame.Group {
	if !d.eio3 && !d.base64 {
		return g
	}
	out := frame.Group{First: d.frame(g.First)}
	for _, f := range g.Rest {
		out.Rest = append(out.Rest, d.frame(f))
	}
	return out
}

// frame translates a frame, whose reference it takes over. Text is the same in all
// dialects.
func (d dialect) frame(f *frame.Frame) *frame.Frame {
	if !f.Binary() || !d.eio3 && !d.base64 {
		return f
	}
	f.Own()
	p := asPacket(f)
	out := frame.New(6 + f.Len()*4/3) // in base64
	switch {
	case d.base64 && d.eio3:
		out.B = eio.AppendPacketV3(out.B, p)
	case d.base64:
		out.B = eio.AppendPacket(out.B, p)
	default:
		out.B = eio.AppendBinaryPacketV3(out.B, p)
	}
	out.Seal(!d.base64, f.Compress())
	f.Release()
	return out
}

// parse parses a WebSocket message.
func (d dialect) parse(payload []byte, binary bool) (p eio.Packet, err error) {
	switch {
	case d.eio3 && binary:
		p = eio.ParseBinaryPacketV3(payload)
	case d.eio3:
		p, err = eio.ParsePacketV3(payload)
	case binary:
		return eio.Packet{Type: eio.Message, Data: payload, Binary: true}, nil
	default:
		p, err = eio.ParsePacket(payload)
	}
	if len(p.Data) >= ws.Large {
		p.Data = payload[:copy(payload, p.Data)] // so that buf.Give finds all of the memory
	}
	return p, err
}

// packets iterates over the answer to a poll.
func (d dialect) packets(body []byte, contentType string) iter.Seq2[eio.Packet, error] {
	if !d.eio3 {
		return eio.Payload(eio.ValidText(body))
	}
	if kind, _, _ := mime.ParseMediaType(contentType); kind == octetStream {
		return eio.BinaryPayloadV3(body)
	}
	return eio.PayloadV3(eio.ValidText(body))
}

// appendPayload appends packets as the body of a POST, and returns its content type.
func (d dialect) appendPayload(body []byte, batch []*frame.Frame) ([]byte, string) {
	form, contentType := eio.AppendPayloadV3, "text/plain;charset=UTF-8"
	if d.eio3 && !d.base64 {
		for _, f := range batch {
			if f.Binary() {
				form, contentType = eio.AppendBinaryPayloadV3, octetStream
			}
		}
	}
	for i, f := range batch {
		switch {
		case d.eio3:
			body = form(body, asPacket(f))
		default:
			if i > 0 {
				body = append(body, eio.Separator)
			}
			body = eio.AppendPacket(body, asPacket(f))
		}
	}
	return body, contentType
}

// size returns how many bytes a packet takes in the body of a POST at most; in
// protocol 4 it is exact, but for the separator.
func (d dialect) size(f *frame.Frame) int {
	n := f.Len()
	if f.Binary() {
		n = 1 + (n+2)/3*4
	}
	if d.eio3 {
		n += 1 // the type, of binary data
		n += len(strconv.Itoa(n)) + 1
	}
	return n
}
