package client

import "log/slog"

// Observer has hooks that tell of what the connection of a Manager does, for logs
// and metrics. A hook that is nil costs nothing. They must not block, and are called
// one at a time, but for Pinged.
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
	// UpgradeFailed tells that it could not; it goes on as it was.
	UpgradeFailed func(transport string, err error)
}

func (m *Manager) tellOpened(transport string) {
	m.log("connection opened", slog.String("transport", transport))
	if hook := m.cfg.Observer.Opened; hook != nil {
		hook(transport)
	}
}

func (m *Manager) tellClosed(reason Reason, err error) {
	m.log("connection closed", slog.String("reason", string(reason)), errorAttr(err))
	if hook := m.cfg.Observer.Closed; hook != nil {
		hook(reason, err)
	}
}

func (m *Manager) tellOpenFailed(err error) {
	m.log("connection failed", errorAttr(err))
	if hook := m.cfg.Observer.OpenFailed; hook != nil {
		hook(err)
	}
}

func (m *Manager) tellReconnecting(n int) {
	m.log("reconnecting", slog.Int("attempt", n))
	if hook := m.cfg.Observer.Reconnecting; hook != nil {
		hook(n)
	}
}

func (m *Manager) tellReconnected(n int) {
	if hook := m.cfg.Observer.Reconnected; hook != nil {
		hook(n)
	}
}

func (m *Manager) tellGaveUp(err error) {
	m.log("gave up", errorAttr(err))
	if hook := m.cfg.Observer.GaveUp; hook != nil {
		hook(err)
	}
}

func (m *Manager) tellUpgraded(transport string) {
	m.log("connection upgraded", slog.String("transport", transport))
	if hook := m.cfg.Observer.Upgraded; hook != nil {
		hook(transport)
	}
}

func (m *Manager) tellUpgradeFailed(transport string, err error) {
	m.log("upgrade failed", slog.String("transport", transport), errorAttr(err))
	if hook := m.cfg.Observer.UpgradeFailed; hook != nil {
		hook(transport, err)
	}
}
