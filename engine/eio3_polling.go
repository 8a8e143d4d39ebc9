package engine

import (
	"iter"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

var octetStream = []string{"application/octet-stream"}

// appendPayload appends a batch of packets as the body of a polling response,
// and returns its content type.
func (d *dialect) appendPayload(body *buf.Buffer, batch []*frame.Frame) (contentType []string) {
	switch {
	case !d.eio3:
		appendPayload(body, batch)
	case d.binary(batch):
		for _, f := range batch {
			body.B = eio.AppendBinaryPayloadV3(body.B, asPacket(f))
		}
		return octetStream
	default:
		for _, f := range batch {
			body.B = eio.AppendPayloadV3(body.B, asPacket(f))
		}
	}
	if d.jsonp != "" {
		wrapJSONP(body, d.jsonp)
	}
	return textPlain
}

// binary reports whether a batch goes as a binary payload.
func (d *dialect) binary(batch []*frame.Frame) bool {
	if d.base64 || d.jsonp != "" {
		return false
	}
	for _, f := range batch {
		if f.Binary() {
			return true
		}
	}
	return false
}

// translate is polling.deliver for old clients. s.recv is held.
func (p *polling) translate(body []byte, contentType string) (packets int, left bool) {
	for packet, err := range p.dialect.packets(body, contentType) {
		packets++
		if more, left := p.arrived(packet, err); !more {
			return packets, left
		}
	}
	return packets, false
}

// packets iterates over what the body of a POST brings.
func (d *dialect) packets(body []byte, contentType string) iter.Seq2[eio.Packet, error] {
	if d.jsonp != "" {
		var ok bool
		if body, ok = unwrapJSONP(body); !ok {
			return func(func(eio.Packet, error) bool) {} // ignored, as by the reference implementation
		}
	} else if d.eio3 && contentType == octetStream[0] {
		return eio.BinaryPayloadV3(body)
	}
	if d.eio3 {
		return eio.PayloadV3(eio.ValidText(body))
	}
	return eio.Payload(eio.ValidText(body))
}
