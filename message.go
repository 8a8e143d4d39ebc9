package sio

import (
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Message is what came from a client: the arguments of an event or of an
// acknowledgement. They are decoded when asked for.
type Message struct {
	socket *Socket
	packet wire.Packet
	data   []byte // what the packet's fields point into
	acked  atomic.Bool
	kept   bool        // the application has seen it, so its memory is not used again
	lent   bool        // the application has seen its attachments
	once   *occurrence // to tell duplicates by; nil without deduplication
}

// Event returns the name of the event, or "" for an acknowledgement.
func (m *Message) Event() string { return string(m.packet.Name) }

// Len returns the number of arguments.
func (m *Message) Len() int { return m.packet.NArgs }

// Decode decodes the arguments into what the pointers dst point at, in order.
// Targets without an argument get their zero value; arguments without a target
// are ignored. A []byte takes binary data.
func (m *Message) Decode(dst ...any) error {
	return m.socket.codec().Decode(&m.packet, dst...)
}

// Args decodes all arguments to plain Go values: nil, bool, float64, string,
// []byte, []any and map[string]any.
func (m *Message) Args() ([]any, error) { return m.socket.codec().Values(&m.packet) }

// WantsAck reports whether the client waits for an acknowledgement that has
// not been sent yet.
func (m *Message) WantsAck() bool {
	return m.packet.Type == wire.Event && m.packet.ID != wire.NoID && !m.acked.Load()
}

// Ack acknowledges the event with the given arguments. It may be called after
// the handler has returned, once: then, and if the client does not want one,
// the error is ErrAcknowledged. Arguments that cannot be encoded are an error
// that leaves the event to be acknowledged.
func (m *Message) Ack(args ...any) error {
	if !m.claimAck() {
		return ErrAcknowledged
	}
	if m.once != nil {
		return m.ackOnce(args)
	}
	return m.ackSent(m.socket.sendAck(m.packet.ID, args))
}

// ackText is Ack with a text.
func (m *Message) ackText(text string) error {
	if m.once != nil {
		return m.Ack(text)
	}
	if !m.claimAck() {
		return ErrAcknowledged
	}
	return m.ackSent(m.socket.sendTextAck(m.packet.ID, text))
}

func (m *Message) claimAck() bool {
	return m.packet.ID != wire.NoID && m.packet.Type == wire.Event && !m.acked.Swap(true)
}

func (m *Message) ackSent(err error) error {
	if err != nil {
		m.acked.Store(false)
	}
	return err
}

// refuse acknowledges the event with an error.
func (m *Message) refuse(err error) error {
	return message.Refuse(err, m.Ack)
}

// refusal returns the error that the client acknowledged with, or nil.
func (m *Message) refusal() error { return message.Refused(m.socket.codec(), &m.packet) }

// eventJob brings a message to the handlers of its socket.
type eventJob struct {
	mailbox.Link
	msg Message
}

var eventJobs = sync.Pool{New: func() any { return new(eventJob) }}

func (j *eventJob) Do() {
	j.msg.socket.handle(&j.msg)
	j.free()
}

// free gives the memory of the job back, as far as the application cannot have kept it.
func (j *eventJob) free() {
	m := &j.msg
	if m.kept {
		return
	}
	if !m.lent {
		for _, a := range m.packet.Attachments {
			recycle(a)
		}
	}
	if recycle(m.data) {
		m.data = nil
	}
	// The rest of the packet refers to that memory, and is set with it.
	m.socket, m.packet.Attachments, m.lent, m.once = nil, nil, false, nil
	if m.acked.Load() {
		m.acked.Store(false)
	}
	eventJobs.Put(j)
}

// recycle gives large data back to the engine, and reports whether it is large.
func recycle(data []byte) bool {
	large := len(data) >= engine.LargeMessage
	if large {
		engine.Recycle(data)
	}
	return large
}
