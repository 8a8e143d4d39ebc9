// Package wire has the wire format of Socket.IO protocol 5: packets with their
// arguments, and the binary attachments that follow them.
//
// The journey of a packet out: a Codec appends its text to a buffer, and
// returns the binary values that it met in the arguments; text and attachments
// then leave as Engine.IO messages next to each other. In: a Decoder takes the
// messages of a session one after the other, checks them, and fills a Packet,
// whose arguments stay encoded until Codec.Decode is asked for them.
package wire

import (
	"fmt"
	"slices"
)

// Type is the type of a packet (Socket.IO protocol, "Packet types").
type Type byte

// The packet types, with the values that their digits have on the wire. The
// binary ones exist there only: a decoded packet is an Event or Ack.
const (
	Connect Type = iota
	Disconnect
	Event
	Ack
	ConnectError
	BinaryEvent
	BinaryAck
)

var typeNames = [...]string{"CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR", "BINARY_EVENT", "BINARY_ACK"}

// String returns the name that the protocol has for the type.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("Type(%d)", byte(t))
}

// NoID is the ID of a packet without one.
const NoID = -1

// DefaultMaxAttachments is how many attachments the official peers accept.
const DefaultMaxAttachments = 10

// Packet is a decoded packet whose arguments are still encoded. Its slices are
// parts of the messages that the decoder was given; those of the text of a packet
// with attachments are parts of a copy.
type Packet struct {
	Type      Type
	Namespace []byte // nil for the main namespace
	ID        int64  // of an acknowledgement, asked for or given; NoID if there is none
	Name      []byte // of an Event; the digits of a name that is a number
	// Args are the encoded arguments: those of an Event after its name, those of
	// an Ack, or the payload of a CONNECT or CONNECT_ERROR, if there is one.
	// For JSON they are separated by commas, without brackets.
	Args        []byte
	NArgs       int
	Attachments [][]byte
}

// Header is a packet without its arguments, for encoding. A CONNECT takes no
// argument or an object, a CONNECT_ERROR also a string, a DISCONNECT none.
type Header struct {
	Type      Type   // not BinaryEvent or BinaryAck, which follow from the arguments
	Namespace string // "" or "/" for the main one; others begin with "/" and have no comma
	ID        int64  // NoID for none
	Name      string // of an Event
}

// Codec turns packets into Engine.IO messages and back. Both ends of a
// connection must use the same. A Codec may be used by many goroutines at once.
type Codec interface {
	// Append appends the first message of a packet to dst, and returns the
	// attachments that follow it as binary messages, nil if there are none. They
	// are the caller's own slices. With an error dst comes back as it was.
	Append(dst []byte, h Header, args ...any) (out []byte, attachments [][]byte, err error)
	// Binary reports whether the first message is binary rather than text.
	Binary() bool
	// NewDecoder returns a decoder that refuses packets with more attachments.
	NewDecoder(maxAttachments int) Decoder
	// Decode decodes arguments into what the pointers dst point at, in order.
	// Targets without an argument get their zero value, and arguments without a
	// target are ignored.
	Decode(p *Packet, dst ...any) error
	// Values decodes all arguments to nil, bool, float64, string, []byte,
	// []any and map[string]any.
	Values(p *Packet) ([]any, error)
}

// Text returns the only argument of a packet if it is a string that can be had
// at little cost; Decode is for everything else.
func Text(c Codec, p *Packet) (s string, ok bool) {
	if j, isJSON := c.(jsonCodec); isJSON {
		return j.text(p)
	}
	return "", false
}

// Append is c.Append, but lets the list of arguments stay on the caller's stack
// where the compiler knows the codec.
func Append(c Codec, dst []byte, h Header, args ...any) (out []byte, attachments [][]byte, err error) {
	if j, ok := c.(jsonCodec); ok {
		return j.Append(dst, h, args...)
	}
	return c.Append(dst, h, slices.Clone(args)...)
}

// AppendText is Append of one argument that is a text, without the need to
// make an any of it, where the compiler knows the codec.
func AppendText(c Codec, dst []byte, h Header, text string) (out []byte, attachments [][]byte, err error) {
	if j, ok := c.(jsonCodec); ok {
		return j.appendText(dst, h, text), nil, nil
	}
	return c.Append(dst, h, text)
}

// Decoder decodes the messages of one session. It is for one goroutine at a time.
type Decoder interface {
	// Add takes the next message, and reports whether it completes a packet,
	// which p is then. Attachments are kept: their memory must not be used again,
	// while that of other messages may be, when p is not needed any more. An error means that the session must end; p is not to be
	// used then.
	Add(p *Packet, data []byte, binary bool) (complete bool, err error)
	// Reset forgets a packet whose attachments have not all come.
	Reset()
}

// Reserved reports whether an event of that name cannot be sent or received
// (Socket.IO protocol, "Reserved events").
func Reserved(name string) bool {
	switch name {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	}
	return false
}
