// Package badlink is a bad network for tests: a TCP proxy that delays what it carries and tears it
// apart, and whose connections break in all the ways in which connections do. What is above them
// does not matter: WebSockets, or HTTP requests one after the other.
//
// What it chooses at random it chooses from a seed. Nothing happens by the clock: an incident comes
// when so many bytes have passed.
package badlink

import (
	"maps"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Link is a way to a server. All methods may be called from any goroutine.
type Link struct {
	listener *net.TCPListener
	target   string
	ended    sync.WaitGroup

	mu       sync.Mutex
	random   *rand.Rand
	seed     uint64
	pairs    map[*pair]struct{}
	made     uint64 // connections
	due      []incident
	struck   map[Kind]int
	refusing int // so many connections are refused
	lag      int // so many pieces are late
	crumbs   int // so many bytes come alone
	closed   bool
}

// incident happens when so many bytes have passed since the one before.
type incident struct {
	kind  Kind
	after int
}

// Listen makes a Link to the server at an address.
func Listen(target string, seed uint64) (*Link, error) {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	l := &Link{
		listener: listener, target: target, seed: seed, random: rand.New(rand.NewPCG(seed, 0)),
		pairs: make(map[*pair]struct{}), struck: make(map[Kind]int),
	}
	l.ended.Go(l.accept)
	return l, nil
}

// Addr returns where clients connect to.
func (l *Link) Addr() string { return l.listener.Addr().String() }

// Strike has something happen when so many bytes, at least one, have passed after what is to happen
// before: so there is a connection that it happens to.
func (l *Link) Strike(k Kind, after int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = append(l.due, incident{k, max(1, after)})
}

// Struck returns how often what has happened.
func (l *Link) Struck() map[Kind]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.struck)
}

// Made returns how many connections there have been.
func (l *Link) Made() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int(l.made)
}

// Close resets all connections, and returns when no goroutine is left.
func (l *Link) Close() {
	_ = l.listener.Close()
	l.mu.Lock()
	l.closed = true
	for p := range l.pairs {
		p.reset()
	}
	l.mu.Unlock()
	l.ended.Wait()
}

func (l *Link) accept() {
	for {
		client, err := l.listener.AcceptTCP()
		if err != nil {
			return
		}
		if l.refuses() {
			reset(client)
			continue
		}
		l.ended.Go(func() { l.serve(client) })
	}
}

func (l *Link) refuses() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refusing == 0 {
		return false
	}
	l.refusing--
	return true
}

// serve carries a connection.
func (l *Link) serve(client *net.TCPConn) {
	server, err := net.Dial("tcp", l.target)
	if err != nil {
		reset(client)
		return
	}
	p := l.pair(client, server.(*net.TCPConn))
	var up sync.WaitGroup
	up.Go(func() { p.carry(&p.up) })
	p.carry(&p.down)
	up.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = client.Close(), server.Close()
	delete(l.pairs, p)
}

func (l *Link) pair(client, server *net.TCPConn) *pair {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.made++
	random := func(way uint64) *rand.Rand { return rand.New(rand.NewPCG(l.seed, 2*l.made+way)) }
	p := &pair{link: l, up: way{from: client, to: server, random: random(0)}, down: way{from: server, to: client, random: random(1)}}
	l.pairs[p] = struct{}{}
	if l.closed {
		p.reset()
	}
	return p
}

// step is what becomes of bytes.
type step struct {
	state  state
	n      int // so many go on together
	delay  time.Duration
	strike []Kind // then this happens, if there is anything
}

// next says what becomes of the next bytes, of which there are n.
func (l *Link) next(w *way, n int) step {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := step{state: w.state, n: n}
	if w.state != passes {
		return s
	}
	switch {
	case l.crumbs > 0:
		l.crumbs--
		s.n = 1
	case w.random.IntN(8) == 0:
		s.n = 1 + w.random.IntN(n)
	}
	if len(l.due) > 0 {
		s.n = min(s.n, l.due[0].after)
		if l.due[0].after -= s.n; l.due[0].after == 0 {
			s.strike = []Kind{l.due[0].kind}
			l.due = l.due[1:]
		}
	}
	switch {
	case l.lag > 0:
		l.lag--
		s.delay = time.Duration(w.random.IntN(int(10 * time.Millisecond)))
	case w.random.IntN(100) == 0:
		s.delay = time.Duration(w.random.IntN(int(time.Millisecond)))
	}
	return s
}
