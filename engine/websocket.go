package engine

import (
	"errors"
	"net/http"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
	"github.com/gosio/sio/wire/eio"
)

// webSocket carries a session over a WebSocket connection, whose write queue
// is that of ws.Conn.
type webSocket struct {
	tracked
	s         *Session
	dialect   *dialect       // nil for the usual clients
	self      transport      // what Session.transport points at
	candidate bool           // its upgrade is not completed; guarded by s.recv
	paused    bool           // the receiver wants to wait; guarded by s.recv
	probed    bool           // noops release the polls; guarded by s.recv
	timers    *upgradeTimers // of its upgrade, while it lasts; guarded by s.mu
}

func newWebSocket(s *Session, conn *ws.Conn, q query) *webSocket {
	t := &webSocket{s: s, dialect: newDialect(q), tracked: tracked{conn: conn}}
	t.self = t
	return t
}

// tracked is a connection that Shutdown and Close wait for.
type tracked struct {
	conn *ws.Conn
	gone bool // guarded by Server.mu
}

func (t *webSocket) name() string { return WebSocket }

func (t *webSocket) send(g frame.Group, polite bool) error {
	if t.dialect != nil {
		g = t.dialect.group(g)
	}
	var sole [1]*frame.Frame
	frames := append(append(sole[:0], g.First), g.Rest...)
	var err error
	if polite {
		err = t.conn.Offer(frames...)
	} else {
		err = t.conn.Enqueue(frames...)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ws.ErrQueueFull):
		return ErrQueueFull
	default:
		return ErrSessionClosed
	}
}

func (t *webSocket) writable() bool { return !t.conn.Congested() }
func (t *webSocket) flush()         { t.conn.Flush() }
func (t *webSocket) queued() int    { return t.conn.Queued() }

func (t *webSocket) end() bool {
	t.s.srv.endConn(&t.tracked)
	return true
}

func (t *webSocket) abort() { t.conn.CloseNow() }

// Message takes a message from the connection.
func (t *webSocket) Message(payload []byte, binary bool) (wait <-chan struct{}) {
	s := t.s
	s.srv.received(WebSocket, 1, len(payload))
	s.recv.Lock()
	defer s.recv.Unlock()
	p := eio.Packet{Type: eio.Message, Data: payload, Binary: true}
	var err error
	if s.eio3 {
		p, err = parse3(payload, binary)
	} else if !binary {
		if p, err = eio.ParsePacket(payload); len(p.Data) >= LargeMessage {
			p.Data = payload[:copy(payload, p.Data)] // Recycle would find half of the memory without the first byte
		}
	}
	switch {
	case t.candidate:
		s.probe(t, p, err)
	case err != nil:
		s.receiver.CaughtUp()
		if s.conclude(ParseError, err) {
			t.end() // with a close frame, which the reference implementation sends, too
		}
	default:
		wait = t.pause(s.receive(p))
	}
	return wait
}

// CaughtUp is called when what has arrived together has been handed over.
func (t *webSocket) CaughtUp() (wait <-chan struct{}) {
	t.s.recv.Lock()
	defer t.s.recv.Unlock()
	return t.pause(t.s.receiver.CaughtUp())
}

// pause notes that nothing is read until Resumed, if there is something to wait
// for. s.recv is held.
func (t *webSocket) pause(wait <-chan struct{}) <-chan struct{} {
	if wait != nil && !t.paused {
		t.paused = true
		t.s.pause()
	}
	return wait
}

// Resumed is called when that is over.
func (t *webSocket) Resumed() {
	t.s.recv.Lock()
	defer t.s.recv.Unlock()
	t.paused = false
	t.s.resume()
}

// Closed is called when no message can come any more.
func (t *webSocket) Closed(err error) {
	t.s.recv.Lock()
	candidate := t.candidate
	t.s.recv.Unlock()
	if candidate {
		t.s.abandonUpgrade(t, err)
		return
	}
	var protocol *ws.ProtocolError
	switch {
	case errors.Is(err, ws.ErrMessageTooBig):
		t.s.conclude(TransportError, errMaxPayload)
	case errors.As(err, &protocol):
		t.s.conclude(TransportError, err)
	default:
		t.s.conclude(TransportClose, err)
	}
}

// Gone is called when the connection has ended.
func (t *webSocket) Gone() { t.s.srv.connGone(&t.tracked) }

func (s *Server) wsOptions(h http.Header) *ws.Options {
	o := &ws.Options{MaxMessage: s.cfg.MaxPayload, MaxQueue: s.cfg.MaxQueue, MaxFrames: s.cfg.MaxQueuedMessages, Header: h, Poller: &s.poller}
	if d := s.cfg.PerMessageDeflate; d != nil {
		o.Deflate = &ws.Deflate{Threshold: d.Threshold}
	}
	o.Wrote = s.wrote
	return o
}

// accept101 does the WebSocket handshake. It has answered the request when it
// returns nil.
func (s *Server) accept101(w http.ResponseWriter, r *http.Request, initial bool) *ws.Conn {
	if err := ws.Check(w, r); err != nil {
		s.refuseHandshake(w, r, err)
		return nil
	}
	if initial && s.stopped() || !s.addConn() {
		s.refuse(w, closingRefusal(r))
		return nil
	}
	h := w.Header() // what middlewares around this handler have set goes with the 101
	s.announce(h, r, initial)
	conn, err := ws.Upgrade(w, r, s.wsOptions(h))
	if err != nil {
		s.conns.Done()
		if errors.Is(err, http.ErrNotSupported) { // else there is nobody to answer
			s.refuseHandshake(w, r, err)
		}
		return nil
	}
	return conn
}

func (s *Server) refuseHandshake(w http.ResponseWriter, r *http.Request, err error) {
	s.refuse(w, refusal(r, BadRequest, map[string]any{"name": TransportHandshakeError, "error": err}))
}

// announce calls the hooks for the headers of a handshake that is accepted.
func (s *Server) announce(h http.Header, r *http.Request, initial bool) {
	done := false
	defer func() {
		if !done { // a hook panics: nobody would ever count the connection down
			s.conns.Done()
		}
	}()
	if initial && s.cfg.OnInitialHeaders != nil {
		s.cfg.OnInitialHeaders(h, r)
	}
	if s.cfg.OnHeaders != nil {
		s.cfg.OnHeaders(h, r)
	}
	done = true
}

// serveWebSocket begins a session over WebSocket.
func (s *Server) serveWebSocket(w http.ResponseWriter, r *http.Request, q query) {
	visit, refused := s.enter(r)
	if refused != nil {
		s.refuse(w, refused)
		return
	}
	defer visit.done()
	id, err := s.cfg.GenerateID(r)
	if err != nil {
		s.refuse(w, refusal(r, BadRequest, map[string]any{"name": IDGenerationError, "error": err}))
		return
	}
	conn := s.accept101(w, r, true)
	if conn == nil {
		return
	}
	sess := &Session{id: id, srv: s, handshake: s.newHandshake(r, visit.address), eio3: revision(q.eio) != Protocol}
	visit.sess = sess
	t := newWebSocket(sess, conn, q)
	sess.transport.Store(&t.self)
	s.open(sess, t)
	s.begin(sess)
	conn.Start(t)
}

// serveUseless serves a WebSocket handshake that names another transport: it is
// accepted, then closed.
func (s *Server) serveUseless(w http.ResponseWriter, r *http.Request) {
	if conn := s.accept101(w, r, false); conn != nil {
		s.discard(conn)
	}
}

// discard closes a connection that has no use.
func (s *Server) discard(conn *ws.Conn) {
	d := &discarded{tracked{conn: conn}, s}
	conn.Start(d)
	s.endConn(&d.tracked)
}

type discarded struct {
	tracked
	srv *Server
}

func (*discarded) Message([]byte, bool) <-chan struct{} { return nil }
func (*discarded) CaughtUp() <-chan struct{}            { return nil }
func (*discarded) Resumed()                             {}
func (*discarded) Closed(error)                         {}
func (d *discarded) Gone()                              { d.srv.connGone(&d.tracked) }
