package client

import (
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/internal/arguments"
	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire"
)

// Message is what came from the server: the arguments of an event or of an
// acknowledgement. They are decoded when asked for.
//
// A server that recovers sessions adds a text to the arguments of most events, the
// offset. Nothing tells it from an argument, so it is left where it is, behind them.
type Message struct {
	socket *Socket
	link   *link // that it came over
	packet wire.Packet
	data   []byte // what the packet's fields point into
	acked  atomic.Bool
	kept   bool // the application has seen it, so its memory is not used again
	lent   bool // the application has seen its attachments
}

// Event returns the name of the event, or "" for an acknowledgement.
func (m *Message) Event() string { return string(m.packet.Name) }

// Len returns the number of arguments.
func (m *Message) Len() int { return m.packet.NArgs }

// Decode decodes the arguments into what the pointers dst point at, in order. Targets
// without an argument get their zero value; arguments without a target are ignored. A
// []byte takes binary data.
func (m *Message) Decode(dst ...any) error { return m.codec().Decode(&m.packet, dst...) }

// Args decodes all arguments to plain Go values: nil, bool, float64, string, []byte,
// []any and map[string]any.
func (m *Message) Args() ([]any, error) { return m.codec().Values(&m.packet) }

// SetArgs replaces the arguments of an event, for who handles it after an interceptor.
// The error is the codec's, and then nothing has changed.
func (m *Message) SetArgs(args ...any) error {
	h := wire.Header{Type: wire.Event, Namespace: m.socket.name, ID: m.packet.ID, Name: m.Event()}
	p, data, err := message.Replace(m.codec(), h, arguments.Spread(args))
	if err == nil {
		m.packet, m.data = p, data
	}
	return err
}

func (m *Message) codec() wire.Codec { return m.socket.m.cfg.Codec }

// WantsAck reports whether the server waits for an acknowledgement that has not been
// sent yet.
func (m *Message) WantsAck() bool {
	return m.packet.Type == wire.Event && m.packet.ID != wire.NoID && !m.acked.Load()
}

// Ack acknowledges the event with the given arguments. It may be called after the handler
// has returned, once: then, and if the server does not want one, the error is
// ErrAcknowledged. Arguments that cannot be encoded are an error that leaves the event to
// be acknowledged. When the connection that the event came over is lost, the error is
// ErrDisconnected, and ErrBufferFull when more than Config.MaxBuffer waits to be written.
func (m *Message) Ack(args ...any) error {
	if m.packet.ID == wire.NoID || m.packet.Type != wire.Event || m.acked.Swap(true) {
		return ErrAcknowledged
	}
	err := m.socket.sendAck(m, args)
	if err != nil {
		m.acked.Store(false)
	}
	return err
}

func (s *Socket) sendAck(m *Message, args []any) error {
	h := wire.Header{Type: wire.Ack, Namespace: s.name, ID: m.packet.ID}
	g, err := message.Encode(m.codec(), h, message.Outcome{Compress: true}, args)
	if err != nil {
		return err
	}
	s.m.mu.Lock()
	same := s.connected && s.link == m.link
	s.m.mu.Unlock()
	conn := m.link.conn
	switch {
	case !same:
		g.Release()
		return ErrDisconnected
	case s.congested(conn, g):
		g.Release()
		return ErrBufferFull
	case conn.Queue(g, false) != nil:
		return ErrDisconnected
	}
	s.flushSoon(conn)
	return nil
}

// eventJob brings a message to the handlers of its Socket.
type eventJob struct {
	mailbox.Link
	msg Message
}

var eventJobs = sync.Pool{New: func() any { return new(eventJob) }}

func (j *eventJob) Do() {
	j.msg.socket.handle(&j.msg)
	j.free()
}

// size is what a waiting event costs; text is the length of one that its attachments
// follow, which the decoder has copied.
func (j *eventJob) size(text int) int {
	const overhead = 256 // beside its data
	size := len(j.msg.data) + overhead
	if len(j.msg.packet.Attachments) > 0 {
		size += text
	}
	for _, a := range j.msg.packet.Attachments {
		size += len(a)
	}
	return size
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
	m.socket, m.link, m.packet.Attachments, m.lent = nil, nil, nil, false
	if m.acked.Load() {
		m.acked.Store(false)
	}
	eventJobs.Put(j)
}

// recycle gives large data back, and reports whether it is large.
func recycle(data []byte) bool {
	large := len(data) >= ws.Large
	if large {
		buf.Give(data)
	}
	return large
}
