package siotest

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"
)

// Link is the network between one client and the server. All connections that
// the client makes go over it, and what is done to it is done to all of them,
// in both directions. All methods may be called from any goroutine.
type Link struct {
	listener *listener
	note     func(event string) // tells the log; nil if there is none

	mu      sync.Mutex
	changed *sync.Cond // what a read, a write or a dial waits for
	conns   map[*pair]struct{}
	delay   time.Duration
	split   int // bytes of a read at most; 0: no limit
	frozen  bool
	cut     bool
	closed  bool
}

func newLink(l *listener) *Link {
	link := &Link{listener: l, conns: make(map[*pair]struct{})}
	link.changed = sync.NewCond(&link.mu)
	return link
}

// DialContext connects to the server over the link, whatever the network and
// address, so that an http.Transport and other clients can use it. While the
// link is frozen or cut it waits, as a packet that gets no answer does. Errors:
// that of the context, and ECONNREFUSED when the server is gone.
func (l *Link) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server, err := l.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.listener.hand(ctx, server); err != nil {
		_, _ = client.Close(), server.Close()
		return nil, err
	}
	return client, nil
}

func (l *Link) connect(ctx context.Context) (client, server *conn, err error) {
	defer context.AfterFunc(ctx, l.wake)()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.blocked() && !l.closed && ctx.Err() == nil {
		l.changed.Wait()
	}
	if l.closed {
		return nil, nil, syscall.ECONNREFUSED
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	p := new(pair)
	l.conns[p] = struct{}{}
	local, remote := l.listener.addresses()
	client = &conn{link: l, pair: p, in: &p.down, out: &p.up, local: local, remote: remote}
	server = &conn{link: l, pair: p, in: &p.up, out: &p.down, local: remote, remote: local}
	return client, server, nil
}

// blocked reports whether nothing passes. l.mu is held.
func (l *Link) blocked() bool { return l.frozen || l.cut }

// Cut loses everything, for good and with what is under way, and tells neither
// end: as when a cable is pulled. Only a heartbeat notices.
func (l *Link) Cut() {
	l.change("cut", func() {
		l.cut = true
		for p := range l.conns {
			p.up.lose()
			p.down.lose()
		}
	})
}

// Reset breaks the connections that there are, for both ends to see. New ones
// can be made.
func (l *Link) Reset() { l.change("reset", l.reset) }

func (l *Link) reset() {
	for p := range l.conns {
		p.up.reset()
		p.down.reset()
	}
	clear(l.conns)
}

// Freeze keeps everything under way, until Thaw. A writer does not notice
// before 64 KiB of a connection wait.
func (l *Link) Freeze() { l.change("frozen", func() { l.frozen = true }) }

// Thaw ends Freeze: what has waited arrives.
func (l *Link) Thaw() { l.change("thawed", func() { l.frozen = false }) }

// Delay has everything that is written from now on arrive d later. The order
// stays.
func (l *Link) Delay(d time.Duration) { l.change("delay "+d.String(), func() { l.delay = d }) }

// Split lets a read bring n bytes at most, so that messages arrive in pieces.
// 0 is no limit, which is the default.
func (l *Link) Split(n int) { l.change("split", func() { l.split = n }) }

// close resets the link and has every dial fail.
func (l *Link) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.reset()
	l.changed.Broadcast()
}

func (l *Link) change(what string, do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.note != nil {
		l.note("link: " + what)
	}
	do()
	l.changed.Broadcast()
}

func (l *Link) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed.Broadcast()
}

// wait waits for a change, or until a time that is not zero. l.mu is held.
func (l *Link) wait(until time.Time) {
	if !until.IsZero() {
		defer time.AfterFunc(time.Until(until), l.wake).Stop()
	}
	l.changed.Wait()
}
