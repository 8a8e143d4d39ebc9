// Package message makes Engine.IO messages of Socket.IO packets: a frame of the
// text, and one for each attachment.
package message

import (
	"bytes"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire"
)

// size is what a message is expected to need, in bytes.
const size = 118

// Outcome says what becomes of a message.
type Outcome struct {
	Compress bool
	// One says that one peer gets it, before the caller goes on: large
	// attachments need not be copied then.
	One bool
}

// Encode encodes a packet.
func Encode(codec wire.Codec, h wire.Header, o Outcome, args []any) (frame.Group, error) {
	f := begin(codec)
	out, attachments, err := wire.Append(codec, f.B, h, args...)
	return sealed(codec, f, o, out, attachments, err)
}

// EncodeText is Encode for the one argument that most packets have.
func EncodeText(codec wire.Codec, h wire.Header, o Outcome, text string) (frame.Group, error) {
	f := begin(codec)
	out, attachments, err := wire.AppendText(codec, f.B, h, text)
	return sealed(codec, f, o, out, attachments, err)
}

func begin(codec wire.Codec) *frame.Frame {
	f := frame.New(size)
	if !codec.Binary() {
		f.B = append(f.B, '4') // the Engine.IO type of a message
	}
	return f
}

// sealed makes a group of what a codec has appended to f.
func sealed(codec wire.Codec, f *frame.Frame, o Outcome, out []byte, attachments [][]byte, err error) (frame.Group, error) {
	f.B = out
	f.Seal(codec.Binary(), o.Compress)
	if err != nil {
		f.Release()
		return frame.Group{}, err
	}
	g := frame.Group{First: f}
	if len(attachments) > 0 {
		g.Rest = make([]*frame.Frame, len(attachments))
		for i, a := range attachments {
			g.Rest[i] = attachment(a, o)
		}
	}
	return g, nil
}

func attachment(data []byte, o Outcome) *frame.Frame {
	var f *frame.Frame
	if o.One && len(data) >= ws.Large {
		f = frame.New(0)
		f.Borrow(data)
	} else {
		f = frame.New(len(data))
		f.B = append(f.B, data...)
	}
	f.Seal(true, o.Compress)
	return f
}

// Decode decodes what Encode has made, to memory of its own.
func Decode(codec wire.Codec, g frame.Group) (p wire.Packet, err error) {
	first := bytes.Clone(g.First.Payload())
	if !codec.Binary() {
		first = first[1:] // the Engine.IO type
	}
	attachments := make([][]byte, len(g.Rest))
	for i, f := range g.Rest {
		attachments[i] = bytes.Clone(f.Payload())
	}
	return decode(codec, first, attachments)
}

// Replace returns a packet with other arguments, and the memory of its text.
func Replace(codec wire.Codec, h wire.Header, args []any) (p wire.Packet, data []byte, err error) {
	data, attachments, err := codec.Append(nil, h, args...)
	if err != nil {
		return p, nil, err
	}
	for i, a := range attachments {
		attachments[i] = bytes.Clone(a)
	}
	p, err = decode(codec, data, attachments)
	return p, data, err
}

func decode(codec wire.Codec, first []byte, attachments [][]byte) (p wire.Packet, err error) {
	decoder := codec.NewDecoder(len(attachments))
	_, err = decoder.Add(&p, first, codec.Binary())
	for i := 0; err == nil && i < len(attachments); i++ {
		_, err = decoder.Add(&p, attachments[i], true)
	}
	return p, err
}
