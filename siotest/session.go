package siotest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/wire"
	"github.com/gosio/sio/wire/eio"
)

// Why the client's end of a connection ended, as the official client has it.
const (
	transportClose = "transport close"
	transportError = "transport error"
	pingTimeout    = "ping timeout"
	parseError     = "parse error"
	forcedClose    = "forced close"

	serverDisconnect = "io server disconnect"
	clientDisconnect = "io client disconnect"
)

// session is the Engine.IO connection of a client, and all that joined a
// namespace over it. Three goroutines at most belong to it: one writes, one
// reads, and one more reads while it is upgraded.
type session struct {
	t     testing.TB
	o     Options
	link  *Link
	log   *packetLog
	shake eio.Handshake
	work  sync.WaitGroup

	decoder wire.Decoder // of whoever reads

	// sending is full while packets are written, and while the carrier changes. It
	// is no mutex because a bubble's time stands still for those.
	sending chan struct{}
	more    chan struct{} // says that there is something to write
	done    chan struct{} // closed when the session has ended

	mu       sync.Mutex
	changed  chan struct{} // closed, and made anew, with every change
	carrier  carrier
	out      []eio.Packet
	sockets  map[string]*Client // by namespace
	watchdog *time.Timer        // ends the session when no ping comes
	closing  bool               // the client wants it to end
	ended    bool
	reason   string
}

// carrier is a transport.
type carrier interface {
	// write writes packets. It may block.
	write(packets []eio.Packet) error
	// read hands packets to the session until that ends, or the carrier is paused.
	read(s *session)
	// close ends write and read.
	close()
}

// patience is how long the client waits for a ping.
func (s *session) patience() time.Duration { return s.shake.PingInterval + s.shake.PingTimeout }

// send has packets written, next to each other. It does not block.
func (s *session) send(packets ...eio.Packet) {
	s.log.sent(packets...)
	s.mu.Lock()
	s.out = append(s.out, packets...)
	s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default: // it has been said
	}
}

// write writes what is sent, until the session ends.
func (s *session) write() {
	for {
		select {
		case <-s.more:
			if !s.flush() {
				return
			}
		case <-s.done:
			return
		}
	}
}

func (s *session) flush() bool {
	s.sending <- struct{}{}
	defer func() { <-s.sending }()
	s.mu.Lock()
	packets, c := s.out, s.carrier
	s.out = nil
	s.mu.Unlock()
	if len(packets) == 0 {
		return true
	}
	if err := c.write(packets); err != nil {
		s.end(transportError, err)
		return false
	}
	if packets[len(packets)-1].Type == eio.Close {
		s.end(forcedClose, nil)
		return false
	}
	return true
}

// took handles a packet that has arrived, and reports whether to go on.
func (s *session) took(p eio.Packet) bool {
	s.log.received(p)
	switch p.Type {
	case eio.Ping:
		s.mu.Lock()
		s.watchdog.Reset(s.patience())
		s.mu.Unlock()
		s.send(eio.Packet{Type: eio.Pong, Data: p.Data})
	case eio.Close:
		s.end(transportClose, nil)
		return false
	case eio.Message:
		if err := s.message(p); err != nil {
			s.end(parseError, err)
			return false
		}
	}
	return true
}

func (s *session) message(m eio.Packet) error {
	var p wire.Packet
	complete, err := s.decoder.Add(&p, m.Data, m.Binary)
	if !complete || err != nil {
		return err
	}
	s.update(func() {
		if c := s.sockets[fullName(string(p.Namespace))]; c != nil {
			c.took(&p)
		}
	})
	return nil
}

// end ends the session, once.
func (s *session) end(reason string, err error) {
	s.update(func() {
		if s.ended {
			return
		}
		if s.closing {
			reason, err = forcedClose, nil // whatever noticed it first
		}
		s.ended, s.reason = true, reason
		for _, c := range s.sockets {
			c.leave(reason)
		}
		what := "connection ended: " + reason
		if err != nil && !errors.Is(err, context.Canceled) {
			what += ": " + err.Error()
		}
		s.log.event(what)
		if s.watchdog != nil {
			s.watchdog.Stop()
			s.carrier.close()
		}
		close(s.done)
	})
}

func (s *session) update(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait waits until is reports true, and reports whether that was within d. is
// is called with s.mu held.
func (s *session) wait(d time.Duration, is func() bool) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		s.mu.Lock()
		ok, changed := is(), s.changed
		s.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		}
	}
}

// fail fails the test, and shows all packets.
func (s *session) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("siotest: %s\nall packets, by the time since the connection was begun:\n%s", fmt.Sprintf(format, args...), s.log)
}
