package client

import (
	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/mailbox"
)

// sharedWorkers run the handlers of all Managers whose connections are read by the loops
// that they share: what these read in one go, few goroutines handle. Others have workers of
// their own, so that nothing leads from one bubble of testing/synctest to another.
var sharedWorkers mailbox.Workers

// runners returns who runs the handlers.
func (m *Manager) runners() *mailbox.Workers {
	if m.sharing.Load() {
		return &sharedWorkers
	}
	return &m.workers
}

// noteCarrier sees how a connection is read.
func (m *Manager) noteCarrier(conn *dialer.Conn) {
	if conn.Polled() {
		m.sharing.Store(true)
	}
}
