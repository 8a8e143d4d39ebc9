package sio

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/gosio/sio/browser"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/mailbox"
)

// MainNamespace is the name of the namespace that the methods of Server mean.
const MainNamespace = "/"

// Server is a Socket.IO server. It is an http.Handler; mount it at the path
// that clients use, which is /socket.io/ by default. It can sit behind
// http.StripPrefix and any middleware. All methods may be called from any
// goroutine.
//
// Methods that Namespace has too are those of the main namespace.
type Server struct {
	cfg    Config
	engine *engine.Server
	main   *Namespace

	workers mailbox.Workers // of all sockets

	mu         sync.RWMutex
	namespaces map[string]*Namespace
	parents    []*ParentNamespace
	onNew      []func(*Namespace)
	closing    bool
	sockets    sync.WaitGroup // sockets whose last job is not done
}

// NewServer returns a server. A nil Config has all defaults. It panics if an option
// cannot be meant as it is; see Config.Validate.
func NewServer(cfg *Config) *Server {
	if err := cfg.Validate(); err != nil {
		panic(err)
	}
	s := &Server{cfg: cfg.withDefaults(), namespaces: make(map[string]*Namespace)}
	s.engine = engine.NewServer(s.cfg.engine(), s.accept)
	s.main = s.Of(MainNamespace)
	return s
}

// ServeHTTP serves connections and, unless Config.NoClient, the browser
// client: socket.io.js, socket.io.min.js, socket.io.msgpack.min.js, socket.io.esm.min.js
// and socket.io.shared.min.js with their maps, by the last part of the path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	if !s.cfg.NoClient && browser.Has(file) {
		if s.cfg.CORS == nil || !s.cfg.CORS.Handle(w, r) {
			browser.Serve(w, r, file)
		}
		return
	}
	s.engine.ServeHTTP(w, r)
}

// Of returns the namespace of that name, which it makes if there is none yet: as
// a child of the first ParentNamespace whose expression matches, if there is one.
// A missing leading slash is added, and "" is the main namespace.
func (s *Server) Of(name string) *Namespace {
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	n := s.of(name)
	n.bear()
	return n
}

func (s *Server) of(name string) *Namespace {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.namespaces[name]
	if n == nil {
		n = s.newNamed(name)
	}
	if n.dynamic != nil {
		n.dynamic.kept = true
	}
	return n
}

// newNamed makes a namespace for the application. s.mu is held.
func (s *Server) newNamed(name string) *Namespace {
	for _, p := range s.parents {
		if p.pattern != nil && p.pattern.MatchString(name) {
			return s.newChild(p, name)
		}
	}
	n := newNamespace(s, name)
	s.put(n)
	return n
}

// Use adds a middleware to the main namespace; see Namespace.Use.
func (s *Server) Use(fn func(ctx context.Context, s *Socket) error) { s.main.Use(fn) }

// OnConnect adds a function that is called for every socket that has joined
// the main namespace; see Namespace.OnConnect.
func (s *Server) OnConnect(fn func(s *Socket)) { s.main.OnConnect(fn) }

// OnDisconnecting adds a function that is called for every disconnected socket
// while it sees its rooms; see Namespace.OnDisconnecting.
func (s *Server) OnDisconnecting(fn func(s *Socket, reason Reason)) { s.main.OnDisconnecting(fn) }

// OnDisconnect adds a function that is called last for every socket of the
// main namespace; see Namespace.OnDisconnect.
func (s *Server) OnDisconnect(fn func(s *Socket, reason Reason)) { s.main.OnDisconnect(fn) }

// On adds an untyped listener to the main namespace; see Namespace.On.
func (s *Server) On(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return s.main.On(name, fn)
}

// Once adds an untyped listener for one event to the main namespace; see
// Namespace.Once.
func (s *Server) Once(name string, fn func(ctx context.Context, s *Socket, m *Message) error) (off func()) {
	return s.main.Once(name, fn)
}

// OnAny adds a catch-all listener to the main namespace; see Namespace.OnAny.
func (s *Server) OnAny(fn func(ctx context.Context, s *Socket, m *Message)) (off func()) {
	return s.main.OnAny(fn)
}

// OnAnyOutgoing adds a catch-all listener for what is emitted to sockets of the
// main namespace; see Namespace.OnAnyOutgoing.
func (s *Server) OnAnyOutgoing(fn func(s *Socket, m *Message)) (off func()) {
	return s.main.OnAnyOutgoing(fn)
}

// Intercept adds an interceptor to the main namespace; see Namespace.Intercept.
func (s *Server) Intercept(fn Interceptor) (off func()) { return s.main.Intercept(fn) }

func (s *Server) listen(name string, l listener) (off func()) { return s.main.listen(name, l) }

// Emit sends an event to all sockets of the main namespace.
func (s *Server) Emit(name string, args ...any) error { return s.main.Emit(name, args...) }

// To means the sockets of the main namespace in any of the rooms.
func (s *Server) To(rooms ...string) Broadcast { return s.main.To(rooms...) }

// Except means all sockets of the main namespace but those in any of the rooms.
func (s *Server) Except(rooms ...string) Broadcast { return s.main.Except(rooms...) }

// Volatile means all sockets of the main namespace, for messages that may be lost.
func (s *Server) Volatile() Broadcast { return s.main.Volatile() }

// Local means all sockets of the main namespace on this server.
func (s *Server) Local() Broadcast { return s.main.Local() }

// Connections returns the number of connections, each of which can have
// sockets in several namespaces.
func (s *Server) Connections() int { return s.engine.Len() }
