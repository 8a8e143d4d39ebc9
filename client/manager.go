package client

import (
	"context"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/internal/mailbox"
)

// Manager has a connection to a server, which the sockets of all namespaces share. It
// is open as long as one of them wants it. All methods may be called from any goroutine.
type Manager struct {
	cfg     Config
	server  url.URL
	workers mailbox.Workers
	sharing atomic.Bool // sharedWorkers

	// mu guards all that follows, and the state of the sockets. Nothing that waits
	// and nothing of the application runs under it: see unlock.
	mu       sync.Mutex
	sockets  sockets
	phase    phase
	stop     context.CancelFunc // ends the attempts to connect; nil while there are none
	link     *link              // the connection; nil if there is none
	links    map[*link]struct{} // connections that are not gone, those that are closing too
	closed   bool
	upgraded bool          // for RememberUpgrade
	changed  chan struct{} // closed when something changes; nil while nobody waits
	after    []func()      // what unlock does
	notes    []func()      // what it tells, see note
	telling  bool          // somebody does
	running  int           // goroutines of start
}

// phase is how far a Manager is.
type phase uint8

const (
	resting phase = iota
	opening       // attempts are made, or waited for
	open
)

// NewManager returns a Manager for the server at a URL, whose path is of no meaning:
// see Of. Nothing is connected before a Socket is. A nil Config has all defaults.
// Errors: those of the URL, a *ConfigError.
func NewManager(rawURL string, cfg *Config) (*Manager, error) {
	a, err := parseAddress(rawURL)
	if err != nil {
		return nil, err
	}
	return newManager(a, cfg)
}

func newManager(a address, cfg *Config) (*Manager, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	m := &Manager{cfg: cfg.withDefaults(), server: a.server, links: make(map[*link]struct{})}
	if m.server.RawQuery == "" {
		m.server.RawQuery = m.cfg.Query.Encode()
	}
	m.server.Path = m.cfg.Path
	return m, nil
}

// Of returns the Socket of a namespace, the same one each time until it is closed; "" is
// the main one, "/". A new one does not connect by itself. When a connection is made,
// namespaces are joined in the order in which their sockets were made. It panics if the name cannot be one of a
// namespace, as it has a comma or a question mark.
func (m *Manager) Of(namespace string) *Socket {
	name, err := namespaceName(namespace)
	if err != nil {
		panic(err)
	}
	m.mu.Lock()
	s := m.sockets.byName[name]
	if s == nil {
		s = newSocket(m, name)
		m.sockets.add(s)
	}
	m.mu.Unlock()
	if setup := m.cfg.Setup; setup != nil {
		s.setup.Do(func() { setup(s) })
	}
	return s
}

// Transport returns that of the connection: Polling, WebSocket, or "" if there is none.
func (m *Manager) Transport() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link == nil {
		return ""
	}
	return m.link.conn.Transport()
}

// Close disconnects all sockets for good, and returns when the connection is closed
// and all goroutines have ended that belong to it. It does not wait for handlers, nor
// for what waits to be sent; see Drain. It may be called twice, and by handlers, but not by
// the functions of a Config (Auth, RefreshHeader, the hooks of the Observer), which it waits
// for.
func (m *Manager) Close() {
	m.mu.Lock()
	m.closed = true
	for _, s := range m.sockets.all {
		s.close()
	}
	m.release()
	for l := range m.links {
		m.start(l.hasten)
	}
	m.unlock()
	for {
		m.mu.Lock()
		rest, changed := m.running+len(m.links), m.change()
		m.mu.Unlock()
		if rest == 0 {
			return
		}
		<-changed
	}
}

// start runs a function on a goroutine that Close waits for. m.mu is held.
func (m *Manager) start(fn func()) {
	m.running++
	go func() {
		defer func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.running--
			m.notify()
		}()
		fn()
	}()
}

// later has unlock call a function. m.mu is held.
func (m *Manager) later(fn func()) { m.after = append(m.after, fn) }

// unlock unlocks m.mu, and does what was put off until then.
func (m *Manager) unlock() {
	after := m.after
	m.after = nil
	tell := len(m.notes) > 0 && !m.telling
	m.telling = m.telling || tell
	m.mu.Unlock()
	for _, fn := range after {
		fn()
	}
	if tell {
		m.tell()
	}
}

// release ends the connection, or the attempts to get one, if no Socket wants it.
// m.mu is held.
func (m *Manager) release() {
	for _, s := range m.sockets.all {
		if s.wanted {
			return
		}
	}
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
	if l := m.link; l != nil {
		m.link = nil
		m.later(l.conn.Close)
	}
	m.phase = resting
}

// notify wakes who waits for a change. m.mu is held.
func (m *Manager) notify() {
	if m.changed != nil {
		close(m.changed)
		m.changed = nil
	}
}

// change returns a channel that is closed at the next change. m.mu is held.
func (m *Manager) change() <-chan struct{} {
	if m.changed == nil {
		m.changed = make(chan struct{})
	}
	return m.changed
}
