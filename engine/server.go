// Package engine is an Engine.IO server: it carries messages between a client
// and the application over HTTP long-polling and WebSocket, as one session
// that may move from the first to the second.
//
// It is the floor under package sio, and can be used alone. A Server is an
// http.Handler; mount it at the path that clients use:
//
//	srv := engine.NewServer(nil, func(s *engine.Session) engine.Receiver { return &echo{s} })
//	http.Handle("/engine.io/", srv)
//
// The journey of a request: Server.ServeHTTP (CORS, then verify, with every
// error of the protocol) → for a new session, servePolling or serveWebSocket
// open it; for a known one, polling.get and polling.post carry packets, or
// upgrade takes the session to a WebSocket. What arrives goes through
// Session.receive to the Receiver; what Session.Queue takes leaves through
// the transport's own queue.
package engine

import (
	"context"
	"net/http"
	"sync"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/cork"
	"github.com/gosio/sio/internal/netpoll"
	"github.com/gosio/sio/internal/wheel"
	"github.com/gosio/sio/internal/ws"
)

// Protocol is the revision of the Engine.IO protocol that the server speaks;
// see Config.AllowEIO3 for older ones.
const Protocol = 4

// LargeMessage is the length in bytes from which on the data of a message is
// the Receiver's, so that nobody needs to copy it.
const LargeMessage = ws.Large

// Recycle gives back the data of a message of LargeMessage bytes or more, which
// nobody may use any more, for messages to come. Data that is not given back is
// left to the garbage collector.
func Recycle(data []byte) { buf.Give(data) }

// Receiver gets what arrives on a session. Its methods are called one at a
// time, but for Closed, which may come while Message runs, and must not block.
type Receiver interface {
	// Message gets one message. The data is valid until Message returns; LargeMessage
	// bytes or more are the receiver's, which may keep them (see Recycle). If it
	// returns a channel, nothing more is read from the client until that is closed.
	Message(data []byte, binary bool) (wait <-chan struct{})
	// CaughtUp is called when the messages that have arrived together have been
	// handed over. It may return a channel like Message, and in place of its.
	CaughtUp() (wait <-chan struct{})
	// Closed is called once, when the session has ended. err explains the
	// reason, or is nil.
	Closed(reason Reason, err error)
}

// UpgradeReceiver is a Receiver that wants to know when its session has moved to
// another transport.
type UpgradeReceiver interface {
	Receiver
	// Upgraded is called like Message, between the messages that came before and
	// those that come after.
	Upgraded()
}

// Server is an Engine.IO server.
type Server struct {
	cfg     Config
	accept  func(*Session) Receiver
	handler http.Handler // serve, behind Config.Middleware
	wheel   wheel.Wheel
	flush   flushers
	guard   cork.Guard
	poller  netpoll.Poller
	gate    *gate                   // nil without limits of connections and handshakes
	wrote   func(frames, bytes int) // what WebSockets tell the observer; nil if it does not ask

	mu       sync.Mutex
	sessions map[string]*Session
	ending   map[*tracked]struct{} // connections in their closing handshake
	refusing bool                  // no new sessions
	closing  bool                  // nor connections
	aborted  bool                  // nothing more is closed in order
	conns    sync.WaitGroup        // live WebSocket connections
	empty    chan struct{}         // closed when the last session is gone while closing
}

// NewServer returns a server that calls accept for each new session, before
// anything is read from it. accept must not block. A nil Config has all defaults. It
// panics if an option cannot be meant as it is; see Config.Validate.
func NewServer(cfg *Config, accept func(*Session) Receiver) *Server {
	if err := cfg.Validate(); err != nil {
		panic(err)
	}
	s := &Server{
		cfg: cfg.withDefaults(), accept: accept,
		sessions: make(map[string]*Session), ending: make(map[*tracked]struct{}),
	}
	s.gate = newGate(s.cfg.Limits)
	s.handler = s.cfg.chain(http.HandlerFunc(s.serve))
	if s.cfg.Observer.Sent != nil {
		s.wrote = func(frames, bytes int) { s.sent(WebSocket, frames, bytes) }
	}
	return s
}

// Len returns the number of live sessions.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

func (s *Server) session(id string) *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[id]
}

// register makes sess known, unless the server takes no new sessions.
func (s *Server) register(sess *Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refusing {
		return false
	}
	s.sessions[sess.id] = sess
	return true
}

// stopped reports whether the server takes no new sessions.
func (s *Server) stopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refusing
}

// StopAccepting refuses new sessions from now on (503 with Retry-After). Those
// that are there go on, and may still move to a WebSocket.
func (s *Server) StopAccepting() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusing = true
}

func (s *Server) remove(sess *Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, sess.id)
	if s.empty != nil && len(s.sessions) == 0 {
		close(s.empty)
		s.empty = nil
	}
}

// addConn counts a WebSocket connection, unless the server is closing.
func (s *Server) addConn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.conns.Add(1)
	return true
}

// endConn begins the closing handshake of a connection.
func (s *Server) endConn(t *tracked) {
	s.mu.Lock()
	if !t.gone {
		s.ending[t] = struct{}{}
	}
	aborted := s.aborted
	s.mu.Unlock()
	if aborted {
		t.conn.CloseNow()
		return
	}
	t.conn.Close(0, "")
}

// connGone says that a connection of addConn has ended.
func (s *Server) connGone(t *tracked) {
	s.mu.Lock()
	t.gone = true
	delete(s.ending, t)
	s.mu.Unlock()
	s.conns.Done()
}

func (s *Server) snapshot() []*Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*Session, 0, len(s.sessions))
	for _, sess := range s.sessions {
		all = append(all, sess)
	}
	return all
}

// Shutdown stops accepting sessions (503 with Retry-After), closes all that
// are there after what was sent to them has been delivered, and waits until
// they are gone. A client that polls, and has no request pending, has 10 seconds
// to come for what waits for it. When ctx ends first, the rest is closed at once and the
// context's error returned. It may be called more than once, and never
// touches the http.Server.
func (s *Server) Shutdown(ctx context.Context) error {
	for _, sess := range s.stop() {
		sess.Close()
		if p, ok := sess.current().(*polling); ok {
			p.hasten()
		}
	}
	s.mu.Lock()
	gone := make(chan struct{})
	if len(s.sessions) == 0 {
		close(gone)
	} else if s.empty == nil {
		s.empty = gone
	} else {
		gone = s.empty
	}
	s.mu.Unlock()
	connsGone := make(chan struct{})
	go func() { s.conns.Wait(); close(connsGone) }()
	for _, done := range []<-chan struct{}{gone, connsGone} {
		select {
		case <-done:
		case <-ctx.Done():
			s.abortAll()
			<-gone
			<-connsGone
			s.poller.Close()
			return ctx.Err()
		}
	}
	s.poller.Close()
	return nil
}

// Close closes all sessions at once and drops what was not yet delivered.
func (s *Server) Close() error {
	s.stop()
	s.abortAll()
	s.conns.Wait()
	s.poller.Close()
	return nil
}

func (s *Server) stop() []*Session {
	s.mu.Lock()
	s.refusing, s.closing = true, true
	s.mu.Unlock()
	return s.snapshot()
}

func (s *Server) abortAll() {
	s.mu.Lock()
	s.aborted = true
	s.mu.Unlock()
	for _, sess := range s.snapshot() {
		sess.Abort()
	}
	s.mu.Lock()
	ending := make([]*tracked, 0, len(s.ending))
	for t := range s.ending {
		ending = append(ending, t)
	}
	s.mu.Unlock()
	for _, t := range ending {
		t.conn.CloseNow()
	}
}

// ServeHTTP answers every request of the protocol, whatever its path: the
// router it is mounted on decides about that.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.boundBody(w, r)
	if s.cfg.CORS != nil && s.cfg.CORS.Handle(w, r) {
		return
	}
	s.handler.ServeHTTP(w, r)
}

// serve answers a request that has passed the middlewares.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	q, upgrade := parseQuery(r.URL.RawQuery), isUpgrade(r)
	sess, refused := s.verify(r, q, upgrade)
	switch {
	case refused != nil:
		s.refuse(w, refused)
	case upgrade && q.transport != WebSocket:
		s.serveUseless(w, r)
	case sess != nil && upgrade:
		s.upgrade(w, r, sess, q)
	case sess != nil:
		s.servePoll(w, r, sess)
	case upgrade:
		s.serveWebSocket(w, r, q)
	default:
		s.servePolling(w, r, q)
	}
}
