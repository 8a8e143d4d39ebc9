package client

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/mailbox"
)

// Socket is the client's end of a namespace. It connects again by itself when the
// connection is lost. All methods may be called from any goroutine. Its handlers are
// called one at a time, in the order in which events came; one that waits holds back
// only the events of this Socket.
type Socket struct {
	m     *Manager
	name  string
	owns  bool // its Manager: made by New or Dial
	setup sync.Once
	mail  mailbox.Mailbox
	hooks hooks
	ids   atomic.Int64 // of acknowledgements

	corked *dialer.Conn // by the worker of the mailbox, which owns this; else nil

	ctx atomic.Pointer[context.Context] // see Context; changed under m.mu

	// All that follows is guarded by m.mu.
	wanted    bool  // the namespace shall be joined whenever there is a connection
	connected bool  // it is
	closed    bool  // for good
	draining  bool  // nothing more may be emitted
	told      State // what stateChanged has told
	err       error // why it is not connected any more, or not yet
	link      *link // on which it has joined, or is joining; else nil
	cancel    context.CancelCauseFunc
	auth      func(context.Context) (any, error)
	asking    context.CancelFunc // ends a call of auth; nil outside of one

	id        string
	pid       string // to recover the session by; "" if the server does not
	offset    string // of the latest event
	recovered bool

	early     []*eventJob // events that came before the namespace was joined
	earlySize int         // what they count for in the mailbox
	acks      map[int64]waiter
	buffer    []waiting // events for the next connection
	buffered  int       // their bytes
	retry     retryQueue
}

func newSocket(m *Manager, name string) *Socket {
	s := &Socket{m: m, name: name, auth: m.cfg.Auth, closed: m.closed}
	s.ctx.Store(&unconnected)
	s.told = s.state()
	return s
}

// unconnected is the context of a Socket that never was connected.
var unconnected = func() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(&DisconnectError{Reason: "not connected yet"})
	return ctx
}()

// Manager returns that of the connection.
func (s *Socket) Manager() *Manager { return s.m }

// Namespace returns the name of the namespace; "/" is the main one.
func (s *Socket) Namespace() string { return s.name }

// Of returns the Socket of another namespace over the same connection; see Manager.Of.
func (s *Socket) Of(namespace string) *Socket { return s.m.Of(namespace) }

// ID returns the id that the server has for the Socket, or "" if it is not connected. It
// is another one after each connection, unless that was recovered.
func (s *Socket) ID() string {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.id
}

// Recovered reports whether the latest connection has continued the one before: the id is
// the same, and no event of the server was lost.
func (s *Socket) Recovered() bool {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.recovered
}

// Active reports whether the Socket is connected, or will connect by itself.
func (s *Socket) Active() bool {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	return s.wanted
}

// Context returns a context that ends when the Socket is disconnected, with a
// *DisconnectError as its cause. Each connection has its own.
func (s *Socket) Context() context.Context { return *s.ctx.Load() }

// Buffered returns how many bytes of events wait for a connection, or to be written.
func (s *Socket) Buffered() int {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	n := s.buffered + s.retry.bytes
	if s.link != nil {
		n += s.link.conn.Queued()
	}
	return n
}

// SetAuth sets what the server gets from now on as auth; see Config.Auth.
func (s *Socket) SetAuth(auth func(context.Context) (any, error)) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.auth = auth
}

// owner is a Socket as its mailbox sees it: what handlers emit while there are events
// leaves together.
type owner Socket

func (s *Socket) owner() *owner { return (*owner)(s) }

func (o *owner) Workers() *mailbox.Workers { return o.m.runners() }

func (o *owner) Busy() {
	o.m.mu.Lock()
	if o.link != nil {
		o.corked = o.link.conn
	}
	o.m.mu.Unlock()
	if o.corked != nil {
		o.corked.Cork()
	}
}

func (o *owner) Idle() {
	if o.corked != nil {
		o.corked.Uncork()
		o.corked = nil
	}
}
