package sio

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Defaults of Deduplication.
const (
	DefaultDedupWindow = 128
	DefaultDedupBytes  = 4 << 20
)

// Deduplication makes once of at least once: a client that sends an event again,
// as the official one does with its option retries, has it handled once. The
// duplicate is acknowledged with what the first was acknowledged with, if need be
// as soon as that is known. See docs/delivery.md for what that does not cover.
//
// The zero value of each field means its default.
type Deduplication struct {
	// Key returns what tells an event from others of the same name and the same
	// session; "" for one that is handled whenever it comes. It must not keep m.
	// Default LastString.
	Key func(m *Message) string
	// Session returns what tells a client from others, over all its connections;
	// "" for one whose events are not looked at. Whoever can name the session of
	// another gets acknowledgements that were meant for that one, so what comes from
	// the client has to be checked. Default: the socket's id, which stays the same
	// only when the connection is recovered (Config.Recovery).
	Session func(s *Socket) string
	// Window is how many of a session's latest events are known. Default 128.
	Window int
	// MaxBytes is how much memory a namespace uses for what it knows, about; with
	// more, the sessions go first that have sent nothing for the longest time.
	// Default 4 MiB.
	MaxBytes int
}

// LastString returns the last argument of an event if it is a text, else "".
func LastString(m *Message) string {
	args, err := m.Args()
	if err != nil || len(args) == 0 {
		return ""
	}
	text, _ := args[len(args)-1].(string)
	return text
}

func newDeduplicator(n *Namespace, cfg *Deduplication) *deduplicator {
	if cfg == nil {
		return nil
	}
	d := *cfg
	if d.Key == nil {
		d.Key = LastString
	}
	if d.Session == nil {
		d.Session = (*Socket).ID
	}
	if d.Window == 0 {
		d.Window = DefaultDedupWindow
	}
	if d.MaxBytes == 0 {
		d.MaxBytes = DefaultDedupBytes
	}
	return &deduplicator{namespace: n, cfg: d, windows: make(map[string]*window)}
}

// first reports whether an event is to be handled. A duplicate is acknowledged.
func (d *deduplicator) first(s *Socket, m *Message) bool {
	var key, session string
	err := fault.Call(func() error { key, session = d.cfg.Key(m), d.cfg.Session(s); return nil })
	if err != nil {
		s.report(m.Event(), err)
	}
	if err != nil || key == "" || session == "" {
		return true
	}
	o, isNew := d.look(session, hash(m.packet.Name, key), m.packet.ID != wire.NoID)
	if isNew {
		m.once = o
		return true
	}
	if m.packet.ID != wire.NoID {
		if answer, known := d.answerTo(o, duplicate{s, m.packet.ID}); known {
			d.resend(duplicate{s, m.packet.ID}, answer)
		}
	}
	return false
}

// ackOnce acknowledges an event, and all duplicates that have come and will come.
func (m *Message) ackOnce(args []any) error {
	s := m.socket
	g, err := s.namespace.encode(wire.Header{Type: wire.Ack, ID: m.packet.ID}, message.Outcome{Compress: true}, args)
	if err != nil {
		return m.ackSent(err)
	}
	if waiting := s.namespace.dedup.answered(m.once, g); waiting.socket != nil {
		g.Retain(1)
		s.namespace.dedup.resend(waiting, g)
	}
	return s.send(g, false)
}

// resend acknowledges a duplicate. It gives up a reference of the answer.
func (d *deduplicator) resend(to duplicate, answer frame.Group) {
	var args []any
	if answer.First != nil {
		var err error
		args, err = d.decode(answer)
		answer.Release()
		if err != nil {
			to.socket.report("", err)
			return
		}
	}
	_ = to.socket.sendAck(to.id, args) // fails if it is gone, and then it will ask again
}

// decode returns the arguments of an acknowledgement that was encoded, so that
// encoding them again gives the same.
func (d *deduplicator) decode(g frame.Group) (args []any, err error) {
	codec := d.namespace.server.cfg.Codec
	decoder, packet := codec.NewDecoder(len(g.Rest)), wire.Packet{}
	first := g.First.Payload()
	if !codec.Binary() {
		first = first[1:] // the Engine.IO type
	}
	_, err = decoder.Add(&packet, first, codec.Binary())
	for _, f := range g.Rest {
		if err == nil {
			_, err = decoder.Add(&packet, f.Payload(), true)
		}
	}
	if err != nil {
		return nil, err
	}
	if codec.Binary() || len(g.Rest) > 0 {
		return codec.Values(&packet)
	}
	// As it is, for numbers that a float64 cannot hold.
	raw := make([]jsontext.Value, packet.NArgs)
	into := make([]any, len(raw))
	for i := range raw {
		into[i] = &raw[i]
	}
	if err := codec.Decode(&packet, into...); err != nil {
		return nil, err
	}
	for i := range raw {
		into[i] = raw[i]
	}
	return into, nil
}
