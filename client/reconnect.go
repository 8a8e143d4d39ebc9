package client

import (
	"context"
	"net/http"
	"time"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/fault"
)

// begin makes attempts to connect, the first at once unless a connection was lost.
// m.mu is held.
func (m *Manager) begin(lost bool) {
	ctx, stop := context.WithCancel(context.Background())
	m.phase, m.stop = opening, stop
	m.start(func() {
		defer stop()
		m.connect(ctx, lost)
	})
}

// connect makes attempts until one succeeds, ctx ends, or they are used up.
func (m *Manager) connect(ctx context.Context, lost bool) {
	attempt := 0 // of those to connect again
	if lost {
		attempt = 1
	}
	for {
		err := m.open(ctx, attempt)
		if err == nil || ctx.Err() != nil {
			return
		}
		attempt++
		if m.cfg.NoReconnection || m.cfg.ReconnectionAttempts > 0 && attempt > m.cfg.ReconnectionAttempts {
			m.giveUp(ctx, err)
			return
		}
	}
}

// open makes an attempt, after its delay.
func (m *Manager) open(ctx context.Context, attempt int) error {
	if attempt > 0 {
		if !sleep(ctx, m.cfg.nextDelay(attempt-1)) {
			return ctx.Err()
		}
		m.mu.Lock()
		m.noteReconnecting(attempt)
		m.unlock()
	}
	l, err := m.dial(ctx, attempt)
	if err != nil {
		m.failed(ctx, err)
		return err
	}
	if ctx.Err() != nil { // it was stopped meanwhile
		l.conn.Abort()
		return nil
	}
	m.mu.Lock()
	defer m.unlock()
	if m.link == l {
		for _, s := range m.sockets.all {
			s.join()
		}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// dial opens a connection.
func (m *Manager) dial(attempts context.Context, attempt int) (*link, error) {
	ctx := attempts
	if m.cfg.ConnectTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, m.cfg.ConnectTimeout, ErrConnectTimeout)
		defer cancel()
	}
	cfg, err := m.engineConfig(ctx)
	if err != nil {
		return nil, err
	}
	var l *link
	_, err = dialer.Dial(ctx, cfg, func(conn *dialer.Conn) dialer.Receiver {
		l = m.attach(attempts, conn, attempt) // it is open, and be it in the last moment
		return l
	})
	switch {
	case l != nil: // what becomes of it now, it is told itself
		return l, nil
	case context.Cause(ctx) == ErrConnectTimeout:
		return nil, ErrConnectTimeout
	}
	return nil, err
}

func (m *Manager) engineConfig(ctx context.Context) (*dialer.Config, error) {
	c := &m.cfg
	d := &dialer.Config{
		URL: &m.server, Header: c.Header.Clone(), Transports: c.Transports, NoUpgrade: c.NoUpgrade, TryAllTransports: c.TryAllTransports,
		ForceBase64: c.ForceBase64, TimestampRequests: c.TimestampRequests, HTTPClient: c.HTTPClient, WithCredentials: c.WithCredentials, RequestTimeout: c.RequestTimeout,
		Protocols: c.Protocols, PerMessageDeflate: c.PerMessageDeflate, MaxMessage: max(0, c.MaxMessage),
		Observer: dialer.Observer{Pinged: c.Observer.Pinged, Upgraded: m.hasUpgraded, UpgradeFailed: m.notUpgraded},
	}
	if c.Version2 {
		d.Version = 3
	}
	m.mu.Lock()
	if c.RememberUpgrade && m.upgraded {
		d.Transports = []string{WebSocket}
		m.upgraded = false // until it works again
	}
	m.mu.Unlock()
	if c.RefreshHeader != nil {
		if d.Header == nil {
			d.Header = make(http.Header)
		}
		if err := fault.Call(func() error { return c.RefreshHeader(ctx, d.Header) }); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (m *Manager) hasUpgraded(transport string) {
	m.mu.Lock()
	defer m.unlock()
	m.upgraded = true
	if m.link != nil {
		m.noteCarrier(m.link.conn)
	}
	m.noteUpgraded(transport)
}

func (m *Manager) notUpgraded(transport string, err error) {
	if err == dialer.ErrClosed {
		return // which Closed tells
	}
	m.mu.Lock()
	defer m.unlock()
	m.noteUpgradeFailed(transport, err)
}

// attach makes a new connection that of the Manager, unless the attempts were stopped.
func (m *Manager) attach(ctx context.Context, conn *dialer.Conn, attempt int) *link {
	l := newLink(m, conn)
	m.noteCarrier(conn)
	m.mu.Lock()
	defer m.unlock()
	m.links[l] = struct{}{}
	if ctx.Err() != nil || m.phase != opening {
		return l
	}
	m.link, m.phase, m.stop, l.told = l, open, nil, true
	m.noteOpened(conn.Transport(), attempt)
	m.upgraded = m.upgraded || conn.Transport() == WebSocket
	if s := m.sockets.byName["/"]; m.cfg.Version2 && s != nil && s.wanted {
		s.link = l // the server lets it in without being asked
	}
	return l
}

// failed tells the sockets of an attempt that has failed.
func (m *Manager) failed(ctx context.Context, err error) {
	m.mu.Lock()
	defer m.unlock()
	if ctx.Err() != nil {
		return
	}
	m.noteOpenFailed(err)
	m.upgraded = false
	for _, s := range m.sockets.all {
		if s.wanted {
			s.failed(err)
		}
	}
}

// giveUp makes no more attempts.
func (m *Manager) giveUp(ctx context.Context, err error) {
	if !m.cfg.NoReconnection {
		err = gaveUpError{err}
	}
	m.mu.Lock()
	defer m.unlock()
	if ctx.Err() != nil {
		return
	}
	m.noteGaveUp(err)
	m.phase, m.stop = resting, nil
	for _, s := range m.sockets.all {
		if s.wanted {
			s.wanted, s.err = false, err
			s.stateChanged()
		}
	}
}
