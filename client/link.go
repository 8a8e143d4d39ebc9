package client

import (
	"bytes"
	"time"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/mailbox"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire"
)

// link is the Socket.IO side of one connection: it decodes what arrives and hands it
// to the sockets.
type link struct {
	m       *Manager
	conn    *dialer.Conn
	decoder wire.Decoder
	let     bool  // the server, which is of Socket.IO 2, has let the main namespace in unasked; guarded by m.mu
	invalid error // what could not be decoded; guarded by m.mu
	told    bool  // of its opening; guarded by m.mu

	// Only for what arrives, which comes from one goroutine at a time.
	text int // length of the latest text that has attachments
	acks int // acknowledgements that have arrived together

	// What arrived together, and is for the socket; guarded by m.mu. Its offset is noted already, so
	// it must not be lost with the connection.
	events mailbox.Batch
	target *Socket
	latest *Socket // that something was for
}

func newLink(m *Manager, conn *dialer.Conn) *link {
	return &link{m: m, conn: conn, decoder: m.cfg.Codec.NewDecoder(m.cfg.MaxAttachments)}
}

// Message decodes a message and hands the packet on. It runs on the connection's
// reader, which must not block.
func (l *link) Message(data []byte, binary bool) (wait <-chan struct{}) {
	j := eventJobs.Get().(*eventJob)
	m := &j.msg
	switch {
	case binary && !l.m.cfg.Codec.Binary(): // an attachment, which the application may keep
		if len(data) < ws.Large {
			data = bytes.Clone(data)
		}
		m.data = m.data[:0]
	case len(data) >= ws.Large:
		m.data = data
	default:
		m.data = append(m.data[:0], data...) // the reader's buffer is used again
		data = m.data
	}
	complete, err := l.decoder.Add(&m.packet, data, binary)
	kept := false
	switch {
	case err != nil:
		wait = l.CaughtUp()
		l.fail(err)
	case complete:
		wait, kept = l.packet(j)
	case !binary:
		l.text = len(data)
	}
	if !kept {
		j.free()
	}
	if wait != nil {
		l.answered() // what the connection waits for may wait for an answer
	}
	return wait
}

// packet handles a decoded packet, and reports whether it keeps j.
func (l *link) packet(j *eventJob) (wait <-chan struct{}, kept bool) {
	p := &j.msg.packet
	if p.Type == wire.Event {
		return l.deliver(j)
	}
	m := l.m
	m.mu.Lock()
	defer m.unlock()
	wait = l.flush() // events that came before come before
	s := l.socket(p.Namespace)
	if p.Type == wire.Connect && len(p.Namespace) <= 1 && (m.cfg.Version2 || s == nil && p.NArgs == 0) {
		l.let = true
	}
	if s == nil {
		return wait, false // it has left, and the server did not know yet
	}
	switch p.Type {
	case wire.Connect:
		s.granted(p)
	case wire.ConnectError:
		s.refused(p)
	case wire.Disconnect:
		s.leave(ServerDisconnect, nil)
	case wire.Ack:
		kept = s.acknowledged(&j.msg)
		if l.acks++; l.acks == 2 { // what those send who have waited leaves together
			l.conn.Gather()
		}
	}
	return wait, kept
}

// socket returns the Socket of a namespace that has joined it here, or is about to,
// or nil. m.mu is held.
func (l *link) socket(namespace []byte) *Socket {
	if len(namespace) == 0 {
		namespace = []byte("/")
	}
	s := l.latest
	if s == nil || s.name != string(namespace) || s.closed {
		s = l.m.sockets.byName[string(namespace)]
		l.latest = s
	}
	if s != nil && s.link == l {
		return s
	}
	return nil
}

// maxBatch is how many events are put into a mailbox together at most.
const maxBatch = 64

// deliver hands an event to a Socket, together with those that come with it.
func (l *link) deliver(j *eventJob) (wait <-chan struct{}, kept bool) {
	l.m.mu.Lock()
	defer l.m.unlock()
	s := l.socket(j.msg.packet.Namespace)
	if s == nil {
		return nil, false
	}
	j.msg.socket, j.msg.link = s, l
	if !s.connected {
		kept = s.comesEarly(j, l.text)
		if !kept {
			l.invalid = errEarly
			l.m.later(l.conn.Abort)
		}
		return nil, kept
	}
	s.noteOffset(&j.msg.packet)
	if l.target != s || l.events.Len() == maxBatch {
		wait = l.flush()
		l.target = s
	}
	l.events.Add(j, j.size(l.text))
	return wait, true
}

// comesEarly keeps an event for when the namespace is joined. It reports false if that
// would be more than a mailbox takes: the connection cannot wait, as the grant comes
// behind. m.mu is held.
func (s *Socket) comesEarly(j *eventJob, text int) bool {
	size := j.size(text)
	if len(s.early) > 0 && s.earlySize+size > s.m.cfg.MaxMailbox {
		return false
	}
	s.early = append(s.early, j)
	s.earlySize += size
	return true
}

// noEarly forgets the events that came early. m.mu is held.
func (s *Socket) noEarly() { s.early, s.earlySize = nil, 0 }

// CaughtUp ends what has arrived together: its events are handed over.
func (l *link) CaughtUp() (wait <-chan struct{}) {
	l.m.mu.Lock()
	wait = l.flush()
	l.m.mu.Unlock()
	l.answered()
	return wait
}

// answered ends what has begun with the second of several acknowledgements.
func (l *link) answered() {
	if l.acks > 1 {
		l.conn.Gathered()
	}
	l.acks = 0
}

// flush puts the events that have arrived together into the mailbox of their Socket. When
// that is full the connection has to wait: the server's sending then slows down to what the handlers
// take. m.mu is held.
func (l *link) flush() (wait <-chan struct{}) {
	s := l.target
	if s == nil {
		return nil
	}
	l.target = nil
	wait, _ = s.mail.PutAll(s.owner(), &l.events, l.m.cfg.MaxMailbox)
	return wait
}

// fail ends a connection whose server sent what cannot be decoded.
func (l *link) fail(err error) {
	l.m.mu.Lock()
	l.invalid = err
	l.m.mu.Unlock()
	l.conn.Abort()
}

// Closed is called when the connection has ended.
func (l *link) Closed(why dialer.Reason, err error) {
	m, reason := l.m, Reason(why)
	m.mu.Lock()
	if l.invalid != nil {
		reason, err = ParseError, l.invalid
	}
	if l.told {
		m.noteClosed(reason, err)
	}
	m.start(func() {
		<-l.conn.Done()
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.links, l)
	})
	if m.link == l {
		m.link, m.phase = nil, resting
		if reason == TransportFailed {
			m.upgraded = false
		}
		m.lost(l, reason, err)
	}
	m.unlock()
}

// lost tells the sockets, and connects again if one wants that. m.mu is held.
func (m *Manager) lost(l *link, reason Reason, err error) {
	again := false
	for _, s := range m.sockets.all {
		if m.cfg.NoReconnection && s.wanted {
			s.wanted, s.err = false, &DisconnectError{Reason: reason, Err: err}
		}
		again = again || s.wanted
		if s.link == l {
			s.disconnected(reason, err)
		}
	}
	if again {
		m.begin(true)
	}
	for _, s := range m.sockets.all {
		s.stateChanged()
	}
}

// hastenAfter is how long a connection may take to close in order when its Manager
// closes.
const hastenAfter = time.Second

// hasten closes a connection soon.
func (l *link) hasten() {
	l.conn.Close()
	timer := time.NewTimer(hastenAfter)
	defer timer.Stop()
	select {
	case <-l.conn.Done():
	case <-timer.C:
		l.conn.Abort()
		<-l.conn.Done()
	}
}
