package engine

import (
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// group translates what is to be sent on a WebSocket. Text is the same in all
// dialects. The slice in g is left as it is, as other sessions share it.
func (d *dialect) group(g frame.Group) frame.Group {
	return frame.Group{First: d.frame(g.First), Rest: d.frames(g.Rest)}
}

func (d *dialect) frames(list []*frame.Frame) []*frame.Frame {
	if list == nil {
		return nil
	}
	out := make([]*frame.Frame, len(list))
	for i, f := range list {
		out[i] = d.frame(f)
	}
	return out
}

// frame translates a frame, whose reference it takes over.
func (d *dialect) frame(f *frame.Frame) *frame.Frame {
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

// parse3 parses a WebSocket message of protocol 3.
func parse3(payload []byte, binary bool) (p eio.Packet, err error) {
	if binary {
		p = eio.ParseBinaryPacketV3(payload)
	} else {
		p, err = eio.ParsePacketV3(payload)
	}
	if len(p.Data) >= LargeMessage {
		p.Data = payload[:copy(payload, p.Data)] // for Recycle; see webSocket.Message
	}
	return p, err
}
