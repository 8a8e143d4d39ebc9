package client

import (
	"log/slog"

	"github.com/gosio/sio/internal/fault"
)

// Observer has hooks that tell of what the connection of a Manager does, for logs
// and metrics. A hook that is nil costs nothing. They must not block. They are called one at
// a time, in order, but for Pinged.
type Observer struct {
	// Opened tells that the connection is open, before namespaces are joined.
	Opened func(transport string)
	// Closed tells that it is not any more.
	Closed func(reason Reason, err error)
	// OpenFailed tells why an attempt has failed, the first one too.
	OpenFailed func(err error)
	// Reconnecting tells that an attempt begins after a failed one or a lost
	// connection; n counts from 1.
	Reconnecting func(n int)
	// Reconnected tells that the attempt n was successful.
	Reconnected func(n int)
	// GaveUp tells that no further attempt will follow the last.
	GaveUp func(err error)
	// Pinged tells that the server has asked for a sign of life.
	Pinged func()
	// Upgraded tells that the connection has moved to another transport.
	Upgraded func(transport string)
	// UpgradeFailed tells that it could not; it goes on as it was. An upgrade that a
	// connection did not live long enough for is not told of.
	UpgradeFailed func(transport string, err error)
}

// note has something told after all that was noted before. m.mu is held, and unlock
// follows.
func (m *Manager) note(tell func()) { m.notes = append(m.notes, tell) }

// tell tells what was noted. One goroutine at a time does.
func (m *Manager) tell() {
	m.mu.Lock()
	for len(m.notes) > 0 {
		next := m.notes[0]
		m.notes = m.notes[1:]
		m.mu.Unlock()
		if err := fault.Call(func() error { next(); return nil }); err != nil {
			m.cfg.OnError(err)
		}
		m.mu.Lock()
	}
	m.notes, m.telling = nil, false
	m.mu.Unlock()
}

// What follows notes what becomes of the connection. m.mu is held.

func (m *Manager) noteOpened(transport string, attempt int) {
	m.note(func() {
		m.log("connection opened", slog.String("transport", transport))
		if hook := m.cfg.Observer.Opened; hook != nil {
			hook(transport)
		}
		if hook := m.cfg.Observer.Reconnected; hook != nil && attempt > 0 {
			hook(attempt)
		}
	})
}

func (m *Manager) noteClosed(reason Reason, err error) {
	m.note(func() {
		m.log("connection closed", slog.String("reason", string(reason)), errorAttr(err))
		if hook := m.cfg.Observer.Closed; hook != nil {
			hook(reason, err)
		}
	})
}

func (m *Manager) noteOpenFailed(err error) {
	m.note(func() {
		m.log("connection failed", errorAttr(err))
		if hook := m.cfg.Observer.OpenFailed; hook != nil {
			hook(err)
		}
	})
}

func (m *Manager) noteReconnecting(n int) {
	m.note(func() {
		m.log("reconnecting", slog.Int("attempt", n))
		if hook := m.cfg.Observer.Reconnecting; hook != nil {
			hook(n)
		}
	})
}

func (m *Manager) noteGaveUp(err error) {
	m.note(func() {
		m.log("gave up", errorAttr(err))
		if hook := m.cfg.Observer.GaveUp; hook != nil {
			hook(err)
		}
	})
}

func (m *Manager) noteUpgraded(transport string) {
	m.note(func() {
		m.log("connection upgraded", slog.String("transport", transport))
		if hook := m.cfg.Observer.Upgraded; hook != nil {
			hook(transport)
		}
	})
}

func (m *Manager) noteUpgradeFailed(transport string, err error) {
	m.note(func() {
		m.log("upgrade failed", slog.String("transport", transport), errorAttr(err))
		if hook := m.cfg.Observer.UpgradeFailed; hook != nil {
			hook(transport, err)
		}
	})
}
