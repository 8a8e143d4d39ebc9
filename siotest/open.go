package siotest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gosio/sio/wire"
	"github.com/gosio/sio/wire/eio"
)

// open makes a connection. The error is a *Refusal if the server answered.
func (s *Server) open(t testing.TB, o *Options) (*session, error) {
	sess := &session{
		t: t, o: o.withDefaults(), link: s.NewLink(), log: &packetLog{start: time.Now()},
		sending: make(chan struct{}, 1), more: make(chan struct{}, 1), done: make(chan struct{}), changed: make(chan struct{}),
		sockets: make(map[string]*Client),
	}
	sess.link.note = sess.log.event
	sess.decoder = sess.o.Codec.NewDecoder(wire.DefaultMaxAttachments)
	t.Cleanup(func() {
		sess.end(forcedClose, nil)
		sess.link.close()
		sess.work.Wait()
	})
	ctx, cancel := context.WithTimeout(context.Background(), sess.o.Timeout)
	defer cancel()
	c, first, err := sess.dial(ctx)
	if err != nil {
		return sess, err
	}
	sess.log.received(first)
	if sess.shake, err = eio.ParseHandshake(first.Data); first.Type != eio.Open || err != nil {
		c.close()
		return sess, fmt.Errorf("no handshake: %q", first.Data)
	}
	sess.start(c)
	return sess, nil
}

func (s *session) dial(ctx context.Context) (carrier, eio.Packet, error) {
	switch s.o.Transport {
	case WebSocket:
		return s.dialWebSocket(ctx, "")
	case Polling, Upgrade:
		return s.startPolling(ctx)
	}
	return nil, eio.Packet{}, fmt.Errorf("unknown transport %q", s.o.Transport)
}

func (s *session) start(c carrier) {
	if p, ok := c.(*polling); ok {
		p.begin(s.shake)
	}
	s.mu.Lock()
	s.carrier = c
	s.watchdog = time.AfterFunc(s.patience(), func() { s.end(pingTimeout, nil) })
	s.mu.Unlock()
	s.work.Go(s.write)
	s.work.Go(func() { c.read(s) })
}
